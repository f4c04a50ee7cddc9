import { Worker } from 'node:worker_threads';
import type { ParsedConfig } from '../config/parse-config.ts';
import type { FixedSettings } from '../config/proposal-rules.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';

/** The longest text takes a tenth of this on a slow machine; a thread that needs more ends, not the gateway. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };
const AT_MOST_MS = 20_000;

/** As for `parseConfigInPlaceOf`. */
export interface TextToParse {
	readonly file: string;
	readonly text: string;
	readonly present: FixedSettings | undefined;
}

/** On a thread of its own: lanes go on meanwhile. Rejects with GatewayError INTERNAL where the thread fails. */
export function parseConfigBeside(workerData: TextToParse): Promise<ParsedConfig> {
	const worker = new Worker(workerUrl(), { workerData, name: 'config', resourceLimits: RESOURCE_LIMITS });
	const failed = (cause?: unknown) => new GatewayError('INTERNAL', 'the configuration could not be parsed', { cause });
	const timer = setTimeout(() => void worker.terminate(), AT_MOST_MS);
	return new Promise<ParsedConfig>((resolve, reject) => {
		worker.once('message', resolve);
		worker.once('error', (error) => reject(failed(error)));
		worker.once('exit', () => reject(failed()));
	}).finally(() => {
		clearTimeout(timer);
		void worker.terminate();
	});
}

/** The bundle has every worker beside it as `.js`; from source Node runs the `.ts` itself. */
function workerUrl(): URL {
	const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
	return new URL(`./config-parse-worker.${extension}`, import.meta.url);
}
