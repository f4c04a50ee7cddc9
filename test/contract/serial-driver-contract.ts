import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PortDriver } from '../../src/drivers/driver.ts';
import type { Port } from '../../src/drivers/ports/port.ts';
import { createSeededRandom } from '../../src/gateway/core/seeded-random.ts';
import { createLinkBench, type LinkBench, parseEntry } from '../support/link-bench.ts';
import type { SerialDriverCase } from './serial-driver-cases.ts';

const anyBytes = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 });
const chance = fc.double({ min: 0, max: 0.4, noNaN: true });
const anyFaults = fc.record({
	drop: chance,
	truncate: chance,
	corrupt: chance,
	duplicate: chance,
	noise: chance,
	split: chance,
	delay: chance,
	maxDelayMs: fc.nat(400),
	babble: chance,
});

/** What every driver that has a port does, whatever its protocol. */
export function serialDriverContract(driver: PortDriver, device: SerialDriverCase): void {
	const { entries, offlineWithinMs } = device;
	/** Longest silence that still says nothing. */
	const settledWithinMs = offlineWithinMs ?? device.backWithinMs;
	const create = (seed = 1) => createLinkBench(driver, entries, { seed });
	const states = (bench: LinkBench) => bench.link.devices.map((each) => each.status().state);
	const all = (state: string) => entries.map(() => state);

	async function online(seed?: number): Promise<LinkBench> {
		const bench = create(seed);
		await bench.start();
		await bench.clock.advanceAsync(device.onlineWithinMs);
		expect(states(bench)).toEqual(all('online'));
		return bench;
	}

	async function expectBack(bench: LinkBench): Promise<void> {
		await bench.clock.advanceAsync(device.backWithinMs);
		expect(states(bench)).toEqual(all('online'));
	}

	describe(`serial driver contract: ${driver.kind}`, () => {
		test('is idle until it is started', async () => {
			const bench = create();
			await bench.clock.advanceAsync(60_000);
			expect(states(bench)).toEqual(all('starting'));
			expect(bench.written).toEqual([]);
			expect(bench.statuses).toEqual([]);
		});

		test('brings every device of the line online with its simulator, and tells it', async () => {
			const bench = await online();
			for (const { id } of bench.link.devices)
				expect(bench.statuses.filter((status) => status.id === id).at(-1)?.state).toBe('online');
		});

		test('gives statuses that are plain data, with the configured names', async () => {
			const bench = await online();
			for (const [index, each] of bench.link.devices.entries()) {
				const status = each.status();
				expect(JSON.parse(JSON.stringify(status))).toEqual(status);
				expect(status).toMatchObject({ id: each.id, driver: driver.kind });
				expect(status.address).toContain('sim:line');
				if (offlineWithinMs !== undefined) expect(status.lastSeenMs).toBeGreaterThan(0);
				expect(status.sinceMs).toBeLessThanOrEqual(bench.clock.nowMs());
				expect(each.id).toBe(parseEntry(driver, entries[index] ?? {}).id);
				expect(status.capabilities.includes('opens')).toBe(each.opens !== undefined);
				expect(status.capabilities.includes('shows')).toBe(each.shows !== undefined);
			}
		});

		if (offlineWithinMs === undefined) {
			test('takes silence for nothing to tell, and says nothing itself', async () => {
				const bench = await online();
				const isTold = bench.link.devices.some((each) => each.opens !== undefined);
				if (!isTold) expect(bench.written).toEqual([]);
				const said = bench.written.length;
				await bench.clock.advanceAsync(86_400_000);
				expect(states(bench)).toEqual(all('online'));
				expect(bench.written.length).toBe(said);
			});
		} else {
			test('notices silence within the time-out of its protocol, says what to do, and comes back', async () => {
				const bench = await online();
				bench.wire.setFaults({ drop: 1 });
				await bench.clock.advanceAsync(offlineWithinMs);
				expect(states(bench)).toEqual(all('offline'));
				for (const each of bench.link.devices) expect(each.status().problem?.length).toBeGreaterThan(10);
				bench.wire.setFaults({});
				await expectBack(bench);
				for (const each of bench.link.devices) expect(each.status().problem).toBeUndefined();
			});

			test('survives a port that rejects or never ends its writes', async () => {
				const broken: Pick<Port, 'open' | 'close' | 'setBaud'> = {
					open: () => Promise.resolve(),
					close: () => Promise.resolve(),
					setBaud: () => Promise.reject(new Error('lost')),
				};
				for (const write of [() => Promise.reject(new Error('lost')), () => new Promise<void>(() => undefined)]) {
					const bench = create();
					bench.link.start({ ...broken, write });
					await bench.clock.advanceAsync(offlineWithinMs + 60_000);
					expect(states(bench)).not.toContain('online');
					bench.link.stop('lost');
					expect(bench.clock.pendingTimers()).toBe(0);
					await bench.start();
					await expectBack(bench);
				}
			});
		}

		test('is offline with the reason at once when the port is lost, and quiet until it has a new one', async () => {
			const bench = await online();
			bench.wire.unplug();
			expect(states(bench)).toEqual(all('offline'));
			for (const each of bench.link.devices) expect(each.status().problem).toContain('unplugged');
			const writes = bench.written.length;
			await bench.clock.advanceAsync(30_000);
			expect(bench.written.length).toBe(writes);
			bench.wire.plugIn();
			await bench.start();
			await expectBack(bench);
		});

		test('leaves nothing behind when stopped, however often it is started', async () => {
			const bench = create();
			for (let round = 0; round < 20; round++) {
				const port = await bench.start();
				await bench.clock.advanceAsync(round % 2 === 0 ? 7 : device.onlineWithinMs);
				bench.link.stop('test');
				await port.close();
				expect(bench.clock.pendingTimers()).toBe(0);
			}
			await bench.start();
			await expectBack(bench);
		});

		test('takes being stopped before it was started, and twice', async () => {
			const bench = create();
			bench.link.stop('there is no such port');
			bench.link.stop('there is no such port');
			expect(states(bench)).toEqual(all('offline'));
			expect(bench.statuses.length).toBe(entries.length);
			await bench.start();
			await expectBack(bench);
		});

		test('survives any bytes at any time, with bounded work, and goes on', async () => {
			await fc.assert(
				fc.asyncProperty(anyBytes, fc.nat(120), async (chunks, pauseMs) => {
					const bench = await online();
					for (const chunk of chunks) {
						bench.link.onBytes(chunk);
						await bench.clock.advanceAsync(pauseMs);
					}
					await expectBack(bench);
					expect(bench.observations).toEqual([]);
				}),
				{ numRuns: 30 },
			);
		});

		test('is itself again once a babbling neighbour falls silent', async () => {
			const random = createSeededRandom(7);
			const bench = await online();
			for (let n = 0; n < 500; n++) {
				bench.link.onBytes(Uint8Array.from({ length: 20 }, () => random.between(0, 255)));
				await bench.clock.advanceAsync(20);
			}
			await bench.clock.advanceAsync(settledWithinMs);
			await expectBack(bench);
		});

		test('survives bytes before its start and after its stop', async () => {
			const bench = create();
			bench.link.onBytes(Uint8Array.of(1, 2, 3));
			await bench.start();
			bench.link.stop('test');
			bench.link.onBytes(Uint8Array.of(1, 2, 3));
			expect(states(bench)).toEqual(all('offline'));
		});

		test('recovers from any faults of the wire', async () => {
			await fc.assert(
				fc.asyncProperty(anyFaults, fc.integer(), async (faults, seed) => {
					const bench = await online(seed);
					bench.wire.setFaults(faults);
					for (const what of device.stimuli) {
						bench.stimulate(bench.link.devices[0]?.id ?? '', what);
						await bench.clock.advanceAsync(300);
					}
					bench.wire.setFaults({});
					await bench.clock.advanceAsync(settledWithinMs);
					await expectBack(bench);
				}),
				{ numRuns: 15 },
			);
		});

		test('ends every pulse: late ones expired, without a port failed, and nothing was written for them', async () => {
			const bench = await online();
			for (const each of bench.link.devices) {
				const output = Object.keys(parsedOutputs(bench, each.id))[0];
				if (each.opens === undefined || output === undefined) continue;
				const command = { output, durationMs: 500, onWritten: () => expect.unreachable() };
				const late = each.opens.pulse({ ...command, deadlineMonotonicMs: bench.clock.monotonicMs() - 1 });
				await bench.clock.advanceAsync(1_000);
				expect(await late).toEqual({ result: 'expired' });
				bench.wire.unplug();
				const unplugged = each.opens.pulse({ ...command, deadlineMonotonicMs: bench.clock.monotonicMs() + 1_000 });
				await bench.clock.advanceAsync(2_000);
				expect((await unplugged).result).toMatch(/failed|expired/);
				bench.wire.plugIn();
				await bench.start();
				await expectBack(bench);
			}
		});

		test('has a simulator that survives any bytes and names its stimuli', () => {
			fc.assert(
				fc.property(anyBytes, (chunks) => {
					const { wire, link } = create();
					const [first] = link.devices;
					const answer = wire.stimulate(first?.id ?? '', 'fly to the moon');
					expect(answer).toMatch(/.{10,}/);
					const simulator = driver.createSimulator(
						create().clock,
						entries.map((entry) => parseEntry(driver, entry)),
					);
					for (const chunk of chunks) simulator.receive(chunk);
				}),
				{ numRuns: 50 },
			);
		});

		test('decodes any captured bytes into lines within them', () => {
			fc.assert(
				fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
					for (const line of driver.decode(bytes)) {
						expect(line.offset).toBeGreaterThanOrEqual(0);
						expect(line.offset).toBeLessThan(bytes.length);
						expect(JSON.stringify(line).length).toBeLessThan(10_000);
					}
				}),
			);
		});
	});

	function parsedOutputs(bench: LinkBench, deviceId: string): Readonly<Record<string, boolean>> {
		return bench.wire.outputs(deviceId);
	}
}
