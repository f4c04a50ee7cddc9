import type { DirectoryTable } from '../core/directory.ts';
import type { RowScope, ScopedIds } from '../core/permission/row-scope.ts';
import type { Bind } from './directory-list-filters.ts';
import { type ListSide, placeOf, unedited } from './directory-list-words.ts';
import { gatheredWord, STORED_TABLES } from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';

/** One way in which rows `r` are of a scope (`core/permission/row-place.ts` says the same of one row). */
interface Way {
	readonly test: string;
	/** Statement that gives their ids by an index; undefined: there is none. */
	readonly ids: string | undefined;
}

/** What a list asks of its rows for who sees a part of them. */
export interface ScopeConditions {
	/** SQL of a row `r`: true or not, all of these. */
	readonly tests: readonly string[];
	/** Statements that give the ids of all rows that may be shown, and of some that may not; undefined: too many ways. */
	readonly ids: readonly string[] | undefined;
}

/** What small tables say of a scope. */
interface Resolved {
	/** With those within them. */
	readonly groupIds: readonly string[];
	readonly bundleIds: readonly string[];
	readonly tags: readonly string[];
	/** Specifications by what they open, and by the bundles they are in. */
	readonly opening: readonly string[];
	readonly bundled: readonly string[];
	readonly recordsOf: (table: DirectoryTable) => readonly string[];
	/** Condition on an area's id that is not null. */
	readonly area: (column: string) => string | undefined;
	/** What is said of no area is of it. */
	readonly everywhere: boolean;
}

/** Each is looked up in its place; more are gathered first. */
const LOOKED_UP = 8;

/**
 * Conditions that show exactly the rows of a scope. Groups, bundles and specifications are few and are read first, at the
 * state of the list itself: what was added to one a moment ago is in it.
 */
export function createScopeConditions(db: Sqlite) {
	function resolve(ids: ScopedIds, isGiven: boolean, isEdited: boolean, bind: Bind): Resolved {
		const from = (table: DirectoryTable) => `${isEdited ? 'effective_' : 'main.'}${STORED_TABLES[table].sqlName}`;
		const groupIds = ids.groupIds.length === 0 ? [] : withinGroups(ids.groupIds, from('groups'));
		const bundles =
			ids.bundleIds.length === 0
				? []
				: db
						.prepare<[string], { tag: string; specifications: string }>(
							`SELECT tag, specification_ids AS specifications FROM ${from('bundles')} WHERE id IN (SELECT value FROM json_each(?))`,
						)
						.all(JSON.stringify(ids.bundleIds));
		const isOpening = isGiven ? opensInside(ids) : opensInto(ids);
		const specifications =
			ids.territories.length === 0
				? []
				: db
						.prepare<[], { id: string; areas: string }>(
							`SELECT id, area_ids AS areas FROM ${from('rightSpecifications')}`,
						)
						.all();
		const areas = isGiven
			? [`IN (${values([...new Set(ids.territories.flatMap(({ inside }) => inside))], bind)})`]
			: ids.territories.map(({ apart }) => `NOT IN (${values(apart, bind)})`);
		return {
			groupIds,
			bundleIds: ids.bundleIds,
			tags: bundles.map(({ tag }) => tag),
			opening: specifications.filter((one) => isOpening(JSON.parse(one.areas) as string[])).map(({ id }) => id),
			bundled: bundles.flatMap((bundle) => JSON.parse(bundle.specifications) as string[]),
			recordsOf: (table) =>
				ids.records.flatMap((record) => (record.startsWith(`${table}/`) ? record.slice(table.length + 1) : [])),
			area: (column) =>
				ids.territories.length === 0 ? undefined : `(${areas.map((test) => `+${column} ${test}`).join(' OR ')})`,
			everywhere: !isGiven && ids.territories.length > 0,
		};
	}

	function withinGroups(groupIds: readonly string[], from: string): readonly string[] {
		return db
			.prepare<[string], string>(
				`WITH RECURSIVE within (id) AS (
					SELECT value FROM json_each(?) UNION SELECT g.id FROM within CROSS JOIN ${from} AS g ON g.parent_id = within.id
				) SELECT id FROM within`,
			)
			.pluck()
			.all(JSON.stringify(groupIds));
	}

	return (table: DirectoryTable, scope: RowScope, side: ListSide, bind: Bind): ScopeConditions => {
		const isEdited = side !== 'central';
		const ways = (ids: ScopedIds, isGiven: boolean) =>
			waysInto(table, resolve(ids, isGiven, isEdited, bind), { side, isEdited, bind });
		const denied = ways(scope.denied, false);
		// Of a row without a holder it is neither true nor false that the holder is in a group.
		const tests = denied.length === 0 ? [] : [`${either(denied)} IS NOT TRUE`];
		if (scope.whole) return { tests, ids: undefined };
		const given = ways(scope.given, true);
		const ids = given.flatMap((way) => way.ids ?? []);
		return { tests: [either(given), ...tests], ids: ids.length === given.length ? ids : undefined };
	};
}

