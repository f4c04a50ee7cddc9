import { describe, expect, test } from 'vitest';
import { modbusRelay } from '../../../src/drivers/modbus-relay/index.ts';
import { createLinkBench, type LinkBench } from '../../support/link-bench.ts';

const BOARD = {
	id: 'boom',
	unit: 1,
	outputs: { open: 1 },
	inputs: { arming: 1, safety: { channel: 2, invert: true }, 'open-limit': { channel: 3, debounceMs: 200 } },
};

async function online(entry: object = BOARD) {
	const bench = createLinkBench(modbusRelay, [entry]);
	await bench.start();
	await bench.clock.advanceAsync(600);
	return bench;
}

const told = (bench: LinkBench, from = 0) => bench.inputs.slice(from).map(({ input, active }) => `${input} ${active}`);
const status = (bench: LinkBench) => bench.device('boom').status();

describe('inputs of a relay board', () => {
	test('are told once at the first levels known, then by each change', async () => {
		const bench = await online();
		expect(told(bench).sort()).toEqual(['arming false', 'open-limit false', 'safety false']);
		bench.stimulate('boom', 'input arming on');
		await bench.clock.advanceAsync(200);
		bench.stimulate('boom', 'input safety on');
		await bench.clock.advanceAsync(200);
		expect(told(bench, 3)).toEqual(['arming true', 'safety true']);
		expect(status(bench).inputs).toEqual({ arming: true, safety: true, 'open-limit': false });
	});

	test('are known within two polls', async () => {
		const bench = await online();
		bench.stimulate('boom', 'input arming on');
		await bench.clock.advanceAsync(130);
		expect(told(bench, 3)).toEqual(['arming true']);
	});

	test('do not tell spikes of one sample', async () => {
		const bench = await online();
		bench.stimulate('boom', 'input arming on');
		await bench.clock.advanceAsync(50);
		bench.stimulate('boom', 'input arming off');
		await bench.clock.advanceAsync(1_000);
		expect(told(bench, 3)).toEqual([]);
	});

	test('with a debounce of their own must last that long', async () => {
		const bench = await online();
		bench.stimulate('boom', 'input open-limit on');
		await bench.clock.advanceAsync(150);
		bench.stimulate('boom', 'input open-limit off');
		await bench.clock.advanceAsync(500);
		expect(told(bench, 3)).toEqual([]);
		bench.stimulate('boom', 'input open-limit on');
		await bench.clock.advanceAsync(400);
		expect(told(bench, 3)).toEqual(['open-limit true']);
	});

	test('are unknown while the board is offline, and told again when it is back', async () => {
		const bench = await online();
		bench.stimulate('boom', 'input arming on');
		await bench.clock.advanceAsync(200);
		bench.wire.unplug();
		expect(status(bench)).toMatchObject({ state: 'offline', inputs: {} });
		bench.wire.plugIn();
		await bench.start();
		await bench.clock.advanceAsync(600);
		expect(told(bench, 4).sort()).toEqual(['arming true', 'open-limit false', 'safety false']);
	});

	test('that the board cannot read make it faulted, with what to check; it still opens', async () => {
		const { link, clock, device } = createLinkBench(modbusRelay, [BOARD]);
		const written: Uint8Array[] = [];
		link.start({
			open: () => Promise.resolve(),
			close: () => Promise.resolve(),
			setBaud: () => Promise.resolve(),
			async write(bytes) {
				written.push(bytes);
				// Reading inputs is refused, everything else is confirmed or empty.
				const answers: Readonly<Record<number, Uint8Array>> = {
					1: Uint8Array.fromHex('010101005188'),
					2: Uint8Array.fromHex('018202c161'),
				};
				clock.after(1, () => link.onBytes(answers[bytes[1] ?? 0] ?? bytes));
			},
		});
		await clock.advanceAsync(100);
		expect(device('boom').status()).toMatchObject({
			state: 'faulted',
			problem: expect.stringContaining('illegal data address; check inputs, channels and inputOffset'),
		});
		const deadlineMonotonicMs = clock.monotonicMs() + 1_000;
		const outcome = device('boom').opens?.pulse({ output: 'open', durationMs: 500, deadlineMonotonicMs });
		await clock.advanceAsync(100);
		expect(await outcome).toEqual({ result: 'done' });
		expect(written.some((bytes) => bytes[1] === 5)).toBe(true);
	});
});

