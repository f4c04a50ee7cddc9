import { bookingsHere, hasBegun, isUsable } from './bookings.ts';
import type { Verdict } from './decision.ts';
import type { BookingFact, SharedPlaces } from './facts.ts';
import { entersWhenFull } from './room.ts';
import { fail, LEAVES, NO_CANDIDATE, notApplicable, PASS, type Rule } from './rule.ts';
import { hasRight, type RightCandidate, type RightContext } from './rule-context.ts';
import { groupCounter, holdsShared, isPaid, poolCounter } from './stays.ts';
import { STRATEGY } from './strategy.ts';

const NO_NUMBER = notApplicable('the right has no number of uses');
const FREE = notApplicable('the right costs nothing');
const UNSHARED = notApplicable('the right belongs to none');
const GOES_ON = notApplicable('the stay goes on');
const UNBOOKED = notApplicable('the right needs no booking');

/** Bookings, uses, credit and shared places: what a right costs or needs besides being valid. They are spent at the entry, once a stay. */
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
	oncePerStay('USES_EXHAUSTED', ({ candidate: { uses } }) => {
		if (uses === undefined) return NO_NUMBER;
		return uses.used < uses.allowed ? PASS : fail({ used: uses.used, allowed: uses.allowed });
	}),
	oncePerStay('NO_CREDIT', ({ candidate: { wallet } }) => {
		if (wallet === undefined) return FREE;
		return wallet.mayOverdraw || wallet.balance >= wallet.cost
			? PASS
			: fail({ balance: wallet.balance, cost: wallet.cost });
	}),
	atEntry('POOL_FULL', (context) => {
		const { pool } = context.candidate;
		return pool === undefined ? UNSHARED : sharedPlaces([pool], poolCounter, context);
	}),
	atEntry('GROUP_FULL', (context) => {
		const { groups } = context.candidate;
		return groups === undefined || groups.length === 0 ? UNSHARED : sharedPlaces(groups, groupCounter, context);
	}),
];

function sharedPlaces(
	places: readonly SharedPlaces[],
	counterOf: (id: string) => string,
	context: RightCandidate,
): Verdict {
	const full = places.find(
		({ id, capacity, occupied, reserved }) => occupied + reserved >= capacity && !holdsShared(context, counterOf(id)),
	);
	if (full === undefined) return PASS;
	const { id, capacity, occupied, reserved } = full;
	const detail = { id, capacity, occupied, reserved };
	return entersWhenFull(context.candidate, context.facts) ? { result: 'waived', by: 'right', detail } : fail(detail);
}

function atEntry(
	reason: Rule<RightContext>['reason'],
	evaluate: (context: RightCandidate) => Verdict,
): Rule<RightContext> {
	return {
		reason,
		evaluate: (context) => {
			if (!hasRight(context)) return NO_CANDIDATE;
			if (context.facts.direction === 'exit') return LEAVES;
			return evaluate(context);
		},
	};
}

function oncePerStay(
	reason: Rule<RightContext>['reason'],
	evaluate: (context: RightCandidate) => Verdict,
): Rule<RightContext> {
	return atEntry(reason, (context) => (isPaid(context, context.candidate) ? GOES_ON : evaluate(context)));
}

function bookingRule(
	reason: Rule<RightContext>['reason'],
	holds: (bookings: readonly BookingFact[], atMs: number) => boolean,
): Rule<RightContext> {
	return oncePerStay(reason, ({ candidate, facts }) => {
		const { specification, bookings = [] } = candidate;
		if (specification === null || STRATEGY[specification.strategy].booking !== 'needed') return UNBOOKED;
		const here = bookingsHere(candidate, facts);
		const open = here.filter(({ state }) => state !== 'released');
		const considered = reason === 'NO_BOOKING' ? here : open.length > 0 ? open : here;
		return holds(considered, facts.atMs) ? PASS : fail({ bookings: bookings.length });
	});
}
