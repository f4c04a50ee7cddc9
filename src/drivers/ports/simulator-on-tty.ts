import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import { createClockScope } from '../../gateway/core/clock-scope.ts';
import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import type { LineSettings } from './port.ts';
import { createSerialPort } from './serial-port.ts';
import { BABBLE_MS, babbleOf, disturb, type WireFaults } from './wire-faults.ts';

/** The longest answer at the slowest rate. */
const LAST_BYTES_MS = 100;

export interface SimulatorOnTty {
	/** Something happens to a device; undefined, or a problem that names what is possible. */
	stimulate(deviceId: string, what: string): string | undefined;
	/** Replaces the faults of both directions; `{}` ends them. */
	setFaults(faults: WireFaults): void;
	stop(): Promise<void>;
}

export interface SimulatorOnTtyOptions {
	readonly clock: Clock;
	/** The device's end of the line, such as the other half of a pty pair. */
	readonly path: string;
	readonly line: LineSettings;
	readonly simulator: DeviceSimulator;
	/** [0, 1), for faults. */
	readonly random?: () => number;
	/** The line was lost; the simulator has stopped. */
	readonly onLost: (problem: string) => void;
}

/** Plays the device's side on a real tty; rejects with the GatewayError of a port that does not open. */
export async function serveSimulatorOnTty(options: SimulatorOnTtyOptions): Promise<SimulatorOnTty> {
	const { simulator, random = Math.random } = options;
	let faults: WireFaults = {};
	const { clock, end } = createClockScope(options.clock);
	let hangUp: Cancel | undefined;
	// A device needs nobody who ends its pulses.
	const line = { ...options.line, guarded: false };
	const port = createSerialPort(clock, options.path, line, {
		onBytes: (chunk) => disturbed(chunk, (bytes) => answer(simulator.receive(bytes, baud))),
		onClosed(problem) {
			end();
			hangUp?.();
			options.onLost(problem);
		},
	});

	function answer(answers: readonly SimulatedAnswer[]): void {
		for (const { bytes, delayMs } of answers) clock.after(delayMs, () => disturbed(bytes, write));
	}

	function disturbed(bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
		for (const { bytes: piece, lateMs } of disturb(bytes, faults, random)) {
			if (lateMs === 0) deliver(piece);
			else clock.after(lateMs, () => deliver(piece));
		}
	}

	function babble(): void {
		const bytes = babbleOf(faults, random);
		if (bytes !== undefined) write(bytes);
		clock.after(BABBLE_MS, babble);
	}

	let baud = options.line.baud;

	function write(bytes: Uint8Array): void {
		// A write that fails loses the port, which is told by onClosed.
		port.write(bytes).then(follow, () => undefined);
	}

	/** What was said last went at the old rate: it is given the time to leave. */
	function follow(): void {
		const next = simulator.baud?.() ?? baud;
		if (next === baud) return;
		baud = next;
		clock.after(LAST_BYTES_MS, () => void port.setBaud(next).catch(() => undefined));
	}

	await port.open();
	hangUp = simulator.connect?.((bytes) => disturbed(bytes, write));
	clock.after(BABBLE_MS, babble);
	return {
		stimulate(deviceId, what) {
			const result = simulator.stimulate(deviceId, what);
			if ('problem' in result) return result.problem;
			answer(result.answers);
			return undefined;
		},
		setFaults(next) {
			faults = next;
		},
		async stop() {
			end();
			hangUp?.();
			await port.close();
		},
	};
}
