import { limitsOf } from '../../core/access/specification-limits.ts';
import { areaChain } from '../../core/area-chain.ts';
import {
	type BookableLevel,
	type BookingConflict,
	bookablePlaces,
	bookingConflict,
	bookingTimes,
	type OtherBooking,
	overlaps,
	promisedSpan,
	type Span,
} from '../../core/booking.ts';
import type { DirectoryRow } from '../../core/directory.ts';
import type { KeepingRight } from '../../core/kept-places.ts';
import { LIMITS } from '../../core/limits.ts';
import { isOpenWithin } from '../../core/schedule-span.ts';
import type { Site } from '../../core/site.ts';
import type { PlannedUse } from '../../store/directory-limit-reads.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import { createKeepers } from './keepers.ts';
import { keptCounters } from './kept-counters.ts';
import { createLimitDirectory } from './limit-directory.ts';

export type Booking = Omit<DirectoryRow<'plannedUses'>, 'note'>;

/** What stands against a booking; `tooLong`: longer than LIMITS.bookingMs. */
export type BookingProblem = BookingConflict | { readonly because: 'tooLong' | 'unknownRight' | 'unknownArea' };

/** Which places can be promised, and whether a booking may be made. */
export interface BookingPlaces {
	/**
	 * Places of an area (and of what encloses it) that can be promised for all of [from, to): its capacity without the
	 * preferential places kept then and the most bookings that overlap. null: it has no limit. undefined: no such area.
	 */
	bookable(areaId: string, span: Span): number | null | undefined;
	/**
	 * null: nothing stands against it. `beside`: bookings of the same batch of edits, which are not in the directory yet.
	 * Asked by the one writer of local edits, so that none is made twice.
	 */
	problemOf(booking: Booking, beside?: readonly Booking[]): BookingProblem | null;
}

export interface BookingPlacesDeps {
	readonly site: Pick<Site, 'areas' | 'parks' | 'timeZone'>;
	readonly directory: Pick<DirectoryReader, 'read' | 'row' | 'version' | 'find' | 'keepingRights' | 'plannedUsesIn'>;
}

export function createBookingPlaces({ site, directory }: BookingPlacesDeps): BookingPlaces {
	const shared = createLimitDirectory(directory);
	const keepers = createKeepers({ site, directory, shared });

	function levelsOf(areaIds: readonly string[], span: Span, uses: readonly PlannedUse[]): readonly BookableLevel[] {
		const rights = keepers.rights(uses).filter((right) => keepsWithin(right, span));
		const bookings = keepers.bookings(uses);
		return areaIds
			.flatMap((areaId) => areaChain(site, areaId))
			.map((link) => ({
				areaId: link.areaId,
				capacity: link.capacity,
				guaranteed: rights.filter(({ counters }) => counters.includes(link.areaId)).length,
				promised: bookings.filter(({ counters }) => counters.includes(link.areaId)).map(promisedSpan),
			}));
	}

	/** At some moment of the span; only who gives the place up for all of it frees it. */
	function keepsWithin({ validFromMs, validToMs, guaranteedSchedule, releases }: KeepingRight, span: Span): boolean {
		if ((validFromMs ?? span.fromMs) >= span.toMs || (validToMs ?? span.toMs) <= span.fromMs) return false;
		if (releases.some(({ startMs, endMs }) => startMs <= span.fromMs && span.toMs <= endMs)) return false;
		if (guaranteedSchedule === undefined) return true;
		return guaranteedSchedule !== null && isOpenWithin(guaranteedSchedule, span, site.timeZone);
	}

	/** Grace may reach a day before the start. */
	function usesAround({ fromMs, toMs }: Span): readonly PlannedUse[] {
		return directory.plannedUsesIn(fromMs - LIMITS.bookingMs, toMs + DAY_MS, fromMs, LIMITS.keptPlaces);
	}

	function problemOf(booking: Booking, beside: readonly Booking[]): BookingProblem | null {
		if (booking.kind !== 'booking' || booking.state !== 'planned') return null;
		if (booking.endMs - booking.startMs > LIMITS.bookingMs) return { because: 'tooLong' };
		const right = directory.row('assignedRights', booking.rightId);
		const specification = right === undefined ? null : shared.row('rightSpecifications', right.specificationId);
		if (right === undefined || specification === null) return { because: 'unknownRight' };
		const { areaId, spaceId } = booking;
		if (areaId !== null && areaChain(site, areaId).length === 0) return { because: 'unknownArea' };
		const limits = limitsOf(specification);
		const times = bookingTimes(booking, limits);
		const span = promisedSpan(times);
		const besides = beside.map((other) => ({ ...other, specificationId: specificationOf(other.rightId) }));
		const changed = new Set([booking.id, ...beside.map(({ id }) => id)]);
		const uses = [...usesAround(span).filter(({ id }) => !changed.has(id)), ...besides].filter(
			({ id, kind, state }) => id !== booking.id && (kind === 'release' || state === 'planned'),
		);
		const levels = levelsWithout(right.id, areaIdsOf(areaId, spaceId, specification.areaIds), span, uses);
		const others = uses.filter(({ kind }) => kind === 'booking').map(otherBooking);
		return bookingConflict({ ...booking, ...times }, others, levels, limits.staysAtOnce);
	}

	/** Whose place is kept anyway takes no further one. */
	function levelsWithout(rightId: string, areaIds: readonly string[], span: Span, uses: readonly PlannedUse[]) {
		const own = keepers.rights(uses).find((right) => right.rightId === rightId && keepsWithin(right, span));
		return levelsOf(areaIds, span, uses).map((level) =>
			own?.counters.includes(level.areaId) ? { ...level, guaranteed: level.guaranteed - 1 } : level,
		);
	}

	function specificationOf(rightId: string): string | null {
		return directory.row('assignedRights', rightId)?.specificationId ?? null;
	}

	function otherBooking(use: PlannedUse): OtherBooking {
		const specification = use.specificationId === null ? null : shared.row('rightSpecifications', use.specificationId);
		return { ...use, ...bookingTimes(use, limitsOf(specification)) };
	}

	function areaIdsOf(areaId: string | null, spaceId: string | null, ofRight: readonly string[]): readonly string[] {
		if (areaId !== null) return [areaId];
		return keptCounters(site, { spaceId, areaIds: ofRight }).filter((id) => site.areas.some((area) => area.id === id));
	}

	return {
		bookable(areaId, span) {
			if (areaChain(site, areaId).length === 0) return undefined;
			return directory.read(() => {
				const uses = usesAround(span).filter((use) =>
					overlaps({ fromMs: use.startMs - DAY_MS, toMs: use.endMs }, span),
				);
				return bookablePlaces(levelsOf([areaId], span, uses), span);
			});
		},
		problemOf: (booking, beside = []) => directory.read(() => problemOf(booking, beside)),
	};
}

const DAY_MS = 86_400_000;
