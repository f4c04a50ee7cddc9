import type { LaneEvent, LaneEventEntry } from '../core/journal.ts';
import { LANE_ALARMS, reasonOfAlarm } from '../core/lane/lane-alarms.ts';
import { LIMITS } from '../core/limits.ts';
import type { ReasonCode } from '../core/reason.ts';
import type { Lane } from '../core/site.ts';
import type { LaneEventQuery, LaneEventStore } from '../store/lane-events.ts';
import type { Page } from './access-log.ts';
import { createListCursor } from './list-cursor.ts';

/** One thing that happened at a lane besides decisions and passages. */
export interface LaneEventItem
	extends Pick<LaneEventEntry, 'id' | 'atMs' | 'laneId' | 'event' | 'decisionId' | 'detail'> {
	/** Place in the journal. */
	readonly seq: number;
	readonly laneName: string;
	/** Somebody should look at it. */
	readonly isAlarm: boolean;
	/** Whose cause and advice tell of it; null: its name says all. */
	readonly reason: ReasonCode | null;
}

export interface LaneEventListQuery extends Pick<LaneEventQuery, 'laneId' | 'laneIds' | 'fromMs' | 'toMs'> {
	/** Absent: all of them. */
	readonly only?: LaneEvent | 'alarms';
	/** From the previous page's `nextCursor`. */
	readonly cursor?: string;
	/** 1–LIMITS.pageSize. */
	readonly limit: number;
}

export interface LaneEvents {
	/** Newest first. A page may be short, even empty, and have a `nextCursor`. Throws INVALID_REQUEST for a cursor that is not ours. */
	list(query: LaneEventListQuery): Page<LaneEventItem>;
}

export function createLaneEvents(deps: {
	readonly store: { readonly laneEvents: LaneEventStore };
	readonly lanes: readonly Pick<Lane, 'id' | 'name'>[];
}): LaneEvents {
	const cursors = createListCursor('lane events');
	const names = new Map(deps.lanes.map(({ id, name }) => [id, name]));
	return {
		list({ cursor, limit, only, ...query }) {
			const { rows, nextBefore } = deps.store.laneEvents.page({
				...query,
				...(only !== undefined && { events: only === 'alarms' ? LANE_ALARMS : new Set([only]) }),
				...(cursor !== undefined && { beforePosition: cursors.decode(cursor).position }),
				limit: Math.min(limit, LIMITS.pageSize),
			});
			return {
				items: rows.map(({ seq, entry }) => itemOf(seq, entry, names.get(entry.laneId) ?? entry.laneId)),
				nextCursor: nextBefore === null ? null : cursors.encode(nextBefore),
			};
		},
	};
}

function itemOf(
	seq: number,
	{ id, atMs, laneId, event, decisionId, detail }: LaneEventEntry,
	laneName: string,
): LaneEventItem {
	const reason = reasonOfAlarm(event);
	return {
		...{ id, seq, atMs, laneId, laneName, event, decisionId },
		isAlarm: reason !== undefined,
		reason: reason ?? null,
		detail: figuresOf(detail),
	};
}

/** Who it was about, and what was read, stays with the decision and its permissions. */
const FIGURES: ReadonlySet<string> = new Set([
	...['area', 'because', 'since', 'by', 'countedOut', 'freed', 'fault', 'loop', 'on', 'problem', 'active'],
	...['from', 'to', 'until', 'confidence', 'device', 'kind', 'at', 'direction'],
]);

function figuresOf(detail: LaneEventEntry['detail']): LaneEventEntry['detail'] {
	return Object.fromEntries(Object.entries(detail).filter(([name]) => FIGURES.has(name)));
}
