import type { Migration } from './migrations.ts';
import type { Sqlite } from './open-database.ts';
import { writtenUnlessTaken } from './store-failure.ts';
import type { Transactions } from './transactions.ts';

/** `columns`: JSON, as `services/imports/import-mappings.ts` says. Names are unique by how they sound, over all kinds. */
export const IMPORT_MAPPINGS_MIGRATION: Migration = {
	name: 'saved mappings of imports',
	sql: `
CREATE TABLE import_mappings (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	name_key TEXT NOT NULL UNIQUE,
	columns TEXT NOT NULL,
	empty_cells TEXT NOT NULL CHECK (empty_cells IN ('keep', 'clear')),
	version INTEGER NOT NULL,
	changed_at_ms INTEGER NOT NULL,
	operator_id TEXT
) STRICT, WITHOUT ROWID;
`,
};

export interface ImportMappingRow {
	readonly id: string;
	readonly kind: string;
	readonly name: string;
	/** What no two share. */
	readonly nameKey: string;
	readonly columns: string;
	readonly emptyCells: 'keep' | 'clear';
	/** Counts its changes. */
	readonly version: number;
	readonly changedAtMs: number;
	/** Who changed it last; null: the command line. */
	readonly operatorId: string | null;
}

/** Changed in the caller's transaction. */
export interface ImportMappingStore {
	/** By name. */
	list(): readonly ImportMappingRow[];
	byId(id: string): ImportMappingRow | undefined;
	byNameKey(nameKey: string): ImportMappingRow | undefined;
	count(): number;
	/** Adds it or puts it in place of what has its id. @returns false: another one has its name. */
	put(row: ImportMappingRow): boolean;
	/** @returns false: there was none. */
	remove(id: string): boolean;
}

const COLUMNS =
	'id, kind, name, name_key AS nameKey, columns, empty_cells AS emptyCells, version, changed_at_ms AS changedAtMs, operator_id AS operatorId';

export function createImportMappingStore(db: Sqlite, { run, read }: Transactions): ImportMappingStore {
	const all = db.prepare<[], ImportMappingRow>(`SELECT ${COLUMNS} FROM import_mappings ORDER BY name_key`);
	const byId = db.prepare<[string], ImportMappingRow>(`SELECT ${COLUMNS} FROM import_mappings WHERE id = ?`);
	const byKey = db.prepare<[string], ImportMappingRow>(`SELECT ${COLUMNS} FROM import_mappings WHERE name_key = ?`);
	const count = db.prepare<[], number>('SELECT count(*) FROM import_mappings').pluck();
	const put = db.prepare<[ImportMappingRow]>(
		`INSERT INTO import_mappings (id, kind, name, name_key, columns, empty_cells, version, changed_at_ms, operator_id)
		VALUES (:id, :kind, :name, :nameKey, :columns, :emptyCells, :version, :changedAtMs, :operatorId)
		ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, name_key = excluded.name_key,
			columns = excluded.columns, empty_cells = excluded.empty_cells, version = excluded.version,
			changed_at_ms = excluded.changed_at_ms, operator_id = excluded.operator_id`,
	);
	const remove = db.prepare<[string]>('DELETE FROM import_mappings WHERE id = ?');
	return {
		list: () => read(() => all.all()),
		byId: (id) => read(() => byId.get(id)),
		byNameKey: (nameKey) => read(() => byKey.get(nameKey)),
		count: () => read(() => count.get() ?? 0),
		put: (row) => run(() => writtenUnlessTaken(() => put.run(row))),
		remove: (id) => run(() => remove.run(id).changes === 1),
	};
}
