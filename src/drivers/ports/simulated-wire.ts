import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import { type ClockScope, createClockScope } from '../../gateway/core/clock-scope.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import type { LineSettings, Port, PortEvents } from './port.ts';
import { disturb, type WireFaults } from './wire-faults.ts';

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
	createPort(line: LineSettings, events: PortEvents): Port;
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
	speed: LineSettings;
	readonly toDevice: Direction;
	readonly toGateway: Direction;
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
		for (const { bytes: chunk, lateMs } of disturb(bytes, faults, random)) {
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

	function createPort(line: LineSettings, events: PortEvents): Port {
		let own: Connection | undefined;
		const connected = () => (own !== undefined && own === connection ? own : undefined);
		return {
			async open() {
				if (!plugged) throw notPlugged(address);
				if (connection !== undefined) throw new GatewayError('PORT_BUSY', `${address} is already open`);
				own = connect(line, events);
				connection = own;
				listen(own);
			},
			write(bytes) {
				const on = connected();
				if (on === undefined) return Promise.reject(new GatewayError('PORT_LOST', `${address} is not open`));
				transmit(on, on.toDevice, bytes, (chunk) => answer(on, simulator.receive(chunk)));
				return Promise.resolve();
			},
			async setBaud(baud) {
				const on = connected();
				if (on === undefined) throw new GatewayError('PORT_LOST', `${address} is not open`);
				on.speed = { ...on.speed, baud };
			},
			async close() {
				if (connected() !== undefined) disconnect();
			},
		};
	}

	function connect(speed: LineSettings, events: PortEvents): Connection {
		return {
			events,
			speed,
			scope: createClockScope(clock),
			toDevice: { freeAtMs: 0 },
			toGateway: { freeAtMs: 0 },
		};
	}

	function listen(on: Connection): void {
		on.hangUp = simulator.connect?.((bytes) => transmit(on, on.toGateway, bytes, (chunk) => on.events.onBytes(chunk)));
	}

	function disconnect(): void {
		connection?.scope.end();
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
		},
	};
}

/** The cause's code tells the supervisor that nothing is there, as a real path does. */
function notPlugged(address: string): GatewayError {
	const cause = Object.assign(new Error('unplugged'), { code: 'ENOENT' });
	return new GatewayError('PORT_UNAVAILABLE', `nothing is plugged in at ${address}`, { cause });
}

/** Start and stop bits included. */
function wireTimeMs(bytes: number, { baud, parity, stopBits }: LineSettings): number {
	const bitsPerByte = 9 + (stopBits ?? 1) + (parity === undefined || parity === 'none' ? 0 : 1);
	return (bytes * bitsPerByte * 1_000) / baud;
}
