import { describe, expect, test } from 'vitest';
import { modbusRelay } from '../../../src/drivers/modbus-relay/index.ts';
import type { CommandOutcome, PulseCommand } from '../../../src/gateway/core/device.ts';
import { createLinkBench, type LinkBench } from '../../support/link-bench.ts';

const BOOM = { id: 'boom', unit: 1, outputs: { open: 1, close: 2 }, inputs: { arming: 1 } };

function pulse(bench: LinkBench, command: Partial<PulseCommand> = {}, boardId = 'boom') {
	let outcome: CommandOutcome | undefined;
	const { opens } = bench.device(boardId);
	if (opens === undefined) throw new Error('a relay board opens');
	const deadlineMonotonicMs = bench.clock.monotonicMs() + 3_000;
	void opens.pulse({ output: 'open', durationMs: 500, deadlineMonotonicMs, ...command }).then((ended) => {
		outcome = ended;
	});
	return { outcome: () => outcome };
}

async function online(entries: readonly object[] = [BOOM]) {
	const bench = createLinkBench(modbusRelay, entries);
	await bench.start();
	await bench.clock.advanceAsync(300);
	expect(bench.link.devices.map((device) => device.status().state)).toEqual(entries.map(() => 'online'));
	return bench;
}

const pulsesWritten = (bench: LinkBench) =>
	bench.written.filter((bytes) => bytes[1] === 5).map((bytes) => bytes.toHex());

