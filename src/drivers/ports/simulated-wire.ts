import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import { type ClockScope, createClockScope } from '../../gateway/core/clock-scope.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import type { HidAccess, Port, PortEvents, PortSettings } from './port.ts';
import { BABBLE_MS, babbleOf, disturb, disturbReport, type WireFaults } from './wire-faults.ts';

/** A control transfer, and one that nobody answers. */
const FEATURE_MS = 2;
const FEATURE_LOST_MS = 500;

export interface SimulatedWireOptions {
	readonly clock: Clock;
	/** `sim:NAME`, as people read it in problems. */
	readonly address: string;
	readonly simulator: DeviceSimulator;
	/** Bytes take the time they take at the line's speed; off: they arrive at once. */
	readonly paced?: boolean;
	/** For faults; seeded where a run must be repeatable. */
	readonly random: () => number;
}

/** A simulated line: the gateway's ports on one end, the devices' simulator on the other. */
export interface SimulatedWire {
	createPort(settings: PortSettings, events: PortEvents): Port;
	/** Something happens to a device; undefined, or a problem that names what is possible. */
	stimulate(deviceId: string, what: string): string | undefined;
	outputs(deviceId: string): Readonly<Record<string, boolean>>;
	/** Pulls the adapter out; an open port is lost. */
	unplug(): void;
	plugIn(): void;
	/** Replaces the faults of both directions; `{}` ends them. */
	setFaults(faults: WireFaults): void;
}

interface Connection {
	readonly events: PortEvents;
	readonly scope: ClockScope;
	speed: PortSettings;
	readonly toDevice: Direction;
	readonly toGateway: Direction;
	/** Feature reports under way; each is refused when called. */
	readonly transfers: Set<() => void>;
	cancelBabble?: Cancel;
	/** Ends what the device says unasked. */
	hangUp?: Cancel | undefined;
}

/** One pair of the wire; bytes follow one another. */
interface Direction {
	freeAtMs: number;
}

