import type { DecodedLine } from '../../../src/drivers/driver.ts';
import {
	cameraBodies,
	type EveryPortDriver,
	portDrivers,
	pushDrivers,
	subscriptionDrivers,
} from '../../contract/every-driver.ts';
import { createFuzzChunks } from '../../contract/fuzz-bytes.ts';
import { createLinkBench } from '../../support/link-bench.ts';
import { type Figure, percentile } from '../figure.ts';

const ROUNDS = 30;
const ROUND_MS = 4;
/** Of one line: enough that its quietest moments are in it, too. */
const LISTEN_MS = 3_000;
const CAPTURE_BYTES = 20_000;
const HOSTILE_BYTES = 200_000;
const HOSTILE_SAMPLE_BYTES = 200;
const HOSTILE_ROUNDS = 5;

/** What one frame or push costs the decoder of every driver there is: what its simulator says, and is asked. */
export async function codecsOfRegistry(): Promise<readonly Figure[]> {
	const figures: Figure[] = [];
	for (const device of portDrivers()) {
		const capture = await captureOf(device);
		figures.push(...perFrame(device.name, () => device.driver.decode(capture)), hostile(device, capture));
	}
	for (const driver of [...pushDrivers(), ...subscriptionDrivers()]) {
		const bodies = cameraBodies(driver);
		figures.push(
			...perFrame(driver.kind, () =>
				bodies.flatMap(({ body, contentType }) => [
					...(driver.carrier === 'push' ? driver.decode(body, contentType) : driver.decode(body)),
				]),
			),
		);
	}
	return figures;
}

/** What goes over a line in both directions while its device lives its life. */
async function captureOf({ driver, entries, onlineWithinMs, stimuli, card }: EveryPortDriver): Promise<Uint8Array> {
	const bench = createLinkBench(driver, entries);
	await bench.start();
	await bench.clock.advanceAsync(onlineWithinMs);
	for (const what of card === undefined ? stimuli : [card.stimulus]) {
		bench.stimulate(bench.link.devices[0]?.id ?? '', what);
		await bench.clock.advanceAsync(LISTEN_MS / 4);
	}
	return Uint8Array.from(Buffer.concat([...bench.heard, ...bench.written])).slice(0, CAPTURE_BYTES);
}

/** Noise, and what the device says and hears damaged, cut, glued and repeated: a device that floods must not hold up others. */
function hostile({ name, driver }: EveryPortDriver, capture: Uint8Array): Figure {
	const next = createFuzzChunks(1, [
		capture.subarray(0, HOSTILE_SAMPLE_BYTES),
		capture.subarray(-HOSTILE_SAMPLE_BYTES),
	]);
	const chunks: Uint8Array[] = [];
	for (let length = 0; length < HOSTILE_BYTES; length += chunks.at(-1)?.length ?? 0) chunks.push(next());
	const bytes = Uint8Array.from(Buffer.concat(chunks));
	const ratesMBs = Array.from({ length: HOSTILE_ROUNDS }, () => {
		const startedMs = performance.now();
		for (const line of driver.decode(bytes)) if (line.offset < 0) throw new Error(`${name}: a line elsewhere`);
		return bytes.length / (performance.now() - startedMs) / 1_000;
	});
	return { what: `${name}: hostile bytes decoded`, measured: percentile(ratesMBs, 0.5), unit: 'MB/s' };
}

/** Median over the rounds: others on this machine cost some rounds more. */
function perFrame(kind: string, decode: () => Iterable<DecodedLine>): readonly Figure[] {
	const frames = Array.from(decode()).filter((line) => line.kind !== 'error').length;
	if (frames === 0) throw new Error(`${kind}: nothing was decoded`);
	const costsUs = Array.from({ length: ROUNDS }, () => {
		const startedMs = performance.now();
		let decoded = 0;
		do {
			for (const _ of decode()) decoded += 0;
			decoded += frames;
		} while (performance.now() - startedMs < ROUND_MS);
		return ((performance.now() - startedMs) * 1_000) / decoded;
	});
	const us = percentile(costsUs, 0.5);
	return [
		{ what: `${kind}: a frame decoded`, measured: us, unit: 'µs' },
		{ what: `${kind}: frames decoded`, measured: 1_000_000 / us, unit: '/s' },
	];
}