function opensInside({ territories }: ScopedIds) {
	const within = territories.map(({ inside }) => new Set(inside));
	return (areas: readonly string[]) => areas.length > 0 && within.some((inside) => areas.every((id) => inside.has(id)));
}

function opensInto({ territories }: ScopedIds) {
	const without = territories.map(({ apart }) => new Set(apart));
	return (areas: readonly string[]) =>
		areas.length === 0 || without.some((apart) => areas.some((id) => !apart.has(id)));
}

interface Where {
	readonly side: ListSide;
	readonly isEdited: boolean;
	readonly bind: Bind;
}

function waysInto(table: DirectoryTable, of: Resolved, where: Where): readonly Way[] {
	const own = idWays('r.id', of.recordsOf(table), where);
	switch (table) {
		case 'holders':
			return [...own, ...holderWays('r.id', of, where)];
		case 'credentials':
			return [...own, ...owned(table, 'holder_id', wholeHolder('r.holder_id', of, where), where)];
		case 'assignedRights': {
			const bySpecification = idWays('r.specification_id', [...of.opening, ...of.bundled], where);
			return [...own, ...byOwner(table, of, where), ...owned(table, 'specification_id', bySpecification, where)];
		}
		case 'plannedUses':
			return [...own, ...byOwner(table, of, where), ...bookingWays(of, where)];
		case 'pools':
			return [...own, ...byOwner(table, of, where), ...areaWays(of, of.everywhere ? 'r.area_id IS NULL' : undefined)];
		case 'groups':
			return [...own, ...idWays('r.id', of.groupIds, where)];
		case 'rightSpecifications':
			return [...own, ...idWays('r.id', [...of.opening, ...of.bundled], where)];
		case 'bundles':
			return [...own, ...idWays('r.id', of.bundleIds, where)];
		default:
			return own;
	}
}

/** Rows whose column is one of these. */
function idWays(column: string, ids: readonly string[], { bind }: Where): readonly Way[] {
	if (ids.length === 0) return [];
	const list = values([...new Set(ids)], bind);
	return [{ test: `+${column} IN (${list})`, ids: list }];
}

/** Holders by their groups, tags and rights; `column`: their id. */
function holderWays(column: string, of: Resolved, where: Where): readonly Way[] {
	return [
		...gatheredWays(column, [...groupWords(of), ...of.tags.map((tag) => gatheredWord('tags', tag))], where),
		...rightWays(column, 'holder_id', [...of.opening, ...of.bundled], where),
	];
}

const groupWords = ({ groupIds }: Resolved) =>
	groupIds.flatMap((id) => [gatheredWord('groupIds', id), gatheredWord('sharingGroupId', id)]);

function wholeHolder(column: string, of: Resolved, where: Where): readonly Way[] {
	return [...idWays(column, of.recordsOf('holders'), where), ...holderWays(column, of, where)];
}