export function createSimulatedWire(options: SimulatedWireOptions): SimulatedWire {
	const { clock, address, simulator, random } = options;
	let plugged = true;
	let faults: WireFaults = {};
	let connection: Connection | undefined;

	function transmit(on: Connection, direction: Direction, bytes: Uint8Array, deliver: (chunk: Uint8Array) => void) {
		const disturbed =
			typeof on.speed === 'string' ? disturbReport(bytes, faults, random) : disturb(bytes, faults, random);
		for (const { bytes: chunk, lateMs } of disturbed) {
			const nowMs = clock.monotonicMs();
			const startMs = Math.max(nowMs, direction.freeAtMs) + lateMs;
			direction.freeAtMs = startMs + (options.paced === true ? wireTimeMs(chunk.length, on.speed) : 0);
			on.scope.clock.after(direction.freeAtMs - nowMs, () => deliver(chunk));
		}
	}

	function answer(on: Connection, answers: readonly SimulatedAnswer[]): void {
		for (const { bytes, delayMs } of answers)
			on.scope.clock.after(delayMs, () => transmit(on, on.toGateway, bytes, (chunk) => on.events.onBytes(chunk)));
	}

	function createPort(line: PortSettings, events: PortEvents): Port {
		let own: Connection | undefined;
		const connected = () => (own !== undefined && own === connection ? own : undefined);
		return {
			async open() {
				if (!plugged) throw notPlugged(address);
				if (connection !== undefined) throw new GatewayError('PORT_BUSY', `${address} is already open`);
				own = connect(line, events);
				connection = own;
				listen(own);
				babble(own);
			},
			write(bytes) {
				const on = connected();
				if (on === undefined) return Promise.reject(new GatewayError('PORT_LOST', `${address} is not open`));
				const baud = typeof on.speed === 'string' ? undefined : on.speed.baud;
				transmit(on, on.toDevice, bytes, (chunk) => answer(on, simulator.receive(chunk, baud)));
				return Promise.resolve();
			},
			async setBaud(baud) {
				const on = connected();
				if (on === undefined) throw new GatewayError('PORT_LOST', `${address} is not open`);
				if (typeof on.speed !== 'string') on.speed = { ...on.speed, baud };
			},
			get hid() {
				const on = connected();
				return on === undefined ? undefined : hidOf(on, connected);
			},
			async close() {
				if (connected() !== undefined) disconnect();
			},
		};
	}

	/** Feature reports as the device takes and gives them; a lost one ends as a device does that does not answer. */
	function hidOf(on: Connection, connected: () => Connection | undefined): HidAccess | undefined {
		const { hid } = simulator;
		if (hid === undefined) return undefined;
		function transfer<T>(done: () => T | undefined, notAfterMonotonicMs = Number.POSITIVE_INFINITY): Promise<T> {
			if (connected() !== on || clock.monotonicMs() > notAfterMonotonicMs)
				return Promise.reject(new GatewayError('PORT_LOST', `${address} is not open, or it is too late`));
			const isLost = (faults.drop ?? 0) > random();
			return new Promise((resolve, reject) => {
				const refuse = () => reject(new GatewayError('PORT_UNAVAILABLE', `${address} does not take a report`));
				on.transfers.add(refuse);
				on.scope.clock.after(isLost ? FEATURE_LOST_MS : FEATURE_MS, () => {
					on.transfers.delete(refuse);
					const told = isLost ? undefined : done();
					if (told === undefined) refuse();
					else resolve(told);
				});
			});
		}
		return {
			identity: hid.identity,
			typesOnConsole: hid.typesOnConsole ?? false,
			sendFeature: (report, notAfterMonotonicMs) =>
				transfer(() => {
					const isTaken = hid.sendFeature(report);
					return isTaken ? true : undefined;
				}, notAfterMonotonicMs).then(() => undefined),
			getFeature: (reportId, length) => transfer(() => hid.getFeature(reportId)?.slice(0, length - 1)),
		};
	}

	function connect(speed: PortSettings, events: PortEvents): Connection {
		return {
			events,
			speed,
			scope: createClockScope(clock),
			toDevice: { freeAtMs: 0 },
			toGateway: { freeAtMs: 0 },
			transfers: new Set(),
		};
	}

	function listen(on: Connection): void {
		on.hangUp = simulator.connect?.((bytes) => transmit(on, on.toGateway, bytes, (chunk) => on.events.onBytes(chunk)));
	}

	/** For as long as the faults say so; a HID device does not speak but in reports. */
	function babble(on: Connection): void {
		on.cancelBabble?.();
		if ((faults.babble ?? 0) === 0 || on.speed === 'hid') return;
		on.cancelBabble = on.scope.clock.after(BABBLE_MS, () => {
			const bytes = babbleOf(faults, random);
			if (bytes !== undefined) transmit(on, on.toGateway, bytes, (chunk) => on.events.onBytes(chunk));
			babble(on);
		});
	}

	function disconnect(): void {
		connection?.scope.end();
		for (const refuse of connection?.transfers ?? []) refuse();
		connection?.hangUp?.();
		connection = undefined;
	}

	return {
		createPort,
		stimulate(deviceId, what) {
			const result = simulator.stimulate(deviceId, what);
			if ('problem' in result) return result.problem;
			if (connection !== undefined) answer(connection, result.answers);
			return undefined;
		},
		outputs: (deviceId) => simulator.outputs(deviceId),
		unplug() {
			const lost = connection;
			plugged = false;
			disconnect();
			lost?.events.onClosed(`${address} was lost: it was unplugged`);
		},
		plugIn() {
			plugged = true;
		},
		setFaults(next) {
			faults = next;
			if (connection !== undefined) babble(connection);
		},
	};
}

/** The cause's code tells the supervisor that nothing is there, as a real path does. */
function notPlugged(address: string): GatewayError {
	const cause = Object.assign(new Error('unplugged'), { code: 'ENOENT' });
	return new GatewayError('PORT_UNAVAILABLE', `nothing is plugged in at ${address}`, { cause });
}

/** Start and stop bits included; a HID report has next to none. */
function wireTimeMs(bytes: number, speed: PortSettings): number {
	if (typeof speed === 'string') return 0;
	const { baud, parity, stopBits } = speed;
	const bitsPerByte = 9 + (stopBits ?? 1) + (parity === undefined || parity === 'none' ? 0 : 1);
	return (bytes * bitsPerByte * 1_000) / baud;
}
