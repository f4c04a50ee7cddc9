import { Buffer } from 'node:buffer';
import type { Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';

interface Waiting {
	readonly bytes: Uint8Array;
	readonly notAfterMonotonicMs: number;
	readonly resolve: () => void;
	readonly reject: (error: GatewayError) => void;
}

/** Writes of one port in their order, bounded; the first one goes out within the call. */
export interface WriteQueue {
	begin(send: (bytes: Buffer) => Promise<void>): void;
	/** Bytes whose turn comes only after `notAfterMonotonicMs` never leave: PORT_LOST. */
	write(bytes: Uint8Array, notAfterMonotonicMs?: number): Promise<void>;
	/** Resolves when nothing waits any more, after `limitMs` at the latest. */
	idle(limitMs: number): Promise<void>;
	/** How long the write under way has been waiting. */
	stuckForMs(): number;
	/** Rejects what has not left with PORT_LOST. */
	end(problem: string): void;
}

export function createWriteQueue(clock: Clock, path: string, onFailed: (error: Error) => void): WriteQueue {
	let send: ((bytes: Buffer) => Promise<void>) | undefined;
	let waiting: Waiting[] = [];
	let waitingBytes = 0;
	let sinceMs = 0;
	let onIdle: (() => void) | undefined;

	function sendFirst(): void {
		const [first] = waiting;
		if (first === undefined || send === undefined) return;
		sinceMs = clock.monotonicMs();
		if (sinceMs > first.notAfterMonotonicMs) {
			leaveOut(first);
			return;
		}
		const { buffer, byteOffset, byteLength } = first.bytes;
		send(Buffer.from(buffer, byteOffset, byteLength)).then(
			() => {
				if (waiting[0] !== first) return;
				waiting.shift();
				waitingBytes -= byteLength;
				first.resolve();
				if (waiting.length === 0) onIdle?.();
				else sendFirst();
			},
			(error: unknown) => {
				if (waiting[0] === first) onFailed(error instanceof Error ? error : new Error(String(error)));
			},
		);
	}

	function leaveOut(late: Waiting): void {
		waiting.shift();
		waitingBytes -= late.bytes.byteLength;
		late.reject(new GatewayError('PORT_LOST', `${path} took the bytes too late; they were not sent`));
		if (waiting.length === 0) onIdle?.();
		else sendFirst();
	}

	return {
		begin(sender) {
			send = sender;
		},
		write(bytes, notAfterMonotonicMs = Number.POSITIVE_INFINITY) {
			if (send === undefined) return Promise.reject(new GatewayError('PORT_LOST', `${path} is not open`));
			if (waitingBytes + bytes.length > LIMITS.portWaitingBytes)
				return Promise.reject(new GatewayError('PORT_LOST', `${path} does not take bytes as fast as they come`));
			waitingBytes += bytes.length;
			return new Promise((resolve, reject) => {
				waiting.push({ bytes, notAfterMonotonicMs, resolve, reject });
				if (waiting.length === 1) sendFirst();
			});
		},
		idle(limitMs) {
			if (waiting.length === 0) return Promise.resolve();
			return new Promise((resolve) => {
				const cancel = clock.after(limitMs, resolve);
				onIdle = () => {
					cancel();
					resolve();
				};
			});
		},
		stuckForMs: () => (waiting.length === 0 ? 0 : clock.monotonicMs() - sinceMs),
		end(problem) {
			const unsent = waiting;
			send = undefined;
			waiting = [];
			waitingBytes = 0;
			onIdle?.();
			for (const { reject } of unsent) reject(new GatewayError('PORT_LOST', problem));
		},
	};
}
