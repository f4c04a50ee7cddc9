import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	type BookableLevel,
	bookablePlaces,
	bookingConflict,
	bookingTimes,
	expectedSpan,
	mostAtOnce,
	promisedSpan,
	type Span,
	type WantedBooking,
} from '../../../src/gateway/core/booking.ts';

const MINUTE = 60_000;
const span = fc
	.tuple(fc.nat(50), fc.integer({ min: 1, max: 20 }))
	.map(([fromMs, long]) => ({ fromMs, toMs: fromMs + long }));
const covers = ({ fromMs, toMs }: Span, atMs: number) => fromMs <= atMs && atMs < toMs;
const moments = Array.from({ length: 80 }, (_, atMs) => atMs);

const wish = fc.record({
	start: fc.nat(100),
	minutes: fc.integer({ min: 1, max: 40 }),
	grace: fc.nat(15),
	right: fc.nat(4),
	vehicle: fc.option(fc.nat(2), { nil: null }),
	space: fc.option(fc.nat(2), { nil: null }),
	/** Who gives a booking up makes room for another. */
	givesUp: fc.option(fc.nat(20), { nil: null, freq: 4 }),
});

function asBooking(
	made: { start: number; minutes: number; grace: number; right: number; vehicle: number | null; space: number | null },
	n: number,
): WantedBooking {
	const startMs = made.start * MINUTE;
	return {
		id: `b${n}`,
		rightId: `r${made.right}`,
		vehicleId: made.vehicle === null ? null : `v${made.vehicle}`,
		spaceId: made.space === null ? null : `s${made.space}`,
		...bookingTimes({ startMs, endMs: startMs + made.minutes * MINUTE }, { graceMin: made.grace, noShowMin: null }),
	};
}

describe('N5: bookings', () => {
	test('the most at once is that of the fullest moment', () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(span, fc.integer({ min: 1, max: 3 })), { maxLength: 12 }),
				span,
				(spans, within) => {
					const one = spans.flatMap(([each, times]) => Array.from({ length: times }, () => each));
					const counts = moments
						.filter((at) => covers(within, at))
						.map((at) => one.filter((s) => covers(s, at)).length);
					expect(mostAtOnce(one, within)).toBe(Math.max(0, ...counts));
					const together = spans.map(([each, times]) => ({ ...each, times }));
					expect(mostAtOnce(together, within), 'those alike together').toBe(mostAtOnce(one, within));
				},
			),
		);
	});

	test('whatever is asked for in whatever order, no place, vehicle, space or right is promised twice', () => {
		const site = fc.record({
			area: fc.nat(5),
			park: fc.nat(6),
			guaranteed: fc.nat(2),
			wishes: fc.array(wish, { maxLength: 30 }),
		});
		fc.assert(
			fc.property(site, ({ area, park, guaranteed, wishes }) => {
				let made: readonly WantedBooking[] = [];
				wishes.forEach((wanted, n) => {
					if (wanted.givesUp !== null) made = made.filter(({ id }) => id !== `b${wanted.givesUp}`);
					const promised = made.map(promisedSpan);
					const levels: readonly BookableLevel[] = [
						{ areaId: 'A1', capacity: area, guaranteed, promised },
						{ areaId: 'P1', capacity: park, guaranteed, promised },
					];
					const booking = asBooking(wanted, n);
					if (bookingConflict(booking, made, levels, 2) === null) made = [...made, booking];
				});
				const all = { fromMs: -60 * MINUTE, toMs: 200 * MINUTE };
				expect(mostAtOnce(made.map(promisedSpan), all)).toBeLessThanOrEqual(
					Math.max(0, Math.min(area, park) - guaranteed),
				);
				const own = ({ startMs, endMs }: WantedBooking) => ({ fromMs: startMs, toMs: endMs });
				for (const [key, most] of [
					['vehicleId', 1],
					['spaceId', 1],
					['rightId', 2],
				] as const) {
					for (const group of Map.groupBy(made, (booking) => booking[key]).entries()) {
						if (group[0] !== null) expect(mostAtOnce(group[1].map(own), all)).toBeLessThanOrEqual(most);
					}
				}
			}),
			{ numRuns: 300 },
		);
	});

	test('what is bookable can be booked, and not one more', () => {
		fc.assert(
			fc.property(
				fc.nat(6),
				fc.nat(2),
				fc.array(span, { maxLength: 8 }),
				span,
				(capacity, guaranteed, promised, window) => {
					const levels = (more: readonly Span[]) => [
						{ areaId: 'A1', capacity, guaranteed, promised: [...promised, ...more] },
					];
					const left = bookablePlaces(levels([]), window) ?? 0;
					const more = Array.from({ length: left }, () => window);
					expect(bookablePlaces(levels(more), window)).toBe(0);
				},
			),
		);
	});

	test('an area without a limit can be booked any number of times', () => {
		expect(
			bookablePlaces([{ areaId: 'A1', capacity: null, guaranteed: 9, promised: [] }], { fromMs: 0, toMs: 1 }),
		).toBeNull();
	});

	test('a place is kept from the grace to the no-show, and promised until the end', () => {
		const times = bookingTimes({ startMs: 60 * MINUTE, endMs: 180 * MINUTE }, { graceMin: 15, noShowMin: 30 });
		expect(expectedSpan(times)).toEqual({ fromMs: 45 * MINUTE, toMs: 90 * MINUTE });
		expect(promisedSpan(times)).toEqual({ fromMs: 45 * MINUTE, toMs: 180 * MINUTE });
	});

	test('nobody is waited for after the end of a short booking', () => {
		const times = bookingTimes({ startMs: 0, endMs: 10 * MINUTE }, { graceMin: 0, noShowMin: 30 });
		expect(expectedSpan(times).toMs).toBe(10 * MINUTE);
	});

	test('one vehicle is booked again from the very moment it is free, in spite of the grace', () => {
		const first = asBooking({ start: 0, minutes: 60, grace: 15, right: 0, vehicle: 1, space: null }, 1);
		const next = asBooking({ start: 60, minutes: 60, grace: 15, right: 1, vehicle: 1, space: null }, 2);
		expect(bookingConflict(next, [first], [], 1)).toBeNull();
		expect(bookingConflict({ ...next, startMs: next.startMs - 1 }, [first], [], 1)).toEqual({
			because: 'vehicleBooked',
			bookingId: 'b1',
		});
	});
});
