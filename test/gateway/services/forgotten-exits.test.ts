import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClockTrust } from '../../../src/gateway/core/clock.ts';
import { startWatchingStays } from '../../../src/gateway/services/stays/watch-stays.ts';
import { annasRows, createSiteBench, usualSite } from '../../support/site-bench.ts';

const HOUR = 3_600_000;
type Bench = Awaited<ReturnType<typeof createSiteBench>>;

function boomLoops(deviceId: string) {
	const input = (name: string) => ({ deviceId, input: name });
	return { arming: input('arming'), safety: input('safety'), closing: input('closing') };
}

function bobsRows() {
	return annasRows().flatMap((row) => {
		if (row.table === 'rightSpecifications') return [];
		const asBob = { ...row, id: row.id.replace('anna', 'bob').replace('r1', 'r2') };
		return [{ ...asBob, ...('holderId' in row && { holderId: 'bob' }), ...('value' in row && { value: 'B1' }) }];
	});
}

describe('N4: exits nobody saw', () => {
	let site: Bench;
	beforeEach(async () => {
		site = await createSiteBench();
		await site.give(annasRows());
		for (const boom of ['boom-1', 'boom-2'])
			for (const loop of ['arming', 'safety', 'closing']) site.input(loop, false, boom);
	});
	afterEach(() => site.close());

	const inside = () => site.occupancy().find(({ areaId }) => areaId === 'A1')?.occupied;
	const missed = () =>
		site.journal().flatMap((entry) => (entry.type === 'lane' && entry.event === 'missedExit' ? [entry.detail] : []));
	/** Drives out and nothing reads it. */
	const leaveUnread = async () => {
		site.input('arming', true, 'boom-2');
		site.clock.advance(6_000);
		await site.settle();
		site.driveThrough('boom-2');
		site.clock.advance(60_000);
	};

	test('it never left by a lane: its place is freed when it comes again', async () => {
		await site.enter('A1');
		site.clock.advance(HOUR);
		await site.enter('A1');
		expect(inside()).toBe(1);
		expect(missed()).toMatchObject([{ by: 'nextEntry', countedOut: false }]);
	});

	test('it left unread and was counted out: nothing is counted twice when it comes again', async () => {
		await site.enter('A1');
		site.clock.advance(HOUR);
		await leaveUnread();
		expect(inside()).toBe(0);
		await site.enter('A1');
		expect(inside()).toBe(1);
		expect(missed()).toMatchObject([{ by: 'nextEntry', countedOut: true }]);
	});

	test('a vehicle that nobody let in leaves as the anonymous one that came', async () => {
		await site.enter('A1');
		site.driveThrough();
		expect(inside()).toBe(2);
		await leaveUnread();
		expect(inside()).toBe(1);
		expect(site.store.parkingSessions.openFor('anna')).toHaveLength(1);
	});

	test('it left a nested area unread and the site with its card: it is counted out of the nested area once', async () => {
		const [entry, exit] = usualSite.lanes;
		if (entry === undefined || exit === undefined) throw new Error('the usual site has an entry and an exit');
		const ownExit = { ...exit, id: 'L3', from: 'A1-vip', to: 'A1', readers: [], loops: boomLoops('boom-3') };
		const lanes = [{ ...entry, to: 'A1-vip' }, exit, ownExit];
		const nested = await createSiteBench({ site: { ...usualSite, lanes } });
		await nested.give([...annasRows(), ...bobsRows()]);
		for (const boom of ['boom-1', 'boom-2', 'boom-3'])
			for (const loop of ['arming', 'safety', 'closing']) nested.input(loop, false, boom);
		await nested.enter('A1');
		nested.clock.advance(60_000);
		await nested.enter('B1');
		nested.clock.advance(60_000);
		nested.input('arming', true, 'boom-3');
		nested.clock.advance(6_000);
		await nested.settle();
		nested.driveThrough('boom-3');
		nested.clock.advance(60_000);
		nested.input('arming', true, 'boom-2');
		nested.tag('A1', 'reader-2');
		await nested.settle();
		nested.driveThrough('boom-2');
		const counts = nested.occupancy().map(({ areaId, occupied }) => `${areaId} ${occupied}`);
		expect(counts).toEqual(['P1 1', 'A1 1', 'A1-vip 1']);
		await nested.close();
	});

	describe('and closed by time', () => {
		const start = (autoCloseFreesPlace: boolean, clockTrust: ClockTrust = 'held') =>
			startWatchingStays({
				...site,
				directory: site.directory.reader,
				newId: () => 'unused',
				site: { ...usualSite, forgottenExits: { autoCloseAfterMs: 24 * HOUR, autoCloseFreesPlace } },
				clockTrust: () => clockTrust,
				changed: () => undefined,
				journalGrew: () => undefined,
			});

		test('not while the clock is untrusted: it may have jumped', async () => {
			const autoClose = start(true, 'untrusted');
			await site.enter('A1');
			site.clock.advance(25 * HOUR);
			expect(site.store.parkingSessions.countOpen()).toBe(1);
			autoClose.stop();
		});

		test.each([
			[true, 0],
			[false, 1],
		])('the place is free: %s', async (frees, left) => {
			const autoClose = start(frees);
			await site.enter('A1');
			site.clock.advance(23 * HOUR);
			expect(site.store.parkingSessions.countOpen()).toBe(1);
			site.clock.advance(2 * HOUR);
			expect(site.store.parkingSessions.countOpen()).toBe(0);
			expect(inside()).toBe(left);
			expect(missed()).toMatchObject([{ by: 'autoClose', freed: frees }]);
			autoClose.stop();
			expect(site.clock.pendingTimers()).toBeLessThanOrEqual(1);
		});
	});
});