/** What belongs to a holder, by the holder itself and the groups it is in. */
function byOwner(table: DirectoryTable, of: Resolved, where: Where): readonly Way[] {
	const column = 'r.holder_id';
	const holders = [...idWays(column, of.recordsOf('holders'), where), ...gatheredWays(column, groupWords(of), where)];
	// Pools are few and have no index by holder.
	return table === 'pools'
		? holders.map(({ test }) => ({ test, ids: undefined }))
		: owned(table, 'holder_id', holders, where);
}

/** The rows of a table whose column is among the ids that were found. */
function owned(table: DirectoryTable, column: string, ways: readonly Way[], { side }: Where): readonly Way[] {
	const place = placeOf(side, STORED_TABLES[table].sqlName);
	return ways.map(({ test, ids }) => ({
		test,
		ids: ids && `SELECT o.id FROM ${place} AS o WHERE o.${column} IN (${ids})`,
	}));
}

function gatheredWays(column: string, words: readonly string[], { isEdited, bind }: Where): readonly Way[] {
	if (words.length === 0) return [];
	const list = values([...new Set(words)], bind);
	const found = sources('holders', 'holders_words', 'id', isEdited).map(
		({ from, and }) => `${from} WHERE word IN (${list})${and}`,
	);
	const ids = found.map((rows) => `SELECT id FROM ${rows}`).join(' UNION ALL ');
	const test =
		words.length > LOOKED_UP
			? `+${column} IN (${ids})`
			: found.map((rows) => looked(`SELECT 1 FROM ${rows} AND id = ${column}`)).join(' OR ');
	return [{ test: `(${test})`, ids }];
}

/** By a right of one of these specifications. @param key The right's column that `column` is. */
function rightWays(
	column: string,
	key: 'id' | 'holder_id',
	specificationIds: readonly string[],
	{ isEdited, bind }: Where,
): readonly Way[] {
	if (specificationIds.length === 0) return [];
	const list = values([...new Set(specificationIds)], bind);
	const rights = sources('assignedRights', 'assigned_rights', 'a.id', isEdited);
	const ids = rights.map(
		({ from, and }) => `SELECT a.${key} FROM ${from} AS a WHERE a.specification_id IN (${list})${and}`,
	);
	const tests = rights.map(({ from, and }) =>
		looked(`SELECT 1 FROM ${from} AS a WHERE a.${key} = ${column} AND +a.specification_id IN (${list})${and}`),
	);
	return [{ test: `(${tests.join(' OR ')})`, ids: ids.join(' UNION ALL ') }];
}

function bookingWays(of: Resolved, where: Where): readonly Way[] {
	const [byRight] = rightWays('r.right_id', 'id', of.opening, where);
	return [
		...owned('plannedUses', 'right_id', rightWays('r.right_id', 'id', of.bundled, where), where),
		...areaWays(of, byRight && `(r.area_id IS NULL AND ${byRight.test})`),
	];
}

/** @param none What is asked where no area is said. */
function areaWays(of: Resolved, none: string | undefined): readonly Way[] {
	const area = of.area('r.area_id');
	const said = area === undefined ? [] : [{ test: `(r.area_id IS NOT NULL AND ${area})`, ids: undefined }];
	return [...said, ...(none === undefined ? [] : [{ test: none, ids: undefined }])];
}

/** Where the rows of a table as they are now stand, whichever side is listed. */
function sources(table: DirectoryTable, sqlName: string, key: string, isEdited: boolean) {
	const central = { from: placeOf('central', sqlName), and: isEdited ? ` AND ${unedited(table, key)}` : '' };
	return isEdited ? [central, { from: placeOf('edited', sqlName), and: '' }] : [central];
}

/** Asked of one row at a time: else SQLite makes a join of it, and an index over all that it could find, for every page. */
function looked(rows: string): string {
	return `+EXISTS (${rows})`;
}

function values(list: readonly string[], bind: Bind): string {
	return `SELECT value FROM json_each(${bind(JSON.stringify(list))})`;
}

function either(ways: readonly Way[]): string {
	return ways.length === 0 ? '0' : `(${ways.map(({ test }) => test).join(' OR ')})`;
}
