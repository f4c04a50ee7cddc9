import type { Sqlite } from './open-database.ts';
import type { ActiveOperator, ActiveOperatorPage, ActiveOperatorQuery } from './operator-days.ts';

/** Of fewer, sorting all of them is quicker than looking through everybody. */
const FEW = 2_000;
/** Names looked at for one page where what narrows it is not rare: some ten ms. */
const NAMES_PER_PAGE = 10_000;

interface Bound {
	readonly text: string;
	readonly mail: string;
	readonly state: string | null;
	readonly roleId: string | null;
	readonly groupId: string | null;
	/** Nobody who did anything from then on; null: whoever. */
	readonly beforeMs: number | null;
	readonly afterName: string;
	readonly afterId: string;
	readonly looked: number;
	readonly limit: number;
}

type Found = ActiveOperator & { readonly nameKey: string };

/** Whom each way of narrowing leaves, by an index of its own. */
const SOURCES = {
	role: 'SELECT operator_id AS id FROM operator_roles WHERE role_id = :roleId',
	group: 'SELECT operator_id AS id FROM operator_group_members WHERE group_id = :groupId',
	inactive: 'SELECT operator_id AS id FROM operator_activity WHERE last_at_ms < :beforeMs',
	state: 'SELECT id FROM operators WHERE state = :state',
} as const;

type Source = keyof typeof SOURCES;

const COLUMNS = `names.operator_id AS id, names.name_key AS nameKey, o.name, o.email, o.state,
	o.last_login_at_ms AS lastLoginAtMs, nullif(a.last_at_ms, 0) AS lastActiveMs`;

const JOINED = `CROSS JOIN operators AS o ON o.id = names.operator_id
	CROSS JOIN operator_activity AS a ON a.operator_id = names.operator_id`;

const FITS = `(:mail = '' OR (:text <> '' AND instr(names.name_key, :text) > 0) OR instr(names.email, :mail) > 0)
	AND (:state IS NULL OR o.state = :state) AND (:beforeMs IS NULL OR a.last_at_ms < :beforeMs)
	AND (:roleId IS NULL OR EXISTS (SELECT 1 FROM operator_roles AS r WHERE r.operator_id = o.id AND r.role_id = :roleId))
	AND (:groupId IS NULL OR EXISTS
		(SELECT 1 FROM operator_group_members AS m WHERE m.operator_id = o.id AND m.group_id = :groupId))`;

/** Operators by name as activity reports show them: from who is few, or by name a bounded piece at a time. */
export function createActivePages(db: Sqlite) {
	const counts = Object.fromEntries(
		Object.entries(SOURCES).map(([name, source]) => [
			name,
			db.prepare<[Bound], number>(`SELECT count(*) FROM (${source} LIMIT ${FEW + 1})`).pluck(),
		]),
	);
	const ofFew = Object.fromEntries(
		Object.entries(SOURCES).map(([name, source]) => [
			name,
			db.prepare<[Bound], Found>(
				`SELECT ${COLUMNS} FROM (SELECT DISTINCT id FROM (${source})) AS few
				CROSS JOIN operator_names AS names ON names.operator_id = few.id ${JOINED}
				WHERE (names.name_key, names.operator_id) > (:afterName, :afterId) AND ${FITS}
				ORDER BY names.name_key, names.operator_id LIMIT :limit`,
			),
		]),
	);
	const ofAll = db.prepare<[Bound], Found>(
		`SELECT ${COLUMNS} FROM (SELECT * FROM operator_names WHERE (name_key, operator_id) > (:afterName, :afterId)
			ORDER BY name_key, operator_id LIMIT :looked) AS names ${JOINED}
		WHERE ${FITS} ORDER BY names.name_key, names.operator_id LIMIT :limit`,
	);
	const lastLooked = db.prepare<[Bound], { readonly nameKey: string; readonly id: string }>(
		`SELECT name_key AS nameKey, operator_id AS id FROM operator_names
		WHERE (name_key, operator_id) > (:afterName, :afterId) ORDER BY name_key, operator_id LIMIT 1 OFFSET :looked - 1`,
	);

	/** What leaves few people, if anything does. */
	function fewOf(bound: Bound): Source | undefined {
		const asked = {
			...{ role: bound.roleId !== null, group: bound.groupId !== null },
			...{ inactive: bound.beforeMs !== null, state: bound.state !== null },
		} satisfies Record<Source, boolean>;
		return (Object.keys(SOURCES) as Source[]).find(
			(name) => asked[name] && (counts[name]?.get(bound) ?? FEW + 1) <= FEW,
		);
	}

	return (query: ActiveOperatorQuery & { readonly mail: string }): ActiveOperatorPage => {
		const { text, mail, state, roleId, groupId, inactive, after, looked = NAMES_PER_PAGE, limit } = query;
		const bound: Bound = {
			...{ text, mail, state, roleId, groupId, looked, limit },
			...{ afterName: after?.nameKey ?? '', afterId: after?.id ?? '' },
			// Whoever never did anything has 0.
			beforeMs: inactive === null ? null : inactive === 'never' ? 1 : inactive.beforeMs,
		};
		const few = fewOf(bound);
		const found = (few === undefined ? ofAll : ofFew[few])?.all(bound) ?? [];
		const operators = found.map(({ nameKey: _key, ...operator }) => operator);
		const last = found.at(-1);
		if (found.length === limit && last !== undefined)
			return { operators, next: { nameKey: last.nameKey, id: last.id } };
		return { operators, next: few === undefined ? (lastLooked.get(bound) ?? null) : null };
	};
}
