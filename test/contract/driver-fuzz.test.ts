import { describe, expect, test } from 'vitest';
import type { DecodedLine, PortDriver } from '../../src/drivers/driver.ts';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import type { Device } from '../../src/gateway/core/device.ts';
import { createSeededRandom } from '../../src/gateway/core/seeded-random.ts';
import { createLinkBench } from '../support/link-bench.ts';
import { portDrivers, pushDrivers, stillDrivers, subscriptionDrivers } from './every-driver.ts';
import { createFuzzChunks } from './fuzz-bytes.ts';
import { FUZZ, flood } from './fuzz-flood.ts';
import type { SerialDriverCase } from './serial-driver-cases.ts';

const DECODED_TOGETHER = 16_384;
const A_LINE_LENGTH = 20_000;
/** How often bytes pause, for up to so long: shorter than most gaps and time-outs, and longer. */
const PAUSES = 0.2;
const LONGEST_PAUSE_MS = 60;

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

describe.each(portDrivers())(`$driver.kind under ${FUZZ.bytes} bytes of anything, seed ${FUZZ.seed}`, (device) => {
	const { driver } = device;

	test(
		'N9 decodes them all, and keeps nothing of them',
		async () => {
			const next = createFuzzChunks(FUZZ.seed, await listenTo(driver, device));
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
		FUZZ.testMs,
	);

	test(
		'lives through them, keeps nothing of them, and works when they end',
		async () => {
			const random = createSeededRandom(FUZZ.seed);
			const next = createFuzzChunks(FUZZ.seed + 1, await listenTo(driver, device));
			const bench = createLinkBench(driver, device.entries, { seed: FUZZ.seed });
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
		FUZZ.testMs,
	);
});

test('N9 no driver of the registry is left out of all this', () => {
	const ported = portDrivers().map(({ driver }) => driver);
	const fuzzed = [...ported, ...pushDrivers(), ...subscriptionDrivers(), ...stillDrivers()];
	expect(new Set(fuzzed.map(({ kind }) => kind))).toEqual(new Set(createDriverRegistry().kinds));
});
