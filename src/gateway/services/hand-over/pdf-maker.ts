import { Worker } from 'node:worker_threads';
import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import { createThreadClient, workerUrl } from '../../store/thread-client.ts';
import type { PdfCommands, PrintedHandOver } from './pdf-messages.ts';

/** Makes PDF files on a thread of its own, which starts when asked and ends when it has rested. */
export interface PdfMaker {
	/** Throws TOO_MANY while others wait, and STORE_UNAVAILABLE when the thread died. */
	make(handOver: PrintedHandOver): Promise<Uint8Array<ArrayBuffer>>;
	close(): Promise<void>;
}

const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 128 };

export function createPdfMaker({ clock, log }: { readonly clock: Pick<Clock, 'after'>; readonly log: Log }): PdfMaker {
	const thread = createThreadClient<PdfCommands>({
		name: 'the maker of PDF files',
		clock,
		onDied: (error) => log.error({ err: error }, 'the thread that makes PDF files stopped'),
		start: () => new Worker(workerUrl('pdf-worker', import.meta.url), { name: 'pdf', resourceLimits: RESOURCE_LIMITS }),
	});
	let waiting = 0;
	return {
		async make(handOver) {
			if (waiting >= LIMITS.pdfsWaiting) {
				throw new GatewayError('TOO_MANY', `${waiting} PDF files are being made; try again in a moment`);
			}
			waiting += 1;
			try {
				return await thread.ask('handOver', handOver);
			} finally {
				waiting -= 1;
			}
		},
		close: thread.close,
	};
}
