import { afterEach, describe, expect, test } from 'vitest';
import { createStaysBench, person, type StaysBench, specification, stayingSite } from '../../../support/stays-bench.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let site: StaysBench;

afterEach(() => site.end());

async function inside(limits: object, strategy = 'firstCome', change: Parameters<typeof stayingSite>[1] = {}) {
	site = await createStaysBench({ site: stayingSite(10, change) });
	await site.give([...person('anna', 'spec'), specification('spec', strategy, limits)]);
	expect(await site.pass('ANNA')).toBe('in');
}

/** Off for that long, then up for a look. */
async function later(ms: number) {
	site = await site.reopen(ms);
	site.clock.advance(2 * MINUTE);
}

const told = (event: string) =>
	site.journal().flatMap((entry) => (entry.type === 'stay' && entry.event === event ? [entry.detail] : []));
const charges = () => site.store.consumption.charges(0, Number.MAX_SAFE_INTEGER, 100);

describe('X2: stays that last too long', () => {
	test('are told once, also over a restart', async () => {
		await inside({ defaultStayMin: 60 }, 'onTheFly');
		site.clock.advance(58 * MINUTE);
		expect(site.stayEvents()).toEqual([]);
		site.clock.advance(3 * MINUTE);
		expect(site.stayEvents()).toEqual(['overdue']);
		site = await site.reopen(DAY);
		site.clock.advance(HOUR);
		expect(site.stayEvents()).toEqual(['overdue']);
	});

	test('that ended in time are never told', async () => {
		await inside({ defaultStayMin: 60 }, 'onTheFly');
		await site.pass('ANNA', 2);
		site.clock.advance(2 * HOUR);
		expect(site.stayEvents()).toEqual([]);
	});

	test('that ran out while the gateway was off are told at its start', async () => {
		await inside({ maxStayMin: 60 }, 'preferential');
		site = await site.reopen(5 * HOUR);
		site.clock.advance(MINUTE);
		expect(told('overdue')).toMatchObject([{ due: expect.any(Number) }]);
	});

	test('X5: go on in further segments, each charged once, those of a while off as well', async () => {
		await inside({ maxStayMin: 60, onOverstay: 'segment', priceMinor: 500, currency: 'EUR' }, 'preferential');
		site.clock.advance(2 * HOUR + 5 * MINUTE);
		site = await site.reopen(2 * HOUR);
		site.clock.advance(MINUTE);
		expect(charges().map(({ segment, price }) => [segment, price?.minor])).toEqual(
			[0, 1, 2, 3, 4].map((n) => [n, 500]),
		);
		expect(told('overdue')).toHaveLength(1);
		expect(told('segment')).toHaveLength(4);
		await site.pass('ANNA', 2);
		site.clock.advance(2 * HOUR);
		expect(charges()).toHaveLength(5);
	});

	test('X5: are debited again as long as there is credit, then told as unpaid', async () => {
		const wallet = { creditCost: 3, refillAmount: 8, refillPeriod: 'month' };
		await inside({ ...wallet, maxStayMin: 60, onOverstay: 'debit' }, 'credits');
		site.clock.advance(2 * HOUR + 5 * MINUTE);
		expect(site.ledger('anna-right')).toEqual(['refill 8', 'hold -3', 'capture 0', 'debit -3']);
		expect(told('unpaid')).toEqual([{ credits: 3, segment: 2 }]);
		expect(site.balance('anna-right')).toBe(2);
	});

	test('X5: are debited below nothing where the wallet may be overdrawn', async () => {
		const wallet = { creditCost: 3, refillAmount: 4, refillPeriod: 'month', mayOverdraw: true };
		await inside({ ...wallet, maxStayMin: 60, onOverstay: 'debit' }, 'credits');
		site.clock.advance(2 * HOUR + 5 * MINUTE);
		expect(site.balance('anna-right')).toBe(-5);
		expect(told('unpaid')).toEqual([]);
	});

	test('X6: a visitor is overdue when the right ends', async () => {
		site = await createStaysBench();
		const validToMs = site.clock.nowMs() + HOUR;
		await site.give([...person('guest', 'guests', { validToMs }), specification('guests', 'visitor')]);
		await site.pass('GUEST');
		site.clock.advance(HOUR + MINUTE);
		expect(told('overdue')).toMatchObject([{ due: validToMs }]);
		expect(await site.pass('GUEST', 2)).toBe('in');
	});

	test('a free pass that dwells is an alarm, once', async () => {
		await inside({ dwellAlarmMin: 30 }, 'freePass');
		site.clock.advance(29 * MINUTE);
		expect(site.stayEvents()).toEqual([]);
		site.clock.advance(2 * HOUR);
		expect(told('dwellAlarm')).toMatchObject([{ area: 'A1' }]);
	});
});

