const MINUTE_MS = 60_000;

/** [from, to), UTC epoch ms. */
export interface Span {
	readonly fromMs: number;
	readonly toMs: number;
}

/** A planned use with what its specification says about coming early and not at all. */
export interface BookingTimes {
	readonly startMs: number;
	readonly endMs: number;
	readonly graceMs: number;
	/** From then on nobody is expected any more; absent: until its end. */
	readonly noShowMs?: number;
}

export function bookingTimes(
	{ startMs, endMs }: { readonly startMs: number; readonly endMs: number },
	{ graceMin, noShowMin }: { readonly graceMin: number; readonly noShowMin: number | null },
): BookingTimes {
	const times = { startMs, endMs, graceMs: graceMin * MINUTE_MS };
	return noShowMin === null ? times : { ...times, noShowMs: Math.min(endMs, startMs + noShowMin * MINUTE_MS) };
}

/** While its place is kept for a vehicle that has not come. */
export function expectedSpan({ startMs, endMs, graceMs, noShowMs }: BookingTimes): Span {
	return { fromMs: startMs - graceMs, toMs: noShowMs ?? endMs };
}

/** Its place, from the grace before its start to its end: what may be promised to nobody else. */
export function promisedSpan({ startMs, endMs, graceMs }: BookingTimes): Span {
	return { fromMs: startMs - graceMs, toMs: endMs };
}

/** Without the grace: one vehicle or space may be booked from the very moment it is free. */
function ownSpan({ startMs, endMs }: Pick<BookingTimes, 'startMs' | 'endMs'>): Span {
	return { fromMs: startMs, toMs: endMs };
}

export function overlaps(a: Span, b: Span): boolean {
	return a.fromMs < b.toMs && b.fromMs < a.toMs;
}

/** One span, or so many alike. */
export interface Spans extends Span {
	/** Absent: one. */
	readonly times?: number;
}

/** The most of these that run at the same time anywhere within `within`. */
export function mostAtOnce(spans: readonly Spans[], within: Span): number {
	const meeting = spans.filter((span) => overlaps(span, within));
	const starts = each(meeting, ({ fromMs }) => Math.max(fromMs, within.fromMs));
	const ends = each(meeting, ({ toMs }) => toMs);
	let ended = 0;
	let most = 0;
	starts.forEach((startMs, before) => {
		// Who leaves at a moment makes room for who comes then.
		while ((ends[ended] ?? Number.POSITIVE_INFINITY) <= startMs) ended += 1;
		most = Math.max(most, before + 1 - ended);
	});
	return most;
}

/** Ascending. */
function each(spans: readonly Spans[], moment: (span: Span) => number): Float64Array {
	const moments = new Float64Array(spans.reduce((all, { times = 1 }) => all + times, 0));
	let next = 0;
	for (const span of spans) {
		const { times = 1 } = span;
		moments.fill(moment(span), next, next + times);
		next += times;
	}
	return moments.sort();
}

/** One counter on the way to the place: the area, what encloses it, its park. */
export interface BookableLevel {
	readonly areaId: string;
	/** null: not limited. */
	readonly capacity: number | null;
	/** Preferential places that are kept at some moment of the window. */
	readonly guaranteed: number;
	/** Places promised to others. */
	readonly promised: readonly Spans[];
}

/** Places that can still be promised for the whole window: at every level there must be one; null: any number. Never below 0. */
export function bookablePlaces(levels: readonly BookableLevel[], window: Span): number | null {
	const left = levels.flatMap(({ capacity, guaranteed, promised }) =>
		capacity === null ? [] : [Math.max(0, capacity - guaranteed - mostAtOnce(promised, window))],
	);
	return left.length === 0 ? null : Math.min(...left);
}

/** Another booking of the same vehicle, space or right. */
export interface OtherBooking extends Pick<BookingTimes, 'startMs' | 'endMs'> {
	readonly id: string;
	readonly rightId: string;
	readonly vehicleId: string | null;
	readonly spaceId: string | null;
}

/** The booking that is asked for. */
export type WantedBooking = OtherBooking & BookingTimes;

export type BookingConflict =
	/** The level without a place left. */
	| { readonly because: 'areaFull'; readonly areaId: string }
	| { readonly because: 'vehicleBooked' | 'spaceBooked' | 'rightBooked'; readonly bookingId: string };

/**
 * What stands against a booking; null: nothing. Asked by who writes bookings, one after the other, and so nothing is
 * promised twice: each sees the ones before it.
 */
export function bookingConflict(
	wanted: WantedBooking,
	others: readonly OtherBooking[],
	levels: readonly BookableLevel[],
	staysAtOnce: number,
): BookingConflict | null {
	const own = ownSpan(wanted);
	const meeting = others.filter((other) => other.id !== wanted.id && overlaps(ownSpan(other), own));
	const sameVehicle = meeting.find(({ vehicleId }) => vehicleId !== null && vehicleId === wanted.vehicleId);
	if (sameVehicle !== undefined) return { because: 'vehicleBooked', bookingId: sameVehicle.id };
	const sameSpace = meeting.find(({ spaceId }) => spaceId !== null && spaceId === wanted.spaceId);
	if (sameSpace !== undefined) return { because: 'spaceBooked', bookingId: sameSpace.id };
	const ofRight = meeting.filter(({ rightId }) => rightId === wanted.rightId);
	const [first] = ofRight;
	if (first !== undefined && mostAtOnce(ofRight.map(ownSpan), own) >= staysAtOnce) {
		return { because: 'rightBooked', bookingId: first.id };
	}
	const window = promisedSpan(wanted);
	const full = levels.find((level) => bookablePlaces([level], window) === 0);
	return full === undefined ? null : { because: 'areaFull', areaId: full.areaId };
}
