import { limitsOf } from '../../core/access/specification-limits.ts';
import { areaChain } from '../../core/area-chain.ts';
import {
	type BookableLevel,
	type BookingConflict,
	bookablePlaces,
	bookingConflict,
	bookingTimes,
	overlaps,
	promisedSpan,
	type Span,
	type Spans,
	type WantedBooking,
} from '../../core/booking.ts';
import type { DirectoryRow } from '../../core/directory.ts';
import type { KeepingRight } from '../../core/kept-places.ts';
import { LIMITS } from '../../core/limits.ts';
import { isOpenWithin } from '../../core/schedule-span.ts';
import type { Site } from '../../core/site.ts';
import { type PlannedUse, USES_OF_ONE } from '../../store/directory-limit-reads.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import { createKeepers } from './keepers.ts';
import { createCounters, keptCounters } from './kept-counters.ts';
import { createLimitDirectory } from './limit-directory.ts';

export type Booking = Omit<DirectoryRow<'plannedUses'>, 'note'>;

/** What stands against a booking; `tooLong`: longer than LIMITS.bookingMs. */
export type BookingProblem =
	| BookingConflict
	| { readonly because: 'tooLong' | 'unknownRight' | 'unknownArea' }
	/** The space is kept for somebody else's right, who did not give it up for all of this time. */
	| { readonly because: 'spaceKept' };

/** Who wants a space, and when. */
export interface SpaceWish extends Span {
	/** The holder and the vehicle: what is kept for them is theirs to book. */
	readonly holderIds: readonly (string | null)[];
	/** Of a booking that is moved: its own. */
	readonly exceptBookingId?: string;
}

/** Which places can be promised, and whether a booking may be made. */
export interface BookingPlaces {
	/**
	 * Places of an area (and of what encloses it) that can be promised for all of [from, to): its capacity without the
	 * preferential places kept then and the most bookings that overlap. null: it has no limit. undefined: no such area.
	 */
	bookable(areaId: string, span: Span): number | null | undefined;
	/** Spaces that are booked or kept for others at some moment of the span. */
	takenSpaces(wish: SpaceWish): ReadonlySet<string>;
	/** A booking of others stands in this space, which is kept for somebody then. */
	isSpacePromised(spaceId: string, span: Span): boolean;
	/** null: nothing stands against it. Asked by the one writer of local edits, so that none is made twice. */
	problemOf(booking: Booking): BookingProblem | null;
}

export interface BookingPlacesDeps {
	readonly site: Pick<Site, 'areas' | 'parks' | 'timeZone'>;
	readonly directory: BookingDirectory;
}

export type BookingDirectory = Pick<DirectoryReader, 'read' | 'row' | 'version' | 'find' | 'keepingRights'> &
	Pick<DirectoryReader, 'plannedUsesIn' | 'plannedUsesOf' | 'plannedUsesOfVehicle' | 'bookedAtMost'> &
	Pick<DirectoryReader, 'specificationIdOf' | 'longestGraceMin'>;

