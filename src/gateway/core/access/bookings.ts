import type { AccessFacts, BookingFact, RightFact } from './facts.ts';
import { STRATEGY } from './strategy.ts';

/** Its window has begun: the start, or the grace before it. */
export function hasBegun({ startMs, graceMs }: BookingFact, atMs: number): boolean {
	return atMs >= startMs - graceMs;
}

/** Nobody came in time: its place went to others. */
function isNoShow({ state, noShowMs }: BookingFact, atMs: number): boolean {
	return state === 'planned' && noShowMs !== undefined && atMs > noShowMs;
}

export function isUsable(booking: BookingFact, atMs: number): boolean {
	return booking.state === 'planned' && atMs <= booking.endMs && !isNoShow(booking, atMs);
}

/** Bookings on the way this lane leads: of an area it enters, or of one further in. */
export function bookingsHere({ bookings = [] }: RightFact, { areas }: AccessFacts): readonly BookingFact[] {
	return bookings.filter(({ areaIds }) => {
		const [booked] = areaIds ?? [];
		if (areaIds === undefined || booked === undefined) return true;
		const [entered] = areas;
		return areas.some(({ areaId }) => areaId === booked) || (entered !== undefined && areaIds.includes(entered.areaId));
	});
}

/** The planned use that is running, and not yet used up. */
export function runningBooking(candidate: RightFact, facts: AccessFacts): BookingFact | null {
	const { specification } = candidate;
	if (specification === null || STRATEGY[specification.strategy].booking === 'unused') return null;
	const { atMs } = facts;
	return bookingsHere(candidate, facts).find((b) => hasBegun(b, atMs) && isUsable(b, atMs)) ?? null;
}
