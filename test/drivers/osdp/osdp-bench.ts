import type { DeviceSimulator, SimulatedAnswer } from '../../../src/drivers/driver.ts';
import { osdpConfig } from '../../../src/drivers/osdp/config.ts';
import type { OsdpFrame } from '../../../src/drivers/osdp/frame.ts';
import { createOsdpFramer } from '../../../src/drivers/osdp/framer.ts';
import { createOsdpLink, type OsdpLink } from '../../../src/drivers/osdp/link.ts';
import type { ReaderQuirks } from '../../../src/drivers/osdp/simulated-reader-state.ts';
import { createOsdpSimulator } from '../../../src/drivers/osdp/simulator.ts';
import type { Port } from '../../../src/drivers/ports/port.ts';
import { createSimulatedWire } from '../../../src/drivers/ports/simulated-wire.ts';
import type { WireFaults } from '../../../src/drivers/ports/wire-faults.ts';
import type { Clock } from '../../../src/gateway/core/clock.ts';
import type { Device, DeviceStatus, InputChange } from '../../../src/gateway/core/device.ts';
import type { Observation, PinObservation } from '../../../src/gateway/core/observation.ts';
import { createMemoryLog, type MemoryLog } from '../../support/memory-log.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

export const KEY = '00112233445566778899aabbccddeeff';
export const CARD = '26:9ADDDF00';

export interface BenchReader {
	readonly id: string;
	readonly address: number;
	readonly [option: string]: unknown;
}

export interface BenchOptions {
	readonly readers?: readonly BenchReader[];
	/** What the simulated readers have where it differs from the configuration. */
	readonly simulated?: Readonly<Record<string, object>>;
	readonly quirks?: Readonly<Record<string, ReaderQuirks>>;
	readonly seed?: number;
	/** The clock the gateway sees, where it differs from the wire's. */
	readonly gatewayClock?: (clock: VirtualClock) => Clock;
	/** Changes what the readers send; undefined: as they are. */
	readonly rewrite?: (simulator: DeviceSimulator, clock: VirtualClock) => DeviceSimulator;
}

/** A command or reply as it went by, with the moment the gateway saw it. */
export interface SeenFrame extends OsdpFrame {
	readonly atMs: number;
}

export interface OsdpBench {
	readonly clock: VirtualClock;
	readonly link: OsdpLink;
	readonly log: MemoryLog;
	readonly observations: readonly (Observation & { readonly kind: 'tag' })[];
	readonly pins: readonly PinObservation[];
	readonly inputs: readonly InputChange[];
	readonly statuses: readonly DeviceStatus[];
	/** Commands written by the gateway. */
	readonly sent: readonly SeenFrame[];
	/** As the raw bytes of each write. */
	readonly writes: readonly Uint8Array[];
	readonly bauds: readonly number[];
	/** Called synchronously before bytes leave. */
	onWrite: (command: OsdpFrame | undefined) => void;
	/** Called synchronously with every observation. */
	onObservation: (observation: Observation) => void;
	start(): Promise<void>;
	stop(problem?: string): void;
	/** After `stop`: a new port on the same wire. */
	restart(): Promise<void>;
	device(id: string): Device;
	stimulate(id: string, what: string): void;
	outputs(id: string): Readonly<Record<string, boolean>>;
	setFaults(faults: WireFaults): void;
	/** Until it holds; throws when it does not within the time. @returns how long it took, ms */
	until(holds: () => boolean, withinMs: number): Promise<number>;
}

const NO_CALL = (): void => undefined;

