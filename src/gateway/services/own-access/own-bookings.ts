import type { DirectoryRow } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Site } from '../../core/site.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { BookingView } from '../bookings/booking-view.ts';
import type { BookingAnswer, BookingChange, BookingRight, Bookings, FreeSpace } from '../bookings/bookings.ts';
import type { EditBy, EditProblem } from '../directory/directory-edits.ts';
import { areaOfSpace } from '../stays/kept-counters.ts';
import type { OwnAccessRules } from './own-access-rules.ts';

/** One of somebody's own bookings, or a time for which they gave their place up. */
export type OwnBooking = Pick<
	BookingView,
	'id' | 'kind' | 'startMs' | 'endMs' | 'state' | 'note' | 'vehicleName' | 'specificationName' | 'areaIds' | 'spaceId'
> &
	Pick<BookingView, 'rightId' | 'areaId' | 'vehicleId'>;

export interface OwnBookingWish {
	/** Left out: the only one that fits. */
	readonly rightId?: string | undefined;
	readonly areaId: string | null;
	/** One space of their choice; left out or null: any place. */
	readonly spaceId?: string | null | undefined;
	readonly vehicleId: string | null;
	readonly startMs: number;
	readonly endMs: number;
	readonly note: string | null;
}

export interface OwnReleaseWish extends Pick<OwnBookingWish, 'startMs' | 'endMs' | 'note'> {
	readonly rightId: string;
}

/** What is left out stays. Another area or vehicle takes another space. */
export type OwnMoveWish = { readonly [K in keyof Omit<OwnBookingWish, 'rightId'>]?: OwnBookingWish[K] | undefined };

export interface OwnSpacesWish extends Pick<OwnBookingWish, 'rightId' | 'vehicleId' | 'startMs' | 'endMs'> {
	/** Of a booking that is moved: its own space is free for it. */
	readonly bookingId?: string | undefined;
}

export type OwnBookingAnswer = { readonly result: 'done'; readonly booking: OwnBooking } | OwnBookingRefusal;

export type OwnBookingRefusal =
	/** They have no such booking, right or vehicle: also told of those that are somebody else's. */
	| { readonly result: 'notFound'; readonly what: 'booking' | 'right' | 'vehicle' }
	/** The site lets nobody book for themselves, or they have as many bookings to come as one may. */
	| { readonly result: 'notAllowed' | 'tooMany' }
	/** It was released, is over, or nobody came in time: it can't be moved. */
	| { readonly result: 'ended' }
	| { readonly result: 'refused'; readonly problems: readonly EditProblem[] };

interface Deps {
	readonly site: Pick<Site, 'areas'>;
	readonly bookings: Pick<Bookings, 'get' | 'book' | 'move' | 'giveUp' | 'release'> &
		Pick<Bookings, 'rightsFor' | 'keptRightsOf' | 'freeSpaces'>;
	readonly directory: Pick<DirectoryReader, 'read' | 'row' | 'find'>;
	readonly rules: () => OwnAccessRules;
	/** That may be booked by them. */
	readonly vehicleIds: (holder: DirectoryRow<'holders'>) => readonly string[];
	readonly nowMs: () => number;
}

/** What of the past is still shown. */
const SHOWN_AFTER_MS = 31 * 86_400_000;

