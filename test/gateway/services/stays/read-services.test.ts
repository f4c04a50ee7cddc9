import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Booking, createBookingPlaces } from '../../../../src/gateway/services/stays/booking-places.ts';
import { createRightStandings } from '../../../../src/gateway/services/stays/right-standing.ts';
import { createStaysBench, person, type StaysBench, specification, stayingSite } from '../../../support/stays-bench.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-06-16T10:00:00+02:00');
let site: StaysBench;

beforeEach(async () => {
	site = await createStaysBench({ site: stayingSite(4) });
});
afterEach(() => site.end());

function booking(id: string, holderId: string, change: Partial<Booking> = {}): Booking & { table: 'plannedUses' } {
	return {
		table: 'plannedUses',
		kind: 'booking',
		state: 'planned',
		...{ id, holderId, rightId: `${holderId}-right`, areaId: 'A1' },
		...{ spaceId: null, vehicleId: null, startMs: NOW, endMs: NOW + 2 * HOUR },
		...change,
	};
}

describe('X5: what a right has left', () => {
	const standings = () =>
		createRightStandings({
			...{ site: stayingSite(), store: site.store, directory: site.directory.reader, nowMs: site.clock.nowMs },
			...{ newId: () => `audit-${site.clock.nowMs()}`, clockTrust: () => 'synced', journalGrew: () => undefined },
		});
	const prepaid = { creditCost: 4, refillAmount: 10, refillPeriod: 'week', useLimit: 3, usePeriod: 'day' };

	test('before its first stay: full, though nothing was posted yet', async () => {
		await site.give([...person('bob', 'spec'), specification('spec', 'credits', prepaid)]);
		const standing = standings().of('bob-right', NOW);
		expect(standing).toMatchObject({
			uses: { used: 0, left: 3, allowed: 3, fromMs: Date.parse('2026-06-16T00:00:00+02:00') },
			wallet: { balance: 10, held: 0, cost: 4 },
			stays: { open: 0, allowed: 1 },
		});
		expect(standings().ledger('bob-right', 10)).toEqual([]);
	});

	test('while an opening is under way, and after its passage', async () => {
		await site.give([...person('bob', 'spec'), specification('spec', 'credits', prepaid)]);
		await site.present('BOB');
		expect(standings().of('bob-right', NOW)).toMatchObject({
			uses: { used: 1, held: 1, left: 2 },
			wallet: { balance: 6, held: 4 },
		});
		site.driveThrough();
		expect(standings().of('bob-right', NOW)).toMatchObject({
			uses: { used: 1, held: 0 },
			wallet: { balance: 6, held: 0 },
			stays: { open: 1 },
		});
		expect(
			standings()
				.ledger('bob-right', 2)
				.map(({ kind }) => kind),
		).toEqual(['capture', 'hold']);
	});

	test('a right without limits has none, an unknown one is told', async () => {
		await site.give([...person('anna', 'spec'), specification('spec', 'firstCome')]);
		expect(standings().of('anna-right', NOW)).toMatchObject({ uses: null, wallet: null });
		expect(standings().of('nobody', NOW)).toBeUndefined();
	});

	test('an adjustment is made once, journalled, and never takes what is not there', async () => {
		await site.give([...person('bob', 'spec'), specification('spec', 'credits', prepaid)]);
		const adjust = { rightId: 'bob-right', operatorId: 'op', reason: 'goodwill' };
		expect(standings().adjust({ ...adjust, amount: 5, key: 'k1' })).toEqual({ result: 'posted', balance: 15 });
		expect(standings().adjust({ ...adjust, amount: 5, key: 'k1' })).toEqual({ result: 'repeated', balance: 15 });
		expect(standings().adjust({ ...adjust, amount: -16, key: 'k2' })).toEqual({ result: 'tooLittle', balance: 15 });
		expect(() => standings().adjust({ ...adjust, rightId: 'nobody', amount: 1, key: 'k3' })).toThrow(
			/there is no right/,
		);
		const audits = site.journal().filter((entry) => entry.type === 'audit');
		expect(audits).toMatchObject([
			{ action: 'walletAdjusted', target: 'bob-right', detail: { amount: 5, reason: 'goodwill' } },
		]);
	});
});

