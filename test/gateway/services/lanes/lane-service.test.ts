import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { annasRows, createSiteBench, usualSite } from '../../../support/site-bench.ts';

type Bench = Awaited<ReturnType<typeof createSiteBench>>;

describe('the lanes on a real store', () => {
	let site: Bench;
	beforeEach(async () => {
		site = await createSiteBench();
		await site.give(annasRows());
		for (const loop of ['arming', 'safety', 'closing']) site.input(loop, false);
	});
	afterEach(() => site.close());

	const entries = (type: string) => site.journal().filter((entry) => entry.type === type);
	const deck = () => site.occupancy().find(({ areaId }) => areaId === 'A1');

	test('a known tag opens, and what happened is in the journal in order', async () => {
		await site.enter('A1');
		expect(site.pulses).toHaveLength(1);
		expect(site.journal().map(({ type }) => type)).toEqual(['decision', 'vend', 'passage']);
		expect(deck()).toMatchObject({ occupied: 1, reserved: 0 });
		expect(site.store.parkingSessions.openFor('anna')).toHaveLength(1);
	});

	test('the decision is on the disk before the pulse is asked for', async () => {
		site.answerPulses(() => {
			expect(entries('decision')).toHaveLength(1);
			return Promise.resolve({ result: 'done' });
		});
		site.input('arming', true);
		site.tag('A1');
		await site.settle();
		expect.assertions(2);
		expect(site.pulses).toHaveLength(1);
	});

	test('every pulse of a decision is timed when its bytes leave, also late on a busy line; an operator’s is not', async () => {
		site.answerPulses(({ onWritten }) => {
			site.clock.after(300, () => onWritten?.());
			return new Promise((resolve) => site.clock.after(310, () => resolve({ result: 'done' })));
		});
		site.input('arming', true);
		site.tag('A1');
		await site.clock.advanceAsync(400);
		site.driveThrough();
		expect(site.latencies).toEqual([{ laneId: 'L1', seconds: expect.closeTo(0.3, 2) }]);
		site.input('arming', true);
		const vend = site.service.lanes.vend({ laneId: 'L1', operatorId: 'op', reason: 'delivery' });
		await site.clock.advanceAsync(400);
		expect(await vend).toMatchObject({ result: 'opened' });
		expect(site.latencies).toHaveLength(1);
	});

	test('the place is held from the decision on, and given back when the car backs out', async () => {
		site.input('arming', true);
		site.tag('A1');
		await site.settle();
		expect(deck()).toMatchObject({ occupied: 0, reserved: 1 });
		site.input('arming', false);
		site.clock.advance(4_000);
		expect(deck()).toMatchObject({ occupied: 0, reserved: 0 });
		expect(entries('lane')).toMatchObject([{ event: 'backedOut' }]);
	});

	test('N1: an unknown tag is refused with every verdict and the facts it was decided on', () => {
		site.input('arming', true);
		site.tag('FFFF');
		site.clock.advance(2_000);
		expect(site.pulses).toHaveLength(0);
		const [decision] = site.accessLog.list({ q: 'ffff' }).items;
		const record = site.accessLog.get(decision?.id ?? '');
		expect(record?.entry.decision).toMatchObject({ outcome: 'refused', headline: 'UNKNOWN_CREDENTIAL' });
		expect(record?.entry.decision.verdicts.length).toBeGreaterThan(15);
		expect(record?.entry.facts.presented).toMatchObject([{ value: 'FFFF', match: { how: 'none' } }]);
	});

	test('the same credential at the entry again: its missed exit is closed and recorded, the count stays true', async () => {
		await site.enter('A1');
		site.clock.advance(3_600_000);
		await site.enter('A1');
		expect(entries('lane')).toMatchObject([{ event: 'missedExit' }]);
		expect(deck()).toMatchObject({ occupied: 1, reserved: 0 });
		expect(site.store.parkingSessions.openFor('anna')).toHaveLength(1);
	});

	test('leaving closes the stay', async () => {
		await site.enter('A1');
		site.clock.advance(60_000);
		for (const loop of ['arming', 'safety', 'closing']) site.input(loop, false, 'boom-2');
		site.input('arming', true, 'boom-2');
		site.tag('A1', 'reader-2');
		await site.settle();
		site.driveThrough('boom-2');
		expect(deck()).toMatchObject({ occupied: 0 });
		expect(site.store.parkingSessions.countOpen()).toBe(0);
	});

	test('who parked in an area within the one the exit leaves is counted out of both', async () => {
		const [entry, exit] = usualSite.lanes;
		if (entry === undefined || exit === undefined) throw new Error('the usual site has an entry and an exit');
		const nested = await createSiteBench({ site: { ...usualSite, lanes: [{ ...entry, to: 'A1-vip' }, exit] } });
		await nested.give(annasRows());
		for (const boom of ['boom-1', 'boom-2'])
			for (const loop of ['arming', 'safety', 'closing']) nested.input(loop, false, boom);
		const counts = () => nested.occupancy().map(({ areaId, occupied }) => [areaId, occupied]);
		await nested.enter('A1');
		expect(counts()).toEqual(
			expect.arrayContaining([
				['A1', 1],
				['A1-vip', 1],
			]),
		);
		nested.clock.advance(60_000);
		nested.input('arming', true, 'boom-2');
		nested.tag('A1', 'reader-2');
		await nested.settle();
		nested.driveThrough('boom-2');
		expect(counts()).toEqual(
			expect.arrayContaining([
				['A1', 0],
				['A1-vip', 0],
			]),
		);
		await nested.close();
	});

	test('an operator’s vend is answered with what the barrier said', async () => {
		site.input('arming', true);
		const answer = site.service.lanes.vend({ laneId: 'L1', operatorId: 'op-1', reason: 'delivery' });
		await site.clock.advanceAsync(10);
		await expect(answer).resolves.toMatchObject({ result: 'opened' });
		expect(entries('vend')).toMatchObject([
			{ outcome: 'requested', operatorId: 'op-1', reason: 'delivery' },
			{ outcome: { result: 'done' } },
		]);
	});

	test('an operator’s vend for nobody is refused and nothing is sent', async () => {
		const answer = site.service.lanes.vend({ laneId: 'L1', operatorId: 'op-1', reason: 'delivery' });
		await site.clock.advanceAsync(10);
		await expect(answer).resolves.toEqual({ result: 'refused', because: 'noVehicle' });
		expect(site.pulses).toHaveLength(0);
	});

	test('a pulse that would come after the car left is not sent', async () => {
		site.input('arming', true);
		site.service.events.onObservation({
			kind: 'tag',
			id: 'o',
			deviceId: 'reader-1',
			tag: 'A1',
			atMs: site.clock.nowMs(),
			monotonicMs: site.clock.monotonicMs(),
		});
		site.service.events.onInput({
			deviceId: 'boom-1',
			input: 'arming',
			active: false,
			atMs: site.clock.nowMs(),
			monotonicMs: site.clock.monotonicMs(),
		});
		site.clock.advance(1);
		await site.settle();
		expect(site.pulses).toHaveLength(0);
		expect(entries('vend')).toMatchObject([{ outcome: { result: 'expired' } }]);
		expect(deck()).toMatchObject({ reserved: 0 });
	});

	test('a lost device makes its loops unknown, and the page says so', () => {
		site.input('arming', true);
		expect(site.service.lanes.get('L1')?.vehiclePresent).toBe(true);
		const status = {
			id: 'boom-1',
			driver: 'modbus-relay',
			address: 'sim:x',
			state: 'offline',
			problem: 'no answer',
			sinceMs: 0,
			identity: {},
			capabilities: [],
			statistics: {},
			inputs: {},
		} as const;
		site.service.events.onStatus(status);
		site.clock.advance(1);
		expect(site.service.lanes.get('L1')?.vehiclePresent).toBeNull();
	});

	test('pages hear of lane, decision and occupancy, after the commit', async () => {
		await site.enter('A1');
		expect(new Set(site.events.map(({ type }) => type))).toEqual(new Set(['lane', 'decision', 'occupancy']));
	});

	test('a reader that babbles loses its own lane’s oldest reads, and nobody else’s', () => {
		const now = { atMs: site.clock.nowMs(), monotonicMs: site.clock.monotonicMs() };
		const read = (deviceId: string, id: string, tag: string) =>
			site.service.events.onObservation({ kind: 'tag', id, deviceId, tag, ...now });
		read('reader-2', 'quiet', 'A1');
		for (let count = 0; count < 300; count += 1) read('reader-1', `babble-${count}`, 'FFFF');
		expect(site.service.losses().reads).toBeGreaterThan(0);
		site.clock.advance(1);
		const lanes = site.journal().flatMap((entry) => (entry.type === 'decision' ? [entry.laneId] : []));
		expect(lanes).toContain('L2');
	});

	test('two lanes, the last place, the same moment: one enters', async () => {
		await site.close();
		const lanes = [usualSite.lanes[0], { ...usualSite.lanes[0], id: 'L3', readers: ['reader-3'] }].flatMap((lane) =>
			lane?.loops ? [{ ...lane, loops: {} }] : [],
		) as typeof usualSite.lanes;
		site = await createSiteBench({
			site: { ...usualSite, areas: [{ id: 'A1', name: 'Deck', parkId: 'P1', capacity: 1 }], lanes },
		});
		await site.give([
			...annasRows(),
			{ table: 'holders', id: 'bob', kind: 'person', name: 'Bob', email: null, status: 'active' },
			{
				table: 'credentials',
				id: 'bob-tag',
				holderId: 'bob',
				kind: 'tag',
				value: 'B1',
				label: null,
				state: 'active',
				validFromMs: null,
				validToMs: null,
			},
			{
				table: 'assignedRights',
				id: 'r2',
				holderId: 'bob',
				specificationId: 'staff',
				state: 'active',
				validFromMs: null,
				validToMs: null,
			},
		]);
		const now = { atMs: site.clock.nowMs(), monotonicMs: site.clock.monotonicMs() };
		site.service.events.onObservation({ kind: 'tag', id: 'o1', deviceId: 'reader-1', tag: 'A1', ...now });
		site.service.events.onObservation({ kind: 'tag', id: 'o2', deviceId: 'reader-3', tag: 'B1', ...now });
		site.clock.advance(2_000);
		const outcomes = site.journal().flatMap((entry) => (entry.type === 'decision' ? [entry.decision.headline] : []));
		expect(outcomes.sort()).toEqual(['AREA_FULL', null]);
		expect(site.pulses).toHaveLength(1);
	});
});

