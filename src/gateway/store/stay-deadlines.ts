import type { ForgottenExit, Overstay } from '../core/stay-terms.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

interface Deadline {
	readonly stayId: string;
	readonly rightId: string;
	/** UTC epoch ms; null: never by time. */
	readonly dueAtMs: number | null;
	/** How often it was met already. */
	readonly times: number;
}

/** What is to happen to a stay that is still open then. */
export type StayDeadline = Deadline &
	(
		| { readonly kind: 'overstay'; readonly detail: Overstay }
		| { readonly kind: 'dwell'; readonly detail: { readonly sinceMs: number } }
		| { readonly kind: 'forgotten'; readonly detail: ForgottenExit }
	);

/** Kept with the stays, so that a restart forgets none; changed in the caller's transaction. */
export interface StayDeadlineStore {
	/** Replaces the one of this stay, kind and right. */
	set(deadline: StayDeadline): void;
	/** Due at that moment or before, earliest first. */
	due(atMs: number, limit: number): readonly StayDeadline[];
	/** Of one stay. */
	of(stayId: string): readonly StayDeadline[];
	remove(deadline: StayDeadline): void;
	/** The stay ended. */
	clear(stayId: string): void;
}

interface StoredDeadline extends Deadline {
	readonly kind: string;
	/** JSON. */
	readonly detail: string;
}

const COLUMNS = 'stay_id AS stayId, kind, right_id AS rightId, due_at_ms AS dueAtMs, times, detail';

export function createStayDeadlines(db: Sqlite, transactions: Transactions): StayDeadlineStore {
	const upsert = db.prepare<[StoredDeadline]>(
		`INSERT INTO stay_deadlines (stay_id, kind, right_id, due_at_ms, times, detail)
		VALUES (:stayId, :kind, :rightId, :dueAtMs, :times, :detail)
		ON CONFLICT (stay_id, kind, right_id) DO UPDATE SET due_at_ms = excluded.due_at_ms, times = excluded.times, detail = excluded.detail`,
	);
	const due = db.prepare<[number, number], StoredDeadline>(
		`SELECT ${COLUMNS} FROM stay_deadlines WHERE due_at_ms IS NOT NULL AND due_at_ms <= ? ORDER BY due_at_ms LIMIT ?`,
	);
	const ofStay = db.prepare<[string], StoredDeadline>(`SELECT ${COLUMNS} FROM stay_deadlines WHERE stay_id = ?`);
	const remove = db.prepare<[string, string, string]>(
		'DELETE FROM stay_deadlines WHERE stay_id = ? AND kind = ? AND right_id = ?',
	);
	const clear = db.prepare<[string]>('DELETE FROM stay_deadlines WHERE stay_id = ?');
	return {
		set: (deadline) =>
			transactions.run(() => {
				upsert.run({ ...deadline, detail: JSON.stringify(deadline.detail) });
			}),
		due: (atMs, limit) => due.all(atMs, limit).map(toDeadline),
		of: (stayId) => ofStay.all(stayId).map(toDeadline),
		remove: ({ stayId, kind, rightId }) =>
			transactions.run(() => {
				remove.run(stayId, kind, rightId);
			}),
		clear: (stayId) =>
			transactions.run(() => {
				clear.run(stayId);
			}),
	};
}

/** Written by `set` only, so it is not validated again. */
function toDeadline(stored: StoredDeadline): StayDeadline {
	return { ...stored, detail: JSON.parse(stored.detail) } as StayDeadline;
}
