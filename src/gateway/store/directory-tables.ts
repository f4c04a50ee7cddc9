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
			const values = fields.map(({ name, field }) => field.toColumn(row[name]));
			return { row, values: [...values, ...derived.map(([, derive]) => derive(row))] };
		},
		toRow: (from) =>
			Object.fromEntries(fields.map(({ name, column, field }) => [name, field.fromColumn(from[column] ?? null)])),
		wordsOf: (from) => [...new Set(words.flatMap((column) => wordsOf(from[column])))],
	};
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

/** A row as a statement of the decision reads it: names of the domain, values as they are stored. */
export type Stored<Row> = { readonly [K in keyof Row]: SqlValue };

export function toHolder({ id, kind, name, email, status, groupIds }: Stored<Required<Holder>>): Holder {
	const { fields } = holders;
	return {
		id: String(id),
		kind: fields.kind.fromColumn(kind),
		name: String(name),
		email: fields.email.fromColumn(email),
		status: fields.status.fromColumn(status),
		// Most are in none: neither parsed nor kept with their decisions.
		...(groupIds !== '[]' && { groupIds: fields.groupIds.fromColumn(groupIds) }),
	};
}

export function toCredential(row: Stored<Credential>): Credential {
	const { fields } = credentials;
	return {
		// Text and numbers are stored as they are.
		...(row as unknown as Credential),
		kind: fields.kind.fromColumn(row.kind),
		state: fields.state.fromColumn(row.state),
	};
}

export function toRight({ poolId, ...row }: Stored<Required<AssignedRight>>): AssignedRight {
	const state = assignedRights.fields.state.fromColumn(row.state);
	return { ...(row as unknown as AssignedRight), state, ...(poolId !== null && { poolId: String(poolId) }) };
}

export function toSpecification(row: Readonly<Record<string, SqlValue>>): DirectoryRow<'rightSpecifications'> {
	return STORED_TABLES.rightSpecifications.toRow(row) as DirectoryRow<'rightSpecifications'>;
}

export function toSchedule(row: Readonly<Record<string, SqlValue>>): Schedule {
	return STORED_TABLES.schedules.toRow(row) as Schedule;
}
