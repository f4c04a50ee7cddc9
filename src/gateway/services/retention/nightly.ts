import type { Cancel, Clock, ClockTrust } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { lastNight, type RetentionSettings } from '../../core/retention.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { RetentionHolds } from './holds.ts';
import type { RetentionCounts } from './retention.ts';

/** What the last night did. */
export interface LastNight {
	readonly atMs: number;
	readonly counts: RetentionCounts;
}

/** How long personal data is kept, and what is kept longer; for pages and programs. */
export interface Retention {
	readonly settings: RetentionSettings;
	readonly holds: RetentionHolds;
	/** null: there was no night yet. */
	last(): LastNight | null;
}

export interface Nightly {
	last(): LastNight | null;
	/** Resolves when nothing is under way. */
	settled(): Promise<void>;
	stop(): Promise<void>;
}

export interface NightlyDeps {
	readonly store: Pick<SiteStore, 'settings' | 'journal' | 'checkpoint' | 'transaction' | 'removeSnapshots'>;
	readonly clock: Clock;
	readonly clockTrust: () => ClockTrust;
	readonly timeZone: string;
	readonly atMinute: number;
	readonly run: (signal: AbortSignal) => Promise<RetentionCounts>;
	/** What is to be done with it, such as erasures that waited. */
	readonly also: () => Promise<void>;
	readonly log: Log;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}

const LOOK_EVERY_MS = 600_000;
const BEGUN_KEY = 'retention.lastNightMs';
const LAST_KEY = 'retention.last';
/** Copies made before the store's schema changed hold what was erased since. */
const SNAPSHOTS_KEPT_MS = 30 * 86_400_000;

/** Runs once a night, also when the night was slept through: then soon after the start. */
export function startNightly(deps: NightlyDeps): Nightly {
	const { store, clock, log } = deps;
	const ending = new AbortController();
	let running: Promise<void> | undefined;
	let cancel: Cancel = clock.after(LOOK_EVERY_MS, look);

	function look(): void {
		cancel = clock.after(LOOK_EVERY_MS, look);
		// A clock that ran ahead would end everything.
		if (deps.clockTrust() === 'untrusted' || running !== undefined) return;
		const dueMs = lastNight(clock.nowMs(), deps.atMinute, deps.timeZone);
		const begunMs = Number(store.settings.get(BEGUN_KEY) ?? 0);
		if (begunMs >= dueMs && begunMs <= clock.nowMs()) return;
		running = night().finally(() => {
			running = undefined;
		});
	}

	async function night(): Promise<void> {
		const atMs = clock.nowMs();
		try {
			const counts = await deps.run(ending.signal);
			await deps.also();
			if (ending.signal.aborted) return;
			store.removeSnapshots(atMs - SNAPSHOTS_KEPT_MS);
			store.transaction(() => {
				store.settings.set(BEGUN_KEY, String(atMs));
				store.settings.set(LAST_KEY, JSON.stringify({ atMs, counts } satisfies LastNight));
				store.journal.append({
					...{ type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs() },
					...{ operatorId: null, action: 'retention', target: null, detail: counts },
				});
			});
			store.checkpoint();
			log.info({ ...counts }, 'what was kept long enough has ended');
			deps.journalGrew();
		} catch (error) {
			log.error({ err: error }, 'the nightly retention failed; it is tried again');
		}
	}

	return {
		last() {
			const text = store.settings.get(LAST_KEY);
			return text === undefined ? null : (JSON.parse(text) as LastNight);
		},
		settled: async () => running,
		async stop() {
			cancel();
			ending.abort();
			await running;
		},
	};
}
