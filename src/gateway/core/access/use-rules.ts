import type { Verdict } from './decision.ts';
import type { BookingFact, RightFact, SharedPlaces } from './facts.ts';
import { fail, notApplicable, PASS, type Rule } from './rule.ts';
import type { RightContext } from './rule-context.ts';
import { STRATEGY } from './strategy.ts';

/** Bookings, uses and credit: what a right costs or needs besides being valid. They are spent at the entry. */
export const useRules: readonly Rule<RightContext>[] = [
	bookingRule('NO_BOOKING', (bookings) => bookings.length > 0),
	bookingRule(
		'BOOKING_TOO_EARLY',
		(bookings, atMs) => bookings.length === 0 || bookings.some((booking) => hasBegun(booking, atMs)),
	),
	bookingRule('BOOKING_EXPIRED', (bookings, atMs) => {
		const begun = bookings.filter((booking) => hasBegun(booking, atMs));
		return begun.length === 0 || begun.some((booking) => isUsable(booking, atMs));
	}),
	atEntry('USES_EXHAUSTED', ({ uses }) => {
		if (uses === undefined) return notApplicable('the right has no number of uses');
		return uses.used < uses.allowed ? PASS : fail(uses);
	}),
	atEntry('NO_CREDIT', ({ wallet }) => {
		if (wallet === undefined) return notApplicable('the right costs nothing');
		return wallet.mayOverdraw || wallet.balance >= wallet.cost
			? PASS
			: fail({ balance: wallet.balance, cost: wallet.cost });
	}),
	atEntry('POOL_FULL', (right, context) => sharedPlaces(right.pool, right, context)),
	atEntry('GROUP_FULL', (right, context) => sharedPlaces(right.group, right, context)),
];

/** The planned use that is running, and not yet used up. */
export function runningBooking({ bookings = [] }: RightFact, atMs: number): BookingFact | null {
	return bookings.find((booking) => hasBegun(booking, atMs) && isUsable(booking, atMs)) ?? null;
}

/** Whether being full stops this right now. */
export function entersWhenFull(candidate: RightFact, atMs: number): boolean {
	const { specification } = candidate;
	if (specification === null) return false;
	const when = STRATEGY[specification.strategy].entersWhenFull;
	return when === 'always' || (when === 'inBooking' && runningBooking(candidate, atMs) !== null);
}

function sharedPlaces(places: SharedPlaces | undefined, candidate: RightFact, { facts }: RightContext): Verdict {
	if (places === undefined) return notApplicable('the right belongs to none');
	const { id, capacity, occupied, reserved } = places;
	if (occupied + reserved < capacity) return PASS;
	const detail = { id, capacity, occupied, reserved };
	return entersWhenFull(candidate, facts.atMs) ? { result: 'waived', by: 'right', detail } : fail(detail);
}

function hasBegun({ startMs, graceMs }: BookingFact, atMs: number): boolean {
	return atMs >= startMs - graceMs;
}

function isUsable({ endMs, state }: BookingFact, atMs: number): boolean {
	return state === 'planned' && atMs <= endMs;
}

function atEntry(
	reason: Rule<RightContext>['reason'],
	evaluate: (candidate: RightFact, context: RightContext) => Verdict,
): Rule<RightContext> {
	return {
		reason,
		evaluate: (context) => {
			if (context.candidate === null) return notApplicable('there is no right to look at');
			if (context.facts.direction === 'exit') return notApplicable('the vehicle leaves');
			return evaluate(context.candidate, context);
		},
	};
}

function bookingRule(
	reason: Rule<RightContext>['reason'],
	holds: (bookings: readonly BookingFact[], atMs: number) => boolean,
): Rule<RightContext> {
	return atEntry(reason, ({ specification, bookings = [] }, { facts }) => {
		if (specification === null || STRATEGY[specification.strategy].booking !== 'needed') {
			return notApplicable('the right needs no booking');
		}
		const open = bookings.filter(({ state }) => state !== 'released');
		const considered = reason === 'NO_BOOKING' ? bookings : open.length > 0 ? open : bookings;
		return holds(considered, facts.atMs) ? PASS : fail({ bookings: bookings.length });
	});
}
