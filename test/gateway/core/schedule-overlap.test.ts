import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIRECTORY_TABLES } from '../../../src/gateway/core/directory.ts';
import { scheduleState } from '../../../src/gateway/core/schedule.ts';
import { overlapOf } from '../../../src/gateway/core/schedule-overlap.ts';

const week = [1, 2, 3, 4, 5, 6, 7];
const times = (from: string, to: string, days = week) => ({
	periods: [{ days, from, to }],
	specialDays: [],
});

describe('N11: when two schedules are both open', () => {
	it.each([
		[times('08:00', '18:00'), times('10:00', '20:00'), [{ days: week, from: '10:00', to: '18:00' }]],
		[times('20:00', '06:00'), times('22:00', '04:00'), [{ days: week, from: '22:00', to: '04:00' }]],
		[times('20:00', '06:00'), times('18:00', '24:00'), [{ days: week, from: '20:00', to: '24:00' }]],
		[times('00:00', '24:00', [1, 2]), times('08:00', '09:00', [2, 3]), [{ days: [2], from: '08:00', to: '09:00' }]],
		[times('08:00', '12:00'), times('12:00', '18:00'), []],
	])('is the time of both', (one, other, periods) => {
		expect(overlapOf(one, other)).toEqual({ periods, specialDays: [] });
	});

	it('is never when one of them is closed, and always when they are the same', () => {
		const at = fc.constantFrom('00:00', '06:00', '08:30', '12:00', '22:15', '24:00');
		const period = fc.record({ from: at, to: at });
		const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
		const schedule = fc.record({
			periods: fc.array(
				fc.tuple(period, days).map(([times, on]) => ({ ...times, days: on })),
				{ maxLength: 3 },
			),
			specialDays: fc.uniqueArray(
				fc.record({
					date: fc.constantFrom('2026-03-28', '2026-03-29', '2026-03-31'),
					name: fc.constant('special'),
					periods: fc.array(period, { maxLength: 2 }),
				}),
				{ selector: ({ date }) => date },
			),
		});
		const start = Date.UTC(2026, 2, 26);
		const moments = Array.from({ length: 7 * 48 }, (_, half) => start + half * 1_800_000 + 60_000);
		const isOpen = (row: ReturnType<typeof overlapOf>, atMs: number) =>
			scheduleState({ id: 's', name: 's', ...row }, atMs, 'Europe/Brussels') === 'inside';
		fc.assert(
			fc.property(schedule, schedule, (one, other) => {
				const both = overlapOf(one, other);
				expect(DIRECTORY_TABLES.schedules.row.safeParse({ id: 's', name: 's', ...both }).success).toBe(true);
				const same = overlapOf(one, one);
				for (const atMs of moments) {
					if (isOpen(both, atMs)) expect([isOpen(one, atMs), isOpen(other, atMs)]).toEqual([true, true]);
					expect(isOpen(same, atMs)).toBe(isOpen(one, atMs));
				}
			}),
			{ numRuns: 60 },
		);
	});
});
