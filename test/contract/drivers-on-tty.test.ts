import { afterEach, describe, expect, test, vi } from 'vitest';
import { createOpenPort } from '../../src/drivers/ports/open-port.ts';
import type { OpenPort } from '../../src/drivers/ports/port.ts';
import { type SimulatorOnTty, serveSimulatorOnTty } from '../../src/drivers/ports/simulator-on-tty.ts';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { createSimulatedDevices } from '../../src/drivers/simulated-devices.ts';
import type { Observation } from '../../src/gateway/core/observation.ts';
import { parseEntry } from '../support/link-bench.ts';
import { createPlayedGuard } from '../support/played-guard.ts';
import { createPtyPair, type PtyPair } from '../support/pty-pair.ts';
import { createSupervisorBench } from '../support/supervisor-bench.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { wallClock } from '../support/wall-clock.ts';
import { type EveryPortDriver, type EverySerialDriver, portDrivers, serialDrivers } from './every-driver.ts';
import { REPLUG_CYCLES as CYCLES, countTimers, watchForLeaks } from './leaks.ts';

/** On a machine that does other things too; how long it takes is looked at on a virtual clock. */
const PATIENCE = { timeout: 60_000, interval: 10 };
/** Up to so many with a second process for each guarded line. */
const MOST_GUARDED_CYCLES = 50;
/** A replugged adapter works again within this. */
const BACK_MS = 5_000;

/** Entries of one line; ids are its own among all drivers. */
function entriesOf({ name, driver, entries }: EveryPortDriver, port: string) {
	const stem = name.replaceAll(/[^a-z0-9]+/g, '-');
	return entries.map((entry, index) => parseEntry(driver, { ...entry, id: `${stem}-${index + 1}`, port }));
}

describe.each(portDrivers())('$name, unplugged and plugged in again', (device) => {
	test('works again within five seconds by itself, time after time, and leaves no timer', async () => {
		const clock = createVirtualClock();
		const entries = entriesOf(device, 'sim:line');
		const chance = { random: () => 0.99 };
		const simulated = createSimulatedDevices({ clock, ...chance, paced: true }, createDriverRegistry(), entries);
		const openPort = createOpenPort(clock, simulated.wire);
		const { supervisor, state } = createSupervisorBench(clock, entries, { ...chance, openPort });
		const states = () => new Set(entries.map(({ id }) => state(id)));
		supervisor.start();
		await clock.advanceAsync(device.onlineWithinMs);
		for (let cycle = 0; cycle < 20; cycle++) {
			simulated.wire('sim:line')?.unplug();
			await clock.advanceAsync(1_000 * cycle);
			expect(states()).toEqual(new Set(['offline']));
			simulated.wire('sim:line')?.plugIn();
			await clock.advanceAsync(BACK_MS);
			expect(states()).toEqual(new Set(['online']));
		}
		await supervisor.stop();
		expect(clock.pendingTimers()).toBe(0);
	});
});

describe('every serial driver on a real tty', () => {
	const lines: TtyLine[] = [];

	async function connect(device: EverySerialDriver): Promise<TtyLine> {
		const line = await createTtyLine(device);
		lines.push(line);
		return line;
	}

	afterEach(async () => {
		for (const line of lines.splice(0)) await line.close();
	});

	for (const device of serialDrivers()) {
		const { card, plate } = device;
		const shown =
			plate === undefined
				? card && { what: 'card', stimulus: card.stimulus, read: { tag: card.tag } }
				: { what: 'plate', stimulus: plate.stimulus, read: { plate: plate.plate } };
		if (shown === undefined) continue;
		test(`N9 ${device.driver.kind} tells the ${shown.what} that is shown to its simulator`, async () => {
			const line = await connect(device);
			const { supervisor, reads, are } = supervise([line]);
			supervisor.start();
			await are('online');
			// Held there until it is read: a busy machine looks at each antenna less often than a card is shown.
			await vi.waitFor(
				() => {
					line.stimulate(shown.stimulus);
					expect(reads).toContainEqual(expect.objectContaining(shown.read));
				},
				{ ...PATIENCE, interval: 200 },
			);
			await supervisor.stop();
		}, 180_000);
	}

	test(
		`each is back after each of ${CYCLES} replugs, and they leak nothing`,
		async () => {
			for (const device of serialDrivers()) await connect(device);
			const { supervisor, timers, are, isLine } = supervise(lines);
			const leaks = watchForLeaks(timers);
			/** Each at its own pace: what one is slow at keeps no other waiting. */
			const replug = (times: number) =>
				Promise.all(
					lines.map(async (line) => {
						for (let time = 0; time < times; time++) {
							await line.unplug();
							await isLine(line, 'offline');
							await line.plugIn();
							await isLine(line, 'online');
						}
					}),
				);
			supervisor.start();
			await are('online');
			await replug(1);
			leaks.look();
			await replug(CYCLES - 1);
			await are('online');
			leaks.look();
			leaks.expectNone(lines.length);
			await supervisor.stop();
			expect(timers.pending()).toBe(0);
		},
		120_000 + CYCLES * 60_000,
	);
});