describe('a relay board on its line', () => {
	test('is offline after three answers missed, within the time that takes, and back within three seconds', async () => {
		const bench = await online();
		bench.stimulate('boom', 'power off');
		await bench.clock.advanceAsync(3 * (300 + 50) + 100);
		expect(status(bench)).toMatchObject({ state: 'offline', problem: expect.stringContaining('unit 1') });
		bench.stimulate('boom', 'power on');
		await bench.clock.advanceAsync(3_000);
		expect(status(bench).state).toBe('online');
	});

	test('shows its relays', async () => {
		const bench = await online();
		expect(status(bench).outputs).toEqual({ open: false });
		void bench.device('boom').opens?.pulse({
			output: 'open',
			durationMs: 2_000,
			deadlineMonotonicMs: bench.clock.monotonicMs() + 1_000,
		});
		await bench.clock.advanceAsync(300);
		expect(status(bench).outputs).toEqual({ open: true });
		await bench.clock.advanceAsync(3_200);
		expect(status(bench).outputs).toEqual({ open: false });
	});

	test('shares it with others: a dead one takes little of their time', async () => {
		const others = [2, 3].map((unit) => ({ id: `dead-${unit}`, unit, inputs: { arming: 1 } }));
		const bench = createLinkBench(modbusRelay, [BOARD, ...others]);
		for (const { id } of others) bench.stimulate(id, 'power off');
		await bench.start();
		await bench.clock.advanceAsync(10_000);
		const before = status(bench).statistics['frames'] ?? 0;
		await bench.clock.advanceAsync(10_000);
		expect((status(bench).statistics['frames'] ?? 0) - before).toBeGreaterThan(100);
		expect(bench.device('dead-2').status().state).toBe('offline');
	});

	test('sends nothing behind a write that never ends, and says so', async () => {
		const bench = createLinkBench(modbusRelay, [BOARD]);
		let writes = 0;
		bench.link.start({
			open: () => Promise.resolve(),
			close: () => Promise.resolve(),
			setBaud: () => Promise.resolve(),
			write: () => {
				writes += 1;
				return new Promise(() => undefined);
			},
		});
		await bench.clock.advanceAsync(60_000);
		expect(writes).toBe(1);
		expect(status(bench)).toMatchObject({ state: 'offline', problem: expect.stringContaining('takes no bytes') });
		bench.link.stop('gone');
		expect(bench.clock.pendingTimers()).toBe(0);
	});

	test.each([
		['drop', { drop: 0.2 }],
		['corrupt', { corrupt: 0.2 }],
		['duplicate', { duplicate: 0.3 }],
		['noise and pieces', { noise: 0.3, split: 0.5 }],
		['late answers', { delay: 0.2, maxDelayMs: 600 }],
	])('works on through %s: levels end right, every pulse sent at most once and answered', async (_, faults) => {
		const bench = createLinkBench(modbusRelay, [BOARD], { seed: 7 });
		await bench.start();
		bench.wire.setFaults(faults);
		let asked = 0;
		const outcomes: string[] = [];
		for (let round = 0; round < 40; round++) {
			asked += 1;
			const deadlineMonotonicMs = bench.clock.monotonicMs() + 900;
			void bench
				.device('boom')
				.opens?.pulse({ output: 'open', durationMs: 500, deadlineMonotonicMs })
				.then((outcome) => {
					outcomes.push(outcome.result);
				});
			bench.stimulate('boom', `input arming ${round % 2 === 0 ? 'on' : 'off'}`);
			await bench.clock.advanceAsync(1_000);
		}
		bench.wire.setFaults({});
		await bench.clock.advanceAsync(5_000);
		expect(outcomes).toHaveLength(asked);
		expect(outcomes).toContain('done');
		expect(bench.written.filter((bytes) => bytes[1] === 5).length).toBeLessThanOrEqual(asked);
		expect(status(bench)).toMatchObject({ state: 'online', inputs: { arming: false } });
	});
});
