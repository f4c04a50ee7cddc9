import { FORGOTTEN_REASON } from './lane-modes.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Keeps what an incident needs beyond its time: one decision with what followed, or everything of a period [from, to). */
export interface RetentionHold {
	readonly id: string;
	readonly of:
		| { readonly kind: 'decision'; readonly decisionId: string }
		| { readonly kind: 'period'; readonly fromMs: number; readonly toMs: number };
	readonly reason: string;
	readonly operatorId: string;
	readonly createdAtMs: number;
	/** It ends by itself then; UTC epoch ms. */
	readonly untilMs: number;
}

export interface RetentionHoldStore {
	add(hold: RetentionHold): void;
	/** All that were not removed, ended ones too; oldest first. */
	list(): readonly RetentionHold[];
	/** @returns false: there is none. */
	remove(id: string): boolean;
	/** Takes reasons away that name somebody. */
	forgetReasons(names: (reason: string) => boolean): void;
}

interface StoredHold extends Omit<RetentionHold, 'of'> {
	readonly decisionId: string | null;
	readonly fromMs: number | null;
	readonly toMs: number | null;
}

export function createRetentionHolds(db: Sqlite, transactions: Transactions): RetentionHoldStore {
	const insert = db.prepare<[StoredHold]>(
		`INSERT INTO retention_holds (id, decision_id, from_ms, to_ms, reason, operator_id, created_at_ms, until_ms)
		VALUES (:id, :decisionId, :fromMs, :toMs, :reason, :operatorId, :createdAtMs, :untilMs)`,
	);
	const select = db.prepare<[], StoredHold>(
		`SELECT id, decision_id AS decisionId, from_ms AS fromMs, to_ms AS toMs, reason, operator_id AS operatorId,
		created_at_ms AS createdAtMs, until_ms AS untilMs FROM retention_holds ORDER BY created_at_ms, id`,
	);
	const setReason = db.prepare<[string, string]>('UPDATE retention_holds SET reason = ? WHERE id = ?');
	const remove = db.prepare<[string]>('DELETE FROM retention_holds WHERE id = ?');
	return {
		add: ({ of, ...hold }) =>
			transactions.run(() => {
				const none = { decisionId: null, fromMs: null, toMs: null };
				const { kind: _, ...what } = of;
				insert.run({ ...hold, ...none, ...what });
			}),
		list: () => transactions.read(() => select.all().map(toHold)),
		remove: (id) => transactions.run(() => remove.run(id).changes === 1),
		forgetReasons: (names) =>
			transactions.run(() => {
				for (const { id, reason } of select.all()) if (names(reason)) setReason.run(FORGOTTEN_REASON, id);
			}),
	};
}

function toHold({ decisionId, fromMs, toMs, ...hold }: StoredHold): RetentionHold {
	return decisionId === null
		? { ...hold, of: { kind: 'period', fromMs: fromMs ?? 0, toMs: toMs ?? 0 } }
		: { ...hold, of: { kind: 'decision', decisionId } };
}
