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
const RETRY_MS = 60_000;
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 16 };

export function createWalKeeper(deps: {
	readonly store: Pick<SiteStore, 'dir' | 'walPages'>;
	readonly clock: Pick<Clock, 'after'>;
	/** It is tried again a minute later. */
	readonly onFailed: (error: unknown) => void;
}): WalKeeper {
	const { store, clock, onFailed } = deps;
	const thread = createThreadClient<WalCommands>({
		// Who asked is told that it died.
		...{ name: 'the copier of the WAL', onDied: () => undefined, clock },
		start() {
			const workerData: WalWorkerData = { siteFile: path.join(store.dir, SITE_FILE) };
			const url = workerUrl('site-wal-worker', import.meta.url);
			return new Worker(url, { workerData, name: 'wal', resourceLimits: RESOURCE_LIMITS });
		},
	});
	let cancelLook: Cancel | undefined;
	let isCopying = false;

	function plan(delayMs: number): void {
		cancelLook ??= clock.after(delayMs, () => {
			cancelLook = undefined;
			look().catch(tryLater);
		});
	}

	async function look(): Promise<void> {
		const { written, copied } = store.walPages();
		if (written - copied < COPY_BACK_PAGES) return;
		isCopying = true;
		try {
			await thread.ask('copyBack', null);
		} finally {
			isCopying = false;
		}
	}

	/** Meanwhile the commit that reaches the backstop copies, and tells what is wrong with the disk. */
	function tryLater(error: unknown): void {
		onFailed(error);
		plan(RETRY_MS);
	}

	return {
		committed() {
			if (!isCopying) plan(LOOK_MS);
		},
		async close() {
			cancelLook?.();
			// Nothing is looked at any more.
			cancelLook = () => undefined;
			await thread.close();
		},
	};
}