describe('after a crash', () => {
	async function withAnnaLetIn() {
		const bench = await createSiteBench();
		await bench.give(annasRows());
		for (const loop of ['arming', 'safety', 'closing']) bench.input(loop, false);
		bench.input('arming', true);
		bench.tag('A1');
		await bench.settle();
		return bench;
	}

	test('an unanswered pulse is unknown and never sent again; its place stays held until the passage', async () => {
		const before = await createSiteBench();
		await before.give(annasRows());
		before.answerPulses(() => new Promise(() => undefined));
		for (const loop of ['arming', 'safety', 'closing']) before.input(loop, false);
		before.input('arming', true);
		before.tag('A1');
		expect(before.pulses).toHaveLength(1);
		await before.crash();

		const after = await createSiteBench({ dir: before.dir });
		expect(after.journal().map((entry) => (entry.type === 'vend' ? entry.outcome : entry.type))).toEqual([
			'decision',
			{ result: 'unknown', problem: 'the gateway stopped before the barrier answered' },
		]);
		for (const loop of ['safety', 'closing']) after.input(loop, false);
		after.input('arming', true);
		await after.clock.advanceAsync(5_000);
		expect(after.pulses).toHaveLength(0);
		expect(after.occupancy()[0]).toMatchObject({ reserved: 1, occupied: 0 });
		after.driveThrough();
		expect(after.occupancy()[0]).toMatchObject({ reserved: 0, occupied: 1 });
		await after.close();
	});

	test('a place nobody used is given back after its time', async () => {
		const before = await withAnnaLetIn();
		await before.crash();
		const after = await createSiteBench({ dir: before.dir });
		for (const loop of ['arming', 'safety', 'closing']) after.input(loop, false);
		await after.clock.advanceAsync(31_000);
		expect(after.occupancy()[0]).toMatchObject({ reserved: 0, occupied: 0 });
		await after.close();
	});

	test.each([
		{ downForS: 22, leftS: 8, said: 'goes on where it stood' },
		{ downForS: 29, leftS: 5, said: 'is never so short that a vehicle under way is missed' },
		{ downForS: 3_600, leftS: 5, said: 'of an hour ago is no longer than that' },
		{ downForS: -3_600, leftS: 30, said: 'is its whole time at most, whatever became of the clock' },
	])('its time, $downForS s later, $said', async ({ downForS, leftS }) => {
		const before = await withAnnaLetIn();
		const atMs = before.clock.nowMs() + downForS * 1_000;
		await before.crash();
		const after = await createSiteBench({ dir: before.dir, atMs });
		for (const loop of ['arming', 'safety', 'closing']) after.input(loop, false);
		await after.clock.advanceAsync(leftS * 1_000 - 100);
		expect(after.occupancy()[0]).toMatchObject({ reserved: 1 });
		await after.clock.advanceAsync(200);
		expect(after.occupancy()[0]).toMatchObject({ reserved: 0, occupied: 0 });
		await after.close();
	});
});
