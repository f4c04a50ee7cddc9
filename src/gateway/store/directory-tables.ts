import type { Aggregate, Fields, RowOf } from '../core/directory/aggregate.ts';
import type { ColumnValue } from '../core/directory/field.ts';
import { quickRow } from '../core/directory/quick-row.ts';
import {
	type AssignedRight,
	aggregateOf,
	type Credential,
	DIRECTORY_TABLES,
	type DirectoryRow,
	type DirectoryTable,
	type Holder,
	type Schedule,
} from '../core/directory.ts';
import { foldText } from '../core/fold-text.ts';

export type SqlValue = ColumnValue;

/** How the rows of one table are checked and stored; made from its declaration. */
export interface StoredTable {
	readonly table: DirectoryTable;
	readonly sqlName: string;
	/** `id` first; fields in the order of the declaration, then what is derived. */
	readonly columns: readonly StoredColumn[];
	/** Has a table of search words. */
	readonly hasWords: boolean;
	/** @returns the columns' values, or why the row can't be used. */
	accept(row: unknown): AcceptedRow;
	/** The row of a statement that reads all columns by their names. */
	toRow(stored: Readonly<Record<string, SqlValue>>): Readonly<Record<string, unknown>>;
	/** Words that the row is found by. */
	wordsOf(stored: Readonly<Record<string, SqlValue>>): readonly string[];
}

export interface StoredColumn {
	readonly name: string;
	readonly type: 'TEXT' | 'INTEGER';
	readonly nullable: boolean;
}

export type AcceptedRow =
	| { readonly values: readonly SqlValue[]; readonly row: Readonly<Record<string, unknown>> }
	| { readonly problem: string };

/** Words of one text that are searched for. */
const WORDS_PER_TEXT = 6;

export const STORED_TABLES = Object.fromEntries(
	(Object.keys(DIRECTORY_TABLES) as DirectoryTable[]).map((table) => [table, stored(table)]),
) as Readonly<Record<DirectoryTable, StoredTable>>;

