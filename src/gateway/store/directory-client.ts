import { Worker } from 'node:worker_threads';
import { GatewayError } from '../core/gateway-error.ts';
import type {
	DirectoryAsk,
	DirectoryCommand,
	DirectoryCommands,
	DirectoryReply,
	DirectoryWorkerData,
} from './directory-messages.ts';

/** The worker's side of the directory as promises; the thread starts with the first command. */
export interface DirectoryClient {
	/** Rejects with the worker's GatewayError; with STORE_UNAVAILABLE when the worker died. */
	ask<C extends DirectoryCommand>(
		command: C,
		ask: DirectoryCommands[C]['ask'],
	): Promise<DirectoryCommands[C]['answer']>;
	/** Closes its files and ends the thread; carries out what was asked before. */
	close(): Promise<void>;
}

interface Waiting {
	readonly resolve: (answer: never) => void;
	readonly reject: (error: unknown) => void;
}

/** @param liveFile asked when the thread starts, also again after it died. */
export function createDirectoryClient(liveFile: () => string, onDied: (error: unknown) => void): DirectoryClient {
	const waiting = new Map<number, Waiting>();
	let worker: Worker | undefined;
	let nextId = 1;

	function start(): Worker {
		const data: DirectoryWorkerData = { liveFile: liveFile() };
		const started = new Worker(workerUrl(), { workerData: data, name: 'directory' });
		started.on('message', settle);
		started.on('error', (error) => died(started, error));
		started.on('exit', () => died(started, undefined));
		// A gateway that stops does not wait for it; `close` does.
		started.unref();
		return started;
	}

	function settle(reply: DirectoryReply): void {
		const entry = waiting.get(reply.id);
		waiting.delete(reply.id);
		if (waiting.size === 0) worker?.unref();
		if ('error' in reply) entry?.reject(new GatewayError(reply.error.code, reply.error.message));
		else entry?.resolve(reply.answer as never);
	}

	function died(which: Worker, error: unknown): void {
		if (which !== worker) return;
		worker = undefined;
		if (error !== undefined) onDied(error);
		const failure = asFailure(error);
		for (const { reject } of waiting.values()) reject(failure);
		waiting.clear();
	}

	function ask<C extends DirectoryCommand>(command: C, question: DirectoryCommands[C]['ask']) {
		return new Promise<DirectoryCommands[C]['answer']>((resolve, reject) => {
			worker ??= start();
			const id = nextId++;
			waiting.set(id, { resolve, reject });
			worker.ref();
			worker.postMessage({ id, command, ask: question } as DirectoryAsk);
		});
	}

	return {
		ask,
		async close() {
			if (worker === undefined) return;
			const ending = worker;
			const ended = new Promise((resolve) => ending.once('exit', resolve));
			await ask('close', null);
			ending.ref();
			await ended;
		},
	};
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
