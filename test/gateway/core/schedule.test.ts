import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../../src/gateway/core/directory.ts';
import { scheduleState } from '../../../src/gateway/core/schedule.ts';

const BRUSSELS = 'Europe/Brussels';
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const schedule = (from: string, to: string, days = everyDay, specialDays: Schedule['specialDays'] = []): Schedule => ({
	id: 's',
	name: 's',
	periods: [{ days, from, to }],
	specialDays,
});
const office = schedule('08:00', '18:00', [1, 2, 3, 4, 5]);
const night = schedule('22:00', '06:00', [5]);
const closed = (date: string) => schedule('00:00', '24:00', everyDay, [{ date, name: 'closed', periods: [] }]);
const short = (date: string) =>
	schedule('08:00', '18:00', everyDay, [{ date, name: 'short', periods: [{ from: '10:00', to: '12:00' }] }]);

const cases: readonly [situation: string, schedule: Schedule, at: string, state: ReturnType<typeof scheduleState>][] = [
	['a minute before it begins', office, '2026-06-16T07:59:59+02:00', 'outside'],
	['at its first moment', office, '2026-06-16T08:00:00+02:00', 'inside'],
	['in its last minute', office, '2026-06-16T17:59:59+02:00', 'inside'],
	['at its end', office, '2026-06-16T18:00:00+02:00', 'outside'],
	['on another weekday', office, '2026-06-20T10:00:00+02:00', 'outside'],
	['by the zone of the place, not of the machine', office, '2026-06-16T06:30:00Z', 'inside'],
	['over midnight: on its evening', night, '2026-06-19T23:00:00+02:00', 'inside'],
	['over midnight: on the next morning', night, '2026-06-20T05:59:00+02:00', 'inside'],
	['over midnight: when it is over', night, '2026-06-20T06:00:00+02:00', 'outside'],
	['over midnight: the morning of its own day belongs to yesterday', night, '2026-06-19T05:00:00+02:00', 'outside'],
	['over midnight: the evening after', night, '2026-06-20T23:00:00+02:00', 'outside'],
	['until 24:00', schedule('12:00', '24:00'), '2026-06-16T23:59:59+02:00', 'inside'],
	['from 00:00 to 24:00 at midnight', schedule('00:00', '24:00'), '2026-06-16T00:00:00+02:00', 'inside'],
	['the same time twice is the whole day', schedule('08:00', '08:00'), '2026-06-16T03:00:00+02:00', 'inside'],
	['a special day without periods', closed('2026-07-21'), '2026-07-21T10:00:00+02:00', 'specialDay'],
	['the day before it', closed('2026-07-21'), '2026-07-20T10:00:00+02:00', 'inside'],
	['a special day with its own periods: inside', short('2026-12-24'), '2026-12-24T11:00:00+01:00', 'inside'],
	[
		'a special day with its own periods: the usual ones do not count',
		short('2026-12-24'),
		'2026-12-24T15:00:00+01:00',
		'specialDay',
	],
	[
		'a night that began before a special day runs on into it',
		schedule('22:00', '06:00', everyDay, [{ date: '2026-06-20', name: 'x', periods: [] }]),
		'2026-06-20T05:00:00+02:00',
		'inside',
	],
	['the day of 23 hours: before the gap', schedule('01:00', '04:00'), '2026-03-29T01:30:00+01:00', 'inside'],
	['the day of 23 hours: after the gap', schedule('01:00', '04:00'), '2026-03-29T03:30:00+02:00', 'inside'],
	[
		'the day of 23 hours: a period that lies in the gap never opens',
		schedule('02:10', '02:50'),
		'2026-03-29T03:00:00+02:00',
		'outside',
	],
	[
		'the day of 23 hours: over midnight into the gap',
		schedule('22:00', '02:30'),
		'2026-03-29T01:59:00+01:00',
		'inside',
	],
	['the day of 25 hours: the first 02:30', schedule('02:00', '03:00'), '2026-10-25T02:30:00+02:00', 'inside'],
	['the day of 25 hours: the second 02:30', schedule('02:00', '03:00'), '2026-10-25T02:30:00+01:00', 'inside'],
	['the day of 25 hours: after both', schedule('02:00', '03:00'), '2026-10-25T03:00:00+01:00', 'outside'],
	['leap day', schedule('08:00', '18:00', [2]), '2028-02-29T10:00:00+01:00', 'inside'],
	['a leap day that is special', closed('2028-02-29'), '2028-02-29T10:00:00+01:00', 'specialDay'],
	['the night into a leap day', schedule('22:00', '06:00', [1]), '2028-02-29T05:00:00+01:00', 'inside'],
	['new year’s night', schedule('22:00', '06:00', [4]), '2027-01-01T05:00:00+01:00', 'inside'],
];

describe('a schedule in Europe/Brussels', () => {
	test.each(cases)('%s', (_, given, at, state) => {
		expect(scheduleState(given, Date.parse(at), BRUSSELS)).toBe(state);
	});
});
