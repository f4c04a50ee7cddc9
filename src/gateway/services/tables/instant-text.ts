import { rfc3339 } from '../../core/rfc3339.ts';

/** `2026-03-01T10:00:00+01:00`: RFC 3339 on the site's wall clock, which every time in a file carries. */
export function instantText(atMs: number, timeZone: string): string {
	return rfc3339(atMs, timeZone, 'auto');
}

/** Day first, as it is written in Belgium, France and the Netherlands; year first is ISO 8601. */
const DAY_FIRST = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[\sT]+(\d{1,2})[:hu](\d{2})?(?::(\d{2}))?)?$/;
const YEAR_FIRST = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[\sT]+(\d{1,2})[:hu](\d{2})?(?::(\d{2})(?:\.\d+)?)?)?$/;

/** Whether a day alone stands for its first moment or for the one after its last: `valid to 31/12` includes that day. */
export type DayMeans = 'start' | 'end';

/**
 * UTC epoch ms of what people and programs write: RFC 3339 with its offset, else a day or a day and a time on the
 * site's wall clock. An hour that a clock shows twice is the first of both, one that it skips is the hour after.
 */
export function parseInstantText(text: string, timeZone: string, dayMeans: DayMeans): number | undefined {
	const trimmed = text.trim();
	const [, day, month, year, ...time] = DAY_FIRST.exec(trimmed) ?? [];
	if (year !== undefined) return wallClock([year, month, day, ...time], timeZone, dayMeans);
	const parts = YEAR_FIRST.exec(trimmed);
	if (parts !== null) return wallClock(parts.slice(1), timeZone, dayMeans);
	try {
		return Temporal.Instant.from(trimmed).epochMilliseconds;
	} catch {
		return undefined;
	}
}

function wallClock(parts: readonly (string | undefined)[], timeZone: string, dayMeans: DayMeans): number | undefined {
	const [year, month, day, hour, minute, second] = parts.map((part) => Number(part ?? 0));
	try {
		const date = Temporal.PlainDate.from({ year: year ?? 0, month: month ?? 0, day: day ?? 0 }, { overflow: 'reject' });
		if (parts[3] === undefined) {
			const from = dayMeans === 'start' ? date : date.add({ days: 1 });
			return from.toZonedDateTime(timeZone).epochMilliseconds;
		}
		const plainTime = Temporal.PlainTime.from(
			{ hour: hour ?? 0, minute: minute ?? 0, second: second ?? 0 },
			{ overflow: 'reject' },
		);
		return date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
	} catch {
		return undefined;
	}
}
