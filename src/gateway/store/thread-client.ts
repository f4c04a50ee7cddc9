import type { Worker } from 'node:worker_threads';
import type { Cancel, Clock } from '../core/clock.ts';
import { GatewayError, type GatewayErrorCode } from '../core/gateway-error.ts';

export interface ThreadAsk {
	readonly id: number;
	readonly command: string;
	readonly ask: unknown;
}

/** Answers come in any order. */
export type ThreadReply =
	| { readonly id: number; readonly answer: unknown }
	| { readonly id: number; readonly error: { readonly code: GatewayErrorCode; readonly message: string } };

/**
 * A worker thread as promises. It starts with the first question and ends when it has rested. `Commands`: what it is asked
 * and answers, `{ ask, answer }` by command; every thread takes `close` and ends once it has done what came before.
 */
export interface ThreadClient<Commands> {
	/** Rejects with the thread's GatewayError; with STORE_UNAVAILABLE when it died. */
	ask<C extends keyof Commands & string>(command: C, ask: AskOf<Commands, C>): Promise<AnswerOf<Commands, C>>;
	isRunning(): boolean;
	/** Lets it do what was asked before and ends it. What is asked from here on starts another. */
	close(): Promise<void>;
}

type AskOf<Commands, C extends keyof Commands> = Commands[C] extends { readonly ask: infer A } ? A : never;
type AnswerOf<Commands, C extends keyof Commands> = Commands[C] extends { readonly answer: infer A } ? A : never;

export interface ThreadClientDeps {
	readonly start: () => Worker;
	/** In messages: `the directory’s writer`. */
	readonly name: string;
	readonly onDied: (error: unknown) => void;
	/** Ends a resting thread; without one it stays. */
	readonly clock?: Pick<Clock, 'after'>;
	/** After this command it does not rest (`true`), or may again (`false`). */
	readonly staysAwake?: (command: string) => boolean | undefined;
}

/** A resting thread holds some 25 MB for nothing; starting one takes 50 ms. */
const REST_MS = 60_000;

interface Waiting {
	readonly resolve: (answer: never) => void;
	readonly reject: (error: unknown) => void;
}

interface Thread {
	readonly worker: Worker;
	readonly waiting: Map<number, Waiting>;
}

export function createThreadClient<Commands>(deps: ThreadClientDeps): ThreadClient<Commands> {
	const { onDied, clock, staysAwake } = deps;
	let current: Thread | undefined;
	let nextId = 1;
	let isAwake = false;
	let cancelRest: Cancel | undefined;

	function start(): Thread {
		const worker = deps.start();
		const thread: Thread = { worker, waiting: new Map() };
		worker.on('message', (reply: ThreadReply) => settle(thread, reply));
		worker.on('error', (error) => ended(thread, error));
		worker.on('exit', () => ended(thread, undefined));
		return thread;
	}

	function settle({ worker, waiting }: Thread, reply: ThreadReply): void {
		const entry = waiting.get(reply.id);
		waiting.delete(reply.id);
		if ('error' in reply) entry?.reject(new GatewayError(reply.error.code, reply.error.message));
		else entry?.resolve(reply.answer as never);
		if (waiting.size > 0 || isAwake || worker !== current?.worker) return;
		// A gateway that stops does not wait for a resting thread; `close` does.
		worker.unref();
		cancelRest = clock?.after(REST_MS, () => void close());
	}

	function ended(thread: Thread, error: unknown): void {
		if (error !== undefined) onDied(error);
		if (thread === current) forget();
		const failure = error instanceof GatewayError ? error : stopped(deps.name, error);
		for (const { reject } of thread.waiting.values()) reject(failure);
		thread.waiting.clear();
	}

	function forget(): void {
		current = undefined;
		isAwake = false;
	}

	async function close(): Promise<void> {
		cancelRest?.();
		if (current === undefined) return;
		const { worker } = current;
		forget();
		const exited = new Promise((resolve) => worker.once('exit', resolve));
		worker.ref();
		worker.postMessage({ id: nextId++, command: 'close', ask: null } satisfies ThreadAsk);
		await exited;
	}

	return {
		ask: (command, ask) =>
			new Promise((resolve, reject) => {
				cancelRest?.();
				current ??= start();
				current.worker.ref();
				isAwake = staysAwake?.(command) ?? isAwake;
				const id = nextId++;
				// Throws where something can't be copied: then nothing waits for it.
				current.worker.postMessage({ id, command, ask } satisfies ThreadAsk);
				current.waiting.set(id, { resolve, reject });
			}),
		isRunning: () => current !== undefined,
		close,
	};
}

function stopped(name: string, cause: unknown): GatewayError {
	return new GatewayError('STORE_UNAVAILABLE', `${name} stopped; it starts again when it is next needed`, { cause });
}

/** The bundle has every worker beside it as `.js`; from source Node runs the `.ts` itself. @param base `import.meta.url` */
export function workerUrl(name: string, base: string): URL {
	return new URL(`./${name}.${base.endsWith('.ts') ? 'ts' : 'js'}`, base);
}
