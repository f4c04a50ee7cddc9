import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createHidPorts } from '../../src/drivers/ports/hid-port.ts';
import type { Clock } from '../../src/gateway/core/clock.ts';
import { createHidMachine, type HidMachine } from '../support/hid-devices.ts';
import { parseEntry } from '../support/link-bench.ts';
import { createSupervisorBench } from '../support/supervisor-bench.ts';
import { wallClock } from '../support/wall-clock.ts';
import { portDrivers } from './every-driver.ts';
import { countTimers, REPLUG_CYCLES, watchForLeaks } from './leaks.ts';

const PATIENCE = { timeout: 60_000, interval: 2 };
/** Waits are shortened so, that many replugs take little time; how long they take is looked at on a virtual clock. */
const HASTE = 20;

const hastyClock: Clock = {
	nowMs: () => wallClock.nowMs(),
	monotonicMs: () => wallClock.monotonicMs() * HASTE,
	after: (delayMs, run) => wallClock.after(delayMs / HASTE, run),
};

const hidDrivers = portDrivers().filter(({ driver }) => driver.carrier === 'hid');

describe('HID devices of every driver, unplugged and plugged in again', () => {
	let machine: HidMachine;
	beforeEach(() => {
		machine = createHidMachine();
	});
	afterEach(() => machine[Symbol.dispose]());

	test(
		`are back after each of ${REPLUG_CYCLES} replugs, wherever the system puts them, and leak nothing`,
		async () => {
			expect(hidDrivers.length).toBeGreaterThan(0);
			const timers = countTimers(hastyClock);
			const devices = hidDrivers.map(({ driver, entries: [entry] }, index) => {
				const socket = `usb-0000:00:14.0-${index + 1}`;
				const config = parseEntry(driver, { ...entry, id: driver.kind, port: `hid:by-path/${socket}/input0` });
				const { hid } = driver.createSimulator(timers, [config]);
				if (hid === undefined) throw new Error(`${driver.kind} has a simulator without a HID side`);
				return { config, plugged: { ...hid.identity, socket, types: true }, hid };
			});
			const createPort = createHidPorts({ clock: timers, roots: machine.roots, openNode: machine.openNode });
			const bench = createSupervisorBench(
				timers,
				devices.map(({ config }) => config),
				{ openPort: (address, _, events) => createPort(address, events) },
			);
			const are = (state: string) =>
				vi.waitFor(() => {
					for (const { config } of devices) expect(bench.state(config.id)).toBe(state);
				}, PATIENCE);
			const leaks = watchForLeaks(timers);
			bench.supervisor.start();
			for (let cycle = 0; cycle < REPLUG_CYCLES; cycle++) {
				// The system numbers nodes in the order it finds devices.
				const nodeOf = (index: number) => `hidraw${(index + cycle) % devices.length}`;
				for (const [index, { plugged, hid }] of devices.entries()) machine.plug(nodeOf(index), plugged, hid);
				await are('online');
				expect(machine.opened).toBe(devices.length);
				for (const index of devices.keys()) machine.unplug(nodeOf(index));
				await are('offline');
				if (cycle === 0 || cycle === REPLUG_CYCLES - 1) leaks.look();
			}
			leaks.expectNone(devices.length);
			await bench.supervisor.stop();
			expect(timers.pending()).toBe(0);
			await vi.waitFor(() => expect(machine.opened).toBe(0), PATIENCE);
		},
		60_000 + REPLUG_CYCLES * 5_000,
	);
});
