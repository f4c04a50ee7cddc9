import process from 'node:process';
import { describe, expect, test } from 'vitest';
import type { DecodedLine, PortDriver } from '../../src/drivers/driver.ts';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import type { Device } from '../../src/gateway/core/device.ts';
import { createSeededRandom } from '../../src/gateway/core/seeded-random.ts';
import { createLinkBench } from '../support/link-bench.ts';
import { createDriverBench } from '../support/push-camera.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { cameraBodies, cameraEntry, portDrivers, pushDrivers, subscriptionDrivers } from './every-driver.ts';
import { createFuzzChunks } from './fuzz-bytes.ts';
import { heapAfterGc } from './heap-after-gc.ts';
import type { SerialDriverCase } from './serial-driver-cases.ts';

/** `npm run soak` sets more. */
const BYTES = Number(process.env['PARKGATE_FUZZ_BYTES'] ?? 200_000);
const SEED = Number(process.env['PARKGATE_FUZZ_SEED'] ?? 20_260_105);
const TEST_MS = 60_000 + BYTES / 10;
const DECODED_TOGETHER = 16_384;
/** What a codec may keep is far less; the rest is the engine's own. */
const GROWTH_BYTES = 4_000_000;
const A_LINE_LENGTH = 20_000;
/** How often bytes pause, for up to so long: shorter than most gaps and time-outs, and longer. */
const PAUSES = 0.2;
const LONGEST_PAUSE_MS = 60;

/** Gives about BYTES bytes to `take`, and holds what stays in memory after a tenth of them against what stays in the end. */
async function flood(next: () => Uint8Array, take: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
	let given = 0;
	let warmHeap: number | undefined;
	while (given < BYTES) {
		const chunk = next();
		given += chunk.length;
		await take(chunk);
		if (warmHeap === undefined && given > BYTES / 10) warmHeap = heapAfterGc();
	}
	expect(heapAfterGc() - (warmHeap ?? 0)).toBeLessThan(GROWTH_BYTES);
}

/** No `expect`: there are millions of lines. */
function isWithin(line: DecodedLine, bytes: Uint8Array): boolean {
	return line.offset >= 0 && line.offset < bytes.length && JSON.stringify(line).length < A_LINE_LENGTH;
}

/** What both sides of the line say while the device lives its life. */
async function listenTo(driver: PortDriver, device: SerialDriverCase): Promise<readonly Uint8Array[]> {
	const bench = createLinkBench(driver, device.entries);
	await bench.start();
	await bench.clock.advanceAsync(device.onlineWithinMs);
	for (const what of [...device.stimuli, device.card?.stimulus ?? '']) {
		if (what !== '') bench.stimulate(bench.link.devices[0]?.id ?? '', what);
		await bench.clock.advanceAsync(500);
	}
	return [...bench.heard, ...bench.written].slice(-500);
}

