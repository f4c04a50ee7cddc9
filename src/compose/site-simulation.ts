import { randomBytes, randomUUID } from 'node:crypto';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { PushSimulator, SimulatedPush } from '../drivers/driver.ts';
import type { IngestListener } from '../drivers/ports/http-push.ts';
import { createPushClient, type PushClient } from '../drivers/ports/http-push-client.ts';
import type { DriverRegistry } from '../drivers/registry.ts';
import type { SimulatedDevices } from '../drivers/simulated-devices.ts';
import type { Clock } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import type { SiteHardware } from '../simulation/site-hardware.ts';
import { startTraffic, type Traffic, type TrafficOptions, type Visitor } from '../simulation/traffic.ts';
import { pushAccess } from './ingest.ts';

export interface SiteSimulationDeps {
	readonly config: GatewayConfig;
	readonly clock: Clock;
	readonly log: Log;
	readonly registry: DriverRegistry;
	readonly simulated: SimulatedDevices;
	readonly ingest: IngestListener | undefined;
	readonly visitors: readonly Visitor[];
	readonly trafficWatch?: TrafficWatch;
	/** People and rights are there. */
	readonly isReady: () => boolean;
}

/** Somebody who looks at the vehicles, and may say when it is enough; the first comes when the site is ready for it. */
export interface TrafficWatch {
	readonly onStart: (traffic: Omit<Traffic, 'stop'>) => void;
	readonly onEnd: NonNullable<TrafficOptions['onEnd']>;
}

/** Traffic in front of the simulated devices, when the configuration asks for it; cameras push over real HTTP. */
export function startSiteSimulation(deps: SiteSimulationDeps): { stop(): void } {
	const { config, clock, simulated } = deps;
	if (config.simulation === undefined) return { stop: () => undefined };
	const cameras = simulatedCameras(deps);
	const post = (deviceId: string, client: PushClient, push: SimulatedPush) =>
		void client.post(push).catch((error: unknown) => {
			deps.log.warn({ err: error, deviceId }, 'a simulated camera could not push');
		});
	// Else a camera is told as a problem until a plate comes by.
	for (const [deviceId, { simulator, client }] of cameras) {
		const alive = simulator.heartbeat?.(new Date(clock.nowMs()));
		if (alive !== undefined) post(deviceId, client, alive);
	}
	/** Cameras on a line. */
	const sayPlate: SiteHardware['readPlate'] = (deviceId, { plate, confidence, direction }) => {
		if (simulated.wireOf(deviceId) === undefined) return;
		const leaving = direction === 'leaving' ? ' leaving' : '';
		simulated.stimulate(deviceId, `plate ${plate} confidence ${confidence.toFixed(2)}${leaving}`);
	};
	const hardware: SiteHardware = {
		stimulate: simulated.stimulate,
		outputs: simulated.outputs,
		readPlate(deviceId, read) {
			const camera = cameras.get(deviceId);
			if (camera === undefined) return sayPlate(deviceId, read);
			const at = new Date(clock.nowMs());
			post(deviceId, camera.client, camera.simulator.plate({ ...read, at, eventId: randomUUID() }));
		},
	};
	const { everyMs, seed } = config.simulation.traffic;
	const { visitors, trafficWatch } = deps;
	const traffic = startTraffic({
		...{ clock, hardware, site: config.site, everyMs, seed, visitors },
		...(trafficWatch && { onEnd: trafficWatch.onEnd, isReady: deps.isReady }),
	});
	trafficWatch?.onStart(traffic);
	return {
		stop() {
			traffic.stop();
			for (const { client } of cameras.values()) client.close();
		},
	};
}

function simulatedCameras({ config, registry, ingest }: SiteSimulationDeps) {
	const cameras = new Map<string, { readonly simulator: PushSimulator; readonly client: PushClient }>();
	for (const device of config.devices) {
		const driver = registry.get(device.driver);
		if (driver.carrier !== 'push' || device.path === undefined || ingest === undefined) continue;
		const { host, port } = ingest;
		const target = { host, port, path: device.path, auth: pushAccess(device).auth };
		const simulator = driver.createSimulator({ ...device, path: device.path });
		cameras.set(device.id, { simulator, client: createPushClient({ randomBytes }, target) });
	}
	return cameras;
}
