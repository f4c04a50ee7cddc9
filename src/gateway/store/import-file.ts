import { rmSync } from 'node:fs';
import type { DirectoryTable } from '../core/directory.ts';
import { type MigrateOptions, migrate } from './migrations.ts';
import { openDatabase, type Sqlite } from './open-database.ts';
import { storeFailure } from './store-failure.ts';

/** `PKGi`. */
const IMPORT_APPLICATION_ID = 0x50_4b_47_69;

const SCHEMA: Omit<MigrateOptions, 'path'> = {
	applicationId: IMPORT_APPLICATION_ID,
	migrations: [
		{
			name: 'one import',
			sql: `
CREATE TABLE parts (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
	place INTEGER PRIMARY KEY,
	row INTEGER NOT NULL,
	table_name TEXT NOT NULL,
	key TEXT NOT NULL,
	before TEXT,
	after TEXT NOT NULL
) STRICT;
CREATE INDEX changes_by_row ON changes (row, place);
`,
		},
		{
			name: 'rows of a kind',
			sql: `
ALTER TABLE changes ADD COLUMN kind TEXT NOT NULL DEFAULT 'changed';
CREATE INDEX changes_by_kind ON changes (kind, row);
`,
		},
		{
			name: 'whose rows they are',
			sql: 'CREATE INDEX changes_by_key ON changes (key);',
		},
	],
};

/** What a row of the file is as a whole, whatever else it brings. */
export type ChangedRowKind = 'new' | 'changed';

export type PlainRow = Readonly<Record<string, unknown>>;

/** A row of the directory as an import will leave it. */
export interface PlannedChange {
	/** From 1, in the order they are made. */
	readonly place: number;
	/** Of the file. */
	readonly row: number;
	readonly table: DirectoryTable;
	readonly key: string;
	/** null: new. */
	readonly before: PlainRow | null;
	readonly after: PlainRow;
}

/**
 * All that is kept of one import: what was asked for, what it would change and how far it is. A file of its own, on the
 * disk with each commit, so that it can be written by a thread and deleted as a whole.
 */
export interface ImportFile {
	/** JSON by name. */
	part(name: string): unknown;
	setPart(name: string, value: unknown): void;
	/** One commit for all of it. */
	transaction<T>(run: () => T): T;
	/** Forgets all changes: the file is read anew. */
	clearChanges(): void;
	addChange(change: Omit<PlannedChange, 'place'>, kind: ChangedRowKind): void;
	/** Whether a row with one of these ids is among the changes. */
	changesAny(keys: readonly string[]): boolean;
	/** In their order, those after `place`. */
	changesAfter(place: number, limit: number): readonly PlannedChange[];
	/** In reverse, those before `place`. */
	changesBefore(place: number, limit: number): readonly PlannedChange[];
	/** All changes of the first `limit` rows after `row`, of one kind where it is given. */
	changesOfRows(afterRow: number, limit: number, kind?: ChangedRowKind): readonly PlannedChange[];
	close(): void;
}

/** Opens it, or makes a new one. Throws GatewayError. */
export function openImportFile(file: string): ImportFile {
	const db = openDatabase(file, { pageSizeBytes: 4_096, cacheKib: 4_096, walAutocheckpointPages: 1_000 });
	try {
		migrate(db, { path: file, ...SCHEMA });
		return assemble(db, file);
	} catch (error) {
		db.close();
		throw storeFailure(error, file);
	}
}

export function removeImportFile(file: string): void {
	for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}

interface StoredChange extends Omit<PlannedChange, 'before' | 'after'> {
	readonly before: string | null;
	readonly after: string;
}

function assemble(db: Sqlite, file: string): ImportFile {
	const columns = 'place, row, table_name AS "table", key, before, after';
	const getPart = db.prepare<[string], string>('SELECT value FROM parts WHERE name = ?').pluck();
	const putPart = db.prepare<[string, string]>('INSERT OR REPLACE INTO parts (name, value) VALUES (?, ?)');
	const insert = db.prepare<[number, string, string, string | null, string, string]>(
		'INSERT INTO changes (row, table_name, key, before, after, kind) VALUES (?, ?, ?, ?, ?, ?)',
	);
	const clear = db.prepare('DELETE FROM changes');
	const ofKey = db.prepare<[string], number>('SELECT 1 FROM changes WHERE key = ? LIMIT 1').pluck();
	const after = db.prepare<[number, number], StoredChange>(
		`SELECT ${columns} FROM changes WHERE place > ? ORDER BY place LIMIT ?`,
	);
	const before = db.prepare<[number, number], StoredChange>(
		`SELECT ${columns} FROM changes WHERE place < ? ORDER BY place DESC LIMIT ?`,
	);
	const ofRows = db.prepare<[number, number], StoredChange>(
		`SELECT ${columns} FROM changes WHERE row IN (SELECT DISTINCT row FROM changes WHERE row > ? ORDER BY row LIMIT ?)
		ORDER BY row, place`,
	);
	const ofKind = db.prepare<[string, number, number], StoredChange>(
		`SELECT ${columns} FROM changes
		WHERE row IN (SELECT DISTINCT row FROM changes WHERE kind = ? AND row > ? ORDER BY row LIMIT ?)
		ORDER BY row, place`,
	);

	function guarded<T>(run: () => T): T {
		try {
			return run();
		} catch (error) {
			throw storeFailure(error, file);
		}
	}

	return {
		part: (name) => guarded(() => JSON.parse(getPart.get(name) ?? 'null') as unknown),
		setPart: (name, value) => void guarded(() => putPart.run(name, JSON.stringify(value))),
		transaction: (run) => guarded(() => db.transaction(run).immediate()),
		clearChanges: () => void guarded(() => clear.run()),
		addChange: ({ row, table, key, before: old, after: next }, kind) =>
			void guarded(() =>
				insert.run(row, table, key, old === null ? null : JSON.stringify(old), JSON.stringify(next), kind),
			),
		changesAny: (keys) => guarded(() => keys.some((key) => ofKey.get(key) !== undefined)),
		changesAfter: (place, limit) => guarded(() => after.all(place, limit).map(toChange)),
		changesBefore: (place, limit) => guarded(() => before.all(place, limit).map(toChange)),
		changesOfRows: (row, limit, kind) =>
			guarded(() => (kind === undefined ? ofRows.all(row, limit) : ofKind.all(kind, row, limit)).map(toChange)),
		close: () => db.close(),
	};
}

function toChange(stored: StoredChange): PlannedChange {
	return {
		...stored,
		before: stored.before === null ? null : (JSON.parse(stored.before) as PlainRow),
		after: JSON.parse(stored.after) as PlainRow,
	};
}
