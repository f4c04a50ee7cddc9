import { LANE_EVENTS, type LaneEvent } from '../../../../gateway/core/journal.ts';
import type { LaneEventListQuery } from '../../../../gateway/services/lane-events.ts';
import { LOG_PAGE_SIZE } from './log-filter.ts';

export interface LaneEventsFilter {
	readonly lane: string;
	readonly only: '' | 'alarms' | LaneEvent;
}

/** Reads the address's query; what is no filter is none. */
export function parseLaneEventsFilter(query: Readonly<Record<string, string>>): LaneEventsFilter {
	const { only = '', lane = '' } = query;
	return {
		lane: lane.slice(0, 64),
		only: only === 'alarms' ? only : (LANE_EVENTS.find((event) => event === only) ?? ''),
	};
}

/** Address of a page of what happened at lanes, with this filter. */
export function laneEventsHref({ lane, only }: LaneEventsFilter, cursor = ''): string {
	const set = Object.entries({ lane, only, cursor }).filter(([, value]) => value !== '');
	return set.length === 0 ? '/log/lanes' : `/log/lanes?${new URLSearchParams(set)}`;
}

export function laneEventsQuery({ lane, only }: LaneEventsFilter, cursor: string | undefined): LaneEventListQuery {
	return {
		...(lane !== '' && { laneId: lane }),
		...(only !== '' && { only }),
		...(cursor !== undefined && { cursor }),
		limit: LOG_PAGE_SIZE,
	};
}
