import { describe, expect, test } from 'vitest';
import type { DeviceSimulator } from '../../../src/drivers/driver.ts';
import { COMMAND } from '../../../src/drivers/osdp/codes.ts';
import { answering, createOsdpBench, KEY, type OsdpBench, online, seeded, stateOf } from './osdp-bench.ts';

const EIGHT = [1, 2, 3, 4, 5, 6, 7, 8].map((address) => ({ id: `reader-${address}`, address }));
const HEALTHY = EIGHT.slice(0, 6).map(({ id }) => id);

/** The first answers with much garbage instead of a reply, whenever it is asked. */
function babbling(id: number, random: () => number) {
	return (simulator: DeviceSimulator): DeviceSimulator =>
		answering(simulator, (answers, command) => {
			if (command.address !== id) return answers;
			const startMs = random() * 100;
			return Array.from({ length: 10 + Math.floor(random() * 20) }, (_, chunk) => ({
				bytes: Uint8Array.from({ length: 10 }, () => Math.floor(random() * 256)),
				delayMs: startMs + chunk * 10,
			}));
		});
}

function longestGapMs(bench: OsdpBench, address: number, sinceMs: number): number {
	const polls = bench.sent.filter((frame) => frame.address === address && frame.code === COMMAND.POLL);
	const times = polls.map(({ atMs }) => atMs).filter((atMs) => atMs >= sinceMs);
	return Math.max(...times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0)));
}

/** Cards at random moments on random readers; each must come once and within the time. */
async function readsCards(bench: OsdpBench, ids: readonly string[], cards: number, withinMs: number): Promise<void> {
	const random = seeded(7);
	const presented = new Map<string, number>();
	const first = bench.observations.length;
	let slowestMs = 0;
	bench.onObservation = (observation) => {
		const label = observation.kind === 'tag' ? (observation.label ?? '') : '';
		slowestMs = Math.max(slowestMs, bench.clock.monotonicMs() - (presented.get(label) ?? 0));
	};
	for (let n = 1; n <= cards; n += 1) {
		const id = ids[Math.floor(random() * ids.length)] ?? '';
		presented.set(`H10301 FC 9 CN ${n}`, bench.clock.monotonicMs());
		bench.stimulate(id, `card H10301 9 ${n}`);
		await bench.clock.advanceAsync(random() * 400);
	}
	await bench.clock.advanceAsync(3_000);
	const labels = bench.observations.slice(first).map(({ label }) => label);
	expect(labels.toSorted()).toEqual([...presented.keys()].toSorted());
	expect(slowestMs).toBeLessThanOrEqual(withinMs);
}

describe('eight readers on one line at 9600 baud', () => {
	test('all are online within a second and take turns fairly', async () => {
		const bench = createOsdpBench({ readers: EIGHT });
		await bench.start();
		await bench.until(() => EIGHT.every(({ id }) => stateOf(bench, id) === 'online'), 1_000);
		// What is only good to know is asked once a round.
		await bench.clock.advanceAsync(6_000);
		const sinceMs = bench.clock.monotonicMs();
		await bench.clock.advanceAsync(5_000);
		// Nine bytes out, nine back, turn-round: 22 ms a reader.
		for (const { address } of EIGHT) expect(longestGapMs(bench, address, sinceMs)).toBeLessThan(8 * 23);
		await readsCards(
			bench,
			EIGHT.map(({ id }) => id),
			60,
			300,
		);
	});

	test('with secure channels too', async () => {
		const readers = EIGHT.map((reader) => ({ ...reader, key: KEY }));
		const bench = await online(createOsdpBench({ readers }));
		await readsCards(
			bench,
			EIGHT.map(({ id }) => id),
			60,
			500,
		);
	});

	test('one command is in flight at a time', async () => {
		let answersOpen = 0;
		let most = 0;
		const bench = createOsdpBench({
			readers: EIGHT,
			rewrite: (simulator, clock) =>
				answering(simulator, (answers) => {
					answersOpen += 1;
					most = Math.max(most, answersOpen);
					const answered = (): void => {
						answersOpen -= 1;
					};
					for (const { delayMs } of answers) clock.after(delayMs, answered);
					return answers;
				}),
		});
		await online(bench);
		expect(most).toBe(1);
	});

	test('one unplugged and one babbling: the others read every card once, and wait a bounded time', async () => {
		const bench = createOsdpBench({ readers: EIGHT, rewrite: babbling(7, seeded(3)) });
		bench.stimulate('reader-8', 'unplug');
		await bench.start();
		await bench.until(() => HEALTHY.every((id) => stateOf(bench, id) === 'online'), 1_500);
		await readsCards(bench, HEALTHY, 60, 700);
		await bench.clock.advanceAsync(10_000);
		expect(bench.device('reader-7').status()).toMatchObject({
			state: 'offline',
			problem: expect.stringContaining('damaged'),
		});
		expect(bench.device('reader-8').status()).toMatchObject({
			state: 'offline',
			problem: expect.stringContaining('no answer'),
		});
		await readsCards(bench, HEALTHY, 60, 700);
		const sinceMs = bench.clock.monotonicMs();
		await bench.clock.advanceAsync(10_000);
		for (const { address } of EIGHT.slice(0, 6)) expect(longestGapMs(bench, address, sinceMs)).toBeLessThan(600);
		const probes = bench.sent.filter(({ address, atMs }) => address >= 7 && atMs >= sinceMs);
		expect(probes.length).toBeLessThanOrEqual(10_000 / 800 + 1);
		expect(HEALTHY.every((id) => stateOf(bench, id) === 'online')).toBe(true);
	});

	test('seven unplugged: the one that is there hardly notices, and any that comes back is online within 8 s', async () => {
		const bench = createOsdpBench({ readers: EIGHT });
		for (const { id } of EIGHT.slice(1)) bench.stimulate(id, 'unplug');
		await bench.start();
		await bench.until(() => stateOf(bench, 'reader-1') === 'online', 2_000);
		await bench.clock.advanceAsync(20_000);
		await readsCards(bench, ['reader-1'], 40, 400);
		for (const { id } of EIGHT.slice(1)) {
			bench.stimulate(id, 'plug');
			await bench.until(() => stateOf(bench, id) === 'online', 8_000);
		}
	});

	test('readers pulled out and put back at random: every card presented to a reader that is there is read once', async () => {
		const bench = await online(createOsdpBench({ readers: EIGHT.map((reader) => ({ ...reader, key: KEY })) }));
		const random = seeded(11);
		for (let round = 0; round < 6; round += 1) {
			const away = EIGHT[Math.floor(random() * 8)]?.id ?? '';
			bench.stimulate(away, random() < 0.5 ? 'unplug' : 'power-cycle');
			await bench.clock.advanceAsync(random() * 12_000);
			await readsCards(
				bench,
				EIGHT.map(({ id }) => id).filter((id) => id !== away),
				10,
				800,
			);
			bench.stimulate(away, 'plug');
			await bench.until(() => stateOf(bench, away) === 'online', 5_000);
		}
	});
});

