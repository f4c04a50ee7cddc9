import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SimulatedAnswer } from '../../../src/drivers/driver.ts';
import { COMMAND, REPLY } from '../../../src/drivers/osdp/codes.ts';
import { encodeFrame, MARK } from '../../../src/drivers/osdp/frame.ts';
import type { WireFaults } from '../../../src/drivers/ports/wire-faults.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { answering, CARD, createOsdpBench, KEY, type OsdpBench, online, stateOf } from './osdp-bench.ts';

const PLAIN = { id: 'reader-1', address: 5 };
const SECURE = { ...PLAIN, key: KEY };

const FAULTS: readonly [string, WireFaults][] = [
	['lost', { drop: 0.1 }],
	['corrupt', { corrupt: 0.1 }],
	['cut short', { truncate: 0.1 }],
	['duplicate', { duplicate: 0.15 }],
	['noisy', { noise: 0.2 }],
	['split', { split: 0.7 }],
	['late', { delay: 0.1, maxDelayMs: 400 }],
	[
		'all of it',
		{
			drop: 0.02,
			corrupt: 0.03,
			truncate: 0.02,
			duplicate: 0.05,
			noise: 0.05,
			split: 0.3,
			delay: 0.03,
			maxDelayMs: 300,
		},
	],
];

function troublesOf(bench: OsdpBench): number {
	const { statistics } = bench.device('reader-1').status();
	const kinds = ['timeouts', 'retransmits', 'frameErrors', 'strayReplies', 'strayFrames'];
	return kinds.reduce((sum, kind) => sum + (statistics[kind] ?? 0), 0);
}

/** Presents cards one by one and waits for each; every card must come once, in order. */
async function readsEachCardOnce(bench: OsdpBench, cards: number, withinMs: number): Promise<void> {
	for (let n = 1; n <= cards; n += 1) {
		bench.stimulate('reader-1', `card H10301 7 ${n}`);
		await bench.until(() => bench.observations.length >= n, withinMs);
		await bench.clock.advanceAsync(73);
	}
	await bench.clock.advanceAsync(3_000);
	expect(bench.observations.map(({ label }) => label)).toEqual(
		Array.from({ length: cards }, (_, n) => `H10301 FC 7 CN ${n + 1}`),
	);
}

describe.each([
	['plain', PLAIN],
	['secure', SECURE],
])('every card is read once, %s', (_name, reader) => {
	test.each(FAULTS)('while both directions are %s', async (fault, faults) => {
		for (const seed of [1, 2, 3]) {
			const bench = await online(createOsdpBench({ readers: [reader], seed }));
			bench.setFaults(faults);
			await readsEachCardOnce(bench, 25, 4_000);
			expect(fault === 'split' || troublesOf(bench) > 0).toBe(true);
			expect(bench.statuses.every(({ state }) => state === 'online')).toBe(true);
		}
	});

	test('after any bytes were thrown at the gateway', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.nat(60)), { maxLength: 20 }),
				async (chunks) => {
					const bench = await online(createOsdpBench({ readers: [reader] }));
					for (const [chunk, waitMs] of chunks) {
						bench.link.onBytes(chunk);
						bench.clock.advance(waitMs);
					}
					await bench.until(() => stateOf(bench) === 'online', 5_000);
					await readsEachCardOnce(bench, 1, 5_000);
				},
			),
			{ numRuns: 25 },
		);
	});
});

test('a retransmission is byte for byte what was sent before', async () => {
	let lost = 0;
	const bench = await online(
		createOsdpBench({
			readers: [SECURE],
			rewrite: (simulator) =>
				answering(simulator, (answers, { code }) => (code === COMMAND.POLL && lost-- > 0 ? [] : answers)),
		}),
	);
	const before = bench.writes.length;
	lost = 2;
	await bench.clock.advanceAsync(600);
	const [first, second, third, fourth] = bench.writes.slice(before, before + 4);
	expect(second).toEqual(first);
	expect(third).toEqual(first);
	expect(fourth).not.toEqual(first);
	expect(bench.device('reader-1').status().statistics).toMatchObject({ timeouts: 2, retransmits: 2, reconnects: 0 });
});

