import { describe, expect, test } from 'vitest';
import { modbusRelayConfig } from '../../../src/drivers/modbus-relay/config.ts';
import { modbusRelay } from '../../../src/drivers/modbus-relay/index.ts';
import type { CommandOutcome } from '../../../src/gateway/core/device.ts';
import { createLinkBench, type LinkBench } from '../../support/link-bench.ts';
import { createPlayedGuard } from '../../support/played-guard.ts';

const REGISTERS = {
	...{ id: 'boom', unit: 2, writeFunction: 6, stateFunction: 3, coilOffset: 1 },
	...{ onValue: 0x0100, offValue: 0x0200, pulseMode: 'value', pulseValue: 0x0500 },
	...{ outputs: { open: 1, hold: 2 }, inputs: { arming: 1, safety: { channel: 5, invert: true } } },
};

async function online(entries: readonly object[], options: Parameters<typeof createLinkBench>[2] = {}) {
	const bench = createLinkBench(modbusRelay, entries, options);
	await bench.start();
	await bench.clock.advanceAsync(400);
	expect(bench.link.devices.map((device) => device.status().state)).toEqual(entries.map(() => 'online'));
	return bench;
}

function pulse(bench: LinkBench, id = 'boom', durationMs = 500) {
	let outcome: CommandOutcome | undefined;
	const deadlineMonotonicMs = bench.clock.monotonicMs() + 3_000;
	void bench
		.device(id)
		.opens?.pulse({ output: 'open', durationMs, deadlineMonotonicMs })
		.then((ended) => {
			outcome = ended;
		});
	return { outcome: () => outcome };
}

const written = (bench: LinkBench, func: number) =>
	bench.written.filter((bytes) => bytes[1] === func).map((bytes) => bytes.toHex());
const isOn = (bench: LinkBench, id = 'boom') => bench.wire.outputs(id)['open'] === true;

describe('a board of registers', () => {
	test('pulses by the value its sheet names, and ends it by itself', async () => {
		const bench = await online([REGISTERS]);
		const { outcome } = pulse(bench);
		await bench.clock.advanceAsync(100);
		expect(outcome()).toEqual({ result: 'done' });
		// Function 06, register 1, 0x0500 momentary.
		expect(written(bench, 6).map((hex) => hex.slice(0, 12))).toEqual(['020600010500']);
		expect(isOn(bench)).toBe(true);
		bench.link.stop('the gateway died');
		await bench.clock.advanceAsync(1_000);
		expect(isOn(bench)).toBe(false);
	});

	test('holds and lets go by its open and close values, and tells its relays by function 3', async () => {
		const bench = await online([REGISTERS]);
		const hold = bench.device('boom').holds;
		await Promise.all([hold?.hold({ output: 'hold', on: true }), bench.clock.advanceAsync(200)]);
		await bench.clock.advanceAsync(1_500);
		expect(bench.device('boom').status().outputs).toEqual({ open: false, hold: true });
		await Promise.all([hold?.hold({ output: 'hold', on: false }), bench.clock.advanceAsync(200)]);
		expect(written(bench, 6).map((hex) => hex.slice(0, 12))).toEqual(['020600020100', '020600020200']);
		expect(written(bench, 3).length).toBeGreaterThan(0);
	});

	test.each([
		{ inputFunction: 1, inputsPacked: false },
		{ inputFunction: 2, inputsPacked: false },
		{ inputFunction: 3, inputsPacked: false, inputOffset: 64 },
		{ inputFunction: 4, inputsPacked: false },
		{ inputFunction: 4, inputsPacked: true },
		{ inputFunction: 3, inputsPacked: true, inputOffset: 64 },
	])('reads inputs by %j, inverted ones too', async (how) => {
		const bench = await online([{ ...REGISTERS, ...how }]);
		expect(bench.device('boom').status().inputs).toEqual({ arming: false, safety: false });
		bench.stimulate('boom', 'input arming on');
		await bench.clock.advanceAsync(300);
		expect(bench.device('boom').status().inputs).toEqual({ arming: true, safety: false });
		bench.stimulate('boom', 'input safety on');
		bench.stimulate('boom', 'input arming off');
		await bench.clock.advanceAsync(300);
		expect(bench.device('boom').status().inputs).toEqual({ arming: false, safety: true });
	});

	test.each([
		[{ ...REGISTERS, pulseValue: undefined }, 'pulseValue'],
		[{ ...REGISTERS, pulseMode: 'flash' }, 'pulseMode'],
		[{ ...REGISTERS, channels: 4 }, 'channels'],
		[{ ...REGISTERS, writeFunction: 16 }, 'writeFunction'],
		[{ ...REGISTERS, guard: 'maybe' }, 'guard'],
	])('is refused with a wrong setting, which is named: %#', (entry, field) => {
		const parsed = modbusRelayConfig.safeParse({ driver: 'modbus-relay', port: 'sim:x', ...entry });
		expect(parsed.error?.issues.map(({ path: [first] }) => first)).toContain(field);
	});
});

describe('other flash coils', () => {
	test('begin where they are said to, and count what they are said to', async () => {
		const odd = { id: 'boom', unit: 1, outputs: { open: 3 }, flashBase: 0x0300, flashStepMs: 50 };
		const bench = await online([odd]);
		pulse(bench, 'boom', 520);
		await bench.clock.advanceAsync(100);
		expect(written(bench, 5).map((hex) => hex.slice(0, 12))).toEqual(['01050302000b']);
		await bench.clock.advanceAsync(400);
		expect(isOn(bench)).toBe(true);
		await bench.clock.advanceAsync(200);
		expect(isOn(bench)).toBe(false);
	});
});