describe('COMSET', () => {
	test('a reader gets a new address and the conversation goes on there', async () => {
		const bench = await online(createOsdpBench({ readers: [{ id: 'reader-1', address: 5, key: KEY }] }));
		const outcome = settled(bench.link.setup('reader-1')?.setAddress(17));
		await bench.until(() => outcome() !== undefined, 500);
		expect(outcome()).toEqual({ result: 'done' });
		await bench.clock.advanceAsync(1_000);
		expect(bench.sent.at(-1)?.address).toBe(17);
		bench.stimulate('reader-1', 'card H10301 7 1');
		await bench.until(() => bench.observations.length === 1, 300);
		expect(stateOf(bench)).toBe('online');
	});

	test('a reader that confirms a rate and does not follow leaves the line as it was', async () => {
		const bench = await online(createOsdpBench({ rewrite: (simulator) => deafToRates(simulator) }));
		const outcome = settled(bench.link.setup('reader-1')?.setBaud(38_400));
		await bench.until(() => outcome() !== undefined, 10_000);
		expect(outcome()).toMatchObject({ result: 'failed', problem: expect.stringContaining('does not answer at it') });
		expect(bench.bauds).toEqual([38_400, 9_600]);
		// What it kept while nobody spoke to it is not used.
		await bench.clock.advanceAsync(3_000);
		await readsCards(bench, ['reader-1'], 5, 300);
	});

	test('a reader that is away keeps its old rate and is named; the others go on at the new one', async () => {
		const bench = await online(createOsdpBench({ readers: EIGHT.slice(0, 3) }));
		bench.stimulate('reader-2', 'unplug');
		await bench.until(() => stateOf(bench, 'reader-2') === 'offline', 10_000);
		const outcome = settled(bench.link.setup('reader-1')?.setBaud(38_400));
		await bench.until(() => outcome() !== undefined, 10_000);
		expect(outcome()).toMatchObject({ result: 'failed', problem: expect.stringContaining('reader-2') });
		await readsCards(bench, ['reader-1', 'reader-3'], 10, 500);
		bench.stimulate('reader-2', 'plug');
		await bench.clock.advanceAsync(20_000);
		expect(stateOf(bench, 'reader-2')).toBe('offline');
	});

	test('every reader of a line is told the new rate at the old one, then the port changes', async () => {
		const bench = await online(createOsdpBench({ readers: EIGHT.slice(0, 3) }));
		const outcomes = settled(bench.link.setBaud(38_400));
		await bench.until(() => outcomes() !== undefined, 5_000);
		expect([...(outcomes() ?? [])]).toEqual(EIGHT.slice(0, 3).map(({ id }) => [id, { result: 'done' }]));
		expect(bench.bauds).toEqual([38_400]);
		await bench.until(() => EIGHT.slice(0, 3).every(({ id }) => stateOf(bench, id) === 'online'), 2_000);
		await readsCards(
			bench,
			EIGHT.slice(0, 3).map(({ id }) => id),
			10,
			150,
		);
	});

	test('a device that is not on the line has no setup', () => {
		expect(createOsdpBench().link.setup('reader-9')).toBeUndefined();
	});
});

/** Confirms COMSET and stays at 9600 all the same. */
function deafToRates(simulator: DeviceSimulator): DeviceSimulator {
	return { ...simulator, receive: (bytes, baud) => (baud === 9_600 ? simulator.receive(bytes) : []) };
}

function settled<T>(promise: Promise<T> | undefined): () => T | undefined {
	let value: T | undefined;
	void promise?.then((result) => {
		value = result;
	});
	return () => value;
}
