import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { modbusRelay } from '../../../src/drivers/modbus-relay/index.ts';
import { createOpenPort } from '../../../src/drivers/ports/open-port.ts';
import { type SimulatorOnTty, serveSimulatorOnTty } from '../../../src/drivers/ports/simulator-on-tty.ts';
import type { Clock } from '../../../src/gateway/core/clock.ts';
import { parseEntry } from '../../support/link-bench.ts';
import { createPtyPair, type PtyPair } from '../../support/pty-pair.ts';
import { createSupervisorBench } from '../../support/supervisor-bench.ts';
import { wallClock } from '../../support/wall-clock.ts';

/** The real clock, with its pending timers counted. */
function countTimers(): Clock & { pending(): number } {
	const pending = new Set<object>();
	return {
		...wallClock,
		pending: () => pending.size,
		after(delayMs, run) {
			const timer = {};
			pending.add(timer);
			const cancel = wallClock.after(delayMs, () => {
				pending.delete(timer);
				run();
			});
			return () => {
				pending.delete(timer);
				cancel();
			};
		},
	};
}

const openFiles = () => readdirSync('/proc/self/fd').length;

describe('a relay board on a real tty', () => {
	let pair: PtyPair;
	let device: SimulatorOnTty | undefined;

	async function attach(): Promise<void> {
		const config = parseEntry(modbusRelay, { id: 'boom', port: pair.near, inputs: { arming: 1 } });
		device = await serveSimulatorOnTty({
			clock: wallClock,
			path: pair.far,
			line: modbusRelay.line(config),
			simulator: modbusRelay.createSimulator(wallClock, [config]),
			onLost: () => undefined,
		});
	}

	function supervise(clock: Clock) {
		const boom = parseEntry(modbusRelay, { id: 'boom', port: pair.near, inputs: { arming: 1 } });
		return createSupervisorBench(clock, [boom], { openPort: createOpenPort(clock, () => undefined) });
	}

	beforeEach(async () => {
		pair = await createPtyPair();
		await attach();
	});
	afterEach(async () => {
		await device?.stop();
		await pair.close();
	});

	test('is back within five seconds of each of 20 replugs, its loss seen within one, and leaks nothing', async () => {
		const clock = countTimers();
		const { supervisor, state } = supervise(clock);
		supervisor.start();
		await vi.waitFor(() => expect(state('boom')).toBe('online'), 5_000);
		const losses: number[] = [];
		const returns: number[] = [];
		const resources: { files: number; timers: number; active: number }[] = [];
		for (let round = 0; round < 20; round++) {
			const pulledMs = performance.now();
			await pair.unplug();
			await vi.waitFor(() => expect(state('boom')).toBe('offline'), { timeout: 5_000, interval: 5 });
			losses.push(performance.now() - pulledMs);
			await device?.stop();
			await pair.plugIn();
			await attach();
			const pluggedMs = performance.now();
			await vi.waitFor(() => expect(state('boom')).toBe('online'), { timeout: 10_000, interval: 10 });
			returns.push(performance.now() - pluggedMs);
			const active = process.getActiveResourcesInfo().length;
			resources.push({ files: openFiles(), timers: clock.pending(), active });
		}
		expect(Math.max(...losses)).toBeLessThan(1_000);
		expect(Math.max(...returns)).toBeLessThan(5_000);
		const [first, last] = [resources[1], resources.at(-1)];
		if (first === undefined || last === undefined) throw new Error('no rounds');
		expect(last.files).toBeLessThanOrEqual(first.files + 1);
		expect(last.timers).toBeLessThanOrEqual(first.timers + 2);
		expect(last.active).toBeLessThanOrEqual(first.active + 3);
		await supervisor.stop();
		expect(clock.pending()).toBe(0);
	}, 180_000);

	test('that falls silent while its adapter stays is offline within the time-out of the protocol', async () => {
		const { supervisor, state, problem } = supervise(wallClock);
		supervisor.start();
		await vi.waitFor(() => expect(state('boom')).toBe('online'), 5_000);
		device?.stimulate('boom', 'power off');
		const silentMs = performance.now();
		await vi.waitFor(() => expect(state('boom')).toBe('offline'), { timeout: 10_000, interval: 10 });
		// Three answers of 300 ms missed, with a pause of 50 ms after each; the rest is the machine's.
		expect(performance.now() - silentMs).toBeLessThan(2_000);
		expect(problem('boom')).toContain('no valid answer from unit 1');
		device?.stimulate('boom', 'power on');
		await vi.waitFor(() => expect(state('boom')).toBe('online'), { timeout: 10_000, interval: 10 });
		await supervisor.stop();
	});

	test('that another program uses is said to be in use, and taken once it is free', async () => {
		const other = supervise(wallClock);
		other.supervisor.start();
		await vi.waitFor(() => expect(other.state('boom')).toBe('online'), 5_000);
		const { supervisor, state, problem } = supervise(wallClock);
		supervisor.start();
		await vi.waitFor(() => expect(problem('boom')).toContain('is in use by another program'), 5_000);
		await other.supervisor.stop();
		await vi.waitFor(() => expect(state('boom')).toBe('online'), { timeout: 10_000 });
		await supervisor.stop();
	});
});
