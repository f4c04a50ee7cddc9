import type { SpecificationLimits } from './access/specification-limits.ts';

/** `validity`: as long as the right is valid. */
export type UsePeriod = SpecificationLimits['usePeriod'];
export type RefillPeriod = NonNullable<SpecificationLimits['refillPeriod']>;
export type CalendarPeriod = Exclude<UsePeriod, 'validity'>;

/** [start, end), UTC epoch ms; null: open. */
export interface Period {
	readonly startMs: number | null;
	readonly endMs: number | null;
}

/** The period a moment lies in. */
export function usePeriodAt(
	kind: UsePeriod,
	atMs: number,
	timeZone: string,
	validity: { readonly validFromMs: number | null; readonly validToMs: number | null },
): Period {
	if (kind === 'validity') return { startMs: validity.validFromMs, endMs: validity.validToMs };
	const first = firstDay(kind, dateAt(atMs, timeZone));
	return { startMs: startOf(first, timeZone), endMs: startOf(first.add(LENGTH[kind]), timeZone) };
}

/** Midnight at which the period of this moment began, UTC epoch ms. */
export function periodStart(kind: CalendarPeriod, atMs: number, timeZone: string): number {
	return startOf(firstDay(kind, dateAt(atMs, timeZone)), timeZone);
}

/** How many periods began after `fromMs`, up to and with the one of `toMs`; negative when time ran backwards. */
export function periodsBegun(kind: CalendarPeriod, fromMs: number, toMs: number, timeZone: string): number {
	const from = firstDay(kind, dateAt(fromMs, timeZone));
	const to = firstDay(kind, dateAt(toMs, timeZone));
	switch (kind) {
		case 'day':
			return from.until(to, { largestUnit: 'days' }).days;
		case 'week':
			return Math.round(from.until(to, { largestUnit: 'days' }).days / 7);
		case 'month':
			return from.until(to, { largestUnit: 'months' }).months;
		case 'year':
			return to.year - from.year;
	}
}

const LENGTH = { day: { days: 1 }, week: { days: 7 }, month: { months: 1 }, year: { years: 1 } } as const;

function dateAt(atMs: number, timeZone: string): Temporal.PlainDate {
	return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** Weeks begin on Monday (ISO 8601). */
function firstDay(kind: CalendarPeriod, date: Temporal.PlainDate): Temporal.PlainDate {
	switch (kind) {
		case 'day':
			return date;
		case 'week':
			return date.subtract({ days: date.dayOfWeek - 1 });
		case 'month':
			return date.with({ day: 1 });
		case 'year':
			return date.with({ month: 1, day: 1 });
	}
}

/** The first moment of the day: where clocks go forward at midnight it begins at one o'clock. */
function startOf(date: Temporal.PlainDate, timeZone: string): number {
	return date.toZonedDateTime(timeZone).epochMilliseconds;
}
