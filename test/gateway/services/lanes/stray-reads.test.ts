import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Lane } from '../../../../src/gateway/core/site.ts';
import { aLane } from '../../../support/access-facts.ts';
import { annasRows, createSiteBench, usualSite } from '../../../support/site-bench.ts';

type Bench = Awaited<ReturnType<typeof createSiteBench>>;

/** Two entries side by side; one reader with an antenna for each, or a reader for each. */
const entries = (change: readonly [Partial<Lane>, Partial<Lane>]): readonly Lane[] =>
	change.map((own, index) => {
		const deviceId = `boom-${index + 1}`;
		const loop = (input: string) => ({ deviceId, input });
		return aLane({
			id: `L${index + 1}`,
			readers: [`reader-${index + 1}`],
			cameras: [],
			barrier: { deviceId, output: 'open', pulseMs: 500 },
			loops: { arming: loop('arming'), safety: loop('safety'), closing: loop('closing') },
			...own,
		});
	});

describe('lanes beside one another', () => {
	let bench: Bench;

	async function open(change: readonly [Partial<Lane>, Partial<Lane>]): Promise<void> {
		bench = await createSiteBench({ site: { ...usualSite, lanes: entries(change) } });
		await bench.give(annasRows());
		for (const boom of ['boom-1', 'boom-2']) bench.input('arming', false, boom);
	}

	function read(deviceId: string, rssiDbm?: number, antenna?: number): void {
		const now = { atMs: bench.clock.nowMs(), monotonicMs: bench.clock.monotonicMs() };
		const strength = rssiDbm === undefined ? {} : { rssiDbm };
		const id = `obs-${deviceId}-${now.monotonicMs}`;
		const place = antenna === undefined ? {} : { antenna };
		bench.service.events.onObservation({ kind: 'tag', id, deviceId, tag: 'A1', ...now, ...strength, ...place });
		bench.clock.advance(10);
	}

	const decidedAt = () => bench.journal().flatMap((entry) => (entry.type === 'decision' ? [entry.laneId] : []));
	const opened = () => bench.pulses.map(({ deviceId }) => deviceId);

	beforeEach(() => open([{ beside: ['L2'] }, {}]));
	afterEach(() => bench.close());

	test('open one barrier for one tag: that of the vehicle on the loop, however strong the other reader', async () => {
		bench.input('arming', true, 'boom-2');
		read('reader-1', -45);
		read('reader-2', -70);
		await bench.clock.advanceAsync(400);
		expect(opened()).toEqual(['boom-2']);
	});

	test('with a vehicle at each open that of the clearly stronger reader', async () => {
		for (const boom of ['boom-1', 'boom-2']) bench.input('arming', true, boom);
		read('reader-2', -64);
		read('reader-1', -52);
		await bench.clock.advanceAsync(400);
		expect(opened()).toEqual(['boom-1']);
	});

	test('keep a tag to the lane that has it, when the other reader sees it only later', async () => {
		for (const boom of ['boom-1', 'boom-2']) bench.input('arming', true, boom);
		read('reader-1', -52);
		await bench.clock.advanceAsync(900);
		expect(opened()).toEqual(['boom-1']);
		read('reader-2', -66);
		await bench.clock.advanceAsync(900);
		read('reader-1', -60);
		read('reader-2', -61);
		await bench.clock.advanceAsync(900);
		expect(new Set(decidedAt())).toEqual(new Set(['L1']));
		expect(bench.service.strayReads().get('reader-2')?.count).toBe(2);
	});

	test('give it to the other lane when its vehicle stands there and the first one left', async () => {
		bench.input('arming', true, 'boom-1');
		read('reader-1', -52);
		await bench.clock.advanceAsync(900);
		bench.input('arming', false, 'boom-1');
		bench.input('arming', true, 'boom-2');
		read('reader-2', -66);
		await bench.clock.advanceAsync(400);
		expect(decidedAt()).toEqual(['L1', 'L2']);
		expect(bench.service.strayReads().size).toBe(0);
	});

	test('forget whose a tag was some seconds after its lane saw it last', async () => {
		for (const boom of ['boom-1', 'boom-2']) bench.input('arming', true, boom);
		read('reader-1', -52);
		await bench.clock.advanceAsync(6_000);
		read('reader-2', -66);
		await bench.clock.advanceAsync(400);
		expect(decidedAt()).toEqual(['L1', 'L2']);
	});

	test('tell the technician what a reader saw of the other lane', async () => {
		bench.input('arming', true, 'boom-2');
		read('reader-1', -66);
		read('reader-2', -50);
		await bench.clock.advanceAsync(400);
		expect([...bench.service.strayReads()]).toEqual([
			['reader-1', { count: 1, last: 'reader-1 at -66 dBm, given to L2 (reader-2 at -50 dBm)' }],
		]);
	});

	test('log nothing at the lane the tag does not belong to', async () => {
		bench.input('arming', true, 'boom-2');
		read('reader-1', -45);
		read('reader-2', -50);
		await bench.clock.advanceAsync(400);
		expect(decidedAt()).toEqual(['L2']);
	});

	test('leave nothing waiting when they stop', () => {
		read('reader-1', -45);
		bench.service.stop();
		expect(() => bench.clock.advance(1_000)).not.toThrow();
		expect(opened()).toEqual([]);
	});

	test('may share one reader, each with antennas of its own', async () => {
		await bench.close();
		const shared = { readers: ['uhf-1'] };
		await open([
			{ ...shared, antennas: { 'uhf-1': [1] } },
			{ ...shared, antennas: { 'uhf-1': [2, 3] } },
		]);
		for (const boom of ['boom-1', 'boom-2']) bench.input('arming', true, boom);
		read('uhf-1', -50, 4);
		read('uhf-1', -50);
		await bench.settle();
		expect(opened()).toEqual([]);
		read('uhf-1', -50, 3);
		await bench.settle();
		expect(opened()).toEqual(['boom-2']);
	});
});
