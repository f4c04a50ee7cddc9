import { periodStart, periodsBegun, type RefillPeriod } from './use-period.ts';

/**
 * `hold` takes credits when a grant is decided, `capture` keeps them taken when the vehicle passed, `release` gives them
 * back when it did not. `debit`: an extra one, such as for overstaying. `adjust`: by a person. `carried`: the sum of what
 * was too old to be told line by line.
 */
export const LEDGER_KINDS = ['refill', 'hold', 'capture', 'release', 'debit', 'adjust', 'carried'] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** One line of a wallet; the balance is the sum of the amounts. Integer units. */
export interface LedgerLine {
	/** Posted at most once in one wallet: a repeated posting changes nothing. */
	readonly key: string;
	readonly kind: LedgerKind;
	/** Positive adds. A capture's is 0: its hold took it already. */
	readonly amount: number;
	readonly atMs: number;
	/** The stay or opening it is about. */
	readonly stayId: string | null;
}

export interface WalletState {
	readonly balance: number;
	/** Start of the period it was refilled for last; null: never. */
	readonly refilledMs: number | null;
}

export const EMPTY_WALLET: WalletState = { balance: 0, refilledMs: null };

export interface RefillRule {
	/** What a refill fills up to. */
	readonly refillAmount: number;
	readonly refillPeriod: RefillPeriod | null;
}

/** A refill that is due: of `amount` (0: full enough already), for the period that began then. */
export interface Refill {
	readonly amount: number;
	readonly periodMs: number;
}

/** Taking is allowed down to 0, unless the specification lets a wallet be overdrawn; adding always is. */
export function allowsPosting(balance: number, amount: number, mayOverdraw: boolean): boolean {
	return amount >= 0 || mayOverdraw || balance + amount >= 0;
}

/**
 * Once in each period a wallet is filled up to `refillAmount`, by at most that amount: what is over stays, debts are
 * worked off. Nothing is hoarded, so it is the same whether it was looked at in every period or after a year, and a
 * clock that runs backwards and forwards refills nothing twice.
 */
export function refillDue(
	{ balance, refilledMs }: WalletState,
	{ refillAmount, refillPeriod }: RefillRule,
	atMs: number,
	timeZone: string,
): Refill | null {
	if (refillPeriod === null || refillAmount === 0) return null;
	const periodMs = periodStart(refillPeriod, atMs, timeZone);
	if (refilledMs !== null && periodMs <= refilledMs) return null;
	const periods = refilledMs === null ? 1 : periodsBegun(refillPeriod, refilledMs, atMs, timeZone);
	if (periods < 1) return null;
	const amount = Math.max(0, Math.min(refillAmount, balance + periods * refillAmount) - balance);
	return { amount, periodMs };
}
