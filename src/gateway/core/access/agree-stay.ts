import type { ForgottenExit, Overstay, Price, SharedPlace, StayTerms } from '../stay-terms.ts';
import { runningBooking } from './bookings.ts';
import type { AccessFacts, RightFact } from './facts.ts';
import type { RightCandidate } from './rule-context.ts';
import { limitsOf, type SpecificationLimits } from './specification-limits.ts';
import { groupCounter, holdsShared, isPaid, poolCounter } from './stays.ts';
import { STRATEGY } from './strategy.ts';

const MINUTE_MS = 60_000;

/** Of several rights that open: the stay's own first, then where a place is kept, then what is free; lower is better. */
export function preference(context: RightCandidate): number {
	const { candidate, facts } = context;
	if (isPaid(context, candidate)) return 0;
	if (runningBooking(candidate, facts) !== null || (candidate.keptIn ?? []).length > 0) return 1;
	const { priceMinor } = limitsOf(candidate.specification);
	const costs = candidate.uses !== undefined || candidate.wallet !== undefined || priceMinor !== null;
	return costs ? 3 : 2;
}

/** What a grant at an entry comes to; undefined: nothing but its place. The moment is the decision's: the passage follows in seconds. */
export function agreeStay(context: RightCandidate, enteredFull: string | null): StayTerms | undefined {
	const terms = {
		...(isPaid(context, context.candidate) ? {} : stayAnew(context)),
		...sharedTerms(context),
		...(enteredFull !== null && { enteredFull }),
	};
	return Object.keys(terms).length === 0 ? undefined : terms;
}

function stayAnew({ candidate, facts }: RightCandidate): StayTerms {
	const limits = limitsOf(candidate.specification);
	const { uses, wallet } = candidate;
	const booking = runningBooking(candidate, facts);
	const price = priceOf(limits);
	return {
		...(uses !== undefined && { useAtMs: facts.atMs }),
		...(booking !== null && { bookingId: booking.bookingId }),
		...(wallet !== undefined &&
			wallet.cost > 0 && {
				credits: {
					amount: wallet.cost,
					mayOverdraw: wallet.mayOverdraw,
					...(wallet.refill !== undefined && { refill: wallet.refill }),
				},
			}),
		...(price !== null && { price }),
		...endsOf(candidate, facts, limits),
	};
}

function priceOf({ priceMinor, currency }: SpecificationLimits): Price | null {
	return priceMinor === null || currency === null ? null : { minor: priceMinor, currency };
}

function endsOf(candidate: RightFact, facts: AccessFacts, limits: SpecificationLimits): StayTerms {
	const overstay = overstayOf(candidate, facts, limits);
	const forgottenExit = forgottenExitOf(candidate, facts, limits);
	const { dwellAlarmMin } = limits;
	return {
		...(overstay !== null && { overstay }),
		...(forgottenExit !== null && { forgottenExit }),
		...(candidate.specification?.strategy === 'freePass' &&
			dwellAlarmMin !== null && { dwellAlarmAtMs: facts.atMs + dwellAlarmMin * MINUTE_MS }),
	};
}

/** A booking lasts until its end, a visitor's right while it is valid, any stay no longer than its specification says. */
function overstayOf(candidate: RightFact, facts: AccessFacts, limits: SpecificationLimits): Overstay | null {
	const { specification, right } = candidate;
	if (specification === null || !STRATEGY[specification.strategy].overstays) return null;
	const { defaultStayMin, maxStayMin } = limits;
	const booking = runningBooking(candidate, facts);
	const chosen = specification.strategy === 'onTheFly' ? defaultStayMin : null;
	const lasts = [chosen, maxStayMin].filter((minutes) => minutes !== null);
	const ends = [
		...lasts.map((minutes) => facts.atMs + minutes * MINUTE_MS),
		...(booking === null ? [] : [booking.endMs]),
		...(specification.strategy === 'visitor' && right.validToMs !== null ? [right.validToMs] : []),
	];
	if (ends.length === 0) return null;
	return overstayAt(limits, Math.min(...ends), lasts.length === 0 ? null : Math.min(...lasts) * MINUTE_MS);
}

/** What a stay comes to that is still open then. @param lastsMs after which it is met again, where it costs; null: once */
export function overstayAt(limits: SpecificationLimits, atMs: number, lastsMs: number | null): Overstay {
	const { onOverstay, creditCost: amount, mayOverdraw, refillAmount, refillPeriod } = limits;
	const price = priceOf(limits);
	return {
		atMs,
		does: onOverstay,
		everyMs: onOverstay === 'event' ? null : lastsMs,
		...(onOverstay === 'segment' && price !== null && { price }),
		...(onOverstay === 'debit' && amount > 0 && { credits: { amount, mayOverdraw, refillAmount, refillPeriod } }),
	};
}

/** Where a specification says nothing the site's own rule holds; a fleet vehicle may stay for weeks. */
function forgottenExitOf(
	{ specification }: RightFact,
	{ atMs }: AccessFacts,
	{ forgottenExitMin, forgottenExitCounts }: SpecificationLimits,
): ForgottenExit | null {
	const freesPlace = forgottenExitCounts === 'frees';
	if (forgottenExitMin !== null) return { atMs: atMs + forgottenExitMin * MINUTE_MS, freesPlace };
	return specification?.strategy === 'vehicle' ? { atMs: null, freesPlace } : null;
}

/** Pools and groups share places: who takes none takes none of theirs. */
function sharedTerms(context: RightCandidate): StayTerms {
	const { specification, pool, groups = [] } = context.candidate;
	if (specification === null || !STRATEGY[specification.strategy].counted) return {};
	const shared: readonly SharedPlace[] = [
		...(pool === undefined
			? []
			: [{ counter: poolCounter(pool.id), ...(pool.areaId !== undefined && { areaId: pool.areaId }) }]),
		...groups.map(({ id }) => ({ counter: groupCounter(id) })),
	].filter(({ counter }) => !holdsShared(context, counter));
	return shared.length === 0 ? {} : { shared };
}