describe('N4: exits that were forgotten', () => {
	const count = () => site.store.occupancy.counter('A1').occupied;
	const missed = () =>
		site.journal().flatMap((entry) => (entry.type === 'lane' && entry.event === 'missedExit' ? [entry.detail] : []));

	test.each([
		['frees', 0],
		['keeps', 1],
	])('by the specification’s own time, %s', async (forgottenExitCounts, left) => {
		await inside({ forgottenExitMin: 120, forgottenExitCounts });
		site.clock.advance(HOUR);
		expect(site.store.parkingSessions.countOpen()).toBe(1);
		site = await site.reopen(2 * HOUR);
		site.clock.advance(2 * MINUTE);
		expect(site.store.parkingSessions.countOpen()).toBe(0);
		expect(count()).toBe(left);
		expect(missed()).toMatchObject([{ by: 'autoClose', freed: left === 0 }]);
		expect(site.store.stayDeadlines.due(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
	});

	const rule = { forgottenExits: { autoCloseAfterMs: 12 * HOUR, autoCloseFreesPlace: true } };

	test('by the site’s time where the specification says nothing; a longer one of its own holds', async () => {
		await inside({}, 'firstCome', rule);
		await later(13 * HOUR);
		expect(site.store.parkingSessions.countOpen()).toBe(0);
		await site.end();
		await inside({ forgottenExitMin: 3 * 1_440 }, 'firstCome', rule);
		await later(2 * DAY);
		expect(site.store.parkingSessions.countOpen()).toBe(1);
		await later(2 * DAY);
		expect(site.store.parkingSessions.countOpen()).toBe(0);
	});

	test('X13: a fleet vehicle counts while it is parked for weeks', async () => {
		await inside({}, 'vehicle', rule);
		await later(20 * DAY);
		expect(site.store.parkingSessions.countOpen()).toBe(1);
		expect(count()).toBe(1);
	});

	test('X3: the place of the pool is free again too', async () => {
		site = await createStaysBench({ site: stayingSite(10, rule) });
		const pool = { table: 'pools', id: 'acme', name: 'Acme', capacity: 1, areaId: 'A1', holderId: null } as const;
		await site.give([...person('anna', 'spec', { poolId: 'acme' }), specification('spec', 'firstCome'), pool]);
		await site.pass('ANNA');
		expect(site.store.occupancy.counter('pool:acme').occupied).toBe(1);
		await later(13 * HOUR);
		expect(site.store.occupancy.counter('pool:acme').occupied).toBe(0);
	});

	test('X3: a place of an area’s pool is given back with the area', async () => {
		site = await createStaysBench();
		const pool = { table: 'pools', id: 'acme', name: 'Acme', capacity: 1, areaId: 'A1', holderId: null } as const;
		await site.give([...person('anna', 'spec', { poolId: 'acme' }), specification('spec', 'firstCome'), pool]);
		await site.pass('ANNA');
		expect(await site.pass('ANNA', 4)).toBe('in');
		expect(site.store.occupancy.counter('pool:acme').occupied).toBe(0);
		expect(site.store.parkingSessions.openFor('anna')).toMatchObject([{ areaId: 'B1', rightIds: ['anna-right'] }]);
	});
});