describe('a guarded pulse of a Modbus board', () => {
	const COIL = { id: 'boom', unit: 255, outputs: { open: 1, hold: 2 }, pulseMode: 'coil' };
	const FLASH = { id: 'flash', unit: 1, outputs: { open: 1 } };

	test('is armed with the frame that switches it off, before it goes on; a board-timed one is not', async () => {
		const guard = createPlayedGuard();
		const bench = await online([COIL, FLASH], { guard });
		pulse(bench, 'flash');
		pulse(bench);
		await bench.clock.advanceAsync(200);
		expect(guard.armed.map(({ off }) => off.toHex().toUpperCase())).toEqual(['FF0500000000D814']);
		expect(isOn(bench)).toBe(true);
		await bench.clock.advanceAsync(1_000);
		expect(isOn(bench)).toBe(false);
		expect(guard.released).toContain(guard.armed[0]?.key);
	});

	test('is refused while there is no guard, and the board says so; others of the line go on', async () => {
		const guard = createPlayedGuard();
		const bench = await online([COIL, FLASH], { guard });
		guard.become('the process has ended');
		expect(bench.device('boom').status()).toMatchObject({ state: 'faulted', problem: 'the process has ended' });
		expect(bench.device('flash').status().state).toBe('online');
		const [refused, done] = [pulse(bench), pulse(bench, 'flash')];
		await bench.clock.advanceAsync(200);
		expect(refused.outcome()).toEqual({ result: 'failed', problem: 'the process has ended' });
		expect(done.outcome()).toEqual({ result: 'done' });
		guard.become(undefined);
		expect(bench.device('boom').status().state).toBe('online');
	});

	test('is not ended as a pulse any more once its relay is held', async () => {
		const guard = createPlayedGuard();
		const bench = await online([{ ...COIL, outputs: { open: 1 } }], { guard });
		pulse(bench);
		await bench.clock.advanceAsync(100);
		const before = guard.released.length;
		await Promise.all([bench.device('boom').holds?.hold({ output: 'open', on: true }), bench.clock.advanceAsync(100)]);
		expect(guard.released.slice(before)).toEqual([guard.armed[0]?.key]);
		await bench.clock.advanceAsync(5_000);
		expect(isOn(bench)).toBe(true);
	});
});

describe('several boards on one line', () => {
	const board = (unit: number) => ({ id: `board-${unit}`, unit, outputs: { open: 1 }, inputs: { arming: 1 } });
	const looksAt = (bench: LinkBench, unit: number, sinceIndex: number) =>
		bench.written.slice(sinceIndex).filter((bytes) => bytes[0] === unit && bytes[1] === 2).length;

	test('are looked at equally often', async () => {
		const bench = await online([1, 2, 3, 4].map(board));
		const since = bench.written.length;
		await bench.clock.advanceAsync(20_000);
		const looks = [1, 2, 3, 4].map((unit) => looksAt(bench, unit, since));
		expect(Math.max(...looks) - Math.min(...looks)).toBeLessThanOrEqual(4);
	});

	test('keep most of the line when others are silent, however many', async () => {
		const alone = await online([board(1)]);
		const aloneSince = alone.written.length;
		await alone.clock.advanceAsync(60_000);
		const bench = await online([1, 2, 3, 4].map(board));
		for (const unit of [2, 3, 4]) bench.stimulate(`board-${unit}`, 'power off');
		await bench.clock.advanceAsync(10_000);
		expect([2, 3, 4].map((unit) => bench.device(`board-${unit}`).status().state)).toEqual([
			'offline',
			'offline',
			'offline',
		]);
		const since = bench.written.length;
		await bench.clock.advanceAsync(60_000);
		expect(looksAt(bench, 1, since)).toBeGreaterThan(0.9 * looksAt(alone, 1, aloneSince));
		expect(bench.device('board-1').status().state).toBe('online');
	});

	test('are looked at also while one is becoming silent', async () => {
		const bench = await online([1, 2].map(board));
		bench.stimulate('board-2', 'power off');
		const since = bench.written.length;
		await bench.clock.advanceAsync(1_500);
		// Three time-outs of 300 ms would leave it four looks.
		expect(looksAt(bench, 1, since)).toBeGreaterThanOrEqual(8);
	});

	test('are all asked at once when the first of them is back', async () => {
		const bench = await online([1, 2, 3, 4].map(board));
		for (const unit of [1, 2, 3, 4]) bench.stimulate(`board-${unit}`, 'power off');
		await bench.clock.advanceAsync(15_000);
		for (const unit of [1, 2, 3, 4]) bench.stimulate(`board-${unit}`, 'power on');
		await bench.clock.advanceAsync(3_000);
		expect(bench.link.devices.map((device) => device.status().state)).toEqual(['online', 'online', 'online', 'online']);
	});

	test('have their pulses in the order they were asked for', async () => {
		const bench = await online([1, 2].map(board));
		const since = bench.written.length;
		for (const id of ['board-2', 'board-1', 'board-2', 'board-1']) pulse(bench, id);
		await bench.clock.advanceAsync(500);
		const order = bench.written
			.slice(since)
			.filter((bytes) => bytes[1] === 5)
			.map(([unit]) => unit);
		expect(order).toEqual([2, 1, 2, 1]);
	});
});
