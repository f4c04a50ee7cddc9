import { Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.ts';
import type { Directory } from './directory.ts';
import type { ListCommands, ListWorkerData } from './directory-lists-messages.ts';
import { createThreadClient, type ThreadClient, workerUrl } from './thread-client.ts';

/** Lists of the live directory with the edits of the site, read on a thread of their own that starts when asked. */
export type DirectoryListThread = Pick<ThreadClient<ListCommands>, 'ask' | 'close'>;

const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 };

export function createDirectoryListThread(deps: {
	readonly directory: Pick<Directory, 'liveFile' | 'followLive'>;
	/** Absolute path of `site.db`. */
	readonly siteFile: string;
	readonly onDied: (error: unknown) => void;
	/** Ends the thread when it rests; without one it stays. */
	readonly clock?: Pick<Clock, 'after'>;
}): DirectoryListThread {
	const { directory, siteFile, onDied, clock } = deps;
	const thread = createThreadClient<ListCommands>({
		name: 'the reader of lists',
		onDied,
		...(clock && { clock }),
		start() {
			const workerData: ListWorkerData = { directoryFile: directory.liveFile(), siteFile };
			const url = workerUrl('directory-lists-worker', import.meta.url);
			return new Worker(url, { workerData, name: 'lists', resourceLimits: RESOURCE_LIMITS });
		},
	});
	directory.followLive(async (file) => {
		// One that died has closed its files.
		if (thread.isRunning()) await thread.ask('follow', { file }).catch(() => undefined);
	});
	return { ask: thread.ask, close: thread.close };
}