test('a reader without power is offline after 8 s, with what to check, and back within 2 s of its return', async () => {
	const bench = await online(createOsdpBench({ readers: [SECURE] }));
	bench.stimulate('reader-1', 'unplug');
	const lostMs = await bench.until(() => stateOf(bench) === 'offline', 10_000);
	expect(lostMs).toBeGreaterThan(7_500);
	expect(lostMs).toBeLessThan(8_300);
	expect(bench.device('reader-1').status().problem).toMatch(/no answer from address 5: check/);
	await bench.clock.advanceAsync(120_000);
	expect(bench.statuses.filter(({ state }) => state === 'offline')).toHaveLength(1);
	bench.stimulate('reader-1', 'plug');
	await bench.until(() => stateOf(bench) === 'online', 2_000);
	await readsEachCardOnce(bench, 3, 1_000);
});

test.each([
	['plain', PLAIN],
	['secure', SECURE],
])('power cycles, %s: online again within 1 s of the reader booting, without going offline', async (_name, reader) => {
	const bench = await online(createOsdpBench({ readers: [reader] }));
	for (let cycle = 1; cycle <= 5; cycle += 1) {
		bench.stimulate('reader-1', 'power-cycle');
		await bench.clock.advanceAsync(1_500 + 1_000);
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.until(() => bench.observations.length === cycle, 200);
		await bench.clock.advanceAsync(1_000);
	}
	expect(bench.statuses.every(({ state }) => state === 'online')).toBe(true);
});

test('one damaged reply costs less than a second, never a penalty of minutes', async () => {
	const bench = await online(createOsdpBench({ readers: [SECURE] }));
	bench.setFaults({ corrupt: 1 });
	await bench.clock.advanceAsync(60);
	bench.setFaults({});
	bench.stimulate('reader-1', `card ${CARD}`);
	await bench.until(() => bench.observations.length === 1, 1_000);
});

test('only damaged bytes are told as such: wrong baud rate, no termination', async () => {
	const bench = createOsdpBench({
		rewrite: (simulator) =>
			answering(simulator, (answers) =>
				answers.map((answer) => ({ ...answer, bytes: answer.bytes.map((byte) => byte ^ 0x55) })),
			),
	});
	await bench.start();
	await bench.until(() => stateOf(bench) === 'offline', 10_000);
	expect(bench.device('reader-1').status().problem).toContain('damaged');
});

describe('answers that come later than the 200 ms of the standard, by a slow converter or on a busy machine', () => {
	const READERS = [
		{ id: 'reader-1', address: 5 },
		{ id: 'reader-2', address: 6, key: KEY },
	];

	function createLate(lateMs: number) {
		const bench = createOsdpBench({
			readers: READERS,
			rewrite: (simulator) =>
				answering(simulator, (answers) => answers.map((answer) => ({ ...answer, delayMs: answer.delayMs + late.ms }))),
		});
		const late = { ms: lateMs };
		return { bench, late };
	}

	test.each([190, 250, 390, 600])('%i ms: both readers are online, with no false alarm, and read', async (lateMs) => {
		const { bench } = createLate(lateMs);
		await bench.start();
		await bench.until(() => bench.link.devices.every((device) => device.status().state === 'online'), 10_000);
		bench.setFaults({ drop: 1 });
		await bench.clock.advanceAsync(4_000);
		bench.setFaults({});
		await bench.clock.advanceAsync(20_000);
		expect(bench.link.devices.map((device) => device.status().state)).toEqual(['online', 'online']);
		bench.stimulate('reader-2', `card ${CARD}`);
		await bench.until(() => bench.observations.length === 1, 5_000);
		expect(bench.statuses.filter(({ alarm }) => alarm !== undefined)).toEqual([]);
	});

	test('a reader is waited for no longer than it needs once it is quick again', async () => {
		const { bench, late } = createLate(390);
		await bench.start();
		await bench.until(() => stateOf(bench, 'reader-2') === 'online', 10_000);
		late.ms = 0;
		await bench.clock.advanceAsync(2_000);
		bench.stimulate('reader-2', 'unplug');
		await bench.clock.advanceAsync(10_000);
		const polls = bench.sent.filter(({ address, atMs }) => address === 5 && atMs > bench.clock.monotonicMs() - 3_000);
		const gaps = polls.slice(1).map(({ atMs }, at) => atMs - (polls[at]?.atMs ?? 0));
		expect(Math.max(...gaps)).toBeLessThan(300);
	});

	test('later than a second: its problem says that they come too late', async () => {
		const { bench } = createLate(1_500);
		await bench.start();
		await bench.clock.advanceAsync(30_000);
		expect(bench.device('reader-2').status()).toMatchObject({
			state: 'offline',
			problem: expect.stringContaining('come too late'),
		});
		expect(bench.device('reader-2').status().statistics['lateReplies']).toBeGreaterThan(0);
	});
});