export function createBookingPlaces({ site, directory }: BookingPlacesDeps): BookingPlaces {
	const shared = createLimitDirectory(directory);
	const keepers = createKeepers({ site, directory, shared });

	/** At some moment of the span; only who gives the place up for all of it frees it. */
	function keepsWithin({ validFromMs, validToMs, guaranteedSchedule, releases }: KeepingRight, span: Span): boolean {
		if ((validFromMs ?? span.fromMs) >= span.toMs || (validToMs ?? span.toMs) <= span.fromMs) return false;
		if (releases.some(({ startMs, endMs }) => startMs <= span.fromMs && span.toMs <= endMs)) return false;
		if (guaranteedSchedule === undefined) return true;
		return guaranteedSchedule !== null && isOpenWithin(guaranteedSchedule, span, site.timeZone);
	}

	/** `uses`: those that give a place up. `exceptOf`: whose place is kept anyway takes no further one. */
	function levelsOf(
		{ areaIds, span, exceptOf }: { areaIds: readonly string[]; span: Span; exceptOf: string | null },
		uses: readonly PlannedUse[],
		promised: Iterable<{ readonly counters: readonly string[]; readonly spans: Spans }>,
	): readonly BookableLevel[] {
		const rights = keepers.rights(uses).filter((right) => keepsWithin(right, span));
		const own = rights.find(({ rightId }) => rightId === exceptOf)?.counters ?? [];
		const byCounter = new Map<string, Spans[]>();
		for (const { counters, spans } of promised) {
			for (const counter of counters) byCounter.getOrInsertComputed(counter, () => []).push(spans);
		}
		return areaIds
			.flatMap((areaId) => areaChain(site, areaId))
			.map(({ areaId, capacity }) => {
				const kept = rights.filter(({ counters }) => counters.includes(areaId)).length;
				const guaranteed = kept - (own.includes(areaId) ? 1 : 0);
				return { areaId, capacity, guaranteed, promised: byCounter.get(areaId) ?? [] };
			});
	}

	/** Spaces that are kept at some moment of the span, for others than these holders. */
	function keptSpaces(uses: readonly PlannedUse[], { holderIds, ...span }: SpaceWish): readonly string[] {
		return keepers.rights(uses).flatMap((right) => {
			const { spaceId = null, rightId } = right;
			if (spaceId === null || !keepsWithin(right, span)) return [];
			const holderId = directory.row('assignedRights', rightId)?.holderId;
			return holderId !== undefined && holderIds.includes(holderId) ? [] : [spaceId];
		});
	}

	function takenSpaces(wish: SpaceWish): ReadonlySet<string> {
		const uses = directory.plannedUsesIn(wish.fromMs, wish.toMs, LIMITS.keptPlaces);
		const booked = uses.flatMap(({ id, kind, state, spaceId, startMs, endMs }) => {
			const meets = overlaps({ fromMs: startMs, toMs: endMs }, wish);
			const isOther = kind === 'booking' && state === 'planned' && id !== wish.exceptBookingId;
			return isOther && meets && spaceId !== null ? [spaceId] : [];
		});
		return new Set([...booked, ...keptSpaces(uses, wish)]);
	}

	function isSpacePromised(spaceId: string, span: Span): boolean {
		const uses = directory.plannedUsesIn(span.fromMs, span.toMs, LIMITS.keptPlaces);
		return uses.some((use) => {
			const [fromMs, toMs] = [use.startMs, use.endMs];
			if (use.kind !== 'booking' || use.state !== 'planned' || use.spaceId !== spaceId) return false;
			if (!overlaps({ fromMs, toMs }, span)) return false;
			const around = directory.plannedUsesIn(fromMs, toMs, LIMITS.keptPlaces);
			return keptSpaces(around, { fromMs, toMs, holderIds: [use.holderId, use.vehicleId] }).includes(spaceId);
		});
	}

	/** Kept, as it can be told without what else is booked. */
	function isKeptForAnother({ spaceId, startMs, endMs, holderId, vehicleId }: Booking): boolean {
		if (spaceId === null) return false;
		const uses = directory.plannedUsesIn(startMs, endMs, LIMITS.keptPlaces);
		const wish = { fromMs: startMs, toMs: endMs, holderIds: [holderId, vehicleId] };
		return keptSpaces(uses, wish).includes(spaceId);
	}

	function promisedTo(uses: readonly PlannedUse[]) {
		return keepers.bookings(uses).map((booking) => ({ counters: booking.counters, spans: promisedSpan(booking) }));
	}

	/** With what may have a place within the span though its own time begins after it. */
	function withGrace({ fromMs, toMs }: Span): readonly [number, number] {
		return [fromMs, toMs + directory.longestGraceMin() * MINUTE_MS];
	}

	/**
	 * There is room though all others have the longest grace, may stand anywhere, came, and gave no place up: told by
	 * counting those alike, without reading each. false: it is not certain.
	 */
	function isCertain(wanted: WantedBooking, areaIds: readonly string[]): boolean {
		const span = promisedSpan(wanted);
		const booked = directory.bookedAtMost(...withGrace(span), LIMITS.keptPlaces);
		const isOfSpace = booked.some(({ spaceId }) => spaceId !== null && spaceId === wanted.spaceId);
		if (isOfSpace || booked.length === LIMITS.keptPlaces || isMet(wanted)) return false;
		const graceMs = directory.longestGraceMin() * MINUTE_MS;
		const countersOf = createCounters(site);
		const promised = booked.map(({ areaId, spaceId, startMs, endMs, times }) => ({
			counters: countersOf(spaceId, areaId ?? ANYWHERE),
			spans: { fromMs: startMs - graceMs, toMs: endMs, times },
		}));
		const levels = levelsOf({ areaIds, span, exceptOf: wanted.rightId }, [], promised);
		return bookingConflict(wanted, [], levels, 1) === null;
	}

	/** Its right or its vehicle has another booking then. */
	function isMet({ id, rightId, vehicleId, startMs, endMs }: WantedBooking): boolean {
		const around = [startMs - LIMITS.bookingMs, endMs] as const;
		const others = [
			...directory.plannedUsesOf(rightId, ...around),
			...(vehicleId === null ? [] : directory.plannedUsesOfVehicle(vehicleId, ...around)),
		];
		// Of more not all are given.
		if (others.length >= USES_OF_ONE) return true;
		const isBooked = others.filter(({ kind, state }) => kind === 'booking' && state === 'planned');
		return isBooked.some((other) => other.id !== id && other.endMs > startMs);
	}

	function problemOf(booking: Booking): BookingProblem | null {
		if (booking.kind !== 'booking' || booking.state !== 'planned') return null;
		if (booking.endMs - booking.startMs > LIMITS.bookingMs) return { because: 'tooLong' };
		const right = directory.row('assignedRights', booking.rightId);
		const specification = right === undefined ? null : shared.row('rightSpecifications', right.specificationId);
		if (right === undefined || specification === null) return { because: 'unknownRight' };
		const { areaId, spaceId } = booking;
		if (areaId !== null && areaChain(site, areaId).length === 0) return { because: 'unknownArea' };
		if (isKeptForAnother(booking)) return { because: 'spaceKept' };
		const limits = limitsOf(specification);
		const wanted = { ...booking, ...bookingTimes(booking, limits) };
		const areaIds = areaIdsOf(areaId, spaceId, specification.areaIds);
		if (isCertain(wanted, areaIds)) return null;
		const span = promisedSpan(wanted);
		const uses = directory
			.plannedUsesIn(...withGrace(span), LIMITS.keptPlaces)
			.filter(({ id, kind, state }) => id !== booking.id && (kind === 'release' || state === 'planned'));
		const others = uses.filter(({ kind }) => kind === 'booking');
		const levels = levelsOf({ areaIds, span, exceptOf: right.id }, uses, promisedTo(uses));
		return bookingConflict(wanted, others, levels, limits.staysAtOnce);
	}

	function areaIdsOf(areaId: string | null, spaceId: string | null, ofRight: readonly string[]): readonly string[] {
		if (areaId !== null) return [areaId];
		return keptCounters(site, { spaceId, areaIds: ofRight }).filter((id) => site.areas.some((area) => area.id === id));
	}

	return {
		bookable(areaId, span) {
			if (areaChain(site, areaId).length === 0) return undefined;
			return directory.read(() => {
				const uses = directory.plannedUsesIn(...withGrace(span), LIMITS.keptPlaces);
				return bookablePlaces(levelsOf({ areaIds: [areaId], span, exceptOf: null }, uses, promisedTo(uses)), span);
			});
		},
		takenSpaces: (wish) => directory.read(() => takenSpaces(wish)),
		isSpacePromised: (spaceId, span) => directory.read(() => isSpacePromised(spaceId, span)),
		problemOf: (booking) => directory.read(() => problemOf(booking)),
	};
}

const MINUTE_MS = 60_000;
/** No areas: wherever there are some. */
const ANYWHERE: readonly string[] = [];
