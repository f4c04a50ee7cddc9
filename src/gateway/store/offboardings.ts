import type { Sqlite } from './open-database.ts';
import type { OperatorState } from './operators.ts';
import type { Transactions } from './transactions.ts';

/** `batch_id`: of the edits of the directory that went with it, none where nothing was edited. */
export const OFFBOARDINGS_SQL = `
CREATE TABLE operator_holders (
	operator_id TEXT PRIMARY KEY REFERENCES operators ON DELETE CASCADE,
	holder_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX operator_holders_by_holder ON operator_holders (holder_id);

CREATE TABLE offboardings (
	operator_id TEXT PRIMARY KEY REFERENCES operators ON DELETE CASCADE,
	at_ms INTEGER NOT NULL,
	by_operator_id TEXT,
	state_before TEXT NOT NULL CHECK (state_before IN ('invited', 'active', 'inactive')),
	batch_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX offboardings_by_time ON offboardings (at_ms);
`;

/** Somebody who has left; gone once it is undone. */
export interface OffboardingRow {
	readonly operatorId: string;
	readonly atMs: number;
	/** null: at the machine itself. */
	readonly byOperatorId: string | null;
	readonly stateBefore: OperatorState;
	readonly batchId: string;
}

/** Which holder an operator is, and who of them has left. */
export interface OffboardingStore {
	/** null: none. */
	holderOf(operatorId: string): string | null;
	/** Who signs in as this holder; null: nobody does. */
	operatorOf(holderId: string): string | null;
	/** null: no longer any. */
	setHolder(operatorId: string, holderId: string | null): void;
	offboarding(operatorId: string): OffboardingRow | undefined;
	/** The last to leave first. */
	offboardedSince(sinceMs: number, limit: number): readonly OffboardingRow[];
	putOffboarding(row: OffboardingRow): void;
	removeOffboarding(operatorId: string): void;
}

export function createOffboardingStore(db: Sqlite, { run, read }: Transactions): OffboardingStore {
	const holder = db.prepare<[string], string>('SELECT holder_id FROM operator_holders WHERE operator_id = ?').pluck();
	const operator = db.prepare<[string], string>('SELECT operator_id FROM operator_holders WHERE holder_id = ?').pluck();
	const link = db.prepare<[string, string]>(
		'INSERT INTO operator_holders (operator_id, holder_id) VALUES (?, ?) ON CONFLICT DO UPDATE SET holder_id = excluded.holder_id',
	);
	const unlink = db.prepare<[string]>('DELETE FROM operator_holders WHERE operator_id = ?');
	const find = db.prepare<[string], OffboardingRow>(
		`SELECT operator_id AS operatorId, at_ms AS atMs, by_operator_id AS byOperatorId, state_before AS stateBefore, batch_id AS batchId
		FROM offboardings WHERE operator_id = ?`,
	);
	const since = db.prepare<[number, number], OffboardingRow>(
		`SELECT operator_id AS operatorId, at_ms AS atMs, by_operator_id AS byOperatorId, state_before AS stateBefore, batch_id AS batchId
		FROM offboardings WHERE at_ms >= ? ORDER BY at_ms DESC LIMIT ?`,
	);
	const put = db.prepare<[OffboardingRow]>(
		`INSERT OR REPLACE INTO offboardings (operator_id, at_ms, by_operator_id, state_before, batch_id)
		VALUES (:operatorId, :atMs, :byOperatorId, :stateBefore, :batchId)`,
	);
	const remove = db.prepare<[string]>('DELETE FROM offboardings WHERE operator_id = ?');
	return {
		holderOf: (operatorId) => read(() => holder.get(operatorId) ?? null),
		operatorOf: (holderId) => read(() => operator.get(holderId) ?? null),
		setHolder: (operatorId, holderId) =>
			void run(() => (holderId === null ? unlink.run(operatorId) : link.run(operatorId, holderId))),
		offboarding: (operatorId) => read(() => find.get(operatorId)),
		offboardedSince: (sinceMs, limit) => read(() => since.all(sinceMs, limit)),
		putOffboarding: (row) => void run(() => put.run(row)),
		removeOffboarding: (operatorId) => void run(() => remove.run(operatorId)),
	};
}
