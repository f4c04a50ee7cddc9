import { GROUP_SCHEMA_ID, OPERATOR_GROUP_ID } from '../core/scim/group-schema.ts';
import type { ScimFilter } from '../core/scim/scim-filter.ts';
import type { ScimListPage, ScimListQuery, ScimSort } from '../core/scim/scim-list.ts';
import { ENTERPRISE_USER_ID, USER_SCHEMA_ID } from '../core/scim/user-schema.ts';
import type { Sqlite } from './open-database.ts';
import { conditionOf, type ScimColumns, type ScimValues, type SqlCondition } from './scim-filter-sql.ts';
import { ENTERPRISE_CODE, ITEM_COLUMNS, LIST_CODES, TEXT_CODES } from './scim-places.ts';
import type { Transactions } from './transactions.ts';

export interface ScimLists {
	page(query: ScimListQuery): ScimListPage;
}

interface Listing {
	readonly id: string;
	readonly from: string;
	/** Who is told at all. `whole`: all rows are looked through, and an index would only name them one by one. */
	shown(whole: boolean): string;
	readonly columns: ScimColumns;
}

export function createScimLists(db: Sqlite, { read }: Transactions): ScimLists {
	const run = <T>(sql: string, parameters: SqlCondition['parameters']) =>
		db
			.prepare<(string | number)[], T>(sql)
			.pluck()
			.all(...parameters);

	function page({ model, filter, sort, offset, limit }: ScimListQuery): ScimListPage {
		const listing = model === 'User' ? USERS : GROUPS;
		const condition = filter === undefined ? { sql: '1', parameters: [] } : conditionOf(filter, listing.columns);
		const order = orderOf(listing, sort);
		const { parameters } = condition;
		const rest = (sql: string) =>
			`FROM ${listing.from} WHERE ${listing.shown(UNINDEXED.test(sql))} AND ${condition.sql}`;
		const sql = `SELECT ${listing.id} ${rest(condition.sql + order)} ORDER BY ${order} LIMIT ? OFFSET ?`;
		const ids = limit === 0 ? [] : run<string>(sql, [...parameters, limit, offset]);
		// The last page says how many there are; the others cost a look at all of them.
		if (ids.length > 0 && ids.length < limit) return { total: offset + ids.length, ids };
		const [total = 0] = run<number>(`SELECT count(*) ${rest(condition.sql)}`, parameters);
		return { total, ids };
	}

	return { page: (query) => read(() => page(query)) };
}

/** What has no value comes last, and first in a descending order (RFC 7644, 3.4.2.3). */
function orderOf({ id, columns }: Listing, sort: ScimSort | undefined): string {
	if (sort === undefined) return id;
	const by = sortedBy(columns, sort);
	const direction = sort.descending ? 'DESC' : 'ASC';
	const missing = ALWAYS_THERE.test(by) ? '' : sort.descending ? ' NULLS FIRST' : ' NULLS LAST';
	return `${by} ${direction}${missing}, ${id} ${direction}`;
}

/** Of a list by its first value, the preferred one before others (RFC 7644, 3.4.2.3). */
function sortedBy(columns: ScimColumns, { list, place }: ScimSort): string {
	if (list === undefined) return columns.value(place);
	const values = columns.list(list, 'sorted');
	return `(SELECT ${values.value(place)} FROM ${values.from}${values.first ?? ''} LIMIT 1)`;
}

/** Columns without NULL, whose index gives the order. */
const ALWAYS_THERE = /^s\.(?:operator_id|group_id|user_name_key|display_key|active|created_at_ms|changed_at_ms)$/;

