import { afterEach, describe, expect, test } from 'vitest';
import { createReplay } from '../../../../src/gateway/services/decisions/replay.ts';
import {
	createStaysBench,
	person,
	type StaysBench,
	specification,
	stayingSite,
	tagOf,
} from '../../../support/stays-bench.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let site: StaysBench;

afterEach(() => site.end());

async function siteWith(rows: Parameters<StaysBench['give']>[0], capacity?: number) {
	site = await createStaysBench({ site: stayingSite(capacity) });
	await site.give(rows);
	return site;
}

const prepaid = specification('prepaid', 'credits', { creditCost: 4, refillAmount: 10, refillPeriod: 'week' });
const occupied = (areaId: string) => site.store.occupancy.counter(areaId).occupied;

describe('X5: credits', () => {
	test('are held by the grant and taken by the passage, once a stay', async () => {
		await siteWith([...person('anna', 'anyone'), ...person('bob', 'prepaid'), prepaid]);
		expect(await site.present('BOB')).toBe('in');
		expect(site.ledger('bob-right')).toEqual(['refill 10', 'hold -4']);
		site.driveThrough();
		await site.settle();
		expect(site.ledger('bob-right')).toEqual(['refill 10', 'hold -4', 'capture 0']);
		expect(site.stayEvents()).toEqual(['charged']);
		const [stay] = site.store.parkingSessions.openFor('bob');
		expect(site.store.consumption.chargesOf(stay?.id ?? '')).toMatchObject([{ segment: 0, credits: 4, price: null }]);
	});

	test('are given back when it backs out, and a re-scan works', async () => {
		await siteWith([...person('bob', 'prepaid'), prepaid]);
		await site.present('BOB');
		site.turnBack();
		expect(site.ledger('bob-right')).toEqual(['refill 10', 'hold -4', 'release 4']);
		expect(await site.pass('BOB')).toBe('in');
		expect(site.balance('bob-right')).toBe(6);
	});

	test('are given back when the barrier failed', async () => {
		await siteWith([...person('bob', 'prepaid'), prepaid]);
		site.answerPulses(() => Promise.resolve({ result: 'failed', problem: 'broken' }));
		await site.present('BOB');
		expect(site.balance('bob-right')).toBe(10);
	});

	test('stay held while nobody knows whether the barrier opened, until the passage', async () => {
		await siteWith([...person('bob', 'prepaid'), prepaid]);
		site.answerPulses(() => Promise.resolve({ result: 'unknown', problem: 'no answer' }));
		await site.present('BOB');
		expect(site.ledger('bob-right')).toEqual(['refill 10', 'hold -4']);
		site.driveThrough();
		expect(site.ledger('bob-right')).toEqual(['refill 10', 'hold -4', 'capture 0']);
	});

	test('killed between grant and passage: still held, and given back when nobody drives through', async () => {
		await siteWith([...person('bob', 'prepaid'), prepaid]);
		await site.present('BOB');
		site = await site.reopen(1_000);
		expect(site.ledger('bob-right')).toEqual(['refill 10', 'hold -4']);
		await site.clock.advanceAsync(60_000);
		expect(site.ledger('bob-right')).toEqual(['refill 10', 'hold -4', 'release 4']);
	});

	test('killed between grant and passage: the passage after the restart takes them', async () => {
		await siteWith([...person('bob', 'prepaid'), prepaid]);
		await site.present('BOB');
		site = await site.reopen(1_000);
		site.driveThrough();
		await site.settle();
		expect(site.ledger('bob-right')).toEqual(['refill 10', 'hold -4', 'capture 0']);
		site = await site.reopen();
		expect(site.balance('bob-right')).toBe(6);
		expect(site.store.parkingSessions.openFor('bob')).toMatchObject([{ rightIds: ['bob-right'] }]);
	});

	test('run out, and come back with the next week; nothing is refilled twice after weeks off', async () => {
		await siteWith([...person('bob', 'prepaid'), prepaid]);
		for (const _ of [1, 2]) {
			expect(await site.pass('BOB')).toBe('in');
			expect(await site.pass('BOB', 2)).toBe('in');
		}
		expect(await site.pass('BOB')).toBe('NO_CREDIT');
		site = await site.reopen(23 * DAY);
		expect(await site.pass('BOB')).toBe('in');
		expect(site.balance('bob-right')).toBe(6);
		site.clock.jumpWallClock(-9 * DAY);
		await site.pass('BOB', 2);
		expect(await site.pass('BOB')).toBe('in');
		expect(site.balance('bob-right')).toBe(2);
	});

	test('two plates at two lanes at once hold only what is there', async () => {
		const both = { ...prepaid, staysAtOnce: 9, refillAmount: 7 };
		await siteWith([...person('bob', 'prepaid'), tagOf('bob', 'BOB2'), both]);
		expect(await site.present('BOB', 1)).toBe('in');
		expect(await site.present('BOB2', 3)).toBe('NO_CREDIT');
		expect(site.balance('bob-right')).toBe(3);
	});

	test('a further area by another right is paid for as well, the stay remains one', async () => {
		const roof = specification('roof', 'credits', {
			areaIds: ['B1'],
			creditCost: 2,
			refillAmount: 9,
			refillPeriod: 'week',
		});
		const second = person('bob', 'roof', { id: 'bob-roof' }).filter(({ table }) => table === 'assignedRights');
		await siteWith([
			...person('bob', 'deck'),
			...second,
			specification('deck', 'firstCome', { areaIds: ['A1'], staysAtOnce: 1 }),
			roof,
		]);
		expect(await site.pass('BOB')).toBe('in');
		const [stay] = site.store.parkingSessions.openFor('bob');
		expect(await site.pass('BOB', 4)).toBe('in');
		expect(site.store.parkingSessions.openFor('bob')).toMatchObject([{ id: stay?.id, areaId: 'B1' }]);
		expect(site.ledger('bob-roof').at(-1)).toBe('capture 0');
	});
});

