import type { StayEntry, StayEvent } from '../../core/journal.ts';
import type { StayTerms } from '../../core/stay-terms.ts';
import type { Reservation } from '../../store/occupancy.ts';
import type { SiteStore } from '../../store/site-store.ts';

type Stores = Pick<SiteStore, 'journal' | 'wallets' | 'consumption' | 'stayDeadlines'>;

/** Who stays by which right. */
export interface Stay {
	readonly id: string;
	readonly holderId: string | null;
	readonly rightId: string;
	readonly decisionId: string | null;
	readonly sinceMs: number;
}

export interface StayCosts {
	/** A grant was decided: what it will cost is taken, until it is known whether a vehicle passes. */
	hold(reservation: Reservation): void;
	/** Nobody passed: it is given back. */
	release(reservation: Reservation): void;
	/** The vehicle passed: what was held stays taken, and what the stay promises begins. */
	capture(reservation: Reservation, stay: Stay, atMs: number): void;
}

/**
 * Reserve, then capture or release, of what a right costs besides places (uses and bookings are held by the
 * reservation itself). Everything is named after the opening or the stay, so a repetition changes nothing.
 */
export function createStayCosts(store: Stores): StayCosts {
	const { wallets, consumption, stayDeadlines } = store;

	function hold({ id, rightId, terms, atMs }: Reservation): void {
		if (rightId === undefined || terms?.credits === undefined) return;
		const { amount, mayOverdraw, refill } = terms.credits;
		if (refill !== undefined) wallets.refill(rightId, refill, atMs);
		wallets.post(rightId, { key: `${id}.hold`, kind: 'hold', amount: -amount, atMs, stayId: id }, mayOverdraw);
	}

	/** What this opening really took: a grant that was journalled late may have found too little. */
	function heldOf({ id, rightId }: Reservation): number {
		return rightId === undefined ? 0 : -(wallets.line(rightId, `${id}.hold`)?.amount ?? 0);
	}

	function release(reservation: Reservation): void {
		const { id, rightId, terms } = reservation;
		if (rightId === undefined || terms?.credits === undefined) return;
		const amount = heldOf(reservation);
		if (amount === 0) return;
		const { atMs } = reservation;
		wallets.post(rightId, { key: `${id}.release`, kind: 'release', amount, atMs, stayId: id }, true);
	}

	function capture(reservation: Reservation, stay: Stay, atMs: number): void {
		const { terms } = reservation;
		if (terms === undefined) return;
		const { price, bookingId = null } = terms;
		const record = (event: StayEvent, detail: StayEntry['detail'] = {}) => {
			store.journal.append(stayEntry(`${reservation.id}.${event}`, stay, event, atMs, detail, bookingId));
		};
		const detail = { ...captureCredits(reservation, stay, terms, atMs), ...captureUse(stay, terms) };
		if (price !== undefined || terms.credits !== undefined) {
			const { id: stayId, rightId, holderId } = stay;
			const credits = heldOf(reservation);
			consumption.charge({ stayId, rightId, segment: 0, holderId, atMs, price: price ?? null, credits });
		}
		const charged = { ...detail, ...(price !== undefined && { price: price.minor, currency: price.currency }) };
		if (Object.keys(charged).length > 0 || bookingId !== null) record('charged', charged);
		if (terms.credits !== undefined && !('credits' in detail)) record('unpaid', { credits: terms.credits.amount });
		if (bookingId !== null && !consumption.useBooking({ bookingId, state: 'used', stayId: stay.id, atMs })) {
			record('bookingTaken');
		}
		if (terms.enteredFull !== undefined) record('enteredFull', { area: terms.enteredFull });
		beginDeadlines(stay, terms);
	}

	function captureCredits(reservation: Reservation, stay: Stay, { credits }: StayTerms, atMs: number) {
		if (credits === undefined) return {};
		const taken = heldOf(reservation);
		if (taken === 0) return {};
		const key = `${reservation.id}.capture`;
		wallets.post(stay.rightId, { key, kind: 'capture', amount: 0, atMs, stayId: stay.id }, true);
		return { credits: taken };
	}

	function captureUse(stay: Stay, { useAtMs }: StayTerms) {
		if (useAtMs === undefined) return {};
		consumption.use(stay.rightId, stay.id, useAtMs);
		return { use: true };
	}

	function beginDeadlines({ id: stayId, rightId, sinceMs }: Stay, terms: StayTerms): void {
		const common = { stayId, rightId, times: 0 };
		const { overstay, dwellAlarmAtMs, forgottenExit } = terms;
		if (overstay !== undefined) {
			stayDeadlines.set({ ...common, kind: 'overstay', dueAtMs: overstay.atMs, detail: overstay });
		}
		if (dwellAlarmAtMs !== undefined) {
			stayDeadlines.set({ ...common, kind: 'dwell', dueAtMs: dwellAlarmAtMs, detail: { sinceMs } });
		}
		if (forgottenExit !== undefined) {
			stayDeadlines.set({ ...common, kind: 'forgotten', dueAtMs: forgottenExit.atMs, detail: forgottenExit });
		}
	}

	return { hold, release, capture };
}

/** `id`: at most 64 characters, as central takes it. */
export function stayEntry(
	id: string,
	{ id: stayId, holderId, rightId, decisionId }: Stay,
	event: StayEvent,
	atMs: number,
	detail: StayEntry['detail'] = {},
	bookingId: string | null = null,
): StayEntry {
	const about = { stayId, bookingId, decisionId, holderId, rightId };
	return { type: 'stay', class: 'decision', id, atMs, event, ...about, detail };
}