describe('a pulse of a relay board', () => {
	test('is timed by the board: the relay goes off though the gateway is gone', async () => {
		const bench = await online();
		const { outcome } = pulse(bench, { durationMs: 700 });
		await bench.clock.advanceAsync(100);
		expect(outcome()).toEqual({ result: 'done' });
		expect(pulsesWritten(bench)).toEqual(['0105020000078db0']);
		expect(bench.wire.outputs('boom')).toEqual({ open: true, close: false });
		bench.link.stop('the gateway died');
		bench.wire.unplug();
		await bench.clock.advanceAsync(700);
		expect(bench.wire.outputs('boom')).toEqual({ open: false, close: false });
	});

	test('tells when its bytes are handed to the port, and only then', async () => {
		const bench = await online();
		let written = 0;
		const onWritten = () => {
			written += 1;
		};
		pulse(bench, { onWritten });
		await bench.clock.advanceAsync(100);
		expect(written).toBe(1);
		pulse(bench, { deadlineMonotonicMs: bench.clock.monotonicMs() - 1, onWritten });
		await bench.clock.advanceAsync(100);
		expect(written).toBe(1);
	});

	test('goes before the polls: it leaves as soon as the answer under way is in', async () => {
		const bench = await online();
		const before = bench.clock.monotonicMs();
		let leftMs = Number.NaN;
		pulse(bench, {
			onWritten() {
				leftMs = bench.clock.monotonicMs() - before;
			},
		});
		await bench.clock.advanceAsync(60);
		// One poll of 8 + 6 bytes at 9600 baud, the board's 5 ms and a pause of 4 ms.
		expect(leftMs).toBeLessThan(25);
	});

	test('never leaves after its deadline', async () => {
		const bench = await online();
		const { outcome } = pulse(bench, { deadlineMonotonicMs: bench.clock.monotonicMs() - 0.01 });
		await bench.clock.advanceAsync(3_000);
		expect(outcome()).toEqual({ result: 'expired' });
		expect(pulsesWritten(bench)).toEqual([]);
	});

	test('expires while the line is busy with a dead board, and is not sent later', async () => {
		const dead = { id: 'dead', unit: 2, inputs: { arming: 1 }, timeoutMs: 2_000 };
		const bench = await online([BOOM, dead]);
		bench.stimulate('dead', 'power off');
		await bench.clock.advanceAsync(100);
		const { outcome } = pulse(bench, { deadlineMonotonicMs: bench.clock.monotonicMs() + 200 });
		await bench.clock.advanceAsync(250);
		expect(outcome()).toEqual({ result: 'expired' });
		await bench.clock.advanceAsync(10_000);
		expect(pulsesWritten(bench)).toEqual([]);
	});

	test('is unknown when no answer comes, and is never sent again', async () => {
		const bench = await online();
		bench.wire.setFaults({ drop: 1 });
		const { outcome } = pulse(bench);
		await bench.clock.advanceAsync(700);
		expect(outcome()).toMatchObject({ result: 'unknown' });
		bench.wire.setFaults({});
		await bench.clock.advanceAsync(20_000);
		expect(pulsesWritten(bench)).toHaveLength(1);
		expect(bench.device('boom').status().state).toBe('online');
	});

	test('is not confirmed by the late answer to the one before', async () => {
		const { link, clock, device } = createLinkBench(modbusRelay, [{ ...BOOM, inputs: {}, timeoutMs: 100 }]);
		let pulsesSent = 0;
		link.start({
			open: () => Promise.resolve(),
			close: () => Promise.resolve(),
			setBaud: () => Promise.resolve(),
			async write(bytes) {
				const answer = bytes[1] === 5 ? bytes.slice() : Uint8Array.fromHex('010101005188');
				if (bytes[1] === 5) pulsesSent += 1;
				// The first confirmation comes after its time-out and after the pause that follows; the second never.
				if (bytes[1] !== 5) clock.after(30, () => link.onBytes(answer));
				else if (pulsesSent === 1) clock.after(170, () => link.onBytes(answer));
			},
		});
		await clock.advanceAsync(50);
		const outcomes: string[] = [];
		for (let count = 0; count < 2; count++) {
			const deadlineMonotonicMs = clock.monotonicMs() + 900;
			void device('boom')
				.opens?.pulse({ output: 'open', durationMs: 500, deadlineMonotonicMs })
				.then(({ result }) => outcomes.push(result));
		}
		await clock.advanceAsync(1_000);
		expect(outcomes).toEqual(['unknown', 'unknown']);
	});

	test('is unknown when the port is lost before the answer', async () => {
		const bench = await online();
		const { outcome } = pulse(bench, { onWritten: () => bench.clock.after(1, () => bench.wire.unplug()) });
		await bench.clock.advanceAsync(100);
		expect(outcome()).toMatchObject({ result: 'unknown' });
		bench.wire.plugIn();
		await bench.start();
		await bench.clock.advanceAsync(5_000);
		expect(pulsesWritten(bench)).toHaveLength(1);
	});

	test('fails when the port is not open, with the reason', async () => {
		const bench = await online();
		bench.wire.unplug();
		const { outcome } = pulse(bench);
		await bench.clock.advanceAsync(0);
		expect(outcome()).toEqual({ result: 'failed', problem: expect.stringContaining('unplugged') });
		expect(pulsesWritten(bench)).toEqual([]);
	});

	test('fails when the board refuses it', async () => {
		const bench = await online();
		const { outcome } = pulse(bench, {
			onWritten: () => bench.clock.after(1, () => bench.link.onBytes(Uint8Array.fromHex('018502C351'))),
		});
		await bench.clock.advanceAsync(60);
		expect(outcome()).toEqual({ result: 'failed', problem: expect.stringContaining('illegal data address') });
	});

	test('fails for an output the configuration does not name, and for lengths no barrier wants', async () => {
		const bench = await online();
		const unknown = pulse(bench, { output: 'stop' });
		const endless = pulse(bench, { durationMs: 60_000 });
		const noNumber = pulse(bench, { durationMs: Number.NaN });
		await bench.clock.advanceAsync(100);
		for (const { outcome } of [unknown, endless, noNumber]) expect(outcome()).toMatchObject({ result: 'failed' });
		expect(pulsesWritten(bench)).toEqual([]);
	});

	test('to a silent board is not sent: it is asked first, and the pulse fails', async () => {
		const bench = await online();
		bench.stimulate('boom', 'power off');
		await bench.clock.advanceAsync(2_500);
		expect(bench.device('boom').status().state).toBe('offline');
		const { outcome } = pulse(bench);
		await bench.clock.advanceAsync(2_000);
		expect(outcome()).toMatchObject({ result: 'failed', problem: expect.stringContaining('no valid answer') });
		expect(pulsesWritten(bench)).toEqual([]);
	});

	test('to a board that just came back is sent at once', async () => {
		const bench = await online();
		bench.stimulate('boom', 'power off');
		await bench.clock.advanceAsync(2_500);
		bench.stimulate('boom', 'power on');
		const { outcome } = pulse(bench);
		await bench.clock.advanceAsync(400);
		expect(outcome()).toEqual({ result: 'done' });
	});

	test('waits with few others only: more are refused', async () => {
		const bench = await online();
		const pulses = Array.from({ length: 9 }, () => pulse(bench));
		await bench.clock.advanceAsync(2_000);
		const results = pulses.map(({ outcome }) => outcome()?.result);
		expect(results.filter((result) => result === 'failed').length).toBeGreaterThan(0);
		expect(results.filter((result) => result === 'done').length).toBe(pulsesWritten(bench).length);
		expect(results).not.toContain(undefined);
	});
});

