import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PlannedUse } from '../../../../src/gateway/store/directory-limit-reads.ts';
import { createBookingsBench } from '../../../support/bookings-bench.ts';
import { createStaysBench, person, type StaysBench, specification, stayingSite } from '../../../support/stays-bench.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-06-16T10:00:00+02:00');
const SITE = stayingSite(3);
/** From a quarter of an hour to the longest that can be booked. */
const LENGTHS = [HOUR / 4, 3 * HOUR, DAY - 1, DAY, DAY + 1, 3 * DAY, 30 * DAY, 31 * DAY];

let site: StaysBench;
beforeEach(async () => {
	site = await createStaysBench({ site: SITE, atMs: NOW });
	await site.give([specification('bookers', 'booking'), ...person('p', 'bookers')]);
});
afterEach(() => site.end());

const use = fc
	.record({
		startH: fc.integer({ min: -40 * 24, max: 40 * 24 }),
		lengthMs: fc.constantFrom(...LENGTHS),
		kind: fc.constantFrom('booking', 'booking', 'release'),
		state: fc.constantFrom('planned', 'planned', 'released'),
		areaId: fc.constantFrom('A1', 'A1', null),
		/** What was done on site since central sent it. */
		since: fc.constantFrom('nothing', 'nothing', 'released', 'deleted', 'made'),
	})
	.map(({ startH, lengthMs, ...rest }) => {
		const startMs = NOW + startH * HOUR;
		return { ...rest, startMs, endMs: startMs + lengthMs };
	});
const window = fc
	.record({ fromH: fc.integer({ min: -20 * 24, max: 20 * 24 }), lengthH: fc.constantFrom(1, 5, 24, 24 * 7) })
	.map(({ fromH, lengthH }) => ({ fromMs: NOW + fromH * HOUR, toMs: NOW + (fromH + lengthH) * HOUR }));

test('N5: what runs at some time is found however long it is, as it was edited; those alike are never counted too few', async () => {
	const { reader } = site.directory;
	let run = 0;
	await fc.assert(
		fc.asyncProperty(
			fc.array(use, { maxLength: 12 }),
			fc.array(window, { minLength: 3, maxLength: 6 }),
			async (uses, windows) => {
				run += 1;
				// Each run in a time of its own, far from what the others left.
				const shiftMs = run * 200 * DAY;
				const rows = uses.map(({ since, startMs, endMs, ...row }, n) => {
					const whose = { holderId: 'p', rightId: 'p-right', spaceId: null, vehicleId: null };
					const times = { startMs: startMs + shiftMs, endMs: endMs + shiftMs };
					return { since, row: { ...row, ...whose, ...times, table: 'plannedUses' as const, id: `u${run}-${n}` } };
				});
				await site.give(rows.filter(({ since }) => since !== 'made').map(({ row }) => row));
				for (const { since, row } of rows) edit(since, row);
				const now = rows.flatMap(({ since, row: { table: _, ...row } }) => {
					if (since === 'deleted') return [];
					return [{ ...row, state: since === 'released' ? 'released' : row.state }];
				});
				for (const asked of windows) {
					const [fromMs, toMs] = [asked.fromMs + shiftMs, asked.toMs + shiftMs];
					const running = now.filter(({ startMs, endMs }) => startMs < toMs && endMs > fromMs);
					expect(idsOf(reader.plannedUsesIn(fromMs, toMs, 1_000))).toEqual(idsOf(running as PlannedUse[]));
					const booked = running.filter(({ kind, state }) => kind === 'booking' && state === 'planned');
					const counted = reader.bookedAtMost(fromMs, toMs, 1_000);
					for (const { startMs, endMs, areaId } of booked) {
						const isAlike = (other: { startMs: number; endMs: number; areaId: string | null }) =>
							other.startMs === startMs && other.endMs === endMs && other.areaId === areaId;
						const times = counted.filter(isAlike).reduce((sum, one) => sum + one.times, 0);
						expect(times).toBeGreaterThanOrEqual(booked.filter(isAlike).length);
					}
				}
			},
		),
		{ numRuns: 25 },
	);

	function edit(
		since: string,
		{ table, ...row }: { table: 'plannedUses'; id: string } & Record<string, unknown>,
	): void {
		const { localEdits } = site.store;
		const about = { table, key: row.id, mutationId: `m-${row.id}`, baseRev: 1, baseEtag: null, position: 1, atMs: NOW };
		if (since === 'deleted') localEdits.put({ ...about, row: null, acceptedRev: null });
		if (since === 'released') localEdits.put({ ...about, row: { ...row, state: 'released' }, acceptedRev: null });
		if (since === 'made') localEdits.put({ ...about, row, acceptedRev: null });
	}
});

test('N5: a hundred bookings of one hour leave the places that are left, and no more', async () => {
	const wide = stayingSite(103, { parks: [{ id: 'P1', name: 'Park', capacity: 200 }] });
	const { bookings } = createBookingsBench(site, wide);
	const people = Array.from({ length: 110 }, (_, n) => person(`b${n}`, 'bookers')).flat();
	const hour = { areaId: 'A1', spaceId: null, vehicleId: null, startMs: NOW + DAY, endMs: NOW + DAY + HOUR };
	const made = Array.from({ length: 100 }, (_, n) => {
		const whose = { kind: 'booking', holderId: `b${n}`, rightId: `b${n}-right`, state: 'planned' };
		return { table: 'plannedUses' as const, id: `u${n}`, ...whose, ...hour, startMs: hour.startMs + (n % 4) * 60_000 };
	});
	await site.give([...people, ...made]);
	const answers = [100, 101, 102, 103, 104].map((n) =>
		bookings.book({ holderId: `b${n}`, ...hour, note: null }, { operatorId: 'op' }),
	);
	expect(answers.map(({ result }) => result)).toEqual(['done', 'done', 'done', 'refused', 'refused']);
});

function idsOf(uses: readonly PlannedUse[]): readonly string[] {
	return uses.map(({ id }) => id).toSorted();
}
