import type { AccessLog, AccessLogQuery } from '../../gateway/services/access-log.ts';
import { type PersonalView, personalView } from '../../gateway/services/privacy/personal-view.ts';
import type { ConsoleDeps, People } from './console-deps.ts';
import type { Ui } from './ui.ts';

type Shown = Pick<ConsoleDeps, 'accessLog' | 'lanes' | 'people' | 'whatIf'>;

/** The same services as this reader may see them: lanes of their parts of the site; names, plates and cards by their first letters without `personalData:read`. */
export function seenBy<D extends Shown>(ui: Pick<Ui, 'may'>, all: D): D {
	const deps = { ...all, lanes: lanesInSight(ui, all.lanes) };
	const view = personalView(ui.may('personalData:read'));
	if (view.seesAll) return deps;
	const { lanes, people, whatIf } = deps;
	return {
		...deps,
		accessLog: maskedLog(deps.accessLog, view),
		people: maskedPeople(people, view),
		lanes: {
			...lanes,
			list: () => lanes.list().map(view.lane),
			get(laneId: string) {
				const lane = lanes.get(laneId);
				return lane && view.lane(lane);
			},
		},
		whatIf: {
			...whatIf,
			check(question: Parameters<typeof whatIf.check>[0]) {
				const answer = whatIf.check(question);
				const { decision, facts, holderName } = answer;
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

function lanesInSight(ui: Pick<Ui, 'may'>, lanes: ConsoleDeps['lanes']): ConsoleDeps['lanes'] {
	const isInSight = (id: string) => ui.may('lanes:read', { kind: 'lane', id });
	return {
		...lanes,
		list: () => lanes.list().filter(({ id }) => isInSight(id)),
		get: (laneId) => (isInSight(laneId) ? lanes.get(laneId) : undefined),
	};
}

/** Without search: it would find what is not shown. */
function maskedLog(log: AccessLog, view: PersonalView): AccessLog {
	return {
		list({ q: _, ...query }: AccessLogQuery) {
			const { items, nextCursor } = log.list(query);
			return { items: items.map(view.summary), nextCursor };
		},
		asNamed: (q) => q,
		get(decisionId) {
			const record = log.get(decisionId);
			return record && view.record(record);
		},
	};
}

function maskedPeople(people: People, view: PersonalView): People {
	return {
		...people,
		find: (text, limit) => people.find(text, limit).map(view.hit),
		holder(holderId) {
			const hit = people.holder(holderId);
			return hit && view.hit(hit);
		},
		// What was read is masked here, so nothing is like it; and who could it be is not for them to know.
		nearestPlates: () => Promise.resolve([]),
	};
}