test('what a process that was busy finds in its ports has not come too late', async () => {
	let behindMs = 0;
	const bench = await online(
		createOsdpBench({
			readers: [SECURE],
			gatewayClock: (clock) => ({ ...clock, after: (delayMs, run) => clock.after(delayMs + behindMs, run) }),
			rewrite: (simulator) =>
				answering(simulator, (answers) =>
					answers.map((answer) => (behindMs === 0 ? answer : { ...answer, delayMs: 350 })),
				),
		}),
	);
	behindMs = 150;
	await bench.clock.advanceAsync(10_000);
	expect(bench.device('reader-1').status().statistics).toMatchObject({ timeouts: 0, retransmits: 0 });
});

test('an answer of before the secure channel that comes after it was made is no downgrade', async () => {
	const bench = createOsdpBench({
		readers: [SECURE],
		rewrite: (simulator) =>
			answering(simulator, (answers, { code }) =>
				code === COMMAND.ID ? answers.flatMap((answer) => [answer, { ...answer, delayMs: 260 }]) : answers,
			),
	});
	await online(bench);
	await bench.clock.advanceAsync(1_000);
	expect(bench.statuses.map(({ state, alarm }) => [state, alarm])).toEqual([['online', undefined]]);
	expect(bench.device('reader-1').status().statistics).toMatchObject({ strayReplies: 1, unsecuredReplies: 0 });
});

test('a card that was shown while the reader could not be asked opens nothing: somebody else may stand there now', async () => {
	const bench = await online(createOsdpBench({ readers: [SECURE] }));
	bench.stimulate('reader-1', 'unplug');
	await bench.until(() => stateOf(bench) === 'offline', 10_000);
	bench.stimulate('reader-1', 'card H10301 7 900');
	bench.stimulate('reader-1', 'plug');
	await bench.until(() => stateOf(bench) === 'online', 2_000);
	await readsEachCardOnce(bench, 2, 1_000);
	bench.stop('the adapter was pulled out');
	await bench.clock.advanceAsync(5_000);
	bench.stimulate('reader-1', 'card H10301 7 901');
	await bench.restart();
	await bench.until(() => stateOf(bench) === 'online', 1_000);
	expect(bench.observations).toHaveLength(2);
	expect(bench.device('reader-1').status().statistics['staleReads']).toBeGreaterThan(0);
});

test('a port that is lost and opened again goes on with the same reader', async () => {
	const bench = await online(createOsdpBench({ readers: [SECURE] }));
	bench.stop('the adapter was pulled out');
	expect(bench.device('reader-1').status()).toMatchObject({ state: 'offline', problem: 'the adapter was pulled out' });
	await bench.clock.advanceAsync(5_000);
	await bench.restart();
	expect(bench.device('reader-1').status().problem).toContain('has not answered yet');
	await bench.until(() => stateOf(bench) === 'online', 1_000);
	await readsEachCardOnce(bench, 2, 1_000);
});

