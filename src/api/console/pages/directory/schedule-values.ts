import type { DirectoryRow } from '../../../../gateway/core/directory.ts';
import type { Ui } from '../../ui.ts';
import type { FormValues, Parsed } from './form-values.ts';

/** The hours of a schedule as a form names them: `periods.0.days`, `specialDays.1.periods.0.from`. */
export type SchedulePart = 'periods' | 'specialDays';

export interface TypedHours {
	readonly from: string;
	readonly to: string;
}
export interface TypedPeriod extends TypedHours {
	readonly days: readonly string[];
}
export interface TypedDay {
	readonly date: string;
	readonly name: string;
	readonly periods: readonly TypedHours[];
}

type Schedule = DirectoryRow<'schedules'>;
type Named = readonly (readonly [string, readonly string[]])[];

const PERIODS = 50;
const DAYS = 400;
const HOURS_OF_DAY = 20;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export function scheduleValues(part: SchedulePart, { periods, specialDays }: Schedule): Named {
	return part === 'periods'
		? periodNames(periods.map(({ days, from, to }) => ({ days: days.map(String), from, to })))
		: dayNames(specialDays);
}

function periodNames(periods: readonly TypedPeriod[]): Named {
	return periods.flatMap(({ days, from, to }, place): Named => {
		const at = `periods.${place}`;
		return [[`${at}.days`, days], ...hourNames(at, { from, to })];
	});
}

function dayNames(days: readonly TypedDay[]): Named {
	return days.flatMap(({ date, name, periods }, place): Named => {
		const at = `specialDays.${place}`;
		const hours = periods.flatMap((hour, hourPlace) => hourNames(`${at}.periods.${hourPlace}`, hour));
		return [[`${at}.date`, [date]], [`${at}.name`, [name]], ...hours];
	});
}

function hourNames(at: string, { from, to }: TypedHours): Named {
	return [
		[`${at}.from`, [from]],
		[`${at}.to`, [to]],
	];
}

/** The periods as typed, in the order of the form. */
export function typedPeriods(values: FormValues): readonly TypedPeriod[] {
	return placesOf(values, /^periods\.(\d+)\./, PERIODS).map((place) => ({
		days: values[`periods.${place}.days`] ?? [],
		...typedHours(values, `periods.${place}`),
	}));
}

export function typedDays(values: FormValues): readonly TypedDay[] {
	return placesOf(values, /^specialDays\.(\d+)\./, DAYS).map((place) => {
		const at = `specialDays.${place}`;
		const inside = new RegExp(`^specialDays\\.${place}\\.periods\\.(\\d+)\\.`);
		return {
			date: values[`${at}.date`]?.[0] ?? '',
			name: values[`${at}.name`]?.[0]?.trim() ?? '',
			periods: placesOf(values, inside, HOURS_OF_DAY).map((hour) => typedHours(values, `${at}.periods.${hour}`)),
		};
	});
}

function typedHours(values: FormValues, at: string): TypedHours {
	const time = (name: string) => (values[`${at}.${name}`]?.[0] ?? '').trim();
	return { from: time('from'), to: time('to') };
}

function placesOf(values: FormValues, shape: RegExp, most: number): readonly number[] {
	const places = Object.keys(values).map((name) => Number(shape.exec(name)?.[1] ?? Number.NaN));
	return [...new Set(places.filter(Number.isSafeInteger))].sort((a, b) => a - b).slice(0, most);
}

/** What the buttons beside the hours do: `add:periods`, `remove:specialDays.0`, `add:specialDays.0.periods`. */
export function stepSchedule(values: FormValues, step: string): FormValues {
	const [verb, path = ''] = step.split(':');
	const [part, place, inner, innerPlace] = path.split('.');
	let periods = typedPeriods(values);
	let days = typedDays(values);
	if (part === 'periods') periods = verb === 'add' ? [...periods, nextPeriod(periods)] : drop(periods, place);
	else if (inner === undefined)
		days = verb === 'add' ? [...days, { date: '', name: '', periods: [] }] : drop(days, place);
	else {
		days = days.map((day, at) => {
			if (String(at) !== place) return day;
			const hours = verb === 'add' ? [...day.periods, { from: '08:00', to: '18:00' }] : drop(day.periods, innerPlace);
			return { ...day, periods: hours };
		});
	}
	const others = Object.entries(values).filter(([name]) => !/^(periods|specialDays)\./.test(name));
	return Object.fromEntries([...others, ...periodNames(periods), ...dayNames(days)]);
}

/** Working days first, then what they leave. */
function nextPeriod(periods: readonly TypedPeriod[]): TypedPeriod {
	const taken = new Set(periods.flatMap(({ days }) => days));
	const free = ['1', '2', '3', '4', '5', '6', '7'].filter((day) => !taken.has(day));
	return { days: taken.size === 0 ? ['1', '2', '3', '4', '5'] : free, from: '08:00', to: '18:00' };
}

function drop<T>(list: readonly T[], place: string | undefined): readonly T[] {
	return list.filter((_, at) => String(at) !== place);
}

export function parseSchedulePart(ui: Ui, part: SchedulePart, values: FormValues): Parsed {
	if (part === 'periods') return parsePeriods(ui, typedPeriods(values));
	const days = typedDays(values);
	const dates = days.map(({ date }) => date);
	const twice = dates.find((date, place) => dates.indexOf(date) !== place);
	if (twice !== undefined && twice !== '')
		return { error: ui.t('dir.schedule.twice', { date: ui.formats.date(twice) }) };
	for (const [place, day] of days.entries()) {
		if (!isDate(day.date)) return { error: ui.t('dir.schedule.badDate', { place: place + 1 }) };
		if (!day.periods.every(isHours))
			return { error: ui.t('dir.schedule.badDayTime', { date: ui.formats.date(day.date) }) };
	}
	return { value: days.toSorted((a, b) => (a.date < b.date ? -1 : 1)) };
}

function parsePeriods(ui: Ui, periods: readonly TypedPeriod[]): Parsed {
	for (const [place, period] of periods.entries()) {
		if (period.days.length === 0) return { error: ui.t('dir.schedule.noDays', { place: place + 1 }) };
		if (!isHours(period)) return { error: ui.t('dir.schedule.badTime', { place: place + 1 }) };
	}
	return { value: periods.map(({ days, from, to }) => ({ days: days.map(Number).sort((a, b) => a - b), from, to })) };
}

function isHours({ from, to }: TypedHours): boolean {
	return TIME.test(from) && TIME.test(to) && from !== '24:00';
}

function isDate(text: string): boolean {
	return DATE.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}
