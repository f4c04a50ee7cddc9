import { GROUP_SCHEMA_ID, OPERATOR_GROUP_ID } from '../core/scim/group-schema.ts';
import { foldCase, type ScimFilter, type ValuePlace } from '../core/scim/scim-filter.ts';
import type { ScimListPage, ScimListQuery, ScimSort } from '../core/scim/scim-list.ts';
import { ENTERPRISE_USER_ID, USER_SCHEMA_ID } from '../core/scim/user-schema.ts';
import type { Sqlite } from './open-database.ts';
import { conditionOf, type ScimColumns, type ScimValues, type SqlCondition } from './scim-filter-sql.ts';
import type { Transactions } from './transactions.ts';

export interface ScimLists {
	page(query: ScimListQuery): ScimListPage;
}

interface Listing {
	readonly id: string;
	readonly from: string;
	/** Joined where `attributes` is looked into. */
	readonly attributes: string;
	readonly shown: string;
	readonly columns: ScimColumns;
}

export function createScimLists(db: Sqlite, { read }: Transactions): ScimLists {
	db.function('scim_fold', { deterministic: true }, (text: unknown) =>
		typeof text === 'string' ? foldCase(text) : text,
	);
	const run = <T>(sql: string, parameters: SqlCondition['parameters']) =>
		db
			.prepare<(string | number)[], T>(sql)
			.pluck()
			.all(...parameters);

	function page({ model, filter, sort, offset, limit }: ScimListQuery): ScimListPage {
		const listing = model === 'User' ? USERS : GROUPS;
		const condition = filter === undefined ? { sql: '1', parameters: [] } : conditionOf(filter, listing.columns);
		const order = orderOf(listing, sort);
		const from = (sql: string) =>
			sql.includes('a.attributes') ? `${listing.from} ${listing.attributes}` : listing.from;
		const where = `WHERE ${listing.shown} AND ${condition.sql}`;
		const { parameters } = condition;
		const [total = 0] = run<number>(`SELECT count(*) FROM ${from(condition.sql)} ${where}`, parameters);
		if (limit === 0 || total <= offset) return { total, ids: [] };
		const sql = `SELECT ${listing.id} FROM ${from(condition.sql + order)} ${where} ORDER BY ${order} LIMIT ? OFFSET ?`;
		return { total, ids: run<string>(sql, [...parameters, limit, offset]) };
	}

	return { page: (query) => read(() => page(query)) };
}

/** What has no value comes last, and first in a descending order (RFC 7644, 3.4.2.3). */
function orderOf({ id, columns }: Listing, sort: ScimSort | undefined): string {
	if (sort === undefined) return id;
	const by = sortedBy(columns, sort);
	const direction = sort.descending ? 'DESC' : 'ASC';
	const missingLast = ALWAYS_THERE.test(by) ? '' : `${by} IS NULL ${direction}, `;
	return `${missingLast}${by} ${direction}, ${id} ${direction}`;
}

/** Of a list by its first value, the preferred one before others (RFC 7644, 3.4.2.3). */
function sortedBy(columns: ScimColumns, { list, place }: ScimSort): string {
	if (list === undefined) return columns.value(place);
	const values = columns.list(list, 'sorted');
	const primary = values.value({ keys: ['primary'], type: 'boolean', caseExact: true });
	return `(SELECT ${values.value(place)} FROM ${values.from} ORDER BY ifnull(${primary}, 0) DESC LIMIT 1)`;
}

/** Columns without NULL, whose index gives the order. */
const ALWAYS_THERE = /^s\.(?:operator_id|group_id|user_name_key|display_key|active|created_at_ms|changed_at_ms)$/;

const JSON_NAME = /^[\w$:.-]+$/;

/** Names of schemas only. */
function jsonPath(keys: readonly string[]): string {
	for (const key of keys) if (!JSON_NAME.test(key)) throw new Error(`${key} is no name of a schema`);
	return `'$${keys.map((key) => `."${key}"`).join('')}'`;
}

function jsonValue(json: string, { keys, type, caseExact }: ValuePlace): string {
	const sql = keys.length === 0 ? json : `json_extract(${json}, ${jsonPath(keys)})`;
	return type === 'boolean' || caseExact ? sql : `scim_fold(${sql})`;
}

function folded(sql: string, { caseExact }: ValuePlace): string {
	return caseExact ? sql : `scim_fold(${sql})`;
}

function tableOf(from: string, parts: Readonly<Record<string, string>>): ScimValues {
	return { from, value: (place) => folded(parts[place.keys[0] ?? ''] ?? 'NULL', place) };
}