describe('X5: uses and prices', () => {
	test('X6: a visitor comes in as often as the right says, and no more', async () => {
		await siteWith([...person('guest', 'guests'), specification('guests', 'visitor', { useLimit: 2 })]);
		for (const _ of [1, 2]) {
			expect(await site.pass('GUEST')).toBe('in');
			await site.pass('GUEST', 2);
		}
		expect(await site.pass('GUEST')).toBe('USES_EXHAUSTED');
	});

	test('a back-out is no use', async () => {
		await siteWith([...person('guest', 'guests'), specification('guests', 'visitor', { useLimit: 1 })]);
		await site.present('GUEST');
		site.turnBack();
		expect(await site.pass('GUEST')).toBe('in');
	});

	test('once a day, and again after midnight of the Place', async () => {
		await siteWith([
			...person('anna', 'daily'),
			specification('daily', 'firstCome', { useLimit: 1, usePeriod: 'day' }),
		]);
		expect(await site.pass('ANNA')).toBe('in');
		await site.pass('ANNA', 2);
		expect(await site.pass('ANNA')).toBe('USES_EXHAUSTED');
		site = await site.reopen(14 * HOUR);
		expect(await site.pass('ANNA')).toBe('in');
	});

	test('a price is recorded with the stay and told once', async () => {
		await siteWith([
			...person('anna', 'paid'),
			specification('paid', 'onTheFly', { priceMinor: 350, currency: 'EUR' }),
		]);
		await site.pass('ANNA');
		const told = site.journal().filter((entry) => entry.type === 'stay');
		expect(told).toMatchObject([
			{ event: 'charged', rightId: 'anna-right', holderId: 'anna', detail: { price: 350, currency: 'EUR' } },
		]);
		expect(site.store.consumption.charges(0, Number.MAX_SAFE_INTEGER, 10)).toMatchObject([
			{ price: { minor: 350, currency: 'EUR' } },
		]);
	});
});

