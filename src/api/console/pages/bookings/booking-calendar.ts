import type { Span } from '../../../../gateway/core/booking.ts';
import type { PlacesSpan } from '../../../../gateway/services/bookings/promised-places.ts';

export const BOOKINGS_PATH = '/bookings';
export const CALENDAR_VIEWS = ['week', 'day'] as const;

/** What of the calendar is looked at; goes into its address. */
export interface CalendarPlace {
	readonly view: (typeof CALENDAR_VIEWS)[number];
	/** Of the site's calendar. */
	readonly date: Temporal.PlainDate;
	/** Only these; empty: all. */
	readonly area: string;
	readonly vehicle: string;
}

/** One day at the site, which may have 23 or 25 hours. */
export interface CalendarDay extends Span {
	readonly date: Temporal.PlainDate;
}

export function parsePlace(
	query: Readonly<Record<string, string>>,
	{ nowMs, timeZone }: { readonly nowMs: number; readonly timeZone: string },
): CalendarPlace {
	return {
		view: CALENDAR_VIEWS.find((view) => view === query['view']) ?? 'week',
		date: dateOf(query['date'] ?? '') ?? dayAt(nowMs, timeZone),
		area: (query['area'] ?? '').slice(0, 64),
		vehicle: (query['vehicle'] ?? '').slice(0, 64),
	};
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

function dateOf(text: string): Temporal.PlainDate | undefined {
	if (!DATE.test(text)) return undefined;
	try {
		return Temporal.PlainDate.from(text);
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}

export function dayAt(atMs: number, timeZone: string): Temporal.PlainDate {
	return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
}

export function calendarHref(place: Partial<CalendarPlace>): string {
	const { view, date, area, vehicle } = place;
	const query = new URLSearchParams({
		...(view === 'day' && { view }),
		...(date && { date: date.toString() }),
		...(area && { area }),
		...(vehicle && { vehicle }),
	}).toString();
	return query === '' ? BOOKINGS_PATH : `${BOOKINGS_PATH}?${query}`;
}

export function bookingHref(id: string, act?: 'move' | 'release'): string {
	const path = `${BOOKINGS_PATH}/${encodeURIComponent(id)}`;
	return act === undefined ? path : `${path}/${act}`;
}

/** Of a new booking, with what was chosen in the calendar. */
export function newBookingHref(chosen: Readonly<Record<string, string>> = {}): string {
	const query = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== '')).toString();
	return query === '' ? `${BOOKINGS_PATH}/new` : `${BOOKINGS_PATH}/new?${query}`;
}

/** The days that are shown: Monday to Sunday around the date, or itself. */
export function calendarDays({ view, date }: Pick<CalendarPlace, 'view' | 'date'>, timeZone: string) {
	const first = view === 'day' ? date : date.subtract({ days: date.dayOfWeek - 1 });
	return Array.from({ length: view === 'day' ? 1 : 7 }, (_, day) => dayOf(first.add({ days: day }), timeZone));
}

export function dayOf(date: Temporal.PlainDate, timeZone: string): CalendarDay {
	const startMs = (day: Temporal.PlainDate) => day.toZonedDateTime({ timeZone }).epochMilliseconds;
	return { date, fromMs: startMs(date), toMs: startMs(date.add({ days: 1 })) };
}

export function spanOf(days: readonly CalendarDay[]): Span {
	return { fromMs: days[0]?.fromMs ?? 0, toMs: days.at(-1)?.toMs ?? 0 };
}

/** What of spans lies within each of the days: nothing goes over midnight. */
export function cutByDay<S extends Span>(spans: readonly S[], days: readonly Span[]): readonly S[] {
	return days.flatMap((day) =>
		spans.flatMap((span) => {
			const [fromMs, toMs] = [Math.max(span.fromMs, day.fromMs), Math.min(span.toMs, day.toMs)];
			return fromMs < toMs ? [{ ...span, fromMs, toMs }] : [];
		}),
	);
}

/** Times without a break in which there is a place, each with the fewest that there are. */
function freeTimes(spans: readonly PlacesSpan[]): readonly PlacesSpan[] {
	const times: PlacesSpan[] = [];
	for (const span of spans) {
		const last = times.at(-1);
		if (span.left === 0) continue;
		if (last?.toMs !== span.fromMs) times.push(span);
		else times.splice(-1, 1, { ...last, toMs: span.toMs, left: fewest(last.left, span.left) });
	}
	return times;
}

/** What can still be booked, from now on and day by day. */
export function freeFrom(spans: readonly PlacesSpan[], days: readonly Span[], nowMs: number): readonly PlacesSpan[] {
	return days.flatMap(({ fromMs, toMs }) => freeTimes(cutByDay(spans, [{ fromMs: Math.max(fromMs, nowMs), toMs }])));
}

function fewest(a: number | null, b: number | null): number | null {
	return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

/** Puts what overlaps under one another: each in the first row that is free. */
export function packRows<B extends { readonly startMs: number; readonly endMs: number }>(
	bars: readonly B[],
): readonly (readonly B[])[] {
	const rows: B[][] = [];
	for (const bar of bars) {
		const row = rows.find((one) => (one.at(-1)?.endMs ?? 0) <= bar.startMs);
		if (row === undefined) rows.push([bar]);
		else row.push(bar);
	}
	return rows;
}