/** Values that are the same for all of a kind. */
function constants(values: readonly string[], alias: string): ScimValues {
	const rows = values.map((text) => `SELECT '${text}' AS value`).join(' UNION ALL ');
	return { from: `(${rows}) AS ${alias} WHERE 1`, value: () => `${alias}.value` };
}

const USER_COLUMNS: Readonly<Record<string, string>> = {
	...{ id: 's.operator_id', userName: 's.user_name_key', displayName: 's.display_key', externalId: 's.external_id' },
	...{ active: 's.active', 'meta.created': 's.created_at_ms', 'meta.lastModified': 's.changed_at_ms' },
	'meta.resourceType': `'User'`,
};

const USERS: Listing = {
	id: 's.operator_id',
	from: 'scim_users AS s',
	attributes: 'JOIN scim_attributes AS a ON a.operator_id = s.operator_id',
	shown: 's.deleted = 0',
	columns: {
		value: (place) => USER_COLUMNS[place.keys.join('.')] ?? jsonValue('a.attributes', place),
		list(keys, alias) {
			const of = `WHERE ${alias}.operator_id = s.operator_id`;
			if (keys[0] === 'schemas') return withExtension(USER_SCHEMA_ID, ENTERPRISE_USER_ID, alias);
			if (keys[0] === 'roles')
				return tableOf(`operator_roles AS ${alias} ${of}`, { value: `${alias}.role_id`, type: `${alias}.scope` });
			if (keys[0] === 'groups')
				return tableOf(
					`(SELECT operator_id, id, name FROM operator_group_members JOIN operator_groups ON id = group_id) AS ${alias} ${of}`,
					{ value: `${alias}.id`, display: `${alias}.name`, type: `'direct'` },
				);
			return {
				from: `json_each(a.attributes, ${jsonPath(keys)}) AS ${alias} WHERE 1`,
				value: (place) => jsonValue(`${alias}.value`, place),
			};
		},
		hint: (keys, part) => (keys[0] === 'emails' ? emailHint(part) : undefined),
	},
};

/** The schema of the extension where a user has something of it. */
function withExtension(core: string, extension: string, alias: string): ScimValues {
	return {
		from: `(SELECT '${core}' AS value UNION ALL SELECT '${extension}' AS value) AS ${alias}
			WHERE (${alias}.value = '${core}' OR json_type(a.attributes, ${jsonPath([extension])}) IS NOT NULL)`,
		value: () => `${alias}.value`,
	};
}

/** Where the address itself is told, the index finds who may have it. */
function emailHint(part: ScimFilter): SqlCondition | undefined {
	if (part.op === 'and') return part.parts.map(emailHint).find((hint) => hint !== undefined);
	if (part.op !== 'compare' || part.by !== 'eq' || part.place.keys[0] !== 'value') return undefined;
	return {
		sql: 's.operator_id IN (SELECT operator_id FROM scim_emails WHERE value_key = ?)',
		parameters: [String(part.value)],
	};
}

const GROUP_COLUMNS: Readonly<Record<string, string>> = {
	...{ id: 's.group_id', displayName: 's.display_key', externalId: 's.external_id', 'meta.resourceType': `'Group'` },
	...{ 'meta.created': 's.created_at_ms', 'meta.lastModified': 's.changed_at_ms' },
	[`${OPERATOR_GROUP_ID}.kind`]: 'scim_fold(g.kind)',
	[`${OPERATOR_GROUP_ID}.parent.value`]: 'g.parent_id',
	[`${OPERATOR_GROUP_ID}.parent.display`]:
		'(SELECT scim_fold(p.name) FROM operator_groups AS p WHERE p.id = g.parent_id)',
};

const GROUPS: Listing = {
	id: 's.group_id',
	from: 'scim_groups AS s JOIN operator_groups AS g ON g.id = s.group_id',
	attributes: '',
	shown: '1',
	columns: {
		value: ({ keys }) => GROUP_COLUMNS[keys.join('.')] ?? 'NULL',
		list(keys, alias) {
			if (keys[0] === 'schemas') return constants([GROUP_SCHEMA_ID, OPERATOR_GROUP_ID], alias);
			if (keys[0] === 'members')
				return tableOf(
					`(SELECT m.group_id, o.id, o.name FROM operator_group_members AS m JOIN operators AS o ON o.id = m.operator_id
						JOIN scim_users AS u ON u.operator_id = o.id WHERE u.deleted = 0) AS ${alias} WHERE ${alias}.group_id = s.group_id`,
					{ value: `${alias}.id`, display: `${alias}.name`, type: `'User'` },
				);
			return { from: `json_each(g.tags) AS ${alias} WHERE 1`, value: (place) => folded(`${alias}.value`, place) };
		},
		hint: () => undefined,
	},
};
