import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GatewayError } from '../../../../src/gateway/core/gateway-error.ts';
import type { Lane } from '../../../../src/gateway/core/site.ts';
import { aLane } from '../../../support/access-facts.ts';
import { annasRows, createSiteBench, usualSite } from '../../../support/site-bench.ts';

type Bench = Awaited<ReturnType<typeof createSiteBench>>;

const LOOPS = ['arming', 'safety', 'closing'] as const;
const [entry, exit] = usualSite.lanes as [Lane, Lane];
const withLanes = (...lanes: Lane[]) => ({ ...usualSite, lanes });

describe('when something in the gateway fails', () => {
	let site: Bench;
	beforeEach(async () => {
		site = await createSiteBench();
		await site.give(annasRows());
		tellFreeLoops();
	});
	afterEach(async () => {
		vi.restoreAllMocks();
		await site.close();
	});

	function tellFreeLoops(): void {
		for (const device of ['boom-1', 'boom-2']) for (const loop of LOOPS) site.input(loop, false, device);
	}

	async function begin(options: Parameters<typeof createSiteBench>[0]): Promise<void> {
		await site.close();
		site = await createSiteBench(options);
		await site.give(annasRows());
		tellFreeLoops();
	}

	function failStore() {
		return vi.spyOn(site.store, 'transaction').mockImplementation(() => {
			throw new GatewayError('STORE_FULL', 'the disk is full');
		});
	}

	function read(id: string, deviceId: string, tag = 'A1'): void {
		const now = { atMs: site.clock.nowMs(), monotonicMs: site.clock.monotonicMs() };
		site.service.events.onObservation({ kind: 'tag', id, deviceId, tag, ...now });
		site.clock.advance(1);
	}

	const pulsesAt = (deviceId: string) => site.pulses.filter((pulse) => pulse.deviceId === deviceId).length;
	const decisions = () => site.journal().filter(({ type }) => type === 'decision');

	test('a reader that two lanes share is decided at both, and one card opens one of them', async () => {
		const other = aLane({ id: 'L3', barrier: { deviceId: 'boom-3', output: 'open', pulseMs: 500 }, loops: {} });
		await begin({ site: withLanes({ ...entry, loops: {} }, other) });
		site.tag('A1');
		expect(decisions()).toHaveLength(2);
		expect([pulsesAt('boom-1'), pulsesAt('boom-3')]).toEqual([1, 0]);
	});

	test('an exit opens although its entry can’t be written, and the others go on', async () => {
		site.input('arming', true, 'boom-2');
		read('same-id', 'reader-2');
		await site.settle();
		site.driveThrough('boom-2');
		site.input('arming', true, 'boom-2');
		read('same-id', 'reader-2');
		await site.settle();
		expect(pulsesAt('boom-2')).toBe(2);
		await site.clock.advanceAsync(60_000);
		expect(site.service.isStoreFailing()).toBe(false);
		expect(site.service.losses().lateEffects).toBeGreaterThan(0);
		await site.enter('A1');
		expect(pulsesAt('boom-1')).toBe(1);
	});

	test('what can never be written does not hold back what the lanes did while the store failed', async () => {
		site.input('arming', true, 'boom-2');
		read('o1', 'reader-2');
		await site.settle();
		site.driveThrough('boom-2');
		const before = decisions().length;
		const failing = failStore();
		for (const id of ['o2', 'o1', 'o3']) {
			site.input('arming', true, 'boom-2');
			read(id, 'reader-2');
			await site.settle();
			site.driveThrough('boom-2');
		}
		expect(pulsesAt('boom-2')).toBe(4);
		failing.mockRestore();
		await site.clock.advanceAsync(10_000);
		expect(site.service.isStoreFailing()).toBe(false);
		expect(decisions()).toHaveLength(before + 2);
		expect(site.journal().filter(({ type }) => type === 'passage')).toHaveLength(4);
		expect(site.store.journal.verify(0, 1_000)).toMatchObject({ result: 'holds' });
	});

	test('a fault in the facts of one holder opens the exit and keeps the entry closed', async () => {
		vi.spyOn(site.directory.reader, 'holderWithRights').mockImplementation(() => {
			throw new TypeError('a fault');
		});
		site.input('arming', true, 'boom-2');
		site.tag('A1', 'reader-2');
		site.input('arming', true);
		site.tag('A1');
		await site.settle();
		expect([pulsesAt('boom-1'), pulsesAt('boom-2')]).toEqual([0, 1]);
		expect(site.service.lanes.get('L1')?.phase).toBe('refused');
	});

	test('an exit that opens without having read the store says so once it can', async () => {
		const failing = failStore();
		const unreadable = vi.spyOn(site.directory.reader, 'read').mockImplementation(() => {
			throw new GatewayError('STORE_UNAVAILABLE', 'the disk fails to read');
		});
		site.input('arming', true, 'boom-2');
		site.tag('A1', 'reader-2');
		await site.settle();
		expect(pulsesAt('boom-2')).toBe(1);
		failing.mockRestore();
		unreadable.mockRestore();
		await site.clock.advanceAsync(10_000);
		const vends = site.journal().flatMap((row) => (row.type === 'vend' ? [row.outcome] : []));
		expect(vends).toEqual(['requested', { result: 'done' }]);
	});

	test('a driver that throws is an unknown outcome, and the other lanes go on', async () => {
		site.answerPulses(() => {
			throw new TypeError('a fault');
		});
		site.input('arming', true);
		site.tag('A1');
		await site.settle();
		expect(site.journal().at(-1)).toMatchObject({ type: 'vend', outcome: { result: 'unknown' } });
		expect(site.service.lanes.get('L1')?.phase).toBe('openWait');
	});

	test('what pages would be told and can’t be read stops nothing', async () => {
		vi.spyOn(site.accessLog, 'summary').mockImplementation(() => {
			throw new GatewayError('STORE_UNAVAILABLE', 'the disk fails to read');
		});
		await site.enter('A1');
		expect(pulsesAt('boom-1')).toBe(1);
	});

	test('a lockdown that could not be recorded is refused and not taken up; an end of one is', async () => {
		const change = (to: 'lockdown' | 'release') => {
			const who = { laneId: 'L1', operatorId: 'op-1', reason: 'because', untilMs: null, mayCloseExits: true };
			const answer = site.service.lanes.changeMode({ ...who, change: to });
			return site.clock.advanceAsync(10).then(() => answer);
		};
		const failing = failStore();
		expect(await change('lockdown')).toEqual({ result: 'refused', because: 'storeFailure' });
		expect(site.service.lanes.get('L1')?.mode.kind).toBe('normal');
		failing.mockRestore();
		expect(await change('lockdown')).toMatchObject({ result: 'changed' });
		failStore();
		expect(await change('release')).toMatchObject({ result: 'changed' });
		expect(site.service.lanes.get('L1')?.mode.kind).toBe('normal');
	});

	test('after a restart a reversible lane goes on the way it was driven', async () => {
		const lane = aLane({ kind: 'reversible', cameras: [], back: { readers: ['reader-back'], cameras: [] } });
		await begin({ site: withLanes(lane) });
		site.store.occupancy.adjust('A1', 3);
		site.input('closing', true);
		site.tag('A1', 'reader-back');
		await site.settle();
		expect(pulsesAt('boom-1')).toBe(1);
		const { dir } = site;
		await site.crash();
		site = await createSiteBench({ site: withLanes(lane), dir });
		for (const loop of ['arming', 'safety'] as const) site.input(loop, false);
		for (const [loop, active] of [
			['closing', true],
			['safety', true],
			['closing', false],
			['arming', true],
			['safety', false],
			['arming', false],
		] as const)
			site.input(loop, active);
		expect(site.journal().filter(({ type }) => type === 'passage')).toMatchObject([{ from: 'A1', to: 'outside' }]);
		expect(site.occupancy().find(({ areaId }) => areaId === 'A1')).toMatchObject({ occupied: 2, reserved: 0 });
	});

	test('who was counted in is counted out, whatever became of the right meanwhile', async () => {
		await site.enter('A1');
		await site.give([
			{ table: 'rightSpecifications', id: 'staff', name: 'Staff', strategy: 'freePass', areaIds: [], scheduleId: null },
		]);
		site.input('arming', true, 'boom-2');
		site.tag('A1', 'reader-2');
		await site.settle();
		site.driveThrough('boom-2');
		expect(site.occupancy().find(({ areaId }) => areaId === 'A1')).toMatchObject({ occupied: 0 });
	});

	test('a hold is asked for again when its board answers again with a fault', async () => {
		const held = { ...exit, hold: { deviceId: 'boom-2', output: 'hold' }, fire: { deviceId: 'boom-2', input: 'fire' } };
		await begin({ site: withLanes(entry, held) });
		const status = (state: 'online' | 'offline' | 'faulted') =>
			site.service.events.onStatus({
				...{ id: 'boom-2', driver: 'modbus-relay', address: 'sim:x', state, sinceMs: 0 },
				...{ identity: {}, capabilities: [], statistics: {}, inputs: {} },
			});
		status('online');
		site.input('fire', true, 'boom-2');
		await site.settle();
		expect(site.holds.at(-1)).toMatchObject({ on: true });
		const before = site.holds.length;
		status('offline');
		status('faulted');
		await site.clock.advanceAsync(2_000);
		expect(site.holds.slice(before)).toMatchObject([{ on: true }]);
	});
});
