import type { Clock } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import type { Metrics } from '../gateway/services/metrics.ts';
import { openSiteStore, type SiteStore } from '../gateway/store/site-store.ts';
import { createWalKeeper, WAL_BACKSTOP_PAGES, type WalKeeper } from '../gateway/store/site-wal.ts';

/** The store of a running gateway: its commits are measured, and what they wrote is copied back beside them. */
export function openStoreOfSite(
	deps: {
		readonly dir: string;
		readonly clock: Clock;
		readonly log: Log;
		readonly metrics: Pick<Metrics, 'observeCommit'>;
	},
	stack: AsyncDisposableStack,
): SiteStore {
	const { dir, clock, log, metrics } = deps;
	let wal: WalKeeper | undefined;
	const store = openSiteStore({
		...{ dir, nowMs: clock.nowMs, log, walBackstopPages: WAL_BACKSTOP_PAGES },
		commitTimer: {
			monotonicMs: clock.monotonicMs,
			onCommit(ms) {
				metrics.observeCommit(ms / 1_000);
				wal?.committed();
			},
		},
	});
	stack.defer(() => store.close());
	const keeper = createWalKeeper({
		...{ store, clock },
		onFailed: (error) =>
			log.warn({ err: error }, 'the WAL could not be copied back beside the commits; one of them will'),
	});
	stack.defer(() => keeper.close());
	wal = keeper;
	return store;
}