/** Gateway and simulated readers on a paced wire at 9600 baud, on a virtual clock. */
export function createOsdpBench(options: BenchOptions = {}): OsdpBench {
	const clock = createVirtualClock();
	const log = createMemoryLog();
	const observations: (Observation & { kind: 'tag' })[] = [];
	const pins: PinObservation[] = [];
	const inputs: InputChange[] = [];
	const statuses: DeviceStatus[] = [];
	const sent: SeenFrame[] = [];
	const writes: Uint8Array[] = [];
	const bauds: number[] = [];
	const random = seeded(options.seed ?? 1);
	const configs = (options.readers ?? [{ id: 'reader-1', address: 5 }]).map((reader) => configOf(reader));
	const simulated = configs.map((config) =>
		configOf({ ...config, key: undefined, ...keyOf(config), ...options.simulated?.[config.id] }),
	);
	const plain = createOsdpSimulator(clock, simulated, options.quirks);
	const simulator = options.rewrite?.(plain, clock) ?? plain;
	const wire = createSimulatedWire({ clock, address: 'sim:line', simulator, paced: true, random });
	let ids = 0;
	const link = createOsdpLink(
		{
			clock: options.gatewayClock?.(clock) ?? clock,
			log,
			newId() {
				ids += 1;
				return `read-${ids}`;
			},
			randomBytes: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)),
			events: {
				onObservation(observation) {
					if (observation.kind === 'tag') observations.push(observation);
					if (observation.kind === 'pin') pins.push(observation);
					bench.onObservation(observation);
				},
				onInput: (change) => inputs.push(change),
				onStatus: (status) => statuses.push(status),
			},
		},
		configs,
	);
	let port: Port | undefined;

	async function connect(): Promise<void> {
		const events = { onBytes: link.onBytes, onClosed: link.stop };
		const opened = wire.createPort({ baud: configs[0]?.baud ?? 9600 }, events);
		await opened.open();
		port = opened;
		link.start({
			...opened,
			write(bytes) {
				bench.onWrite(framesOf(bytes)[0]);
				writes.push(bytes.slice());
				sent.push(...framesOf(bytes).map((frame) => ({ ...frame, atMs: clock.monotonicMs() })));
				return opened.write(bytes);
			},
			async setBaud(baud) {
				bauds.push(baud);
				await opened.setBaud(baud);
			},
		});
	}

	const bench: OsdpBench = {
		clock,
		link,
		log,
		observations,
		pins,
		inputs,
		statuses,
		sent,
		writes,
		bauds,
		onWrite: NO_CALL,
		onObservation: NO_CALL,
		start: connect,
		stop: (problem = 'unplugged') => link.stop(problem),
		async restart() {
			await port?.close();
			await connect();
		},
		device(id) {
			const device = link.devices.find((candidate) => candidate.id === id);
			if (device === undefined) throw new Error(`no device ${id}`);
			return device;
		},
		stimulate(id, what) {
			const problem = wire.stimulate(id, what);
			if (problem !== undefined) throw new Error(problem);
		},
		outputs: (id) => wire.outputs(id),
		setFaults: (faults) => wire.setFaults(faults),
		async until(holds, withinMs) {
			const startMs = clock.monotonicMs();
			while (!holds()) {
				if (clock.monotonicMs() - startMs > withinMs) throw new Error(`did not happen within ${withinMs} ms`);
				await clock.advanceAsync(0.5);
			}
			return clock.monotonicMs() - startMs;
		},
	};
	return bench;
}

/** Started, with every reader online and asked all that is asked once. */
export async function online(bench: OsdpBench): Promise<OsdpBench> {
	await bench.start();
	await bench.until(() => bench.link.devices.every((device) => device.status().state === 'online'), 10_000);
	await bench.clock.advanceAsync(500);
	return bench;
}

export function stateOf(bench: OsdpBench, id = 'reader-1'): string {
	return bench.device(id).status().state;
}

/** A simulator whose answers to one reader's commands are changed. */
export function answering(
	simulator: DeviceSimulator,
	change: (answers: readonly SimulatedAnswer[], command: OsdpFrame) => readonly SimulatedAnswer[],
): DeviceSimulator {
	return {
		...simulator,
		receive(bytes, baud) {
			const answers = simulator.receive(bytes, baud);
			const [command] = framesOf(bytes);
			return command === undefined ? answers : change(answers, command);
		},
	};
}

export function framesOf(bytes: Uint8Array): OsdpFrame[] {
	return createOsdpFramer()
		.push(bytes)
		.filter((item) => item.kind === 'frame');
}

/** Time of a number of bytes at 9600 baud, ms. */
export function wireMs(bytes: number): number {
	return (bytes * 10_000) / 9600;
}

function configOf(reader: object) {
	return osdpConfig.parse({ driver: 'osdp', port: 'sim:line', ...reader });
}

function keyOf(config: { key?: string | undefined }): object {
	return config.key === undefined ? {} : { key: config.key };
}

/** mulberry32 */
export function seeded(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}
