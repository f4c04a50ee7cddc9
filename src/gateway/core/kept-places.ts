import { isGuaranteed } from './access/room.ts';
import { type BookingTimes, expectedSpan } from './booking.ts';
import type { Schedule } from './directory.ts';

/** A right whose place is kept while its vehicle is not inside. */
export interface KeepingRight {
	readonly rightId: string;
	/** Counters on which one place is kept. */
	readonly counters: readonly string[];
	/** Its own space; null or absent: any of its areas. */
	readonly spaceId?: string | null;
	readonly validFromMs: number | null;
	readonly validToMs: number | null;
	/** null: hours that are not known; absent: always. */
	readonly guaranteedSchedule?: Schedule | null;
	readonly releases: readonly { readonly startMs: number; readonly endMs: number }[];
}

/** A booking whose place is kept while its vehicle is expected. */
export interface KeepingBooking extends BookingTimes {
	readonly bookingId: string;
	readonly rightId: string;
	readonly counters: readonly string[];
}

/** Who has a place kept at a moment, until something about that changes by itself. */
export interface KeptAt {
	readonly fromMs: number;
	readonly untilMs: number;
	/** Right id → its counters. */
	readonly rights: ReadonlyMap<string, readonly string[]>;
	readonly bookings: readonly KeepingBooking[];
}

const MINUTE_MS = 60_000;

export function keptAt(
	{ rights, bookings }: { readonly rights: readonly KeepingRight[]; readonly bookings: readonly KeepingBooking[] },
	atMs: number,
	timeZone: string,
): KeptAt {
	const kept = new Map<string, readonly string[]>();
	let untilMs = Number.POSITIVE_INFINITY;
	const next = (moment: number | null) => {
		if (moment !== null && moment > atMs) untilMs = Math.min(untilMs, moment);
	};
	for (const right of rights) {
		const { rightId, counters, validFromMs, validToMs } = right;
		const isValid = (validFromMs ?? atMs) <= atMs && atMs < (validToMs ?? Number.POSITIVE_INFINITY);
		if (isValid && isGuaranteed(right, { atMs, timeZone })) kept.set(rightId, counters);
		for (const moment of [validFromMs, validToMs]) next(moment);
		for (const { startMs, endMs } of right.releases) for (const moment of [startMs, endMs]) next(moment);
		// Schedules change on full minutes.
		if (right.guaranteedSchedule) next(Math.floor(atMs / MINUTE_MS + 1) * MINUTE_MS);
	}
	const expected = bookings.filter((booking) => {
		const { fromMs, toMs } = expectedSpan(booking);
		for (const moment of [fromMs, toMs]) next(moment);
		return fromMs <= atMs && atMs < toMs;
	});
	return { fromMs: atMs, untilMs, rights: kept, bookings: expected };
}
