import type { DirectoryRow } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { BookingView } from '../bookings/booking-view.ts';
import type { BookingAnswer, BookingRight, Bookings } from '../bookings/bookings.ts';
import type { EditBy, EditProblem } from '../directory/directory-edits.ts';
import type { OwnAccessRules } from './own-access-rules.ts';

/** One of somebody's own bookings, or a time for which they gave their place up. */
export type OwnBooking = Pick<
	BookingView,
	'id' | 'kind' | 'startMs' | 'endMs' | 'state' | 'note' | 'vehicleName' | 'specificationName' | 'areaIds' | 'spaceId'
>;

export interface OwnBookingWish {
	/** Left out: the only one that fits. */
	readonly rightId?: string | undefined;
	readonly areaId: string | null;
	readonly vehicleId: string | null;
	readonly startMs: number;
	readonly endMs: number;
	readonly note: string | null;
}

export interface OwnReleaseWish extends Pick<OwnBookingWish, 'startMs' | 'endMs' | 'note'> {
	readonly rightId: string;
}

export type OwnBookingAnswer = { readonly result: 'done'; readonly booking: OwnBooking } | OwnBookingRefusal;

export type OwnBookingRefusal =
	/** They have no such booking, right or vehicle: also told of those that are somebody else's. */
	| { readonly result: 'notFound'; readonly what: 'booking' | 'right' | 'vehicle' }
	/** The site lets nobody book for themselves, or they have as many bookings to come as one may. */
	| { readonly result: 'notAllowed' | 'tooMany' }
	| { readonly result: 'refused'; readonly problems: readonly EditProblem[] };

interface Deps {
	readonly bookings: Pick<Bookings, 'get' | 'book' | 'giveUp' | 'release' | 'rightsFor' | 'keptRightsOf'>;
	readonly directory: Pick<DirectoryReader, 'read' | 'row' | 'find'>;
	readonly rules: () => OwnAccessRules;
	/** That may be booked by them. */
	readonly vehicleIds: (holder: DirectoryRow<'holders'>) => readonly string[];
	readonly nowMs: () => number;
}

/** What of the past is still shown. */
const SHOWN_AFTER_MS = 31 * 86_400_000;

export function createOwnBookings({ bookings, directory, rules, vehicleIds, nowMs }: Deps) {
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
			const request = { ...rest, vehicleId, holderId: holder.id, spaceId: null };
			return settled(bookings.book(rightId === undefined ? request : { ...request, rightId }, by));
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
	return { id, kind, startMs, endMs, state, note, vehicleName, specificationName, areaIds, spaceId };
}

function withoutOthers({ detail = {}, ...problem }: EditProblem): EditProblem {
	const { because, areaId } = detail;
	return {
		...{ ...problem, key: null },
		detail: { ...(because !== undefined && { because }), ...(areaId !== undefined && { areaId }) },
	};
}