/** `validFromMs` → `valid_from_ms`. */
export function columnName(field: string): string {
	return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function stored(table: DirectoryTable): StoredTable {
	const aggregate = aggregateOf(table);
	const fields = Object.entries(aggregate.fields).map(([name, field]) => ({ name, column: columnName(name), field }));
	const derived = Object.entries(aggregate.derived);
	const words = aggregate.words.map(columnName);
	const gathered = fields.filter(({ name }) => aggregate.gathered.includes(name));
	const gatherings = (from: Readonly<Record<string, SqlValue>>) =>
		gathered.flatMap(({ name, column, field }) =>
			[field.fromColumn(from[column] ?? null)]
				.flat()
				.flatMap((value) => (value === null ? [] : gatheredWord(name, String(value)))),
		);
	const parse = rowParser(aggregate);
	return {
		table,
		sqlName: aggregate.sqlName,
		columns: [
			...fields.map(({ column, field }) => ({ name: column, type: field.column, nullable: field.nullable })),
			...derived.map(([name]) => ({ name, type: 'TEXT' as const, nullable: true })),
		],
		hasWords: words.length > 0,
		accept(raw) {
			const parsed = parse(raw);
			if ('problem' in parsed) return parsed;
			const { row } = parsed;
			const problem = aggregate.check(row);
			if (problem !== undefined) return { problem };
			const values: SqlValue[] = [];
			for (const { name, field } of fields) values.push(field.toColumn(row[name]));
			for (const [, derive] of derived) values.push(derive(row));
			return { row, values };
		},
		toRow: (from) =>
			Object.fromEntries(fields.map(({ name, column, field }) => [name, field.fromColumn(from[column] ?? null)])),
		wordsOf: (from) => [...new Set([...words.flatMap((column) => wordsOf(from[column])), ...gatherings(from)])],
	};
}

/** How rows with this value stand among the words: by a character that no search has. */
export function gatheredWord(field: string, value: string): string {
	return `\u0001${columnName(field)}:${value}`;
}

function rowParser({ fields, row: schema }: Aggregate<Fields>) {
	const quick = quickRow(fields);
	return (raw: unknown): { readonly row: RowOf<Fields> } | { readonly problem: string } => {
		const row = quick(raw);
		if (row !== undefined) return { row };
		const parsed = schema.safeParse(raw);
		if (parsed.success) return { row: parsed.data };
		const [issue] = parsed.error.issues;
		return { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a row'}`.slice(0, 200) };
	};
}

/** Of an address as a whole: nobody looks for `com`. */
function wordsOf(text: SqlValue | undefined): readonly string[] {
	if (typeof text !== 'string') return [];
	return text.includes('@') ? [foldText(text)] : foldText(text).split(' ').filter(Boolean).slice(0, WORDS_PER_TEXT);
}

const { holders, credentials, assignedRights } = DIRECTORY_TABLES;

export function credentialKindCode(kind: Credential['kind']): ColumnValue {
	return credentials.fields.kind.toColumn(kind);
}

/** What decisions read of a row, by place: through SQLite's binding a name costs as much as its value. */
export const CREDENTIAL_COLUMNS = 'id, holder_id, kind, value, label, state, valid_from_ms, valid_to_ms';
export type CredentialCells = readonly [
	...[id: string, holderId: string, kind: SqlValue, value: string, label: string | null, state: SqlValue],
	...[validFromMs: number | null, validToMs: number | null],
];
export const HOLDER_COLUMNS = "id, kind, name, email, status, nullif(group_ids, '[]')";
export type HolderCells = readonly [
	...[id: string, kind: SqlValue, name: string, email: string | null, status: SqlValue, groupIds: string | null],
];
export const RIGHT_COLUMNS = 'id, holder_id, specification_id, state, valid_from_ms, valid_to_ms, pool_id';
export type RightCells = readonly [
	...[id: string, holderId: string, specificationId: string, state: SqlValue],
	...[validFromMs: number | null, validToMs: number | null, poolId: string | null],
];

/** Of a holder with one of their rights: the right's cells are null where there is none. */
export const HOLDER_RIGHT_COLUMNS = `h.kind, h.name, h.email, h.status, nullif(h.group_ids, '[]'),
	r.id, r.specification_id, r.state, r.valid_from_ms, r.valid_to_ms, r.pool_id`;
export type HolderRightCells = readonly [
	...[kind: SqlValue, name: string, email: string | null, status: SqlValue, groupIds: string | null],
	...[rightId: string | null, specificationId: string, state: SqlValue],
	...[validFromMs: number | null, validToMs: number | null, poolId: string | null],
];

export function toCredential(cells: CredentialCells): Credential {
	const { fields } = credentials;
	const [id, holderId, kind, value, label, state, validFromMs, validToMs] = cells;
	return {
		id,
		holderId,
		kind: fields.kind.fromColumn(kind),
		value,
		label,
		state: fields.state.fromColumn(state),
		validFromMs,
		validToMs,
	};
}

export function toHolder([id, kind, name, email, status, groupIds]: HolderCells): Holder {
	const { fields } = holders;
	const holder = { id, kind: fields.kind.fromColumn(kind), name, email, status: fields.status.fromColumn(status) };
	// Most are in none: neither parsed nor kept with their decisions.
	return groupIds === null ? holder : { ...holder, groupIds: fields.groupIds.fromColumn(groupIds) };
}

export function toRight(cells: RightCells): AssignedRight {
	const [id, holderId, specificationId, stored, validFromMs, validToMs, poolId] = cells;
	const state = assignedRights.fields.state.fromColumn(stored);
	const right = { id, holderId, specificationId, state, validFromMs, validToMs };
	return poolId === null ? right : { ...right, poolId };
}

export function toSpecification(row: Readonly<Record<string, SqlValue>>): DirectoryRow<'rightSpecifications'> {
	return STORED_TABLES.rightSpecifications.toRow(row) as DirectoryRow<'rightSpecifications'>;
}

export function toSchedule(row: Readonly<Record<string, SqlValue>>): Schedule {
	return STORED_TABLES.schedules.toRow(row) as Schedule;
}