describe.each(portDrivers())(`$driver.kind under ${BYTES} bytes of anything, seed ${SEED}`, (device) => {
	const { driver } = device;

	test(
		'N9 decodes them all, and keeps nothing of them',
		async () => {
			const next = createFuzzChunks(SEED, await listenTo(driver, device));
			let waiting: Uint8Array[] = [];
			let length = 0;
			await flood(next, (chunk) => {
				waiting.push(chunk);
				length += chunk.length;
				if (length < DECODED_TOGETHER) return;
				const bytes = Buffer.concat(waiting);
				waiting = [];
				length = 0;
				for (const line of driver.decode(bytes)) {
					if (isWithin(line, bytes)) continue;
					throw new Error(`a line that is too long or elsewhere: ${JSON.stringify(line).slice(0, 1_000)}`);
				}
			});
		},
		TEST_MS,
	);

	test(
		'lives through them, keeps nothing of them, and works when they end',
		async () => {
			const random = createSeededRandom(SEED);
			const next = createFuzzChunks(SEED + 1, await listenTo(driver, device));
			const bench = createLinkBench(driver, device.entries, { seed: SEED });
			await bench.start();
			await bench.clock.advanceAsync(device.onlineWithinMs);
			await flood(next, async (chunk) => {
				bench.link.onBytes(chunk);
				if (random.next() < PAUSES) await bench.clock.advanceAsync(random.between(0, LONGEST_PAUSE_MS));
				bench.forget();
			});
			await bench.clock.advanceAsync((device.offlineWithinMs ?? 0) + device.backWithinMs);
			// Among anything there is what a device says of a fault of its own.
			const state = (each: Device) => each.status().state;
			for (const each of bench.link.devices) expect(state(each)).toMatch(/online|faulted/);
			bench.wire.unplug();
			bench.wire.plugIn();
			const port = await bench.start();
			await bench.clock.advanceAsync(device.backWithinMs);
			expect(bench.link.devices.map(state)).toEqual(device.entries.map(() => 'online'));
			bench.link.stop('done');
			await port.close();
			await bench.clock.advanceAsync(1_000);
			expect(bench.clock.pendingTimers()).toBe(0);
		},
		TEST_MS,
	);
});

describe.each(pushDrivers().map((driver) => ({ driver })))(
	`$driver.kind under ${BYTES} bytes of anything, seed ${SEED}`,
	({ driver }) => {
		test(
			'N9 answers every push, decodes it, and keeps nothing of it',
			async () => {
				const corpus = cameraBodies(driver);
				const next = createFuzzChunks(
					SEED,
					corpus.map(({ body }) => body),
				);
				const bench = createDriverBench(createVirtualClock());
				const receiver = driver.createReceiver(bench.deps, driver.config.parse(cameraEntry(driver)));
				const random = createSeededRandom(SEED);
				await flood(next, (body) => {
					const { contentType } = random.pick(corpus);
					const headers = new Map([['content-type', contentType]]);
					const reply = receiver.handle({ method: 'POST', headers, body, remoteAddress: '10.0.0.21' });
					expect(reply.status).toBeLessThan(500);
					for (const line of driver.decode(body, contentType)) expect(line.offset).toBeGreaterThanOrEqual(0);
					for (const kept of [bench.observations, bench.statuses, bench.inputs, bench.log.lines]) kept.length = 0;
				});
			},
			TEST_MS,
		);
	},
);

describe.each(subscriptionDrivers().map((driver) => ({ driver })))(
	`$driver.kind under ${BYTES} bytes of anything, seed ${SEED}`,
	({ driver }) => {
		test(
			'N9 hears every message, decodes it, and keeps nothing of it',
			async () => {
				const config = driver.config.parse(cameraEntry(driver));
				const camera = driver.createSimulator(config);
				const read = {
					plate: '1ABC234',
					confidence: 0.9,
					eventId: 'e1',
					at: new Date(0),
					direction: 'leaving',
				} as const;
				const topics = camera.plate(read).map(({ topic }) => topic);
				const next = createFuzzChunks(
					SEED,
					cameraBodies(driver).map(({ body }) => body),
				);
				const bench = createDriverBench(createVirtualClock());
				const { events } = driver.createReceiver(bench.deps, config);
				const random = createSeededRandom(SEED);
				await flood(next, (payload) => {
					events.onMessage({
						topic: random.pick(topics),
						payload: Buffer.from(payload),
						retained: random.next() < 0.2,
					});
					for (const line of driver.decode(payload)) expect(line.offset).toBeGreaterThanOrEqual(0);
					for (const kept of [bench.observations, bench.statuses, bench.inputs, bench.log.lines]) kept.length = 0;
				});
			},
			TEST_MS,
		);
	},
);

test('N9 no driver of the registry is left out of all this', () => {
	const fuzzed = [...portDrivers().map(({ driver }) => driver), ...pushDrivers(), ...subscriptionDrivers()];
	expect(new Set(fuzzed.map(({ kind }) => kind))).toEqual(new Set(createDriverRegistry().kinds));
});
