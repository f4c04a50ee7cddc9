import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Of `FIELD_WORK_MIGRATION`: decisions that let in though tag and plate were two people's. Says nothing about them. */
export const GRANTED_MISMATCHES_SQL = `
CREATE TABLE granted_mismatches (
	decision_id TEXT PRIMARY KEY,
	at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX granted_mismatches_by_time ON granted_mismatches (at_ms);
`;

/** Changed in the caller's transaction. */
export interface GrantedMismatchStore {
	/** Once. Of those before `keptFromMs` nothing is left. */
	add(decisionId: string, atMs: number, keptFromMs: number): void;
	has(decisionId: string): boolean;
	/** Those from that moment on whose decision stands in [from, to) of the journal, the newest first. */
	between(
		fromPosition: number,
		toPosition: number,
		fromMs: number,
	): readonly { readonly id: string; readonly position: number }[];
}

export function createGrantedMismatches(db: Sqlite, { run, read }: Transactions): GrantedMismatchStore {
	const insert = db.prepare<[string, number]>(
		'INSERT INTO granted_mismatches (decision_id, at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING',
	);
	const prune = db.prepare<[number]>('DELETE FROM granted_mismatches WHERE at_ms < ?');
	const select = db.prepare<[string], number>('SELECT 1 FROM granted_mismatches WHERE decision_id = ?').pluck();
	// They are few: each is looked up among the decisions, not the other way round.
	const inPlaces = db.prepare<[number, number, number], { readonly id: string; readonly position: number }>(
		`SELECT d.id, d.position FROM granted_mismatches AS m CROSS JOIN decisions AS d ON d.id = m.decision_id
		WHERE m.at_ms >= ? AND d.position >= ? AND d.position < ? ORDER BY d.position DESC`,
	);
	return {
		add: (decisionId, atMs, keptFromMs) =>
			run(() => {
				prune.run(keptFromMs);
				insert.run(decisionId, atMs);
			}),
		has: (decisionId) => read(() => select.get(decisionId) !== undefined),
		between: (fromPosition, toPosition, fromMs) => read(() => inPlaces.all(fromMs, fromPosition, toPosition)),
	};
}