describe('X3: shared places', () => {
	const pool = { table: 'pools', id: 'acme', name: 'Acme', capacity: 1, areaId: null, holderId: null } as const;

	test('a pool is full with its last place, also while an opening is under way, and free again', async () => {
		await siteWith([
			...person('anna', 'all', { poolId: 'acme' }),
			...person('bob', 'all', { poolId: 'acme' }),
			specification('all', 'firstCome'),
			pool,
		]);
		expect(await site.present('ANNA')).toBe('in');
		expect(await site.present('BOB', 3)).toBe('POOL_FULL');
		site.driveThrough();
		site.turnBack(3);
		expect(await site.pass('BOB', 3)).toBe('POOL_FULL');
		await site.pass('ANNA', 2);
		expect(occupied('pool:acme')).toBe(0);
		expect(await site.pass('BOB')).toBe('in');
		site = await site.reopen();
		expect(occupied('pool:acme')).toBe(1);
	});

	test('X4: groups count all their members, and those of the groups within them', async () => {
		const groups = [
			{ table: 'groups', id: 'company', name: 'Company', kind: 'company', parentId: null, tags: [], capacity: 1 },
			{ table: 'groups', id: 'sales', name: 'Sales', kind: 'role', parentId: 'company', tags: [], capacity: null },
		] as const;
		await siteWith([
			...person('anna', 'all', {}, { groupIds: ['sales'] }),
			...person('bob', 'all', {}, { groupIds: ['company'] }),
			specification('all', 'firstCome'),
			...groups,
		]);
		expect(await site.pass('ANNA')).toBe('in');
		expect(await site.pass('BOB')).toBe('GROUP_FULL');
		await site.pass('ANNA', 2);
		expect(await site.pass('BOB')).toBe('in');
	});
});

