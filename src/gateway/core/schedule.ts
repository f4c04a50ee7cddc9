import type { Schedule } from './directory.ts';

/** Whether a moment lies in a schedule's periods; `specialDay`: it is outside because the date has its own periods. */
export type ScheduleState = 'inside' | 'outside' | 'specialDay';

interface Period {
	readonly from: string;
	readonly to: string;
}

const MINUTE_MS = 60_000;

/** Periods begin and end on full minutes, as do the offsets of zones since 1972; the way to the wall clock is the longest of all that a decision does. */
const lastAnswers = new WeakMap<Schedule, { minute: number; timeZone: string; state: ScheduleState }>();

export function scheduleState(schedule: Schedule, atMs: number, timeZone: string): ScheduleState {
	const minute = Math.floor(atMs / MINUTE_MS);
	const last = lastAnswers.get(schedule);
	if (last !== undefined && last.minute === minute && last.timeZone === timeZone) return last.state;
	const state = findState(schedule, atMs, timeZone);
	lastAnswers.set(schedule, { minute, timeZone, state });
	return state;
}

/**
 * Compares wall-clock times in the Place's zone, so days of 23 and 25 hours need no special case. A
 * period whose `to` is not after its `from` crosses midnight and belongs to the day it starts on,
 * also when the next day is a special one.
 */
function findState(schedule: Schedule, atMs: number, timeZone: string): ScheduleState {
	const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
	const minute = local.hour * 60 + local.minute;
	const today = local.toPlainDate();
	const todays = periodsOn(schedule, today);
	if (todays.periods.some((period) => startsAndCovers(period, minute))) return 'inside';
	const yesterdays = periodsOn(schedule, today.subtract({ days: 1 }));
	if (yesterdays.periods.some((period) => runsOver(period, minute))) return 'inside';
	return todays.special ? 'specialDay' : 'outside';
}

function periodsOn(schedule: Schedule, date: Temporal.PlainDate): { periods: readonly Period[]; special: boolean } {
	const iso = date.toString();
	const special = schedule.specialDays.find((day) => day.date === iso);
	if (special !== undefined) return { periods: special.periods, special: true };
	return { periods: schedule.periods.filter((period) => period.days.includes(date.dayOfWeek)), special: false };
}

function startsAndCovers(period: Period, minute: number): boolean {
	const from = minuteOf(period.from);
	const to = minuteOf(period.to);
	return minute >= from && (to <= from || minute < to);
}

function runsOver(period: Period, minute: number): boolean {
	const to = minuteOf(period.to);
	return to <= minuteOf(period.from) && minute < to;
}

function minuteOf(timeOfDay: string): number {
	return Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3, 5));
}
