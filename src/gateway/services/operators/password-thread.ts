import { Worker } from 'node:worker_threads';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { createThreadClient, workerUrl } from '../../store/thread-client.ts';

/** One Argon2id derivation (RFC 9106). */
export interface DeriveAsk {
	/** Normalised already. */
	readonly message: string;
	readonly nonce: Uint8Array;
	readonly memoryKib: number;
	readonly passes: number;
	readonly lanes: number;
	readonly tagBytes: number;
}

export interface PasswordCommands {
	derive: { ask: DeriveAsk; answer: Uint8Array };
	close: { ask: null; answer: null };
}

/** Derives in a thread of its own, which starts when asked, gives way to everything else, and ends when it has rested. */
export interface PasswordThread {
	/** Throws STORE_UNAVAILABLE when the thread died. */
	derive(ask: DeriveAsk): Promise<Uint8Array>;
	close(): Promise<void>;
}

/** What Argon2id needs is not in the heap. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 32 };

/** @param clock ends a thread that rests; without one it stays, and holds up no end of the program */
export function createPasswordThread({
	clock,
	log,
}: {
	readonly clock?: Pick<Clock, 'after'>;
	readonly log?: Pick<Log, 'error'>;
} = {}): PasswordThread {
	const thread = createThreadClient<PasswordCommands>({
		name: 'the thread that hashes passwords',
		...(clock && { clock }),
		onDied: (error) => log?.error({ err: error }, 'the thread that hashes passwords stopped'),
		start: () =>
			new Worker(workerUrl('password-worker', import.meta.url), { name: 'passwords', resourceLimits: RESOURCE_LIMITS }),
	});
	return { derive: (ask) => thread.ask('derive', ask), close: thread.close };
}
