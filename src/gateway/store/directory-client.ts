import { Worker } from 'node:worker_threads';
import type { Cancel, Clock } from '../core/clock.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type {
	DirectoryAsk,
	DirectoryCommand,
	DirectoryCommands,
	DirectoryReply,
	DirectoryWorkerData,
} from './directory-messages.ts';

/** The worker's side of the directory as promises. The thread starts with the first command and ends when it has rested. */
export interface DirectoryClient {
	/** Rejects with the worker's GatewayError; with STORE_UNAVAILABLE when the worker died. */
	ask<C extends DirectoryCommand>(
		command: C,
		ask: DirectoryCommands[C]['ask'],
	): Promise<DirectoryCommands[C]['answer']>;
	/** Carries out what was asked before, copies the WAL back, closes the files and ends the thread. */
	close(): Promise<void>;
}

export interface DirectoryClientDeps {
	/** Asked when the thread starts. */
	readonly liveFile: () => string;
	readonly onDied: (error: unknown) => void;
	readonly clock?: Pick<Clock, 'after'>;
}

/** A resting thread holds some 25 MB for nothing; starting one takes 50 ms. */
const REST_MS = 60_000;
/** Rows pass through it and few stay: small generations keep its memory small. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 };

interface Waiting {
	readonly resolve: (answer: never) => void;
	readonly reject: (error: unknown) => void;
}

interface Thread {
	readonly worker: Worker;
	readonly waiting: Map<number, Waiting>;
}

export function createDirectoryClient({ liveFile, onDied, clock }: DirectoryClientDeps): DirectoryClient {
	let current: Thread | undefined;
	let nextId = 1;
	/** A staged file lives in the thread. */
	let staging = false;
	let cancelRest: Cancel | undefined;

	function start(): Thread {
		const data: DirectoryWorkerData = { liveFile: liveFile() };
		const worker = new Worker(workerUrl(), { workerData: data, name: 'directory', resourceLimits: RESOURCE_LIMITS });
		const thread: Thread = { worker, waiting: new Map() };
		worker.on('message', (reply: DirectoryReply) => settle(thread, reply));
		worker.on('error', (error) => ended(thread, error));
		worker.on('exit', () => ended(thread, undefined));
		return thread;
	}

	function settle({ worker, waiting }: Thread, reply: DirectoryReply): void {
		const entry = waiting.get(reply.id);
		waiting.delete(reply.id);
		if ('error' in reply) entry?.reject(new GatewayError(reply.error.code, reply.error.message));
		else entry?.resolve(reply.answer as never);
		if (waiting.size > 0 || staging || worker !== current?.worker) return;
		// A gateway that stops does not wait for a resting thread; `close` does.
		worker.unref();
		cancelRest = clock?.after(REST_MS, () => void end());
	}

	function ended(thread: Thread, error: unknown): void {
		if (error !== undefined) onDied(error);
		if (thread === current) {
			current = undefined;
			staging = false;
		}
		const failure = asFailure(error);
		for (const { reject } of thread.waiting.values()) reject(failure);
		thread.waiting.clear();
	}

	function ask<C extends DirectoryCommand>(command: C, question: DirectoryCommands[C]['ask']) {
		return new Promise<DirectoryCommands[C]['answer']>((resolve, reject) => {
			cancelRest?.();
			current ??= start();
			current.worker.ref();
			if (command === 'begin') staging = true;
			if (command === 'adopt' || command === 'abandon') staging = false;
			const id = nextId++;
			current.waiting.set(id, { resolve, reject });
			current.worker.postMessage({ id, command, ask: question } as DirectoryAsk);
		});
	}

	/** What is asked from here on starts a new thread; this one finishes what it has. */
	async function end(): Promise<void> {
		cancelRest?.();
		if (current === undefined) return;
		const { worker } = current;
		current = undefined;
		staging = false;
		const exited = new Promise((resolve) => worker.once('exit', resolve));
		worker.ref();
		worker.postMessage({ id: nextId++, command: 'close', ask: null } satisfies DirectoryAsk);
		await exited;
	}

	return { ask, close: end };
}

/** The bundle has every worker beside it as `.js`; from source Node runs the `.ts` itself. */
function workerUrl(): URL {
	const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
	return new URL(`./directory-worker.${extension}`, import.meta.url);
}

function asFailure(error: unknown): GatewayError {
	if (error instanceof GatewayError) return error;
	return new GatewayError('STORE_UNAVAILABLE', 'the directory’s writer stopped; it starts again with the next change', {
		cause: error,
	});
}
