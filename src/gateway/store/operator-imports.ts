import type { Migration } from './migrations.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** `body`: JSON, as `services/operators/operator-imports.ts` says. */
export const OPERATOR_IMPORTS_MIGRATION: Migration = {
	name: 'lists of operators',
	sql: `
CREATE TABLE operator_imports (
	id TEXT PRIMARY KEY,
	created_at_ms INTEGER NOT NULL,
	body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};

export interface OperatorImportRow {
	readonly id: string;
	readonly createdAtMs: number;
	readonly body: string;
}

/** Changed in the caller's transaction. */
export interface OperatorImportStore {
	/** The newest first. */
	list(): readonly OperatorImportRow[];
	byId(id: string): OperatorImportRow | undefined;
	put(row: OperatorImportRow): void;
	remove(id: string): boolean;
	/** All but the newest `most`, and those made before that moment. @returns how many. */
	prune(most: number, beforeMs: number): number;
}

export function createOperatorImportStore(db: Sqlite, { run, read }: Transactions): OperatorImportStore {
	const columns = 'id, created_at_ms AS createdAtMs, body';
	const list = db.prepare<[], OperatorImportRow>(
		`SELECT ${columns} FROM operator_imports ORDER BY created_at_ms DESC, id DESC`,
	);
	const byId = db.prepare<[string], OperatorImportRow>(`SELECT ${columns} FROM operator_imports WHERE id = ?`);
	const put = db.prepare<[OperatorImportRow]>(
		'INSERT OR REPLACE INTO operator_imports (id, created_at_ms, body) VALUES (:id, :createdAtMs, :body)',
	);
	const remove = db.prepare<[string]>('DELETE FROM operator_imports WHERE id = ?');
	const prune = db.prepare<[number, number]>(
		`DELETE FROM operator_imports WHERE created_at_ms < ? OR id NOT IN (
			SELECT id FROM operator_imports ORDER BY created_at_ms DESC, id DESC LIMIT ?)`,
	);
	return {
		list: () => read(() => list.all()),
		byId: (id) => read(() => byId.get(id)),
		put: (row) => void run(() => put.run(row)),
		remove: (id) => run(() => remove.run(id).changes === 1),
		prune: (most, beforeMs) => run(() => prune.run(beforeMs, most).changes),
	};
}
