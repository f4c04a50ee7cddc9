import { Buffer } from 'node:buffer';
import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { createGuardChild } from './guard-child.ts';
import type { LineSettings, Port, PortEvents } from './port.ts';
import type { OwnedPulseGuard } from './pulse-guard.ts';
import { identifyPath, openTty, type Tty } from './tty.ts';
import { createWriteQueue } from './write-queue.ts';

/** Loss must be noticed within a second, also where the driver below says nothing. */
const WATCH_MS = 500;
/** A line that took no byte for this long has hung: what waits would arrive too late. */
const STUCK_WRITE_MS = 2_000;
/** What was written before a close still gets this long to leave. */
const LAST_WRITES_MS = 200;
/** Chunks are cut from blocks of this size, so that a reader may keep them. */
const READ_BLOCK_BYTES = 16_384;
const SMALLEST_READ_BYTES = 1_024;

/** A real serial port: a tty by its stable path, locked for us alone. */
export function createSerialPort(clock: Clock, path: string, line: LineSettings, events: PortEvents): Port {
	let state: 'new' | 'opening' | 'open' | 'closed' = 'new';
	let tty: Tty | undefined;
	let guard: OwnedPulseGuard | undefined;
	let cancelWatch: Cancel | undefined;
	let closing = false;
	const writes = createWriteQueue(clock, path, (error) => lose(error.message));

	async function open(): Promise<void> {
		if (state !== 'new') throw new GatewayError('INTERNAL', `${path} is opened only once`);
		state = 'opening';
		const opened = await openTty(path, line);
		const identity = await identifyPath(path).catch(() => undefined);
		if (isClosed()) {
			await release(opened);
			throw new GatewayError('PORT_LOST', `${path} was closed while it was being opened`);
		}
		state = 'open';
		tty = opened;
		if (line.guarded === true) guard = createGuardChild(clock, descriptorOf(opened));
		writes.begin((bytes) => opened.write(bytes));
		readUntilLost(opened).catch((error: unknown) => {
			if (tty === opened) lose(error instanceof Error ? error.message : String(error));
		});
		watch(opened, identity);
	}

	/** `state` as it is after an await, which the compiler cannot know. */
	function isClosed(): boolean {
		return state === 'closed';
	}

	async function readUntilLost(opened: Tty): Promise<void> {
		let block = Buffer.allocUnsafe(READ_BLOCK_BYTES);
		let used = 0;
		while (tty === opened) {
			if (block.length - used < SMALLEST_READ_BYTES) {
				block = Buffer.allocUnsafe(READ_BLOCK_BYTES);
				used = 0;
			}
			const { bytesRead } = await opened.read(block, used, block.length - used);
			if (tty !== opened || closing) return;
			const chunk = block.subarray(used, used + bytesRead);
			used += bytesRead;
			events.onBytes(chunk);
		}
	}

	/**
	 * serialport reads a hung-up tty as an endless row of empty reads (serialport/bindings-cpp#162):
	 * the node that vanished from /dev tells what it does not.
	 */
	function watch(opened: Tty, identity: string | undefined): void {
		if (tty !== opened) return;
		cancelWatch = clock.after(WATCH_MS, () => {
			if (writes.stuckForMs() > STUCK_WRITE_MS) return lose('it takes no more bytes');
			identifyPath(path).then(
				(now) => {
					if (tty !== opened) return;
					if (now !== identity) lose('it was unplugged');
					else watch(opened, identity);
				},
				() => watch(opened, identity),
			);
		});
	}

	function lose(why: string): void {
		const lost = tty;
		if (lost === undefined) return;
		const problem = `${path} was lost: ${why}`;
		const guardEnds = shut(problem);
		void discard(lost);
		void guardEnds;
		if (!closing) events.onClosed(problem);
	}

	/** Resolves once the guard has let go of the line too. */
	function shut(problem: string): Promise<void> {
		state = 'closed';
		tty = undefined;
		cancelWatch?.();
		writes.end(problem);
		return guard?.end() ?? Promise.resolve();
	}

	return {
		open,
		write: (bytes, notAfterMonotonicMs) => writes.write(bytes, notAfterMonotonicMs),
		async setBaud(baud) {
			if (tty === undefined) throw new GatewayError('PORT_LOST', `${path} is not open`);
			await tty.update({ baudRate: baud });
		},
		async close() {
			if (tty !== undefined && !closing) {
				closing = true;
				await writes.idle(LAST_WRITES_MS);
			}
			const opened = tty;
			const guardEnds = shut(`${path} was closed`);
			if (opened !== undefined) await release(opened);
			await guardEnds;
		},
		get guard() {
			return guard;
		},
	};
}

/** Undefined where the system gives none to hand on. */
function descriptorOf(tty: Tty): { readonly descriptor: number } | undefined {
	return 'fd' in tty && typeof tty.fd === 'number' ? { descriptor: tty.fd } : undefined;
}

/** Bytes that wait in the system must not leave later, and must not hold up the close. */
async function discard(tty: Tty): Promise<void> {
	await tty.flush().catch(ignoreGone);
	await release(tty);
}

async function release(tty: Tty): Promise<void> {
	await tty.close().catch(ignoreGone);
}

/** A device that vanished cannot be flushed or closed properly; its file descriptor is given back all the same. */
const ignoreGone = (): undefined => undefined;
