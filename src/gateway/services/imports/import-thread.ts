import { Worker } from 'node:worker_threads';
import { GatewayError } from '../../core/gateway-error.ts';
import type { ImportWorkerData, ImportWorkerMessage } from './import-messages.ts';

/** A table of 64 MiB, its texts and the names of 100,000 holders; a thread that needs more ends, not the gateway. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 };

/** One thread for one file. Rejects with GatewayError; aborting ends the thread. */
export function runImportWorker(
	data: ImportWorkerData,
	onProgress: (rows: number) => void,
	signal: AbortSignal,
): Promise<void> {
	const worker = new Worker(workerUrl(), { workerData: data, name: 'import', resourceLimits: RESOURCE_LIMITS });
	const stop = () => void worker.terminate();
	signal.addEventListener('abort', stop, { once: true });
	return new Promise<void>((resolve, reject) => {
		worker.on('message', (message: ImportWorkerMessage) => {
			if (message.kind === 'progress') onProgress(message.rows);
			else if (message.kind === 'done') resolve();
			else reject(new GatewayError(message.code, message.message));
		});
		worker.on('error', (error) =>
			reject(
				new GatewayError('INVALID_REQUEST', 'the file takes more memory than there is; split it', { cause: error }),
			),
		);
		worker.on('exit', () => reject(new GatewayError('INTERNAL', 'the reading of the file was ended')));
	}).finally(() => signal.removeEventListener('abort', stop));
}

/** The bundle has every worker beside it as `.js`; from source Node runs the `.ts` itself. */
function workerUrl(): URL {
	const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
	return new URL(`./import-worker.${extension}`, import.meta.url);
}
