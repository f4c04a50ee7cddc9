import type { Span } from './booking.ts';
import type { Schedule } from './directory.ts';
import { scheduleState } from './schedule.ts';

/** Days that are looked at; a longer span is taken as touched. */
const DAYS = 60;

/** Whether a schedule is open at some moment of [from, to): at its beginning, or where one of its periods begins. */
export function isOpenWithin(schedule: Schedule, { fromMs, toMs }: Span, timeZone: string): boolean {
	if (scheduleState(schedule, fromMs, timeZone) === 'inside') return true;
	const first = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone).toPlainDate();
	const last = Temporal.Instant.fromEpochMilliseconds(toMs).toZonedDateTimeISO(timeZone).toPlainDate();
	const days = first.until(last, { largestUnit: 'days' }).days;
	if (days > DAYS) return true;
	const dates = Array.from({ length: days + 1 }, (_, day) => first.add({ days: day }));
	return dates.some((date) =>
		startsOn(schedule, date).some((time) => {
			const atMs = date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
			return fromMs < atMs && atMs < toMs && scheduleState(schedule, atMs, timeZone) === 'inside';
		}),
	);
}

function startsOn({ periods, specialDays }: Schedule, date: Temporal.PlainDate): readonly string[] {
	const special = specialDays.find((day) => day.date === date.toString());
	const today = special?.periods ?? periods.filter(({ days }) => days.includes(date.dayOfWeek));
	// 24:00 begins nothing on this day.
	return today.flatMap(({ from }) => (from === '24:00' ? [] : [from]));
}