export function createOwnBookings({ site, bookings, directory, rules, vehicleIds, nowMs }: Deps) {
	function all(holderId: string): readonly BookingView[] {
		return directory.read(() =>
			directory
				.find('plannedUses', { holderId }, LIMITS.personRows)
				// What became of it is only looked up of what is shown.
				.filter((id) => (directory.row('plannedUses', id)?.endMs ?? 0) > nowMs() - SHOWN_AFTER_MS)
				.flatMap((id) => bookings.get(id) ?? [])
				.filter((booking) => booking.holderId === holderId)
				.toSorted((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1)),
		);
	}

	const isToCome = ({ state, endMs }: BookingView) => state === 'planned' && endMs > nowMs();

	/** None of a row that is not theirs: of what stands against it only why. */
	function settled(answer: BookingAnswer): OwnBookingAnswer {
		if (answer.result === 'done') return { result: 'done', booking: shown(answer.booking) };
		return { result: 'refused', problems: answer.problems.map(withoutOthers) };
	}

	function mayMake(holderId: string): OwnBookingAnswer | undefined {
		if (!rules().mayBook) return { result: 'notAllowed' };
		return all(holderId).filter(isToCome).length >= LIMITS.ownBookings ? { result: 'tooMany' } : undefined;
	}

	/** Theirs; a time for which they gave a place up is none. */
	function ownBooking(holderId: string, bookingId: string): BookingView | undefined {
		const booking = bookings.get(bookingId);
		return booking?.holderId === holderId && booking.kind === 'booking' ? booking : undefined;
	}

	/** A space stands in one area, whatever else was chosen before. */
	function placeOf(areaId: string | null, spaceId: string | null) {
		return { spaceId, areaId: areaId ?? (spaceId === null ? null : (areaOfSpace(site, spaceId) ?? null)) };
	}

	/** What of the place changes with a move. */
	function movedPlace({ areaId, spaceId }: OwnMoveWish, was: BookingView): Pick<BookingChange, 'areaId' | 'spaceId'> {
		if (spaceId !== undefined) return placeOf(areaId ?? (spaceId === null ? was.areaId : null), spaceId);
		return areaId === undefined || areaId === was.areaId ? {} : { areaId, spaceId: null };
	}

	return {
		/** Those to come first, by their beginning, then the latest of the past. */
		list(holderId: string): readonly OwnBooking[] {
			const views = all(holderId);
			const isAhead = ({ endMs, state }: BookingView) => endMs > nowMs() && state !== 'released';
			const past = views.filter((view) => !isAhead(view)).toReversed();
			return [...views.filter(isAhead), ...past].slice(0, LIMITS.ownBookingsShown).map(shown);
		},
		/** By which of their rights, or of the vehicle's, something can be booked. */
		rights: (holderId: string, vehicleId: string | null): readonly BookingRight[] =>
			bookings.rightsFor(holderId, vehicleId),
		book(holder: DirectoryRow<'holders'>, wish: OwnBookingWish, by: EditBy): OwnBookingAnswer {
			const { rightId, vehicleId, ...rest } = wish;
			const refusal = mayMake(holder.id);
			if (refusal !== undefined) return refusal;
			if (vehicleId !== null && !vehicleIds(holder).includes(vehicleId)) return { result: 'notFound', what: 'vehicle' };
			const own = bookings.rightsFor(holder.id, vehicleId);
			if (rightId !== undefined && !own.some(({ id }) => id === rightId)) return { result: 'notFound', what: 'right' };
			const place = placeOf(rest.areaId, rest.spaceId ?? null);
			const request = { ...rest, ...place, vehicleId, holderId: holder.id };
			return settled(bookings.book(rightId === undefined ? request : { ...request, rightId }, by));
		},
		move(holder: DirectoryRow<'holders'>, bookingId: string, wish: OwnMoveWish, by: EditBy): OwnBookingAnswer {
			const was = ownBooking(holder.id, bookingId);
			if (was === undefined) return { result: 'notFound', what: 'booking' };
			if (!rules().mayBook) return { result: 'notAllowed' };
			if (was.state !== 'planned' && was.state !== 'in' && was.state !== 'overdue') return { result: 'ended' };
			const { startMs = was.startMs, endMs = was.endMs, vehicleId = was.vehicleId, note = was.note } = wish;
			const isTheirs = vehicleId === null || vehicleId === was.vehicleId || vehicleIds(holder).includes(vehicleId);
			if (!isTheirs) return { result: 'notFound', what: 'vehicle' };
			const change = { startMs, endMs, vehicleId, note, ...movedPlace(wish, was) };
			return settled(bookings.move(bookingId, change, by));
		},
		/** That they could book now by this right, or by any of theirs. */
		freeSpaces(holder: DirectoryRow<'holders'>, wish: OwnSpacesWish): readonly FreeSpace[] {
			const { rightId, vehicleId, startMs: fromMs, endMs: toMs, bookingId } = wish;
			const theirs = vehicleId === null || vehicleIds(holder).includes(vehicleId) ? vehicleId : null;
			const rights = bookings.rightsFor(holder.id, theirs).filter(({ id }) => rightId === undefined || id === rightId);
			if (rights.length === 0 || toMs <= fromMs || toMs - fromMs > LIMITS.bookingMs) return [];
			const areaIds = rights.some((right) => right.areaIds.length === 0)
				? []
				: rights.flatMap((right) => right.areaIds);
			const moved = bookingId === undefined ? undefined : ownBooking(holder.id, bookingId);
			return bookings.freeSpaces({
				...{ fromMs, toMs, areaIds, holderIds: [holder.id, theirs] },
				...(moved !== undefined && { exceptBookingId: moved.id }),
			});
		},
		giveUp({ id: holderId }: DirectoryRow<'holders'>, wish: OwnReleaseWish, by: EditBy): OwnBookingAnswer {
			const isOwn = bookings.keptRightsOf(holderId).some(({ id }) => id === wish.rightId);
			if (!isOwn) return { result: 'notFound', what: 'right' };
			if (all(holderId).filter(isToCome).length >= LIMITS.ownBookings) return { result: 'tooMany' };
			return settled(bookings.giveUp({ ...wish, holderId }, by));
		},
		/** A booking, or a time for which they gave their place up: then they take it back. */
		release(holderId: string, bookingId: string, by: EditBy): OwnBookingAnswer {
			const booking = bookings.get(bookingId);
			if (booking === undefined || booking.holderId !== holderId) return { result: 'notFound', what: 'booking' };
			return settled(bookings.release(bookingId, by));
		},
	};
}

function shown(view: BookingView): OwnBooking {
	const { id, kind, startMs, endMs, state, note, vehicleName, specificationName, areaIds, spaceId } = view;
	const { rightId, areaId, vehicleId } = view;
	const place = { rightId, areaId, vehicleId, vehicleName, specificationName, areaIds, spaceId };
	return { id, kind, startMs, endMs, state, note, ...place };
}

function withoutOthers({ detail = {}, ...problem }: EditProblem): EditProblem {
	const { because, areaId } = detail;
	return {
		...{ ...problem, key: null },
		detail: { ...(because !== undefined && { because }), ...(areaId !== undefined && { areaId }) },
	};
}
