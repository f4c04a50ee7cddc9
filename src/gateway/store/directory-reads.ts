import { aggregateOf, type DirectoryTable } from '../core/directory.ts';
import { prepareLimitReads } from './directory-limit-reads.ts';
import type { EditedApart } from './directory-overlay.ts';
import {
	CREDENTIAL_COLUMNS,
	type CredentialCells,
	columnName,
	HOLDER_COLUMNS,
	HOLDER_RIGHT_COLUMNS,
	type HolderCells,
	type HolderRightCells,
	RIGHT_COLUMNS,
	type RightCells,
	type SqlValue,
	STORED_TABLES,
} from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';

/** Credentials of one value that are looked at for an active one. */
const SAME_VALUE = 8;
/** More plates alike than this are all the same to a decision: ambiguous. */
export const PLATES_IN_CLASS = 8;

/** Where a statement reads: central's rows as they are, or with the local edits over them (`directory-overlay.ts`). */
export type Source = (table: string) => string;

export const BASE: Source = (table) => table;

export const TABLES = Object.keys(STORED_TABLES) as DirectoryTable[];

export type Reads = ReturnType<typeof prepareReads>;

/** The statements of one connection, prepared once. */
export function prepareReads(db: Sqlite, source: Source, editedUses?: EditedApart) {
	const credentials = source('credentials');
	const holders = source('holders');
	const finds = new Map<string, ReturnType<typeof prepareFind>>();
	const perTable = <T>(prepare: (name: string) => T) =>
		Object.fromEntries(TABLES.map((table) => [table, prepare(source(STORED_TABLES[table].sqlName))])) as Readonly<
			Record<DirectoryTable, T>
		>;
	return {
		credentialByValue: db
			.prepare<[string, SqlValue], CredentialCells>(
				`SELECT ${CREDENTIAL_COLUMNS} FROM ${credentials} WHERE value = ? AND kind = ? LIMIT ${SAME_VALUE}`,
			)
			.raw(),
		credentialById: db
			.prepare<[string], CredentialCells>(`SELECT ${CREDENTIAL_COLUMNS} FROM ${credentials} WHERE id = ?`)
			.raw(),
		credentialsBySkeleton: db
			.prepare<[string], CredentialCells>(
				`SELECT ${CREDENTIAL_COLUMNS} FROM ${credentials} WHERE skeleton = ? LIMIT ${PLATES_IN_CLASS}`,
			)
			.raw(),
		credentialsOf: db
			.prepare<[string], CredentialCells>(
				`SELECT ${CREDENTIAL_COLUMNS} FROM ${credentials} WHERE holder_id = ? ORDER BY id`,
			)
			.raw(),
		holder: db.prepare<[string], HolderCells>(`SELECT ${HOLDER_COLUMNS} FROM ${holders} WHERE id = ?`).raw(),
		holdersByWord: db
			.prepare<[string, string, number], HolderCells>(
				`SELECT ${HOLDER_COLUMNS} FROM ${holders} WHERE id IN (SELECT id FROM ${source('holders_words')} WHERE word >= ? AND word < ? LIMIT ?)
				ORDER BY name, id`,
			)
			.raw(),
		rightsOf: db
			.prepare<[string], RightCells>(`SELECT ${RIGHT_COLUMNS} FROM ${source('assigned_rights')} WHERE holder_id = ?`)
			.raw(),
		// Not of views: they would be put together as a whole. The value is joined to nothing, as SQLite else prepares a join anew for each.
		holderRights:
			source === BASE
				? db
						.prepare<[string], HolderRightCells>(
							`SELECT ${HOLDER_RIGHT_COLUMNS} FROM holders h LEFT JOIN assigned_rights r ON r.holder_id = h.id WHERE h.id = ? || ''`,
						)
						.raw()
				: undefined,
		rows: perTable((name) => db.prepare<[string], Record<string, SqlValue>>(`SELECT * FROM ${name} WHERE id = ?`)),
		find(table: DirectoryTable, where: Readonly<Record<string, unknown>>, limit: number): readonly string[] {
			const { fields } = aggregateOf(table);
			const values = Object.keys(where).map((name) => fields[name]?.toColumn(where[name]) ?? null);
			// An index of what is not null is used for `= ?`, and for `IS ?` it is not.
			const conditions = Object.keys(where).map(
				(name, place) => columnName(name) + (values[place] === null ? ' IS NULL' : ' = ?'),
			);
			const key = [table, ...conditions].join();
			const statement = finds.get(key) ?? prepareFind(db, source(STORED_TABLES[table].sqlName), conditions);
			finds.set(key, statement);
			return statement.all(...values.filter((value) => value !== null), limit);
		},
		limits: prepareLimitReads(db, source, editedUses),
		counts: perTable((name) => db.prepare<[], number>(`SELECT count(*) FROM ${name}`).pluck()),
	};
}

function prepareFind(db: Sqlite, from: string, conditions: readonly string[]) {
	const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
	return db.prepare<SqlValue[], string>(`SELECT id FROM ${from} ${where} LIMIT ?`).pluck();
}