describe('N5: what can be booked', () => {
	const places = () => createBookingPlaces({ site: stayingSite(4), directory: site.directory.reader });
	const span = { fromMs: NOW, toMs: NOW + HOUR };
	const rows = [
		...person('boss', 'director'),
		...['one', 'two', 'three', 'four'].flatMap((id) => person(id, 'bookers')),
		specification('director', 'preferential', { areaIds: ['A1'] }),
		specification('bookers', 'booking', { areaIds: ['A1'] }),
	];

	test('the capacity without kept places and the most bookings at once', async () => {
		await site.give(rows);
		expect(places().bookable('A1', span)).toBe(3);
		await site.give([
			booking('b1', 'one'),
			booking('b2', 'two', { startMs: NOW + 2 * HOUR, endMs: NOW + 3 * HOUR }),
			booking('b3', 'three', { state: 'released' }),
		]);
		expect(places().bookable('A1', span)).toBe(2);
		// The grace of the second begins while the first still runs.
		expect(places().bookable('A1', { fromMs: NOW, toMs: NOW + 2 * HOUR })).toBe(1);
		expect(places().bookable('A1', { fromMs: NOW - 2 * HOUR, toMs: NOW - HOUR })).toBe(3);
		expect(places().bookable('nowhere', span)).toBeUndefined();
	});

	test('a kept place counts when its hours touch the time, unless it is given up for all of it', async () => {
		const night = {
			table: 'schedules',
			id: 'night',
			name: 'Night',
			periods: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '20:00', to: '06:00' }],
			specialDays: [],
		} as const;
		await site.give([
			...rows.filter(({ id }) => id !== 'director'),
			night,
			specification('director', 'preferential', { areaIds: ['A1'], guaranteedScheduleId: 'night' }),
		]);
		expect(places().bookable('A1', span)).toBe(4);
		expect(places().bookable('A1', { fromMs: NOW, toMs: NOW + 11 * HOUR })).toBe(3);
		const gone = booking('r1', 'boss', { kind: 'release', areaId: null, startMs: NOW, endMs: NOW + 12 * HOUR });
		await site.give([gone]);
		expect(places().bookable('A1', { fromMs: NOW, toMs: NOW + 11 * HOUR })).toBe(4);
	});

	test('who asks for more than there is is told what stands against it', async () => {
		await site.give([...rows, ...['one', 'two', 'three'].map((id) => booking(`b-${id}`, id))]);
		const problem = (change: Partial<Booking> = {}, holder = 'four') =>
			places().problemOf(booking('new', holder, change));
		expect(problem()).toEqual({ because: 'areaFull', areaId: 'A1' });
		expect(problem({ startMs: NOW + 3 * HOUR, endMs: NOW + 4 * HOUR })).toBeNull();
		expect(problem({ startMs: NOW + HOUR, endMs: NOW + 4 * HOUR }, 'one')).toEqual({
			because: 'rightBooked',
			bookingId: 'b-one',
		});
		expect(problem({ endMs: NOW + 40 * 24 * HOUR })).toEqual({ because: 'tooLong' });
		expect(problem({ rightId: 'gone' })).toEqual({ because: 'unknownRight' });
		expect(problem({ areaId: 'nowhere' })).toEqual({ because: 'unknownArea' });
		expect(problem({ state: 'released' })).toBeNull();
	});

	test('a booking may be changed into itself; who gave theirs up leaves a place', async () => {
		await site.give([...rows, booking('b1', 'one'), booking('b2', 'two')]);
		expect(places().problemOf(booking('b1', 'one', { endMs: NOW + 3 * HOUR }))).toBeNull();
		await site.give([booking('b3', 'three')]);
		expect(places().problemOf(booking('b4', 'four'))).toEqual({ because: 'areaFull', areaId: 'A1' });
		await site.give([booking('b1', 'one', { state: 'released' })]);
		expect(places().problemOf(booking('b4', 'four'))).toBeNull();
	});
});
