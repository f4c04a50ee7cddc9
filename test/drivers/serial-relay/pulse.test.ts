import { describe, expect, test } from 'vitest';
import { serialRelay } from '../../../src/drivers/serial-relay/index.ts';
import type { CommandOutcome, PulseCommand } from '../../../src/gateway/core/device.ts';
import { createLinkBench, type LinkBench } from '../../support/link-bench.ts';
import { createPlayedGuard } from '../../support/played-guard.ts';

const LCUS = { id: 'boom', board: 'lcus', outputs: { open: 1 } };
const KMTRONIC = { id: 'boom', board: 'kmtronic', channels: 4, outputs: { open: 1, hold: 2 } };
const BOARDS = [
	{ name: 'LCUS', entry: LCUS },
	{ name: 'KMtronic', entry: KMTRONIC },
];
const ON = { LCUS: 'a00101a2', KMtronic: 'ff0101' } as const;

async function online(entry: object, guard = createPlayedGuard()) {
	const bench = createLinkBench(serialRelay, [entry], { guard });
	await bench.start();
	await bench.clock.advanceAsync(600);
	expect(bench.device('boom').status().state).toBe('online');
	return { bench, guard };
}

function pulse(bench: LinkBench, command: Partial<PulseCommand> = {}) {
	let outcome: CommandOutcome | undefined;
	const deadlineMonotonicMs = bench.clock.monotonicMs() + 3_000;
	void bench
		.device('boom')
		.opens?.pulse({ output: 'open', durationMs: 500, deadlineMonotonicMs, ...command })
		.then((ended) => {
			outcome = ended;
		});
	return { outcome: () => outcome };
}

const isOn = (bench: LinkBench) => bench.wire.outputs('boom')['open'] === true;
const written = (bench: LinkBench) => bench.written.map((bytes) => bytes.toHex());

