import { LIMITS } from '../core/limits.ts';
import type { InterventionStatus, InterventionTarget } from '../core/maintenance/intervention.ts';
import {
	INTERVENTION_COLUMNS,
	type InterventionRow,
	type StoredIntervention,
	toIntervention,
} from './intervention-rows.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Of parts of the site; the site itself is not among them. */
export interface InterventionTargets {
	readonly laneIds: readonly string[];
	readonly deviceIds: readonly string[];
}

export interface InterventionFilter {
	/** `unfinished`: neither done nor cancelled. */
	readonly state?: 'unfinished' | 'closed';
	readonly status?: InterventionStatus;
	readonly target?: InterventionTarget;
	/** Only work on one of these; absent: of the whole site. */
	readonly targets?: InterventionTargets;
	/** Who does it. */
	readonly person?: string;
	/** Only those whose planned time was over at that moment, and that are not. */
	readonly overdueAtMs?: number;
	/** The last one of the page before. */
	readonly before?: number;
	readonly limit: number;
}

export interface InterventionList {
	/** The highest number first. */
	interventions(filter: InterventionFilter): readonly InterventionRow[];
	/** Not cancelled ones that are planned within [fromMs, toMs), earliest first. */
	plannedWithin(fromMs: number, toMs: number, limit: number, targets?: InterventionTargets): readonly InterventionRow[];
	/** Devices that there is or was work on. */
	deviceIds(): readonly string[];
	/** Closed before that moment, the longest closed first. */
	closedBefore(atMs: number, limit: number): readonly number[];
}

/** A condition for each part of a filter that is there: SQLite then takes the index that fits. */
const CONDITIONS = {
	unfinished: 'closed_at_ms IS NULL',
	closed: 'closed_at_ms IS NOT NULL',
	status: 'status = :status',
	target: 'target_kind = :targetKind AND target_id = :targetId',
	person: 'number IN (SELECT number FROM intervention_people WHERE operator_id = :person)',
	targets: `((target_kind = 'lane' AND target_id IN (SELECT value FROM json_each(:laneIds)))
		OR (target_kind = 'device' AND target_id IN (SELECT value FROM json_each(:deviceIds))))`,
	overdue: 'closed_at_ms IS NULL AND plan_end_ms <= :overdueAtMs',
} as const;

type Condition = keyof typeof CONDITIONS;
type Values = Record<string, string | number>;

export function createInterventionList(db: Sqlite, { read }: Transactions): InterventionList {
	/** One for each set of conditions: there are few. */
	const lists = new Map<string, ReturnType<typeof prepareList>>();
	const prepareList = (conditions: readonly Condition[]) =>
		db.prepare<[Values], StoredIntervention>(
			`SELECT ${INTERVENTION_COLUMNS} FROM interventions
			WHERE ${['number < :before', ...conditions.map((name) => CONDITIONS[name])].join(' AND ')}
			ORDER BY number DESC LIMIT :limit`,
		);
	const preparePlanned = (narrowed: string) =>
		db.prepare<[Values], StoredIntervention>(
			`SELECT ${INTERVENTION_COLUMNS} FROM interventions
			WHERE plan_start_ms > :fromMs - ${LIMITS.interventionPlanMs} AND plan_start_ms < :toMs AND plan_end_ms > :fromMs
				AND status <> 'cancelled' ${narrowed} ORDER BY plan_start_ms, number LIMIT :limit`,
		);
	const planned = preparePlanned('');
	const plannedOf = preparePlanned(`AND ${CONDITIONS.targets}`);
	/** From one to the next by the index, however much work each has. */
	const devices = db
		.prepare<[], string>(
			`WITH RECURSIVE ids (id) AS (
				SELECT min(target_id) FROM interventions WHERE target_kind = 'device'
				UNION ALL SELECT (SELECT min(target_id) FROM interventions WHERE target_kind = 'device' AND target_id > ids.id)
				FROM ids WHERE ids.id IS NOT NULL
			) SELECT id FROM ids WHERE id IS NOT NULL`,
		)
		.pluck();
	const closed = db
		.prepare<[number, number], number>(
			'SELECT number FROM interventions WHERE closed_at_ms < ? ORDER BY closed_at_ms LIMIT ?',
		)
		.pluck();

	function list(filter: InterventionFilter): readonly InterventionRow[] {
		const { state, status, target, targets, person, overdueAtMs, before = Number.MAX_SAFE_INTEGER, limit } = filter;
		const conditions: readonly Condition[] = [
			...(state === undefined ? [] : [state]),
			...(status === undefined ? [] : (['status'] as const)),
			...(target === undefined ? [] : (['target'] as const)),
			...(person === undefined ? [] : (['person'] as const)),
			...(targets === undefined ? [] : (['targets'] as const)),
			...(overdueAtMs === undefined ? [] : (['overdue'] as const)),
		];
		const key = conditions.join();
		const statement = lists.get(key) ?? prepareList(conditions);
		lists.set(key, statement);
		return statement
			.all({
				...{ before, limit },
				...(status !== undefined && { status }),
				...(target !== undefined && {
					targetKind: target.kind,
					targetId: target.kind === 'site' ? '' : target.id,
				}),
				...(person !== undefined && { person }),
				...(targets !== undefined && valuesOf(targets)),
				...(overdueAtMs !== undefined && { overdueAtMs }),
			})
			.map(toIntervention);
	}

	return {
		interventions: (filter) => read(() => list(filter)),
		plannedWithin: (fromMs, toMs, limit, targets) =>
			read(() => {
				const asked = { fromMs, toMs, limit };
				const rows = targets === undefined ? planned.all(asked) : plannedOf.all({ ...asked, ...valuesOf(targets) });
				return rows.map(toIntervention);
			}),
		deviceIds: () => read(() => devices.all()),
		closedBefore: (atMs, limit) => read(() => closed.all(atMs, limit)),
	};
}

function valuesOf({ laneIds, deviceIds }: InterventionTargets) {
	return { laneIds: JSON.stringify(laneIds), deviceIds: JSON.stringify(deviceIds) };
}