/** One driver's line on a pty, its simulator at the far end. */
interface TtyLine {
	readonly entries: ReturnType<typeof entriesOf>;
	/** Something happens to its first device. */
	stimulate(what: string): void;
	unplug(): Promise<void>;
	plugIn(): Promise<void>;
	close(): Promise<void>;
}

async function createTtyLine(device: EverySerialDriver): Promise<TtyLine> {
	const { driver } = device;
	const pair: PtyPair = await createPtyPair();
	const entries = entriesOf(device, pair.near);
	const [first] = entries;
	if (first === undefined) throw new Error('no device');
	const line = driver.line(first);
	let far: SimulatorOnTty | undefined;

	async function attach(): Promise<void> {
		const simulator = driver.createSimulator(wallClock, entries);
		far = await serveSimulatorOnTty({ clock: wallClock, path: pair.far, line, simulator, onLost: () => undefined });
	}

	await attach();
	return {
		entries,
		stimulate: (what) => expect(far?.stimulate(first.id, what)).toBeUndefined(),
		async unplug() {
			await pair.unplug();
			await far?.stop();
		},
		async plugIn() {
			await pair.plugIn();
			await attach();
		},
		async close() {
			await far?.stop();
			await pair.close();
		},
	};
}

/** Each guard is a program that starts: of a thousand replugs, more of the work than all else. */
function playGuards(openPort: OpenPort): OpenPort {
	return (address, settings, events) => {
		if (typeof settings === 'string' || settings.guarded !== true) return openPort(address, settings, events);
		return { ...openPort(address, { ...settings, guarded: false }, events), guard: createPlayedGuard() };
	};
}

function supervise(lines: readonly TtyLine[]) {
	const timers = countTimers(wallClock);
	const reads: Observation[] = [];
	const entries = lines.flatMap((line) => line.entries);
	const openPort = createOpenPort(timers, () => undefined);
	const bench = createSupervisorBench(timers, entries, {
		openPort: CYCLES > MOST_GUARDED_CYCLES ? playGuards(openPort) : openPort,
		events: {
			onObservation: (read) => void reads.push(read),
			onInput: () => undefined,
			onStatus: () => undefined,
		},
	});
	/** Looks without an expectation that fails: so many of those would be most of the work. */
	async function wait(some: typeof entries, state: string): Promise<void> {
		const deadlineMs = performance.now() + PATIENCE.timeout;
		while (some.some(({ id }) => bench.state(id) !== state) && performance.now() < deadlineMs)
			await new Promise((resolve) => setTimeout(resolve, PATIENCE.interval));
		const others = some.filter(({ id }) => bench.state(id) !== state);
		const statuses = others.map(({ id }) => bench.supervisor.device(id)?.status());
		expect(statuses, `not ${state}: ${JSON.stringify(statuses)}`).toEqual([]);
	}

	return {
		supervisor: bench.supervisor,
		timers,
		reads,
		/** Resolves once every device is in this state. */
		are: (state: string) => wait(entries, state),
		/** The same of one line. */
		isLine: (line: TtyLine, state: string) => wait(line.entries, state),
	};
}
