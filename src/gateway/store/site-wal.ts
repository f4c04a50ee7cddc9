import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Cancel, Clock } from '../core/clock.ts';
import { SITE_FILE, type SiteStore } from './site-store.ts';
import type { WalCommands, WalWorkerData } from './site-wal-messages.ts';
import { createThreadClient, workerUrl } from './thread-client.ts';

/** Copies the WAL of `site.db` back on a thread of its own, so that no commit of a decision has to. */
export interface WalKeeper {
	/** After each commit; costs nothing. */
	committed(): void;
	close(): Promise<void>;
}

/** So many pages make a copy worth it: most of them are the same few pages again. */
const COPY_BACK_PAGES = 4_000;
/** A commit copies by itself only where the thread does not come to it. The WAL then has 17 MB. */
export const WAL_BACKSTOP_PAGES = 32_000;
const LOOK_MS = 100;
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 16 };

export function createWalKeeper(deps: {
	readonly store: Pick<SiteStore, 'dir' | 'walPages'>;
	readonly clock: Pick<Clock, 'after'>;
	readonly onDied: (error: unknown) => void;
}): WalKeeper {
	const { store, clock, onDied } = deps;
	const thread = createThreadClient<WalCommands>({
		...{ name: 'the copier of the WAL', onDied, clock },
		start() {
			const workerData: WalWorkerData = { siteFile: path.join(store.dir, SITE_FILE) };
			const url = workerUrl('site-wal-worker', import.meta.url);
			return new Worker(url, { workerData, name: 'wal', resourceLimits: RESOURCE_LIMITS });
		},
	});
	let cancelLook: Cancel | undefined;
	let isCopying = false;

	function look(): void {
		cancelLook = undefined;
		const { written, copied } = store.walPages();
		if (isCopying || written - copied < COPY_BACK_PAGES) return;
		isCopying = true;
		thread
			.ask('copyBack', null)
			// The commit that reaches the backstop copies, and tells what is wrong with the disk.
			.catch(() => undefined)
			.finally(() => {
				isCopying = false;
			});
	}

	return {
		committed() {
			cancelLook ??= clock.after(LOOK_MS, look);
		},
		async close() {
			cancelLook?.();
			// Nothing is looked at any more.
			cancelLook = () => undefined;
			await thread.close();
		},
	};
}
