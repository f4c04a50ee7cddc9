import { Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.ts';
import type { DirectoryCommands, DirectoryWorkerData } from './directory-messages.ts';
import { createThreadClient, type ThreadClient, workerUrl } from './thread-client.ts';

/**
 * The worker's side of the directory as promises. `close` carries out what was asked before, copies the WAL back and
 * closes the files.
 */
export type DirectoryClient = Pick<ThreadClient<DirectoryCommands>, 'ask' | 'close'>;

export interface DirectoryClientDeps {
	/** Asked when the thread starts. */
	readonly liveFile: () => string;
	readonly onDied: (error: unknown) => void;
	readonly clock?: Pick<Clock, 'after'>;
}

/** Rows pass through it and few stay: small generations keep its memory small. Less than this copies the rows of a chunk about. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 128 };

export function createDirectoryClient({ liveFile, onDied, clock }: DirectoryClientDeps): DirectoryClient {
	return createThreadClient<DirectoryCommands>({
		name: 'the directory’s writer',
		onDied,
		...(clock && { clock }),
		start() {
			const workerData: DirectoryWorkerData = { liveFile: liveFile() };
			const url = workerUrl('directory-worker', import.meta.url);
			return new Worker(url, { workerData, name: 'directory', resourceLimits: RESOURCE_LIMITS });
		},
		/** A staged file lives in the thread. */
		staysAwake: (command) => {
			if (command === 'begin') return true;
			return command === 'adopt' || command === 'abandon' ? false : undefined;
		},
	});
}
