import { scheduleState } from '../schedule.ts';
import { runningBooking } from './bookings.ts';
import type { AccessFacts, AreaFact, RightFact } from './facts.ts';
import { STRATEGY } from './strategy.ts';

/** Whether being full stops this right now. */
export function entersWhenFull(candidate: RightFact, facts: AccessFacts): boolean {
	const { specification } = candidate;
	if (specification === null) return false;
	switch (STRATEGY[specification.strategy].entersWhenFull) {
		case 'always':
			return true;
		case 'guaranteed':
			return isGuaranteed(candidate, facts);
		case 'inBooking':
			return runningBooking(candidate, facts) !== null;
		case 'never':
			return false;
	}
}

/** A kept place is kept all day or in set hours, unless its holder gave it up for now. */
export function isGuaranteed(
	{ guaranteedSchedule, releases = [] }: Pick<RightFact, 'guaranteedSchedule' | 'releases'>,
	{ atMs, timeZone }: Pick<AccessFacts, 'atMs' | 'timeZone'>,
): boolean {
	if (releases.some(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)) return false;
	// Hours that are named but unknown here keep nothing.
	if (guaranteedSchedule === undefined) return true;
	return guaranteedSchedule !== null && scheduleState(guaranteedSchedule, atMs, timeZone) === 'inside';
}

/** No place is left for this right: what is kept for others is taken, what is kept for itself is free. */
export function isFull(
	{ areaId, entering, capacity, occupied, reserved, guaranteed = 0, booked = 0 }: AreaFact,
	{ keptIn = [] }: RightFact,
): boolean {
	if (!entering || capacity === null) return false;
	const keptForOthers = guaranteed + booked - (keptIn.includes(areaId) ? 1 : 0);
	return occupied + reserved + Math.max(0, keptForOthers) >= capacity;
}
