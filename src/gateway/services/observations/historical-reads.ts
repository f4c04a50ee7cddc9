import type { Clock } from '../../core/clock.ts';
import type { LaneEventEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { Observation, PlateObservation } from '../../core/observation.ts';
import type { Lane } from '../../core/site.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { lanesByDevice } from './recent-reads.ts';

export interface HistoricalReads {
	/** Writes down what a camera tells of before; everything else is not its business. */
	take(observation: Observation): void;
	/** Of earlier lives too, oldest first, as many as are shown. */
	last(): readonly LaneEventEntry[];
	/** Writes what waits. */
	stop(): void;
}

/**
 * What passed while nobody listened is written as an event of the lane, so that it is seen when somebody asks later. It is
 * never a decision. Written in pieces, with turns for the lanes between: a camera may tell a day's plates at once.
 */
export function createHistoricalReads(deps: {
	readonly lanes: readonly Lane[];
	readonly store: Pick<SiteStore, 'journal' | 'transaction' | 'laneEvents'>;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	readonly journalGrew: () => void;
	readonly soon: (run: () => void) => void;
}): HistoricalReads {
	const { store, clock, log, newId } = deps;
	const laneOf = lanesByDevice(deps.lanes);
	let waiting: LaneEventEntry[] = [];
	let isPlanned = false;
	let leftOut = 0;

	function entryOf({ deviceId, plate, cameraTimeMs, direction, confidence }: PlateObservation): LaneEventEntry {
		return {
			...{ type: 'lane', class: 'decision', event: 'historicalRead', decisionId: null },
			...{ id: newId(), atMs: clock.nowMs(), laneId: laneOf.get(deviceId) ?? '' },
			detail: { kind: 'plate', device: deviceId, read: plate, at: cameraTimeMs ?? null, direction, confidence },
		};
	}

	function plan(): void {
		if (isPlanned || waiting.length === 0) return;
		isPlanned = true;
		deps.soon(() => {
			isPlanned = false;
			writeSome();
			plan();
		});
	}

	function writeSome(): void {
		const some = waiting.slice(0, LIMITS.historicalReadsPerCommit);
		waiting = waiting.slice(some.length);
		try {
			store.transaction(() => {
				for (const entry of some) store.journal.append(entry);
			});
			deps.journalGrew();
		} catch (error) {
			log.error({ err: error, reads: some.length }, 'reads of before could not be journalled');
		}
		if (waiting.length > 0 || leftOut === 0) return;
		log.warn({ reads: leftOut }, 'more reads of before than are journalled at once');
		leftOut = 0;
	}

	return {
		take(observation) {
			if (observation.kind !== 'plate' || !observation.historical || !laneOf.has(observation.deviceId)) return;
			if (waiting.length >= LIMITS.historicalReadsWaiting) leftOut += 1;
			else waiting.push(entryOf(observation));
			plan();
		},
		last() {
			const { rows } = store.laneEvents.page({ events: new Set(['historicalRead']), limit: LIMITS.recentReads });
			return rows.map(({ entry }) => entry).reverse();
		},
		stop() {
			while (waiting.length > 0) writeSome();
		},
	};
}
