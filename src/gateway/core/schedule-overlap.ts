import type { Schedule } from './directory.ts';

type Times = Pick<Schedule, 'periods' | 'specialDays'>;
type DayPeriod = Schedule['specialDays'][number]['periods'][number];

/** Minutes from the midnight that its day begins with; `to` may lie on the next day. */
interface Stretch {
	readonly from: number;
	readonly to: number;
}

const DAY_MIN = 1_440;

/**
 * When two schedules are both open, and never when one of them is closed. Each day by itself: what one of them opens from
 * the evening before and the other on the morning counts as closed.
 */
export function overlapOf(one: Times, other: Times): Times {
	const periods = one.periods.flatMap((first) =>
		other.periods.flatMap((second) => {
			const days = first.days.filter((day) => second.days.includes(day));
			const both = days.length === 0 ? undefined : periodOf(stretchOf(first), stretchOf(second));
			return both === undefined ? [] : [{ days, ...both }];
		}),
	);
	const dates = [...new Set([...one.specialDays, ...other.specialDays].map(({ date }) => date))].toSorted();
	const specialDays = dates.map((date) => {
		const pairs = periodsOn(one, date).flatMap((first) =>
			periodsOn(other, date).map((second) => periodOf(stretchOf(first), stretchOf(second))),
		);
		return { date, name: nameOf(one, date) ?? nameOf(other, date) ?? '', periods: distinct(pairs) };
	});
	return { periods: distinct(periods), specialDays };
}

function nameOf({ specialDays }: Times, date: string): string | undefined {
	return specialDays.find((day) => day.date === date)?.name;
}

function periodsOn({ periods, specialDays }: Times, date: string): readonly DayPeriod[] {
	const weekday = Temporal.PlainDate.from(date).dayOfWeek;
	return specialDays.find((day) => day.date === date)?.periods ?? periods.filter(({ days }) => days.includes(weekday));
}

/** One that does not end after it begins ends on the next day. */
function stretchOf({ from, to }: DayPeriod): Stretch {
	const [begin, end] = [minuteOf(from), minuteOf(to)];
	return { from: begin, to: end > begin ? end : end + DAY_MIN };
}

function periodOf(one: Stretch, other: Stretch): DayPeriod | undefined {
	const from = Math.max(one.from, other.from);
	const to = Math.min(one.to, other.to);
	return from < to ? { from: timeOf(from), to: timeOf(to > DAY_MIN ? to - DAY_MIN : to) } : undefined;
}

function distinct<T extends object>(found: readonly (T | undefined)[]): T[] {
	const byText = new Map(found.flatMap((one) => (one === undefined ? [] : [[JSON.stringify(one), one] as const])));
	return [...byText.values()];
}

function minuteOf(timeOfDay: string): number {
	return Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3, 5));
}

function timeOf(minute: number): string {
	return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
