import { afterEach, describe, expect, test } from 'vitest';
import type { DeviceStatus } from '../../../../src/gateway/core/device.ts';
import { aLane } from '../../../support/access-facts.ts';
import { aPerson, STAFF } from '../../../support/directory-seed.ts';
import { createSiteBench, usualSite } from '../../../support/site-bench.ts';

const at = (input: string) => ({ deviceId: 'inputs-1', input });
/** The barrier hangs on a relay without inputs; one board of inputs serves both lanes. */
const lanes = [
	aLane({
		barrier: { deviceId: 'relay-1', output: 'open', pulseMs: 500 },
		loops: { arming: at('a1'), safety: at('s1'), closing: at('c1') },
		position: { open: at('up'), closed: at('down') },
	}),
	aLane({
		...{ id: 'L2', kind: 'exit', from: 'A1', to: 'outside', readers: ['reader-2'], cameras: [] },
		barrier: { deviceId: 'relay-2', output: 'open', pulseMs: 500 },
		loops: { arming: at('a2') },
	}),
];

type Bench = Awaited<ReturnType<typeof createSiteBench>>;
const benches: Bench[] = [];
afterEach(async () => {
	for (const bench of benches.splice(0)) await bench.close();
});

async function site(): Promise<Bench> {
	const bench = await createSiteBench({ site: { ...usualSite, lanes } });
	benches.push(bench);
	await bench.give([STAFF, ...aPerson({ id: 'anna', name: 'Anna Peeters', tag: 'TAG' })]);
	for (const input of ['a1', 's1', 'c1', 'a2', 'up']) bench.input(input, false, 'inputs-1');
	bench.input('down', true, 'inputs-1');
	return bench;
}

const lane = (bench: Bench, id = 'L1') => bench.service.lanes.get(id);
const eventsOf = (bench: Bench) => bench.journal().flatMap((entry) => (entry.type === 'lane' ? [entry.event] : []));
const statusOf = (state: DeviceStatus['state']): DeviceStatus => ({
	...{ id: 'inputs-1', driver: 'modbus-relay', address: 'sim:inputs', state, sinceMs: 0 },
	...{ identity: {}, capabilities: ['reads inputs'], statistics: {}, inputs: {} },
});

describe('a lane whose inputs are on another board than its barrier', () => {
	test('opens by the one and passes by the other', async () => {
		const bench = await site();
		bench.input('a1', true, 'inputs-1');
		expect([lane(bench)?.vehiclePresent, lane(bench, 'L2')?.vehiclePresent]).toEqual([true, false]);
		bench.tag('TAG');
		await bench.settle();
		expect(bench.pulses.map(({ deviceId, output }) => `${deviceId}.${output}`)).toEqual(['relay-1.open']);
		for (const [input, active] of [
			['s1', true],
			['a1', false],
			['c1', true],
			['s1', false],
			['c1', false],
		] as const) {
			bench.input(input, active, 'inputs-1');
			bench.clock.advance(500);
		}
		expect(bench.journal().filter(({ type }) => type === 'passage')).toMatchObject([
			{ laneId: 'L1', certainty: 'high' },
		]);
	});

	test('knows nothing of its loops and its arm when that board is lost, and its barrier is still asked', async () => {
		const bench = await site();
		bench.service.events.onStatus(statusOf('online'));
		bench.service.events.onStatus(statusOf('offline'));
		await bench.settle();
		expect(lane(bench)).toMatchObject({ vehiclePresent: null, barrier: 'unknown' });
		expect(lane(bench, 'L2')?.vehiclePresent).toBeNull();
		bench.clock.advance(3_600_000);
		expect(eventsOf(bench)).toEqual([]);
		// An exit traps nobody because its loop is not known.
		bench.tag('TAG', 'reader-2');
		await bench.settle();
		expect(bench.pulses.map(({ deviceId }) => deviceId)).toEqual(['relay-2']);
	});

	test('shows a technician which input can not be right, and logs it once', async () => {
		const bench = await site();
		bench.input('up', true, 'inputs-1');
		bench.clock.advance(1_100);
		expect(lane(bench)).toMatchObject({
			barrier: 'fault',
			problems: expect.arrayContaining([
				expect.stringMatching(/^inputs-1\.up, inputs-1\.down: both limit switches are on/),
			]),
		});
		bench.input('s1', true, 'inputs-1');
		bench.clock.advance(900_100);
		expect(lane(bench)?.problems).toContainEqual(
			expect.stringMatching(/^inputs-1\.s1: the safety loop has been on for over 15 min/),
		);
		expect(bench.service.inputWarnings().get('inputs-1')).toEqual([
			expect.stringMatching(/both limit switches/),
			expect.stringMatching(/the safety loop/),
		]);
		bench.input('up', false, 'inputs-1');
		bench.input('s1', false, 'inputs-1');
		expect(lane(bench)?.barrier).toBe('closed');
		expect(lane(bench)?.problems.filter((problem) => problem.startsWith('inputs-1.'))).toEqual([]);
		expect(bench.service.inputWarnings().size).toBe(0);
		expect(eventsOf(bench)).toEqual(['armFault', 'loopStuck', 'armRecovered', 'loopRecovered']);
	});
});
