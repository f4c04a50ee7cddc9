import type { Cancel, Clock } from '../../core/clock.ts';
import type { JournalEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import { OUTSIDE, type Site } from '../../core/site.ts';
import type { AnalyticsCount, CountMetric } from '../../store/analytics.ts';
import type { OccupancySample } from '../../store/occupancy-samples.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { createLocalSpans } from './local-spans.ts';

export interface CountingDeps {
	readonly site: Pick<Site, 'timeZone' | 'areas' | 'parks'>;
	readonly store: Pick<SiteStore, 'analytics' | 'journalErasure' | 'occupancySamples' | 'settings' | 'transaction'>;
	readonly clock: Clock;
	readonly log: Log;
}

export interface Counting {
	/** Counts what happened since, in slices between which the lanes go first. */
	catchUp(): Promise<void>;
	stop(): void;
}

const EVERY_MS = 60_000;
/** After the start: lanes and links come first. */
const FIRST_MS = 10_000;
/** Between two slices. */
const REST_MS = 20;
const HOURS_KEPT_MS = 400 * 86_400_000;
const DAYS_KEPT_MS = 3_660 * 86_400_000;
const METRICS: readonly CountMetric[] = ['entry', 'exit', 'refusal', 'stay', 'occupied'];

/**
 * Follows the journal, the stays that ended and how full areas were, some rows at a time: what a slice counts and how far it
 * came are one transaction, so that nothing is counted twice, whatever ends the gateway.
 */
export function startCounting({ site, store, clock, log }: CountingDeps): Counting {
	const { analytics, settings } = store;
	const spans = createLocalSpans(site.timeZone);
	const places = [...site.areas, ...site.parks];
	let isStopped = false;
	let endedOldOn: number | undefined;
	let running: Promise<void> | undefined;
	let cancel: Cancel = clock.after(FIRST_MS, tick);

	function tick(): void {
		cancel = clock.after(EVERY_MS, tick);
		catchUp().catch((error: unknown) => log.warn({ err: error }, 'the counts could not be brought up to date'));
	}

	function count(metric: CountMetric, atMs: number, key: string, more: Partial<AnalyticsCount> = {}): void {
		const { hour, day } = spans.of(atMs);
		const counted = { metric, key, count: 1, total: 0, most: 0, ...more };
		analytics.add('hour', { ...counted, startMs: hour });
		analytics.add('day', { ...counted, startMs: day });
	}

	function follow(entry: JournalEntry): void {
		if (entry.type === 'passage') {
			if (entry.from === OUTSIDE) count('entry', entry.atMs, entry.laneId);
			else if (entry.to === OUTSIDE) count('exit', entry.atMs, entry.laneId);
		} else if (entry.type === 'decision' && entry.decision.outcome === 'refused') {
			count('refusal', entry.atMs, entry.decision.headline ?? '');
		}
	}

	/** @returns whether there may be more. */
	function sliceOfJournal(): boolean {
		const from = Number(settings.get('analytics.position') ?? 0);
		const { rows, upTo } = store.journalErasure.after(from, LIMITS.analyticsSlice);
		if (upTo === from) return false;
		store.transaction(() => {
			for (const row of rows) follow(row.entry());
			settings.set('analytics.position', String(upTo));
		});
		return true;
	}

	/** Those of the last minute wait: the clock may have been set back by a moment. */
	function sliceOfStays(): boolean {
		const [at = '0', id = ''] = (settings.get('analytics.stay') ?? '').split(' ');
		const after = { closedAtMs: Number(at), id };
		const stays = analytics.endedStays(after, clock.nowMs() - EVERY_MS, LIMITS.analyticsSlice);
		const last = stays.at(-1);
		if (last === undefined) return false;
		store.transaction(() => {
			for (const { openedAtMs, closedAtMs, closedBy } of stays) {
				// How long a vehicle really was here only its passage out tells.
				const total = Math.max(0, closedAtMs - openedAtMs);
				if (closedBy === 'passage') count('stay', closedAtMs, '', { total, most: total });
			}
			settings.set('analytics.stay', `${last.closedAtMs} ${last.id}`);
		});
		return true;
	}

	/** One hour that is over: how full each area was, weighed by how long it was so. */
	function sliceOfSamples(): boolean {
		const { hour: nowMs } = spans.of(clock.nowMs());
		const stored = settings.get('analytics.occupied');
		const firstMs = Math.max(
			nowMs - LIMITS.occupancyHistoryMs,
			stored === undefined ? firstSampleMs(nowMs) : Number(stored),
		);
		if (firstMs >= nowMs) return false;
		const { hour: startMs } = spans.of(firstMs);
		const endMs = Math.min(nowMs, startMs + HOUR_MS);
		store.transaction(() => {
			for (const { id } of places) {
				const samples = store.occupancySamples.between(id, startMs, endMs);
				const level = weigh(samples, startMs, endMs);
				if (level !== undefined) count('occupied', startMs, id, level);
			}
			settings.set('analytics.occupied', String(endMs));
		});
		return true;
	}

	function firstSampleMs(nowMs: number): number {
		const firsts = places.map(({ id }) => {
			const [first] = store.occupancySamples.between(id, nowMs - LIMITS.occupancyHistoryMs, nowMs);
			return first?.atMs ?? nowMs;
		});
		return Math.min(nowMs, ...firsts);
	}

	/** Once a day is often enough. */
	function endOld(): void {
		const { day } = spans.of(clock.nowMs());
		if (day === endedOldOn) return;
		endedOldOn = day;
		store.transaction(() => {
			for (const metric of METRICS) {
				analytics.removeBefore('hour', day - HOURS_KEPT_MS, metric);
				analytics.removeBefore('day', day - DAYS_KEPT_MS, metric);
			}
		});
	}

	async function work(): Promise<void> {
		for (const slice of [sliceOfJournal, sliceOfStays, sliceOfSamples]) {
			while (!isStopped && slice()) await new Promise<void>((resolve) => void clock.after(REST_MS, resolve));
		}
		if (!isStopped) endOld();
	}

	function catchUp(): Promise<void> {
		running ??= work().finally(() => {
			running = undefined;
		});
		return running;
	}

	return {
		catchUp,
		stop() {
			isStopped = true;
			cancel();
		},
	};
}

const HOUR_MS = 3_600_000;

/** `count`: how long it is known, ms; `total`: vehicles times ms; so that hours add up to days. undefined: nothing is known. */
function weigh(samples: readonly OccupancySample[], startMs: number, endMs: number) {
	let [known, total, most] = [0, 0, 0];
	for (const [place, { atMs, occupied }] of samples.entries()) {
		const lasted = (samples[place + 1]?.atMs ?? endMs) - Math.max(atMs, startMs);
		if (lasted <= 0) continue;
		known += lasted;
		total += occupied * lasted;
		most = Math.max(most, occupied);
	}
	return known === 0 ? undefined : { count: known, total, most };
}