describe('X2: kept places and bookings', () => {
	const booked = (id: string, holderId: string, startMs: number, endMs: number, change: object = {}) => ({
		...{
			table: 'plannedUses',
			id,
			kind: 'booking',
			holderId,
			rightId: `${holderId}-right`,
			areaId: 'A1',
			spaceId: null,
		},
		...{ vehicleId: null, startMs, endMs, state: 'planned', note: null, ...change },
	});
	const crowd = ['one', 'two', 'three'];
	const start = (rows: Parameters<StaysBench['give']>[0]) =>
		siteWith(
			[
				...crowd.flatMap((id) => person(id, 'anyone')),
				...person('boss', 'director'),
				...person('guest', 'bookers'),
				specification('anyone', 'firstCome'),
				specification('director', 'preferential'),
				specification('bookers', 'booking', { noShowMin: 60 }),
				...rows,
			],
			3,
		);
	const now = Date.parse('2026-06-16T10:00:00+02:00');

	test('others see neither the place of a preferential right nor that of a booking; both find theirs', async () => {
		await start([booked('b1', 'guest', now, now + 4 * HOUR)]);
		expect(await site.pass('ONE')).toBe('in');
		expect(await site.pass('TWO')).toBe('AREA_FULL');
		expect(await site.pass('GUEST')).toBe('in');
		expect(await site.pass('BOSS')).toBe('in');
		expect(occupied('A1')).toBe(3);
		await site.pass('BOSS', 2);
		expect(await site.pass('TWO')).toBe('AREA_FULL');
	});

	test('a place that its holder gave up is anybody’s for that time', async () => {
		await start([booked('r1', 'boss', now - HOUR, now + HOUR, { kind: 'release', areaId: null })]);
		for (const tag of ['ONE', 'TWO', 'THREE']) expect(await site.pass(tag)).toBe('in');
		expect(await site.pass('BOSS')).toBe('AREA_FULL');
		site.clock.advance(HOUR);
		expect(await site.pass('BOSS')).toBe('in');
	});

	test('N5: a booking is used once, by one vehicle, over restarts', async () => {
		await start([booked('b1', 'guest', now, now + 4 * HOUR), tagOf('guest', 'GUEST2')]);
		expect(await site.present('GUEST')).toBe('in');
		expect(await site.present('GUEST2', 3)).toBe('BOOKING_EXPIRED');
		site.driveThrough();
		site.turnBack(3);
		site = await site.reopen();
		expect(await site.pass('GUEST2', 3)).toBe('BOOKING_EXPIRED');
		expect(site.store.consumption.booking('b1')).toMatchObject({ state: 'used' });
		await site.pass('GUEST', 2);
		expect(await site.pass('GUEST')).toBe('BOOKING_EXPIRED');
	});

	test('N5: who does not come in time loses the place, is told once, and comes too late', async () => {
		await start([booked('b1', 'guest', now, now + 4 * HOUR)]);
		await site.pass('ONE');
		expect(await site.pass('TWO')).toBe('AREA_FULL');
		site.clock.advance(HOUR);
		expect(await site.pass('TWO')).toBe('in');
		site = await site.reopen();
		site.clock.advance(HOUR);
		expect(site.stayEvents()).toEqual(['noShow']);
		expect(await site.pass('GUEST')).toBe('BOOKING_EXPIRED');
	});

	test('a booking in its window enters though the area is physically full, and that is told', async () => {
		await start([]);
		for (const tag of ['ONE', 'TWO', 'BOSS']) expect(await site.pass(tag)).toBe('in');
		await site.give([booked('b1', 'guest', now, now + 4 * HOUR)]);
		expect(await site.pass('GUEST')).toBe('in');
		expect(site.stayEvents()).toEqual(['charged', 'enteredFull']);
	});

	test('X13: an allocated space is kept while the fleet vehicle is away, however often it comes back', async () => {
		await start([
			...person('van', 'fleet', { spaceId: 'space-1' }, { kind: 'vehicle' }),
			specification('fleet', 'vehicle'),
		]);
		expect(await site.pass('ONE')).toBe('in');
		for (const _ of ['once', 'again']) {
			expect(await site.pass('TWO')).toBe('AREA_FULL');
			expect(await site.pass('VAN')).toBe('in');
			await site.pass('VAN', 2);
		}
		expect(await site.pass('BOSS')).toBe('in');
		expect(await site.pass('TWO')).toBe('AREA_FULL');
	});

	test('X2: n stays of one right with many plates, not one more at two lanes at once', async () => {
		await start([
			...person('firm', 'two-cars'),
			tagOf('firm', 'FIRM2'),
			tagOf('firm', 'FIRM3'),
			specification('two-cars', 'freePass', { staysAtOnce: 2 }),
		]);
		expect(await site.pass('FIRM')).toBe('in');
		expect(await site.present('FIRM2', 1)).toBe('in');
		expect(await site.present('FIRM3', 3)).toBe('SESSION_ALREADY_OPEN');
		site.turnBack(1);
		site.turnBack(3);
		expect(await site.pass('FIRM3', 3)).toBe('in');
		expect(occupied('A1')).toBe(0);
	});

	test('X2: one card can not open two lanes at once, and opens the same lane again', async () => {
		await start([...person('bob', 'one'), specification('one', 'firstCome')]);
		expect(await site.present('BOB', 1)).toBe('in');
		expect(await site.present('BOB', 3)).toBe('SESSION_ALREADY_OPEN');
		site.turnBack(1);
		site.turnBack(3);
		expect(await site.pass('BOB', 3)).toBe('in');
	});

	test('every decision of all this comes out again as recorded', async () => {
		await start([booked('b1', 'guest', now, now + 4 * HOUR), ...person('bob', 'prepaid'), prepaid]);
		for (const tag of ['ONE', 'TWO', 'GUEST', 'BOSS', 'BOB', 'GUEST']) await site.pass(tag);
		await site.pass('ONE', 2);
		const report = await createReplay(site.store).since({ sinceMs: 0, maximumChanges: 5 });
		expect(report).toMatchObject({ decisions: 7, identical: 7, changed: 0 });
	});
});
