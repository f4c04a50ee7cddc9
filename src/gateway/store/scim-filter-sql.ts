import type { ComparedValue, Comparison, ScimFilter, ValuePlace } from '../core/scim/scim-filter.ts';

/** A condition over the rows of a list: values are parameters, and every other word is written here. */
export interface SqlCondition {
	readonly sql: string;
	readonly parameters: readonly (string | number)[];
}

/** Where a list keeps the values that schemas name. */
export interface ScimColumns {
	/** SQL of one value of the resource; of text compared in any case already in lower case. */
	value(place: ValuePlace): string;
	/** A table of the values of a list of the resource. */
	list(keys: readonly string[], alias: string): ScimValues;
	/** What must hold too where `any` does, and is found by an index; undefined: nothing is known. */
	hint(keys: readonly string[], part: ScimFilter): SqlCondition | undefined;
}

/** Values of a list, one to a row. */
export interface ScimValues {
	/** With its alias, and what joins it to the resource. */
	readonly from: string;
	/** SQL of one part of a value. */
	value(place: ValuePlace): string;
	/** What besides chooses the value that lists are sorted by; undefined: any may be. */
	readonly first?: string;
	/** What `from` does not join: the resource is one of those whose value fits, found from the values' side; undefined: it joins. */
	readonly owners?: { readonly is: string; readonly of: string };
}

export function conditionOf(filter: ScimFilter, columns: ScimColumns): SqlCondition {
	return createWriter(columns).write(filter, columns.value, false);
}

type ValueSql = (place: ValuePlace) => string;

function createWriter(columns: ScimColumns) {
	let aliases = 0;

	/** @param isWhole What has no value must count as false, and not as unknown: something is said of all of it. */
	function write(filter: ScimFilter, value: ValueSql, isWhole: boolean): SqlCondition {
		switch (filter.op) {
			case 'and':
			case 'or': {
				const parts = filter.parts.map((part) => write(part, value, isWhole));
				const sql = parts.map((part) => part.sql).join(filter.op === 'and' ? ' AND ' : ' OR ');
				return { sql: `(${sql})`, parameters: parts.flatMap(({ parameters }) => parameters) };
			}
			case 'not': {
				const { sql, parameters } = write(filter.part, value, true);
				return { sql: `NOT ${sql}`, parameters };
			}
			case 'always':
				return { sql: '(1 = 1)', parameters: [] };
			case 'never':
				return { sql: '(1 = 0)', parameters: [] };
			case 'present': {
				const sql = value(filter.place);
				return { sql: `ifnull(${sql} <> '', 0)`, parameters: [] };
			}
			case 'compare': {
				const { sql, parameters } = compared(value(filter.place), filter.by, filter.value);
				return { sql: isWhole ? `ifnull(${sql}, 0)` : sql, parameters };
			}
			case 'any':
				return any(filter.keys, filter.part);
		}
	}

	function any(keys: readonly string[], part: ScimFilter): SqlCondition {
		aliases += 1;
		const list = columns.list(keys, `v${aliases}`);
		const inner = write(part, list.value, false);
		const hint = columns.hint(keys, part);
		const { owners } = list;
		const exists =
			owners === undefined
				? `EXISTS (SELECT 1 FROM ${list.from} AND ${inner.sql})`
				: `${owners.is} IN (SELECT ${owners.of} FROM ${list.from} AND ${inner.sql})`;
		if (hint === undefined) return { sql: exists, parameters: inner.parameters };
		return { sql: `(${hint.sql} AND ${exists})`, parameters: [...hint.parameters, ...inner.parameters] };
	}

	return { write };
}

const ORDERED: Readonly<Partial<Record<Comparison, string>>> = { eq: '=', gt: '>', ge: '>=', lt: '<', le: '<=' };

function compared(sql: string, by: Comparison, value: ComparedValue): SqlCondition {
	const parameter = typeof value === 'boolean' ? Number(value) : value;
	const ordered = ORDERED[by];
	if (ordered !== undefined) return { sql: `(${sql} ${ordered} ?)`, parameters: [parameter] };
	const text = String(value);
	// Every text holds, begins and ends with nothing.
	if (text === '') return { sql: `(${sql} IS NOT NULL)`, parameters: [] };
	if (by === 'co') return { sql: `(instr(${sql}, ?) > 0)`, parameters: [text] };
	if (by === 'sw') return { sql: `(${sql} >= ? AND ${sql} < ?)`, parameters: [text, `${text}\u{10FFFF}`] };
	return { sql: `(substr(${sql}, -length(?)) = ?)`, parameters: [text, text] };
}
