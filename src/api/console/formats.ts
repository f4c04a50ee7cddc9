import { rfc3339 } from '../../gateway/core/rfc3339.ts';
import { type Language, LOCALES } from './catalogue/translator.ts';

/** Moments and numbers as people at the site write them: in its time zone, in the reader's language. */
export interface Formats {
	/** `14:03:22`, with the day before it when it is not today. */
	moment(epochMs: number): string;
	/** Day and time in full. */
	full(epochMs: number): string;
	/** `14:00`. */
	hour(epochMs: number): string;
	/** `Tue 16 June`. */
	day(epochMs: number): string;
	/** `Tue 16 Jun 2026, 14:00`. */
	minute(epochMs: number): string;
	/** Of a local date such as `2026-06-16`: `Tue 16 June 2026`. */
	date(isoDate: string): string;
	/** ISO weekday, 1 Monday … 7 Sunday. */
	weekday(day: number, style: 'short' | 'long'): string;
	/** Minor units of a currency (ISO 4217); null: a bare amount with two decimals. */
	money(minor: number, currency: string | null): string;
	/** RFC 3339 with the site's offset, for `<time datetime>`. */
	machine(epochMs: number): string;
	/** `2026-03-01T08:30`, the value of a `datetime-local` field. */
	field(epochMs: number): string;
	/** Reads such a value as site time (the earlier of two when a clock is set back); undefined when it is none. */
	parseField(text: string): number | undefined;
	/** @param share 0–1 */
	percent(share: number): string;
	number(value: number): string;
	/** `2 hrs, 5 min`; seconds below a minute. */
	duration(ms: number): string;
}

/** Decimals of a currency's major unit; two where it is none that is known. */
export function currencyDecimals(currency: string | null): number {
	if (currency === null || !/^[A-Z]{3}$/.test(currency)) return 2;
	return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

const LONG_DATE = { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' } as const;
/** A Monday. */
const MONDAY_MS = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

const FIELD = /^(\d{4,6})(-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?)$/;

export function createFormats(
	language: Language,
	timeZone: string,
	nowMs: () => number,
	timeFormat: '24h' | '12h' = '24h',
): Formats {
	const locale = LOCALES[language];
	const hourCycle = timeFormat === '24h' ? 'h23' : 'h12';
	const clockTime = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle } as const;
	const time = new Intl.DateTimeFormat(locale, { timeZone, ...clockTime });
	const dayAndTime = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short', ...clockTime });
	const full = new Intl.DateTimeFormat(locale, {
		timeZone,
		weekday: 'short',
		day: 'numeric',
		month: 'long',
		year: 'numeric',
		...clockTime,
	});
	const day = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
	const hour = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle });
	const namedDay = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'short', day: 'numeric', month: 'long' });
	const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
	const number = new Intl.NumberFormat(locale);
	const minute = new Intl.DateTimeFormat(locale, {
		timeZone,
		weekday: 'short',
		day: 'numeric',
		month: 'short',
		year: 'numeric',
		hour: '2-digit',
		minute: '2-digit',
		hourCycle,
	});
	// Dates and weekdays of the calendar, of no time zone.
	const date = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...LONG_DATE });
	const weekdays = {
		short: new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short' }),
		long: new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'long' }),
	};
	const zoned = (epochMs: number) => Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone);
	return {
		moment: (epochMs) => (day.format(epochMs) === day.format(nowMs()) ? time : dayAndTime).format(epochMs),
		full: (epochMs) => full.format(epochMs),
		hour: (epochMs) => hour.format(epochMs),
		day: (epochMs) => namedDay.format(epochMs),
		minute: (epochMs) => minute.format(epochMs),
		date: (isoDate) => date.format(Date.parse(`${isoDate}T00:00:00Z`)),
		weekday: (weekday, style) => weekdays[style].format(MONDAY_MS + (weekday - 1) * DAY_MS),
		money(minor, currency) {
			const decimals = currencyDecimals(currency);
			const isKnown = currency !== null && /^[A-Z]{3}$/.test(currency);
			const style = isKnown ? { style: 'currency' as const, currency } : { minimumFractionDigits: decimals };
			return new Intl.NumberFormat(locale, style).format(minor / 10 ** decimals);
		},
		machine: (epochMs) => rfc3339(epochMs, timeZone, 0),
		// Years beyond 9999 have more digits, and no sign (HTML, valid year strings); left out, the field would be empty.
		field: (epochMs) =>
			zoned(epochMs)
				.toPlainDateTime()
				.toString({ smallestUnit: 'minute' })
				.replace(/^\+0*(?=\d{4})/, ''),
		parseField: (text) => {
			const [, year, rest = ''] = FIELD.exec(text) ?? [];
			if (year === undefined) return undefined;
			const iso = `${year.length === 4 ? year : `+${year.padStart(6, '0')}`}${rest.replace(' ', 'T')}`;
			try {
				return Temporal.PlainDateTime.from(iso).toZonedDateTime(timeZone).epochMilliseconds;
			} catch (error) {
				if (error instanceof RangeError) return undefined;
				throw error;
			}
		},
		percent: (share) => percent.format(share),
		number: (value) => number.format(value),
		duration: (ms) => {
			const smallestUnit = Math.abs(ms) < 60_000 ? 'second' : 'minute';
			const rounded = Temporal.Duration.from({ milliseconds: Math.round(ms) }).round({
				largestUnit: 'day',
				smallestUnit,
			});
			return rounded.toLocaleString(locale, { style: 'short' });
		},
	};
}
