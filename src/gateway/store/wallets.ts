import {
	allowsPosting,
	EMPTY_WALLET,
	LEDGER_KINDS,
	type LedgerKind,
	type LedgerLine,
	type Refill,
	type WalletState,
} from '../core/ledger.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** `repeated`: this key was posted before, nothing changed. `tooLittle`: it would go below 0. */
export type Posting =
	| { readonly result: 'posted' | 'repeated'; readonly balance: number }
	| { readonly result: 'tooLittle'; readonly balance: number };

/** A line as it was posted; `line` counts from 1. */
export interface PostedLine extends LedgerLine {
	readonly line: number;
	/** After it. */
	readonly balance: number;
}

/** The credits of rights, changed in the caller's transaction. */
export interface WalletStore {
	/** An empty one that was never refilled where nothing was posted yet. */
	state(rightId: string): WalletState;
	post(rightId: string, line: LedgerLine, mayOverdraw: boolean): Posting;
	/** Once for each period; also where nothing was missing. */
	refill(rightId: string, refill: Refill, atMs: number): void;
	/** Newest first, before `beforeLine` where given. */
	lines(rightId: string, limit: number, beforeLine?: number): readonly PostedLine[];
	/** The line with this key. */
	line(rightId: string, key: string): PostedLine | undefined;
}

interface StoredLine extends Omit<PostedLine, 'kind'> {
	readonly kind: number;
}

interface StoredWallet extends WalletState {
	readonly lines: number;
}

const COLUMNS = 'line, key, kind, amount, balance, at_ms AS atMs, stay_id AS stayId';

export function createWallets(db: Sqlite, transactions: Transactions): WalletStore {
	const select = db.prepare<[string], StoredWallet>(
		'SELECT balance, refilled_ms AS refilledMs, lines FROM wallets WHERE right_id = ?',
	);
	const save = db.prepare<[string, number, number | null, number]>(
		`INSERT INTO wallets (right_id, balance, refilled_ms, lines) VALUES (?, ?, ?, ?) ON CONFLICT (right_id)
		DO UPDATE SET balance = excluded.balance, refilled_ms = excluded.refilled_ms, lines = excluded.lines`,
	);
	const insert = db.prepare<(string | number | null)[]>(
		'INSERT INTO ledger (right_id, line, key, kind, amount, balance, at_ms, stay_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
	);
	const byKey = db.prepare<[string, string], StoredLine>(
		`SELECT ${COLUMNS} FROM ledger WHERE right_id = ? AND key = ?`,
	);
	const before = db.prepare<[string, number, number], StoredLine>(
		`SELECT ${COLUMNS} FROM ledger WHERE right_id = ? AND line < ? ORDER BY line DESC LIMIT ?`,
	);

	function wallet(rightId: string): StoredWallet {
		return select.get(rightId) ?? { ...EMPTY_WALLET, lines: 0 };
	}

	function write(rightId: string, { balance, refilledMs, lines }: StoredWallet, line: LedgerLine): number {
		const next = { balance: balance + line.amount, line: lines + 1 };
		const kind = LEDGER_KINDS.indexOf(line.kind);
		insert.run(rightId, next.line, line.key, kind, line.amount, next.balance, line.atMs, line.stayId);
		save.run(rightId, next.balance, refilledMs, next.line);
		return next.balance;
	}

	return {
		state(rightId) {
			const { balance, refilledMs } = wallet(rightId);
			return { balance, refilledMs };
		},
		post: (rightId, line, mayOverdraw) =>
			transactions.run((): Posting => {
				const now = wallet(rightId);
				if (byKey.get(rightId, line.key) !== undefined) return { result: 'repeated', balance: now.balance };
				if (!allowsPosting(now.balance, line.amount, mayOverdraw)) return { result: 'tooLittle', balance: now.balance };
				return { result: 'posted', balance: write(rightId, now, line) };
			}),
		refill: (rightId, { amount, periodMs }, atMs) =>
			transactions.run(() => {
				const now = wallet(rightId);
				if (now.refilledMs !== null && now.refilledMs >= periodMs) return;
				const refilled = { ...now, refilledMs: periodMs };
				if (amount === 0) save.run(rightId, now.balance, periodMs, now.lines);
				else write(rightId, refilled, { key: `refill.${periodMs}`, kind: 'refill', amount, atMs, stayId: null });
			}),
		lines: (rightId, limit, beforeLine) =>
			before.all(rightId, beforeLine ?? Number.MAX_SAFE_INTEGER, limit).map(toLine),
		line(rightId, key) {
			const stored = byKey.get(rightId, key);
			return stored && toLine(stored);
		},
	};
}

function toLine(stored: StoredLine): PostedLine {
	return { ...stored, kind: LEDGER_KINDS[stored.kind] ?? ('adjust' satisfies LedgerKind) };
}
