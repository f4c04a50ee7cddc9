import { areaChain } from '../core/area-chain.ts';
import type { Cancel, Clock } from '../core/clock.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { LIMITS } from '../core/limits.ts';
import type { Log } from '../core/log.ts';
import type { Site } from '../core/site.ts';
import type { DirectoryReader } from '../store/directory-reader.ts';
import type { OccupancySample } from '../store/occupancy-samples.ts';
import type { SiteStore } from '../store/site-store.ts';

export type { OccupancySample };

export interface OccupancyAdjustment {
	readonly areaId: string;
	/** Vehicles counted by a person; 0–LIMITS.areaCapacity. */
	readonly occupied: number;
	readonly operatorId: string;
	readonly reason: string;
}

/** What people do about the counters, and how they went over time. */
export interface OccupancyCare {
	/** Sets a counter; enclosing areas and the park change by the same number. Journalled with the operator and the reason. Throws NOT_FOUND. */
	adjust(adjustment: OccupancyAdjustment): void;
	/**
	 * Anti-passback forgets where these holders are until they next pass. `all`: everybody inside. Journalled.
	 * Throws NOT_FOUND for a holder that is not in the directory. @returns how many.
	 */
	resetPresence(who: readonly string[] | 'all', operatorId: string, reason: string): number;
	/** Steps over time; [from, to). */
	history(areaId: string, fromMs: number, toMs: number): readonly OccupancySample[];
	stop(): void;
}

const SAMPLE_EVERY_MS = 300_000;
const KEEP_SAMPLES_MS = 400 * 86_400_000;

export function createOccupancyCare(deps: {
	readonly site: Site;
	readonly store: SiteStore;
	readonly directory: Pick<DirectoryReader, 'holder'>;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	/** Counters changed without a lane. */
	readonly changed: () => void;
	readonly journalGrew: () => void;
}): OccupancyCare {
	const { site, store, clock } = deps;
	let cancel: Cancel = clock.after(SAMPLE_EVERY_MS, sample);
	let last = '';

	function sample(): void {
		cancel();
		cancel = clock.after(SAMPLE_EVERY_MS, sample);
		try {
			const counters = store.occupancy.list();
			const now = JSON.stringify(counters.map(({ areaId, occupied }) => [areaId, occupied]));
			if (now === last) return;
			last = now;
			store.occupancySamples.add(clock.nowMs(), counters);
			store.occupancySamples.removeBefore(clock.nowMs() - KEEP_SAMPLES_MS);
		} catch (error) {
			deps.log.warn({ err: error }, 'the occupancy could not be kept for the chart');
		}
	}

	function everybodyInside(): readonly string[] {
		return store.parkingSessions.listOpen({ limit: LIMITS.openStays }).flatMap(({ holderId }) => holderId ?? []);
	}

	function known(holderIds: readonly string[]): readonly string[] {
		const unknown = holderIds.find((holderId) => deps.directory.holder(holderId) === undefined);
		if (unknown === undefined) return holderIds;
		throw new GatewayError('NOT_FOUND', `there is no holder ${JSON.stringify(unknown)}`);
	}

	function audit(operatorId: string, action: string, target: string, detail: Record<string, string | number>): void {
		const [id, atMs] = [deps.newId(), clock.nowMs()];
		store.journal.append({ type: 'audit', class: 'audit', id, atMs, operatorId, action, target, detail });
	}

	return {
		adjust({ areaId, occupied, operatorId, reason }) {
			if (![...site.areas, ...site.parks].some(({ id }) => id === areaId)) {
				throw new GatewayError('NOT_FOUND', `there is no area or park ${areaId}`);
			}
			const before = store.occupancy.counter(areaId).occupied;
			const chain = areaChain(site, areaId).map((link) => link.areaId);
			store.transaction(() => {
				for (const link of chain.length === 0 ? [areaId] : chain) {
					const now = store.occupancy.counter(link).occupied + occupied - before;
					store.occupancy.adjust(link, Math.min(Math.max(0, now), LIMITS.areaCapacity));
				}
				audit(operatorId, 'occupancyAdjusted', areaId, { before, after: occupied, reason });
			});
			sample();
			deps.changed();
			deps.journalGrew();
		},
		resetPresence(who, operatorId, reason) {
			const holderIds = [...new Set(who === 'all' ? everybodyInside() : known(who))];
			store.transaction(() => {
				store.neutralHolders.reset(holderIds, clock.nowMs());
				const target = who === 'all' ? 'all' : who.join(' ');
				audit(operatorId, 'presenceReset', target, { holders: holderIds.length, reason });
			});
			deps.journalGrew();
			return holderIds.length;
		},
		history: (areaId, fromMs, toMs) => store.occupancySamples.between(areaId, fromMs, toMs),
		stop: () => cancel(),
	};
}