test('a converter that echoes our own bytes disturbs nothing', async () => {
	const bench = createOsdpBench({
		readers: [SECURE],
		rewrite: (simulator) => ({
			...simulator,
			receive: (bytes) => [
				{ bytes, delayMs: 0 },
				...simulator.receive(bytes).map((answer) => ({ ...answer, delayMs: 30 })),
			],
		}),
	});
	await online(bench);
	await readsEachCardOnce(bench, 5, 1_000);
	const { statistics } = bench.device('reader-1').status();
	expect(statistics['echoes']).toBeGreaterThan(10);
	expect(statistics).toMatchObject({ timeouts: 0, frameErrors: 0, strayFrames: 0 });
});

test('a reader that refuses CRC is spoken to with checksums', async () => {
	const bench = await online(createOsdpBench({ quirks: { 'reader-1': { checksumOnly: true } } }));
	await readsEachCardOnce(bench, 3, 1_000);
	expect(bench.sent.at(-1)?.check).toBe('checksum');
	const secure = createOsdpBench({
		readers: [{ ...SECURE, check: 'checksum' }],
		quirks: { 'reader-1': { checksumOnly: true } },
	});
	await online(secure);
	await readsEachCardOnce(secure, 3, 1_000);
});

test('a busy reader is asked again with the same bytes', async () => {
	let busy = 0;
	const bench = await online(
		createOsdpBench({
			readers: [SECURE],
			rewrite: (simulator) => ({
				...simulator,
				receive: (bytes) => (busy-- > 0 ? [busyAnswer()] : simulator.receive(bytes)),
			}),
		}),
	);
	busy = 3;
	bench.stimulate('reader-1', `card ${CARD}`);
	await bench.until(() => bench.observations.length === 1, 600);
	expect(bench.device('reader-1').status().statistics).toMatchObject({ busy: 3, reconnects: 0, timeouts: 0 });
});

function busyAnswer(): SimulatedAnswer {
	const fields = {
		address: 5,
		reply: true,
		sequence: 0,
		check: 'crc',
		code: REPLY.BUSY,
		data: new Uint8Array(0),
	} as const;
	return { bytes: Uint8Array.of(MARK, ...encodeFrame(fields)), delayMs: 1 };
}

test('a reader that tells cards without end is held to what can pass a lane, and is well again a minute after', async () => {
	let cards = 0;
	let isFlood = false;
	const bench = await online(
		createOsdpBench({
			readers: [{ ...PLAIN, baud: 115_200, pollMs: 10 }],
			rewrite: (simulator) =>
				answering(simulator, (answers, { code, sequence }) =>
					isFlood && code === COMMAND.POLL ? [{ bytes: cardAnswer(++cards, sequence), delayMs: 1 }] : answers,
				),
		}),
	);
	isFlood = true;
	await bench.clock.advanceAsync(60_000);
	const told = bench.observations.length;
	expect(told).toBeGreaterThan(700);
	expect(told).toBeLessThanOrEqual(LIMITS.newTagsAtOnce + 61 * LIMITS.newTagsPerSecond);
	const { state, problem, statistics } = bench.device('reader-1').status();
	expect({ state, problem }).toEqual({ state: 'faulted', problem: expect.stringContaining('more tags') });
	expect(statistics['reads']).toBe(told);
	// The last one may be on its way.
	expect(cards - told - (statistics['floodedReads'] ?? 0)).toBeLessThanOrEqual(1);
	isFlood = false;
	await bench.clock.advanceAsync(61_000);
	expect(stateOf(bench)).toBe('online');
});

function cardAnswer(number: number, sequence: number): Uint8Array {
	const data = Uint8Array.of(0, 0, 32, 0, number >>> 24, number >>> 16, number >>> 8, number);
	const frame = encodeFrame({ address: 5, reply: true, sequence, check: 'crc', code: REPLY.RAW, data });
	return Uint8Array.of(MARK, ...frame);
}
