import type { Sqlite } from './open-database.ts';

/** One mark an hour is near enough for what is counted in days. */
const MARK_EVERY_MS = 3_600_000;
const MARKS_KEPT_MS = 8 * 86_400_000;

/** Since when central has had what, roughly: up to which position at which hour. */
export function createAckMarks(db: Sqlite, nowMs: () => number) {
	const selectRecent = db
		.prepare<[number, number], number>('SELECT count(*) FROM journal_acks WHERE at_ms > ? AND at_ms <= ?')
		.pluck();
	const insert = db.prepare<[number, number]>('INSERT OR REPLACE INTO journal_acks (at_ms, position) VALUES (?, ?)');
	// The newest of the old ones still says what was there all the time since.
	const prune = db.prepare<[number, number]>(
		`DELETE FROM journal_acks WHERE at_ms > ?
		OR at_ms < (SELECT max(at_ms) FROM journal_acks WHERE at_ms <= ?)`,
	);
	const selectBefore = db
		.prepare<[number], number | null>('SELECT max(position) FROM journal_acks WHERE at_ms <= ?')
		.pluck();
	return {
		/** Central has everything up to `position` now. Joins the running transaction. */
		note(position: number): void {
			const now = nowMs();
			if (selectRecent.get(now - MARK_EVERY_MS, now) !== 0) return;
			// Marks from when the clock ran ahead would say that nothing is old.
			prune.run(now, now - MARKS_KEPT_MS);
			insert.run(now, position);
		},
		/** What central has had at least since then. */
		positionAt: (atMs: number): number => selectBefore.get(atMs) ?? 0,
	};
}
