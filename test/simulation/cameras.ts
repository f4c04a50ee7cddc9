import type { ConfiguredDevice } from '../../src/config/gateway-config.ts';
import type { PushSimulator } from '../../src/drivers/driver.ts';
import type { DriverRegistry } from '../../src/drivers/registry.ts';
import type { Clock } from '../../src/gateway/core/clock.ts';
import type { PlateSeen } from '../../src/simulation/site-hardware.ts';
import type { GatewayLife } from './gateway-life.ts';

export interface Cameras {
	/** The camera posts what it read; nobody listens while the gateway is down. */
	push(deviceId: string, read: PlateSeen): void;
}

/** A camera sends an event again when the answer got lost. */
const AGAIN_MS = 300;

export function createCameras(deps: {
	readonly clock: Clock;
	readonly registry: DriverRegistry;
	readonly devices: readonly ConfiguredDevice[];
	readonly newId: () => string;
	readonly life: () => GatewayLife | undefined;
}): Cameras {
	const simulators = new Map<string, { readonly path: string; readonly simulator: PushSimulator }>();
	for (const device of deps.devices) {
		const driver = deps.registry.get(device.driver);
		if (driver.carrier !== 'push' || device.path === undefined) continue;
		const { path } = device;
		simulators.set(device.id, { path, simulator: driver.createSimulator({ ...device, path }) });
	}
	return {
		push(deviceId, { sends = 'once', ...read }) {
			const camera = simulators.get(deviceId);
			if (camera === undefined) throw new Error(`no camera ${deviceId}`);
			const eventId = `event-${deps.newId()}`.padEnd(24, '0');
			const { contentType, body } = camera.simulator.plate({ ...read, at: new Date(deps.clock.nowMs()), eventId });
			const request = {
				method: 'POST',
				headers: new Map([['content-type', contentType]]),
				body: sends === 'late' ? fromBuffer(body) : body,
				remoteAddress: '10.0.0.21',
			};
			const post = () => void deps.life()?.supervisor.receiver(camera.path)?.handle(request);
			post();
			if (sends === 'twice') deps.clock.after(AGAIN_MS, post);
		},
	};
}

/** The same event as a camera sends it after its line was away. */
function fromBuffer(body: Uint8Array): Uint8Array {
	const live = '<alarmDataType>0<';
	const text = Buffer.from(body).toString('latin1');
	if (!text.includes(live)) throw new Error('the camera marks no live event');
	return Buffer.from(text.replace(live, '<alarmDataType>1<'), 'latin1');
}
