import { describe, expect, test } from 'vitest';
import type { TappedBytes } from '../../../src/drivers/line-taps.ts';
import { modbusRelay } from '../../../src/drivers/modbus-relay/index.ts';
import type { Port } from '../../../src/drivers/ports/port.ts';
import { decideReopenDelay } from '../../../src/drivers/reopen-delay.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { parseEntry } from '../../support/link-bench.ts';
import { createSupervisorBench } from '../../support/supervisor-bench.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const DEVICES = [
	{ id: 'a', driver: 'played', port: '/dev/a' },
	{ id: 'b', driver: 'played', port: '/dev/b' },
];

const create = () => createSupervisorBench(createVirtualClock(), DEVICES);

describe('the supervisor', () => {
	test('opens nothing before it is started, then every line', async () => {
		const bench = create();
		await bench.clock.advanceAsync(60_000);
		expect(bench.at('/dev/a').openedAtMs).toEqual([]);
		bench.supervisor.start();
		await bench.clock.advanceAsync(1);
		expect([bench.state('a'), bench.state('b')]).toEqual(['online', 'online']);
		expect(bench.supervisor.statuses().map(({ id }) => id)).toEqual(['a', 'b']);
	});

	test('starts without its devices and takes them within five seconds of being plugged in', async () => {
		const bench = create();
		bench.at('/dev/a').opening = 'missing';
		bench.supervisor.start();
		await bench.clock.advanceAsync(3_600_000);
		expect(bench.problem('a')).toBe('nothing is plugged in at /dev/a');
		const tries = bench.at('/dev/a').openedAtMs.length;
		expect(tries).toBeGreaterThan(3_000);
		expect(tries).toBeLessThan(4_100);
		bench.at('/dev/a').opening = 'opens';
		await bench.clock.advanceAsync(1_200);
		expect(bench.state('a')).toBe('online');
	});

	test('says a problem once in the log, not at every try', async () => {
		const bench = create();
		bench.at('/dev/a').opening = 'missing';
		bench.supervisor.start();
		await bench.clock.advanceAsync(60_000);
		expect(bench.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
	});

	test('waits longer and longer for a port that does not open, with chance in it, never over 30 s', async () => {
		const bench = create();
		bench.at('/dev/a').opening = 'busy';
		bench.supervisor.start();
		await bench.clock.advanceAsync(600_000);
		const { openedAtMs } = bench.at('/dev/a');
		const waits = openedAtMs.slice(1).map((atMs, index) => atMs - (openedAtMs[index] ?? 0));
		expect(waits[0]).toBeLessThanOrEqual(250);
		expect(Math.max(...waits)).toBeLessThanOrEqual(LIMITS.reopenDelayMs);
		expect(waits.slice(-5).every((wait) => wait >= LIMITS.reopenDelayMs / 2)).toBe(true);
		expect(new Set(waits.slice(-5)).size).toBe(5);
		expect(bench.problem('a')).toBe('/dev/a is in use');
	});

	test('opens a lost line again, a little slower when it is lost again and again, never over two seconds', async () => {
		const bench = create();
		bench.supervisor.start();
		await bench.clock.advanceAsync(1);
		const gaps: number[] = [];
		for (let round = 0; round < 12; round++) {
			const lostMs = bench.clock.monotonicMs();
			bench.at('/dev/a').events?.onClosed('it was unplugged');
			expect(bench.problem('a')).toBe('it was unplugged');
			while (bench.state('a') !== 'online') await bench.clock.advanceAsync(50);
			gaps.push(bench.clock.monotonicMs() - lostMs);
		}
		expect(gaps[0]).toBeLessThanOrEqual(300);
		expect(gaps.at(-1)).toBeGreaterThan(900);
		expect(Math.max(...gaps)).toBeLessThanOrEqual(2_050);
		await bench.clock.advanceAsync(15_000);
		const lostMs = bench.clock.monotonicMs();
		bench.at('/dev/a').events?.onClosed('it was unplugged');
		while (bench.state('a') !== 'online') await bench.clock.advanceAsync(50);
		expect(bench.clock.monotonicMs() - lostMs).toBeLessThanOrEqual(300);
	});

	test.each([0, 0.5, 0.999])('is open again within its table’s wait of being plugged in, chance %d', async (chance) => {
		const clock = createVirtualClock();
		const bench = createSupervisorBench(clock, DEVICES, { random: () => chance });
		bench.supervisor.start();
		await clock.advanceAsync(1);
		const waitMs = (kind: 'lost' | 'missing') => decideReopenDelay({ kind, times: 1 }, () => chance);
		const longestMs = Math.max(waitMs('lost'), waitMs('missing'));
		expect(longestMs).toBeLessThanOrEqual(1_100);
		for (let awayMs = 0; awayMs < 12_000; awayMs += 370) {
			bench.at('/dev/a').opening = 'missing';
			bench.at('/dev/a').events?.onClosed('it was unplugged');
			await clock.advanceAsync(awayMs);
			expect(bench.state('a')).toBe('offline');
			bench.at('/dev/a').opening = 'opens';
			await clock.advanceAsync(longestMs);
			expect(bench.state('a'), `away for ${awayMs} ms`).toBe('online');
			await clock.advanceAsync(10_000);
		}
	});

	test('ignores what a port says after it was lost', async () => {
		const bench = create();
		bench.supervisor.start();
		await bench.clock.advanceAsync(1);
		const stale = bench.at('/dev/a').events;
		stale?.onClosed('lost');
		await bench.clock.advanceAsync(1_000);
		stale?.onBytes(Uint8Array.of(1));
		stale?.onClosed('lost again');
		expect(bench.state('a')).toBe('online');
		expect(bench.link('/dev/a').calls).not.toContain('bytes 01');
	});

	test('is not held up by a port that never opens, and does not open it twice', async () => {
		const bench = create();
		bench.at('/dev/a').opening = 'hangs';
		bench.supervisor.start();
		await bench.clock.advanceAsync(3_600_000);
		expect(bench.state('b')).toBe('online');
		expect(bench.problem('a')).toBe('/dev/a does not answer when it is opened');
		expect(bench.at('/dev/a').openedAtMs).toHaveLength(1);
		bench.at('/dev/a').finishOpening();
		await bench.clock.advanceAsync(1);
		expect(bench.state('a')).toBe('online');
	});

	test('stops within a second though one port hangs in its opening and one in its closing', async () => {
		const bench = create();
		bench.at('/dev/a').opening = 'hangs';
		bench.at('/dev/b').closing = 'hangs';
		bench.supervisor.start();
		await bench.clock.advanceAsync(1);
		let stopped = false;
		void bench.supervisor.stop().then(() => {
			stopped = true;
		});
		await bench.clock.advanceAsync(1_000);
		expect(stopped).toBe(true);
		expect(bench.clock.pendingTimers()).toBe(0);
		bench.at('/dev/a').finishOpening();
		await bench.clock.advanceAsync(60_000);
		expect(bench.link('/dev/a').calls).not.toContain('start');
		expect(bench.at('/dev/a').closes).toBeGreaterThan(0);
	});

	test('leaves no timer behind, whatever state its lines are in', async () => {
		const bench = create();
		bench.at('/dev/a').opening = 'busy';
		bench.link('/dev/b').onStart = (_, clock) => void clock.after(1_000_000, () => undefined);
		bench.supervisor.start();
		await bench.clock.advanceAsync(700);
		await bench.supervisor.stop();
		await bench.supervisor.stop();
		expect(bench.clock.pendingTimers()).toBe(0);
		const tries = bench.at('/dev/a').openedAtMs.length;
		await bench.clock.advanceAsync(60_000);
		expect(bench.at('/dev/a').openedAtMs).toHaveLength(tries);
	});

	test.each<[string, (bench: ReturnType<typeof create>) => void]>([
		['when it is given bytes', (bench) => bench.at('/dev/a').events?.onBytes(Uint8Array.of(1))],
		['in a timer', (bench) => bench.clock.advance(100)],
	])('catches a driver that throws %s, logs it, and starts its line again; others run on', async (when, provoke) => {
		const bench = create();
		bench.supervisor.start();
		await bench.clock.advanceAsync(1);
		const link = bench.link('/dev/a');
		let throws = true;
		const fail = () => {
			if (throws) throw new TypeError('a bug');
		};
		link.onBytes = fail;
		link.onStart = (_, clock) => void clock.after(100, fail);
		if (when === 'in a timer') {
			bench.at('/dev/a').events?.onClosed('lost');
			await bench.clock.advanceAsync(300);
		}
		provoke(bench);
		expect(bench.log.lines.some(({ message }) => message === 'the driver of a line failed')).toBe(true);
		expect(bench.problem('a')).toContain('the driver failed');
		expect(bench.state('b')).toBe('online');
		throws = false;
		await bench.clock.advanceAsync(3_000);
		expect(bench.state('a')).toBe('online');
	});

	test('catches a driver that throws at its start and at its stop, and backs off', async () => {
		const bench = create();
		bench.link('/dev/a').onStart = () => {
			throw new Error('a bug');
		};
		bench.link('/dev/a').onStop = () => {
			throw new Error('another bug');
		};
		bench.supervisor.start();
		await bench.clock.advanceAsync(600_000);
		expect(bench.at('/dev/a').openedAtMs.length).toBeLessThan(50);
		expect(bench.at('/dev/a').closes).toBe(bench.at('/dev/a').openedAtMs.length);
		await bench.supervisor.stop();
		expect(bench.clock.pendingTimers()).toBe(0);
	});

	test('survives a port that fails in strange ways', async () => {
		const bench = create();
		bench.at('/dev/a').opening = 'throws';
		bench.supervisor.start();
		await bench.clock.advanceAsync(1_000);
		expect(bench.problem('a')).toContain('strange');
		bench.at('/dev/a').opening = 'opens';
		await bench.clock.advanceAsync(5_000);
		expect(bench.state('a')).toBe('online');
	});

	test('does not restart a device because a lane could not take its event', async () => {
		const bench = createSupervisorBench(
			createVirtualClock(),
			[parseEntry(modbusRelay, { id: 'boom', port: '/dev/x' })],
			{
				events: {
					onObservation: () => undefined,
					onInput: () => undefined,
					onStatus: () => {
						throw new Error('a bug in a lane');
					},
				},
			},
		);
		bench.supervisor.start();
		await bench.clock.advanceAsync(10_000);
		expect(bench.at('/dev/x').openedAtMs).toHaveLength(1);
		expect(bench.log.lines.some(({ message }) => message === 'an event of a device was not taken')).toBe(true);
	});

	test('gives bytes to the link within the call, in order', async () => {
		const bench = create();
		bench.supervisor.start();
		await bench.clock.advanceAsync(1);
		const { events } = bench.at('/dev/a');
		events?.onBytes(Uint8Array.of(1));
		events?.onBytes(Uint8Array.of(2));
		expect(bench.link('/dev/a').calls).toEqual(['start', 'bytes 01', 'bytes 02']);
	});
});

describe('taps of a line', () => {
	test('show bytes of both directions until cancelled; one that throws is removed', async () => {
		const bench = create();
		let port: Port | undefined;
		bench.link('/dev/a').onStart = (opened) => {
			port = opened;
		};
		bench.supervisor.start();
		await bench.clock.advanceAsync(1);
		const seen: TappedBytes[] = [];
		const cancel = bench.supervisor.tap('a', (tapped) => void seen.push(tapped));
		let thrown = 0;
		bench.supervisor.tap('a', () => {
			thrown += 1;
			throw new Error('a bug');
		});
		bench.at('/dev/a').events?.onBytes(Uint8Array.of(1));
		await port?.write(Uint8Array.of(2));
		cancel?.();
		bench.at('/dev/a').events?.onBytes(Uint8Array.of(3));
		expect(seen).toEqual([
			{ direction: 'in', bytes: Uint8Array.of(1), atMs: bench.clock.nowMs() },
			{ direction: 'out', bytes: Uint8Array.of(2), atMs: bench.clock.nowMs() },
		]);
		expect(thrown).toBe(1);
		expect(bench.link('/dev/a').calls).toContain('bytes 03');
		expect(bench.at('/dev/a').written).toHaveLength(1);
	});

	test('are for devices with a line', () => {
		expect(create().supervisor.tap('nobody', () => undefined)).toBeUndefined();
	});
});
