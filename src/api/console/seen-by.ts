import { placeOfEvent } from '../../gateway/core/permission/event-place.ts';
import { placeOfRecord } from '../../gateway/core/permission/row-place.ts';
import type { Place } from '../../gateway/core/permission/scope.ts';
import type { AccessLog, AccessLogQuery } from '../../gateway/services/access-log.ts';
import type { LaneEventListQuery } from '../../gateway/services/lane-events.ts';
import { type PersonalView, personalView } from '../../gateway/services/privacy/personal-view.ts';
import { createSight, laneAt, type Sight } from '../http/seen-in-parts.ts';
import type { ConsoleDeps, People } from './console-deps.ts';
import type { Ui } from './ui.ts';

type Shown = Pick<ConsoleDeps, 'accessLog' | 'laneEvents' | 'lanes' | 'people' | 'site' | 'whatIf' | 'rowLook'>;

type Reader = Pick<Ui, 'may'>;

/** What a reader is shown of whom a lane saw. */
type ViewAt = (laneId: string) => PersonalView;

/**
 * The same services as this reader may see them: what happened at lanes of their parts of the site; names, plates and
 * cards by their first letters where they have no `personalData:read`.
 */
export function seenBy<D extends Shown>(ui: Reader, all: D): D {
	const sight = createSight(all.site);
	const view = personalView(ui.may('personalData:read'));
	const viewAt: ViewAt = view.seesAll
		? () => view
		: (laneId) => personalView(ui.may('personalData:read', laneAt(laneId)));
	const deps = {
		...all,
		lanes: lanesInSight(ui, all.lanes, viewAt),
		accessLog: logInSight(ui, all.accessLog, sight, viewAt),
		laneEvents: eventsInSight(ui, all.laneEvents, sight),
	};
	if (view.seesAll) return deps;
	const { people, whatIf, rowLook } = deps;
	const look = rowLook();
	const viewIn = (place: Place) => personalView(ui.may('personalData:read', place));
	return {
		...deps,
		people: maskedPeople(people, (holderId) => viewIn(placeOfRecord(`holders/${holderId}`, look))),
		whatIf: {
			...whatIf,
			check(question: Parameters<typeof whatIf.check>[0]) {
				const answer = whatIf.check(question);
				const { decision, facts, holderName } = answer;
				const view = viewIn(placeOfEvent({ laneIds: [question.laneId], holderId: decision.holderId }, look));
				return {
					...answer,
					decision: view.decision(decision),
					facts: view.facts(facts),
					holderName: holderName && view.text(holderName),
				};
			},
		},
	};
}

function lanesInSight(ui: Reader, lanes: ConsoleDeps['lanes'], viewAt: ViewAt): ConsoleDeps['lanes'] {
	const isInSight = (id: string) => ui.may('lanes:read', laneAt(id));
	return {
		...lanes,
		list: () => lanes.list().flatMap((lane) => (isInSight(lane.id) ? viewAt(lane.id).lane(lane) : [])),
		get(laneId) {
			const lane = isInSight(laneId) ? lanes.get(laneId) : undefined;
			return lane && viewAt(laneId).lane(lane);
		},
	};
}

function eventsInSight(ui: Reader, events: ConsoleDeps['laneEvents'], sight: Sight): ConsoleDeps['laneEvents'] {
	const laneIds = sight.lanes(ui, 'lanes:read');
	return laneIds === undefined
		? events
		: { ...events, list: (query: LaneEventListQuery) => events.list({ ...query, laneIds }) };
}

/** A search finds what is shown unmasked only: it would find the rest of what is not. */
function logInSight(ui: Reader, log: AccessLog, sight: Sight, viewAt: ViewAt): AccessLog {
	const seen = sight.lanes(ui, 'decisions:read');
	const searched = sight.lanes(ui, 'decisions:read', 'personalData:read');
	const maySearch = searched === undefined || searched.length > 0;
	return {
		list({ q, ...query }: AccessLogQuery) {
			const isSearch = q !== undefined && maySearch;
			const laneIds = isSearch ? searched : seen;
			const asked = { ...query, ...(isSearch && { q }), ...(laneIds !== undefined && { laneIds }) };
			const { items, nextCursor } = log.list(asked);
			return { items: items.map((item) => viewAt(item.laneId).summary(item)), nextCursor };
		},
		asNamed: (q) => (maySearch ? log.asNamed(q) : q),
		get(decisionId) {
			const record = log.get(decisionId);
			if (record === undefined || !ui.may('decisions:read', laneAt(record.summary.laneId))) return undefined;
			return viewAt(record.summary.laneId).record(record);
		},
	};
}

function maskedPeople(people: People, viewOf: (holderId: string) => PersonalView): People {
	return {
		...people,
		find: (text, limit) => people.find(text, limit).map((hit) => viewOf(hit.id).hit(hit)),
		holder(holderId) {
			const hit = people.holder(holderId);
			return hit && viewOf(holderId).hit(hit);
		},
		// Who it could be is told of those whose names may be read.
		nearestPlates: async (read) =>
			(await people.nearestPlates(read)).filter(({ holderId }) => viewOf(holderId).seesAll),
	};
}
