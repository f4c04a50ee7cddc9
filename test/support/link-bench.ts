import type { DeviceConfig, DriverDeps, PortDriver, SerialLink } from '../../src/drivers/driver.ts';
import type { HidAccess, Port } from '../../src/drivers/ports/port.ts';
import type { PulseGuard } from '../../src/drivers/ports/pulse-guard.ts';
import { createSimulatedWire, type SimulatedWire } from '../../src/drivers/ports/simulated-wire.ts';
import type { Device, DeviceStatus, InputChange } from '../../src/gateway/core/device.ts';
import type { Observation } from '../../src/gateway/core/observation.ts';
import { createSeededRandom } from '../../src/gateway/core/seeded-random.ts';
import { createMemoryLog } from './memory-log.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** One line of a driver with its simulator, on a virtual clock; everything it says is kept. */
export interface LinkBench {
	readonly clock: VirtualClock;
	readonly link: SerialLink;
	readonly wire: SimulatedWire;
	readonly observations: readonly Observation[];
	readonly inputs: readonly InputChange[];
	readonly statuses: readonly DeviceStatus[];
	/** Everything the link wrote, one entry a write. */
	readonly written: readonly Uint8Array[];
	/** Everything the link was told, one entry a chunk; of feature reports what was asked, too. */
	readonly heard: readonly Uint8Array[];
	/** Keeps nothing of what was said so far, for runs too long to keep. */
	forget(): void;
	device(deviceId: string): Device;
	/** Opens the simulated port and starts the link. */
	start(): Promise<Port>;
	stimulate(deviceId: string, what: string): void;
}

export function createLinkBench(
	driver: PortDriver,
	entries: readonly object[],
	options: { readonly seed?: number; readonly paced?: boolean; readonly guard?: PulseGuard } = {},
): LinkBench {
	const clock = createVirtualClock();
	const random = createSeededRandom(options.seed ?? 1);
	const observations: Observation[] = [];
	const inputs: InputChange[] = [];
	const statuses: DeviceStatus[] = [];
	const written: Uint8Array[] = [];
	const heard: Uint8Array[] = [];
	const log = createMemoryLog();
	let ids = 0;
	const deps: DriverDeps = {
		clock,
		log,
		events: {
			onObservation: (observation) => void observations.push(observation),
			onInput: (change) => void inputs.push(change),
			onStatus: (status) => void statuses.push(status),
		},
		newId: () => `read-${++ids}`,
		randomBytes: (length) => Uint8Array.from({ length }, () => random.between(0, 255)),
	};
	const configs = entries.map((entry) => parseEntry(driver, entry));
	const [first] = configs;
	if (first === undefined) throw new Error('a line needs a device');
	const simulator = driver.createSimulator(clock, configs);
	const wire = createSimulatedWire({
		clock,
		address: first.port,
		simulator,
		random: random.next,
		paced: options.paced ?? true,
	});
	const link = driver.createLink(deps, configs);

	/** Without the report id. */
	function overheard(hid: HidAccess): HidAccess {
		return {
			...hid,
			sendFeature(report) {
				written.push(report.slice());
				heard.push(report.slice(1));
				return hid.sendFeature(report);
			},
			async getFeature(reportId, length) {
				const report = await hid.getFeature(reportId, length);
				heard.push(report.slice());
				return report;
			},
		};
	}

	return {
		clock,
		link,
		wire,
		observations,
		inputs,
		statuses,
		written,
		heard,
		forget() {
			for (const kept of [observations, inputs, statuses, written, heard, log.lines]) kept.length = 0;
		},
		device(deviceId) {
			const device = link.devices.find(({ id }) => id === deviceId);
			if (device === undefined) throw new Error(`no device ${deviceId}`);
			return device;
		},
		async start() {
			const port = wire.createPort(driver.carrier === 'hid' ? 'hid' : driver.line(first), {
				onBytes(chunk) {
					heard.push(chunk.slice());
					link.onBytes(chunk);
				},
				onClosed: (problem) => link.stop(problem),
			});
			await port.open();
			link.start({
				...port,
				hid: port.hid && overheard(port.hid),
				guard: options.guard,
				write(bytes) {
					written.push(bytes.slice());
					return port.write(bytes);
				},
			});
			return port;
		},
		stimulate(deviceId, what) {
			const problem = wire.stimulate(deviceId, what);
			if (problem !== undefined) throw new Error(problem);
		},
	};
}

/** A device entry as the driver's schema leaves it. */
export function parseEntry(driver: PortDriver, entry: object): DeviceConfig & { readonly port: string } {
	return driver.config.parse({ driver: driver.kind, port: 'sim:line', ...entry });
}
