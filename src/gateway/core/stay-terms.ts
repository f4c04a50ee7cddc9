import type { Refill, RefillRule } from './ledger.ts';

/**
 * What a grant costs and promises besides places in areas: reserved together with them, captured by the passage, given
 * back when none happens. Absent parts: nothing of the kind.
 */
export interface StayTerms {
	/** Counts as one of the right's uses, at this moment. */
	readonly useAtMs?: number;
	/** Uses up this planned use. */
	readonly bookingId?: string;
	readonly credits?: CreditCost;
	/** Recorded with the stay, for invoicing. */
	readonly price?: Price;
	/** One place of each of these pools and groups. */
	readonly shared?: readonly SharedPlace[];
	readonly overstay?: Overstay;
	/** UTC epoch ms; a free pass that is still inside then is told. */
	readonly dwellAlarmAtMs?: number;
	readonly forgottenExit?: ForgottenExit;
	/** This area was full: the right let it in all the same. */
	readonly enteredFull?: string;
}

export interface CreditCost {
	readonly amount: number;
	readonly mayOverdraw: boolean;
	/** Due before the credits are taken. */
	readonly refill?: Refill;
}

/** Integer minor units of an ISO 4217 currency. */
export interface Price {
	readonly minor: number;
	readonly currency: string;
}

export interface SharedPlace {
	readonly counter: string;
	/** It is left together with this area; absent: with the site. */
	readonly areaId?: string;
}

/** What happens when a stay is longer than it may be. */
export interface Overstay {
	readonly atMs: number;
	readonly does: 'event' | 'segment' | 'debit';
	/** After the first time again after each such while, ms; null: once. */
	readonly everyMs: number | null;
	/** What a further segment costs, or an extra debit. */
	readonly price?: Price;
	readonly credits?: ExtraDebit;
}

export interface ExtraDebit extends RefillRule {
	readonly amount: number;
	readonly mayOverdraw: boolean;
}

export interface ForgottenExit {
	/** UTC epoch ms; null: it is never taken for forgotten. */
	readonly atMs: number | null;
	readonly freesPlace: boolean;
}