describe('a board whose pulses the gateway ends (pulseMode coil)', () => {
	const COIL = { id: 'boom', unit: 255, outputs: { open: 1 }, inputs: {}, pulseMode: 'coil' };
	const isOn = (bench: LinkBench) => bench.wire.outputs('boom')['open'] === true;

	test('is switched on and off again', async () => {
		const bench = await online([COIL]);
		const { outcome } = pulse(bench);
		await bench.clock.advanceAsync(60);
		expect(outcome()).toEqual({ result: 'done' });
		expect(isOn(bench)).toBe(true);
		await bench.clock.advanceAsync(400);
		expect(isOn(bench)).toBe(true);
		await bench.clock.advanceAsync(100);
		expect(isOn(bench)).toBe(false);
	});

	test('is switched off again and again until it says so', async () => {
		const bench = await online([COIL]);
		pulse(bench);
		await bench.clock.advanceAsync(60);
		bench.wire.setFaults({ drop: 1 });
		await bench.clock.advanceAsync(900);
		expect(isOn(bench)).toBe(true);
		bench.wire.setFaults({});
		await bench.clock.advanceAsync(3_000);
		expect(isOn(bench)).toBe(false);
	});

	test('is switched off even when the answer to the switching on was lost', async () => {
		const bench = await online([COIL]);
		const { outcome } = pulse(bench, {
			onWritten: () => bench.clock.after(10, () => bench.wire.setFaults({ drop: 1 })),
		});
		await bench.clock.advanceAsync(400);
		expect(outcome()).toMatchObject({ result: 'unknown' });
		expect(isOn(bench)).toBe(true);
		bench.wire.setFaults({});
		await bench.clock.advanceAsync(1_000);
		expect(isOn(bench)).toBe(false);
	});

	test('is switched off when Parkgate stops in the middle', async () => {
		const bench = await online([COIL]);
		pulse(bench);
		await bench.clock.advanceAsync(60);
		expect(isOn(bench)).toBe(true);
		bench.link.stop('Parkgate is stopping');
		await bench.clock.advanceAsync(60);
		expect(isOn(bench)).toBe(false);
	});

	test('is switched off at the next opening when the line was lost in the middle', async () => {
		const bench = await online([COIL]);
		pulse(bench);
		await bench.clock.advanceAsync(60);
		bench.wire.unplug();
		await bench.clock.advanceAsync(1_000);
		expect(isOn(bench)).toBe(true);
		bench.wire.plugIn();
		await bench.start();
		await bench.clock.advanceAsync(200);
		expect(isOn(bench)).toBe(false);
	});

	test('may count from 1 and take another value for on', async () => {
		const odd = { ...COIL, unit: 1, coilOffset: 1, onValue: 0x0100 };
		const bench = await online([odd]);
		pulse(bench);
		await bench.clock.advanceAsync(60);
		expect(pulsesWritten(bench)).toContain('0105000101009d9a');
		expect(isOn(bench)).toBe(true);
	});
});
