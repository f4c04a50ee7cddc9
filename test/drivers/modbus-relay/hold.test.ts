import { describe, expect, test } from 'vitest';
import { modbusRelay } from '../../../src/drivers/modbus-relay/index.ts';
import type { CommandOutcome } from '../../../src/gateway/core/device.ts';
import { createLinkBench, type LinkBench } from '../../support/link-bench.ts';

async function online(change: object = {}) {
	const boom = { id: 'boom', unit: 1, outputs: { open: 1, hold: 2 }, inputs: { arming: 1 }, ...change };
	const bench = createLinkBench(modbusRelay, [boom]);
	await bench.start();
	await bench.clock.advanceAsync(300);
	return bench;
}

async function hold(bench: LinkBench, on: boolean, output = 'hold'): Promise<CommandOutcome | undefined> {
	let outcome: CommandOutcome | undefined;
	void bench
		.device('boom')
		.holds?.hold({ output, on })
		.then((ended) => {
			outcome = ended;
		});
	await bench.clock.advanceAsync(11_000);
	return outcome;
}

describe('a maintained output of a relay board', () => {
	test.each(['flash', 'coil'])('stays on until it is switched off (%s boards)', async (pulseMode) => {
		const bench = await online({ pulseMode });
		expect(await hold(bench, true)).toEqual({ result: 'done' });
		await bench.clock.advanceAsync(600_000);
		expect(bench.wire.outputs('boom')).toEqual({ open: false, hold: true });
		expect(await hold(bench, false)).toEqual({ result: 'done' });
		expect(bench.wire.outputs('boom')).toEqual({ open: false, hold: false });
	});

	test('a pulse beside it leaves it on', async () => {
		const bench = await online({ pulseMode: 'coil' });
		await hold(bench, true);
		const deadlineMonotonicMs = bench.clock.monotonicMs() + 3_000;
		void bench.device('boom').opens?.pulse({ output: 'open', durationMs: 500, deadlineMonotonicMs });
		await bench.clock.advanceAsync(2_000);
		expect(bench.wire.outputs('boom')).toEqual({ open: false, hold: true });
	});

	test.each(['flash', 'coil'])('stays on when the line comes back (%s boards)', async (pulseMode) => {
		const bench = await online({ pulseMode });
		await hold(bench, true);
		bench.wire.unplug();
		await bench.clock.advanceAsync(1_000);
		bench.wire.plugIn();
		await bench.start();
		await bench.clock.advanceAsync(5_000);
		expect(bench.wire.outputs('boom')).toEqual({ open: false, hold: true });
	});

	test('an output that does not exist fails and nothing is sent', async () => {
		const bench = await online();
		expect(await hold(bench, true, 'horn')).toMatchObject({ result: 'failed' });
		expect(bench.written.some((bytes) => bytes[1] === 5)).toBe(false);
	});

	test('a board that is gone fails it: nothing is left to act later', async () => {
		const bench = await online();
		bench.wire.unplug();
		bench.link.stop('unplugged');
		expect(await hold(bench, true)).toMatchObject({ result: 'failed' });
	});
});