/** What is looked for within a text, or by a time, no index has. */
const UNINDEXED = /\b(?:instr|substr)\(s\.|\bs\.(?:created|changed)_at_ms\b/;

function tableOf(from: string, parts: Readonly<Record<string, string>>, first?: string): ScimValues {
	return { from, value: ({ keys }) => parts[keys[0] ?? ''] ?? 'NULL', ...(first !== undefined && { first }) };
}

const columnsOf = (alias: string, names: Readonly<Record<string, string>>) =>
	Object.fromEntries(Object.entries(names).map(([name, column]) => [name, `${alias}.${column}`]));

/** Values that are the same for all of a kind. */
function constants(values: readonly string[], alias: string): ScimValues {
	const rows = values.map((text) => `SELECT '${text}' AS value`).join(' UNION ALL ');
	return { from: `(${rows}) AS ${alias} WHERE 1`, value: () => `${alias}.value` };
}

const USER_COLUMNS: Readonly<Record<string, string>> = {
	...{ id: 's.operator_id', userName: 's.user_name_key', displayName: 's.display_key', externalId: 's.external_id' },
	...{ active: 's.active', 'meta.created': 's.created_at_ms', 'meta.lastModified': 's.changed_at_ms' },
	'meta.resourceType': `'User'`,
	...Object.fromEntries(
		Object.entries(TEXT_CODES).map(([name, code]) => [
			name,
			`(SELECT t.value FROM scim_items AS t WHERE t.list = ${code} AND t.operator_id = s.operator_id AND t.at = 0)`,
		]),
	),
};

const USERS: Listing = {
	id: 's.operator_id',
	from: 'scim_users AS s',
	shown: (whole) => (whole ? '+s.deleted = 0' : 's.deleted = 0'),
	columns: {
		// Nothing else of a user is kept: what is told besides is made when it is told.
		value: ({ keys }) => USER_COLUMNS[keys.join('.')] ?? 'NULL',
		list([name = ''], alias) {
			const of = `${alias}.operator_id = s.operator_id`;
			if (name === 'schemas') return withExtension(USER_SCHEMA_ID, ENTERPRISE_USER_ID, alias);
			if (name === 'roles')
				return tableOf(`operator_roles AS ${alias} WHERE ${of}`, columnsOf(alias, { value: 'role_id', type: 'scope' }));
			if (name === 'groups')
				return tableOf(
					`operator_group_members AS ${alias} CROSS JOIN scim_groups AS ${alias}g
						ON ${alias}g.group_id = ${alias}.group_id WHERE ${of}`,
					{ value: `${alias}.group_id`, display: `${alias}g.display_key`, type: `'direct'` },
				);
			const items = `scim_items AS ${alias} WHERE ${of} AND ${alias}.list = ${LIST_CODES[name] ?? 0}`;
			return tableOf(items, columnsOf(alias, ITEM_COLUMNS), ` AND ${alias}.at = 0`);
		},
		hint: (keys, part) => (keys[0] === 'emails' ? emailHint(part) : undefined),
	},
};

/** The schema of the extension where a user has something of it. */
function withExtension(core: string, extension: string, alias: string): ScimValues {
	return {
		from: `(SELECT '${core}' AS value UNION ALL SELECT '${extension}' AS value) AS ${alias}
			WHERE (${alias}.value = '${core}' OR EXISTS (SELECT 1 FROM scim_items AS e WHERE e.list = ${ENTERPRISE_CODE} AND e.operator_id = s.operator_id AND e.at = 0))`,
		value: () => `${alias}.value`,
	};
}

/** Where the address itself is told, the index finds who may have it. */
function emailHint(part: ScimFilter): SqlCondition | undefined {
	if (part.op === 'and') return part.parts.map(emailHint).find((hint) => hint !== undefined);
	if (part.op !== 'compare' || part.by !== 'eq' || part.place.keys[0] !== 'value') return undefined;
	return {
		sql: `s.operator_id IN (SELECT operator_id FROM scim_items WHERE list = ${LIST_CODES['emails']} AND value = ?)`,
		parameters: [String(part.value)],
	};
}

const GROUP_COLUMNS: Readonly<Record<string, string>> = {
	...{ id: 's.group_id', displayName: 's.display_key', externalId: 's.external_id', 'meta.resourceType': `'Group'` },
	...{ 'meta.created': 's.created_at_ms', 'meta.lastModified': 's.changed_at_ms' },
	[`${OPERATOR_GROUP_ID}.kind`]: 'lower(g.kind)',
	[`${OPERATOR_GROUP_ID}.parent.value`]: 'g.parent_id',
	[`${OPERATOR_GROUP_ID}.parent.display`]:
		'(SELECT p.display_key FROM scim_groups AS p WHERE p.group_id = g.parent_id)',
};

const GROUPS: Listing = {
	id: 's.group_id',
	from: 'scim_groups AS s JOIN operator_groups AS g ON g.id = s.group_id',
	shown: () => '1',
	columns: {
		value: ({ keys }) => GROUP_COLUMNS[keys.join('.')] ?? 'NULL',
		list(keys, alias) {
			if (keys[0] === 'schemas') return constants([GROUP_SCHEMA_ID, OPERATOR_GROUP_ID], alias);
			if (keys[0] === 'members')
				return {
					...tableOf(
						`scim_users AS ${alias}u CROSS JOIN operator_group_members AS ${alias} ON ${alias}.operator_id = ${alias}u.operator_id
							WHERE ${alias}u.deleted = 0`,
						{ value: `${alias}u.operator_id`, display: `${alias}u.display_key`, type: `'user'` },
						` AND ${alias}.group_id = s.group_id`,
					),
					owners: { is: 's.group_id', of: `${alias}.group_id` },
				};
			return { from: `json_each(g.tags) AS ${alias} WHERE 1`, value: () => `${alias}.value` };
		},
		hint: () => undefined,
	},
};
