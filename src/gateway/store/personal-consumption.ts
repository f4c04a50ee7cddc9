import { LEDGER_KINDS } from '../core/ledger.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** That a right was used at a moment, by one stay. */
export interface DatedUse {
	readonly rightId: string;
	readonly atMs: number;
	readonly stayId: string;
}

/** What rights and bookings cost, as far as it tells when somebody was here; changed in the caller's transaction. */
export interface PersonalConsumptionStore {
	/** Uses in [from, to) that still tell when and by which stay; earliest first. */
	usesBetween(fromMs: number, toMs: number, limit: number): readonly DatedUse[];
	/** Counts from `periodMs` on without telling when it was; null: it counts no more. What was blurred for earlier periods goes. */
	blurUse(use: DatedUse, periodMs: number | null): void;
	/** Lines of wallets in [from, to) about single stays; earliest first. */
	linesBetween(
		fromMs: number,
		toMs: number,
		limit: number,
	): readonly { readonly rightId: string; readonly atMs: number }[];
	/** All lines of the wallet before that moment become one, of their sum. */
	carry(rightId: string, toMs: number): void;
	/** What became of bookings in [from, to) is no longer told. @returns how many. */
	forgetBookings(toMs: number, limit: number): number;
	/** Who was reset, and what reads really were, before that moment. @returns how many. */
	forgetOthers(toMs: number): number;
}

export function createPersonalConsumption(db: Sqlite, transactions: Transactions): PersonalConsumptionStore {
	const dated = db.prepare<[number, number, number], DatedUse>(
		`SELECT right_id AS rightId, at_ms AS atMs, stay_id AS stayId FROM right_uses
		WHERE stay_id <> '' AND at_ms >= ? AND at_ms < ? ORDER BY at_ms LIMIT ?`,
	);
	const removeUse = db.prepare<[string, number, string]>(
		'DELETE FROM right_uses WHERE right_id = ? AND at_ms = ? AND stay_id = ?',
	);
	const removeEarlier = db.prepare<[string, number]>(
		"DELETE FROM right_uses WHERE right_id = ? AND stay_id = '' AND at_ms < ?",
	);
	const count = db.prepare<[string, number]>(
		`INSERT INTO right_uses (right_id, at_ms, stay_id) VALUES (?, ?, '')
		ON CONFLICT (right_id, at_ms, stay_id) DO UPDATE SET times = times + 1`,
	);
	const lines = db.prepare<[number, number, number], { readonly rightId: string; readonly atMs: number }>(
		`SELECT right_id AS rightId, at_ms AS atMs FROM ledger
		WHERE stay_id IS NOT NULL AND at_ms >= ? AND at_ms < ? ORDER BY at_ms LIMIT ?`,
	);
	// Lines stand in the order they were posted; a clock that was put back may have dated a later one earlier.
	const lastBefore = db.prepare<[string, string, number], { readonly line: number; readonly balance: number }>(
		`SELECT line, balance FROM ledger WHERE right_id = ? AND line < coalesce(
			(SELECT min(line) FROM ledger WHERE right_id = ? AND at_ms >= ?), ${Number.MAX_SAFE_INTEGER}) ORDER BY line DESC LIMIT 1`,
	);
	const removeLines = db.prepare<[string, number]>('DELETE FROM ledger WHERE right_id = ? AND line <= ?');
	const carried = db.prepare<[string, number, number, number, number]>(
		`INSERT INTO ledger (right_id, line, key, kind, amount, balance, at_ms, stay_id)
		VALUES (?, ?, 'carried', ${LEDGER_KINDS.indexOf('carried')}, ?, ?, ?, NULL)`,
	);
	const bookings = db.prepare<[number, number]>(
		`DELETE FROM booking_uses WHERE booking_id IN (SELECT booking_id FROM booking_uses WHERE at_ms < ? LIMIT ?)`,
	);
	const neutral = db.prepare<[number]>('DELETE FROM neutral_holders WHERE at_ms < ?');
	const reviews = db.prepare<[number]>('DELETE FROM read_reviews WHERE at_ms < ?');

	return {
		usesBetween: (fromMs, toMs, limit) => transactions.read(() => dated.all(fromMs, toMs, limit)),
		blurUse: ({ rightId, atMs, stayId }, periodMs) =>
			transactions.run(() => {
				removeUse.run(rightId, atMs, stayId);
				if (periodMs === null) return;
				removeEarlier.run(rightId, periodMs);
				count.run(rightId, periodMs);
			}),
		linesBetween: (fromMs, toMs, limit) => transactions.read(() => lines.all(fromMs, toMs, limit)),
		carry: (rightId, toMs) =>
			transactions.run(() => {
				const last = lastBefore.get(rightId, rightId, toMs);
				if (last === undefined) return;
				removeLines.run(rightId, last.line);
				carried.run(rightId, last.line, last.balance, last.balance, toMs);
			}),
		forgetBookings: (toMs, limit) => transactions.run(() => bookings.run(toMs, limit).changes),
		forgetOthers: (toMs) => transactions.run(() => neutral.run(toMs).changes + reviews.run(toMs).changes),
	};
}