describe.each(BOARDS)('a pulse of a $name board', ({ name, entry }) => {
	const on = ON[name as keyof typeof ON];

	test('goes on, is confirmed as far as the board can, and goes off after its time', async () => {
		const { bench } = await online(entry);
		const { outcome } = pulse(bench);
		await bench.clock.advanceAsync(100);
		expect(outcome()).toEqual({ result: 'done' });
		expect(isOn(bench)).toBe(true);
		await bench.clock.advanceAsync(380);
		expect(isOn(bench)).toBe(true);
		await bench.clock.advanceAsync(80);
		expect(isOn(bench)).toBe(false);
	});

	test('is told to the guard before it goes on, with what ends it, and released when it ended', async () => {
		const { bench, guard } = await online(entry);
		guard.answers = 'silent';
		pulse(bench);
		await bench.clock.advanceAsync(50);
		expect(written(bench)).not.toContain(on);
		expect(guard.armed).toHaveLength(1);
		const [armed] = guard.armed;
		expect(armed).toMatchObject({ endsInMs: 500 });
		expect(armed?.off.toHex()).toBe(name === 'LCUS' ? 'a00100a1' : 'ff0100');

		const sound = await online(entry);
		const before = sound.guard.released.length;
		pulse(sound.bench);
		await sound.bench.clock.advanceAsync(400);
		expect(sound.guard.released.length).toBe(before);
		await sound.bench.clock.advanceAsync(800);
		expect(sound.guard.released.slice(before)).toEqual([sound.guard.armed[0]?.key]);
	});

	test('fails, and sends nothing, when the guard does not say that it will end it', async () => {
		const { bench, guard } = await online(entry);
		guard.answers = false;
		const { outcome } = pulse(bench);
		await bench.clock.advanceAsync(100);
		expect(outcome()).toMatchObject({ result: 'failed', problem: expect.stringContaining('if Parkgate dies') });
		expect(written(bench)).not.toContain(on);
	});

	test('is refused while the guard is gone, which the device says, and possible again once it is back', async () => {
		const { bench, guard } = await online(entry);
		guard.become('the process has ended');
		expect(bench.device('boom').status()).toMatchObject({ state: 'faulted', problem: 'the process has ended' });
		const { outcome } = pulse(bench);
		await bench.clock.advanceAsync(100);
		expect(outcome()).toEqual({ result: 'failed', problem: 'the process has ended' });
		expect(written(bench)).not.toContain(on);
		guard.become(undefined);
		expect(bench.device('boom').status().state).toBe('online');
		const again = pulse(bench);
		await bench.clock.advanceAsync(100);
		expect(again.outcome()).toEqual({ result: 'done' });
	});

	test('goes on without a guard where that is allowed, and the device says so', async () => {
		const { bench, guard } = await online({ ...entry, guard: 'preferred' });
		guard.become('the process has ended');
		expect(bench.device('boom').status()).toMatchObject({
			state: 'online',
			identity: { guard: 'the process has ended' },
		});
		const { outcome } = pulse(bench);
		await bench.clock.advanceAsync(100);
		expect(outcome()).toEqual({ result: 'done' });
	});

	test('never leaves after its deadline, also when the guard took its time', async () => {
		const { bench, guard } = await online(entry);
		const late = pulse(bench, { deadlineMonotonicMs: bench.clock.monotonicMs() - 1 });
		await bench.clock.advanceAsync(10);
		expect(late.outcome()).toEqual({ result: 'expired' });
		guard.arm = async () => {
			bench.clock.advance(80);
			return true;
		};
		const slow = pulse(bench, { deadlineMonotonicMs: bench.clock.monotonicMs() + 50 });
		await bench.clock.advanceAsync(200);
		expect(slow.outcome()).toEqual({ result: 'expired' });
		expect(written(bench)).not.toContain(on);
	});

	test('is switched off when Parkgate stops in the middle, and at the next opening when the line was lost', async () => {
		const stopped = await online(entry);
		pulse(stopped.bench);
		await stopped.bench.clock.advanceAsync(100);
		stopped.bench.link.stop('Parkgate is stopping');
		await stopped.bench.clock.advanceAsync(60);
		expect(isOn(stopped.bench)).toBe(false);

		const { bench } = await online(entry);
		pulse(bench);
		await bench.clock.advanceAsync(100);
		bench.wire.unplug();
		await bench.clock.advanceAsync(2_000);
		expect(isOn(bench)).toBe(true);
		bench.wire.plugIn();
		await bench.start();
		await bench.clock.advanceAsync(600);
		expect(isOn(bench)).toBe(false);
	});

	test('fails for an output that is not configured and for lengths no barrier wants', async () => {
		const { bench } = await online(entry);
		for (const command of [{ output: 'stop' }, { durationMs: 60_000 }, { durationMs: Number.NaN }]) {
			const { outcome } = pulse(bench, command);
			await bench.clock.advanceAsync(100);
			expect(outcome()).toMatchObject({ result: 'failed' });
		}
		expect(written(bench)).not.toContain(on);
	});

	test('begins with every relay switched off, after the board had time to begin itself', async () => {
		const bench = createLinkBench(serialRelay, [entry], { guard: createPlayedGuard() });
		await bench.start();
		await bench.clock.advanceAsync(190);
		expect(bench.written).toEqual([]);
		await bench.clock.advanceAsync(400);
		expect(written(bench)).toContain(name === 'LCUS' ? 'a00100a1' : 'ff0100');
	});
});

describe('a KMtronic board', () => {
	test('that does not switch is told as failed', async () => {
		const { bench } = await online(KMTRONIC);
		const { outcome } = pulse(bench, {
			onWritten: () => bench.clock.after(6, () => bench.stimulate('boom', 'power on')),
		});
		await bench.clock.advanceAsync(100);
		expect(outcome()).toMatchObject({ result: 'failed' });
	});

	test('that does not answer leaves the pulse unknown, and ends it all the same', async () => {
		const { bench } = await online(KMTRONIC);
		const { outcome } = pulse(bench, {
			onWritten: () => bench.clock.after(10, () => bench.wire.setFaults({ drop: 1 })),
		});
		await bench.clock.advanceAsync(450);
		expect(outcome()).toMatchObject({ result: 'unknown' });
		bench.wire.setFaults({});
		await bench.clock.advanceAsync(3_000);
		expect(isOn(bench)).toBe(false);
	});

	test('keeps a held output through pulses of others and a lost line, and tells which relays are on', async () => {
		const { bench } = await online(KMTRONIC);
		await Promise.all([bench.device('boom').holds?.hold({ output: 'hold', on: true }), bench.clock.advanceAsync(200)]);
		pulse(bench);
		await bench.clock.advanceAsync(1_500);
		expect(bench.device('boom').status().outputs).toEqual({ open: false, hold: true });
		bench.wire.unplug();
		bench.wire.plugIn();
		await bench.start();
		await bench.clock.advanceAsync(2_000);
		expect(bench.wire.outputs('boom')).toEqual({ open: false, hold: true });
	});
});
