import { describe, expect, test } from 'vitest';
import type { DeviceSimulator } from '../../../src/drivers/driver.ts';
import { COMMAND, REPLY, SCB } from '../../../src/drivers/osdp/codes.ts';
import { osdpConfig } from '../../../src/drivers/osdp/config.ts';
import { encodeFrame } from '../../../src/drivers/osdp/frame.ts';
import type { ReaderQuirks } from '../../../src/drivers/osdp/simulated-reader-state.ts';
import { createOsdpSimulator } from '../../../src/drivers/osdp/simulator.ts';
import type { VirtualClock } from '../../support/virtual-clock.ts';
import { answering, CARD, createOsdpBench, framesOf, KEY, type OsdpBench, online, stateOf } from './osdp-bench.ts';

const SECURE = { id: 'reader-1', address: 5, key: KEY };
const OTHER_KEY = 'ffeeddccbbaa99887766554433221100';
/** The simulated reader knows the default key only, whatever the gateway is configured for. */
const NEW_READER = { 'reader-1': { isNew: true } };
const TEN_MINUTES_MS = 600_000;

function selectorsOf(bench: OsdpBench): (number | undefined)[] {
	return bench.sent.filter(({ code }) => code === COMMAND.CHLNG).map(({ security }) => security?.data[0]);
}

function openWindow(bench: OsdpBench, forMs = TEN_MINUTES_MS): string[] {
	const ends: string[] = [];
	bench.device('reader-1').takesKey?.openKeyWindow(forMs, (how) => ends.push(how));
	return ends;
}

/** Once told to, another reader stands in the place of the first. */
function createSwap(quirks: ReaderQuirks, config: object = {}) {
	const swap = { isDone: false };
	const rewrite = (simulator: DeviceSimulator, clock: VirtualClock): DeviceSimulator => {
		const entry = osdpConfig.parse({ ...SECURE, driver: 'osdp', port: 'sim:line', ...config });
		const stranger = createOsdpSimulator(clock, [entry], { 'reader-1': quirks });
		const now = () => (swap.isDone ? stranger : simulator);
		return {
			...simulator,
			receive: (bytes, baud) => now().receive(bytes, baud),
			stimulate: (id, what) => now().stimulate(id, what),
		};
	};
	return { swap, rewrite };
}

describe('a key window', () => {
	test('own key first, then the default key only to hand over the own one, then a new session', async () => {
		const bench = createOsdpBench({ readers: [SECURE], quirks: NEW_READER });
		const ends = openWindow(bench);
		await online(bench);
		expect(selectorsOf(bench)).toEqual([1, 0, 1]);
		const handshake = bench.sent.slice(0, 8).map(({ code, sequence, mac }) => [code, sequence, mac !== undefined]);
		expect(handshake).toEqual([
			[COMMAND.ID, 0, false],
			[COMMAND.CHLNG, 1, false],
			[COMMAND.CHLNG, 0, false],
			[COMMAND.SCRYPT, 1, false],
			[COMMAND.KEYSET, 2, true],
			[COMMAND.CHLNG, 0, false],
			[COMMAND.SCRYPT, 1, false],
			[COMMAND.POLL, 2, true],
		]);
		expect(ends).toEqual(['given']);
		expect(bench.device('reader-1').status().keyWindowEndMs).toBeUndefined();
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.until(() => bench.observations.length === 1, 200);
		const said = JSON.stringify([bench.log.lines, bench.statuses]);
		expect(said).toContain('has been given its own key');
		expect(said).not.toContain(KEY);
	});

	test('opened while the reader is refused it is asked at once', async () => {
		const bench = createOsdpBench({ readers: [SECURE], quirks: NEW_READER });
		await bench.start();
		await bench.until(() => stateOf(bench) === 'faulted', 500);
		await bench.clock.advanceAsync(20_000);
		openWindow(bench);
		expect(bench.device('reader-1').status().keyWindowEndMs).toBe(bench.clock.nowMs() + TEN_MINUTES_MS);
		await bench.until(() => stateOf(bench) === 'online', 1_000);
	});

	test('is over after its time: a reader that comes later gets nothing', async () => {
		const bench = createOsdpBench({ readers: [SECURE], quirks: NEW_READER });
		bench.stimulate('reader-1', 'unplug');
		await bench.start();
		const ends = openWindow(bench);
		await bench.clock.advanceAsync(TEN_MINUTES_MS + 1_000);
		expect(ends).toEqual(['timedOut']);
		bench.stimulate('reader-1', 'plug');
		await bench.until(() => stateOf(bench) === 'faulted', 10_000);
		await bench.clock.advanceAsync(20_000);
		expect(new Set(selectorsOf(bench))).toEqual(new Set([1]));
	});

	test('that is closed ends at once, also in the midst of a session on the default key', async () => {
		const bench = createOsdpBench({
			readers: [SECURE],
			quirks: NEW_READER,
			rewrite: (simulator) =>
				answering(simulator, (answers, { code, sequence }) =>
					code === COMMAND.SCRYPT && sequence === 1 ? [] : answers,
				),
		});
		const ends = openWindow(bench);
		await bench.start();
		await bench.until(() => selectorsOf(bench).at(-1) === 0, 1_000);
		bench.device('reader-1').takesKey?.closeKeyWindow();
		const before = selectorsOf(bench).length;
		await bench.clock.advanceAsync(20_000);
		expect(new Set(selectorsOf(bench).slice(before))).toEqual(new Set([1]));
		expect(bench.sent.some(({ code }) => code === COMMAND.KEYSET)).toBe(false);
		expect(ends).toEqual([]);
	});

	test('a reader that has its key already says so', async () => {
		const bench = createOsdpBench({ readers: [SECURE] });
		const ends = openWindow(bench);
		await online(bench);
		expect(ends).toEqual(['proved']);
		expect(selectorsOf(bench)).toEqual([1]);
	});

	test('a reader with another key than ours and the default one is faulted and asked again every 5 s at most', async () => {
		const other = { 'reader-1': { key: OTHER_KEY } };
		const bench = createOsdpBench({ readers: [SECURE], simulated: other });
		openWindow(bench);
		await bench.start();
		await bench.until(() => stateOf(bench) === 'faulted', 1_000);
		await bench.clock.advanceAsync(60_000);
		const tries = bench.sent.filter(({ code }) => code === COMMAND.CHLNG).map(({ atMs }) => atMs);
		const waits = tries.slice(1).map((atMs, index) => atMs - (tries[index] ?? 0));
		expect(Math.max(...waits)).toBeLessThan(5_500);
		expect(tries.length).toBeLessThan(30);
	});

	test('is for readers with a key only', () => {
		expect(createOsdpBench().device('reader-1').takesKey).toBeUndefined();
	});
});

describe('a key that is exchanged for another', () => {
	test('a reader that still has the former key is given the new one, by the former and by no other', async () => {
		const bench = createOsdpBench({
			readers: [{ ...SECURE, key: OTHER_KEY, formerKey: KEY }],
			simulated: { 'reader-1': { key: KEY, formerKey: undefined } },
		});
		await online(bench);
		expect(selectorsOf(bench)).toEqual([1, 1, 1]);
		expect(bench.sent.filter(({ code }) => code === COMMAND.KEYSET)).toHaveLength(1);
		bench.stimulate('reader-1', 'power-cycle');
		await bench.clock.advanceAsync(4_000);
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.until(() => bench.observations.length === 1, 500);
		expect(bench.sent.filter(({ code }) => code === COMMAND.KEYSET)).toHaveLength(1);
	});

	test('whoever has only the former key once the new one was proved gets nothing', async () => {
		const { swap, rewrite } = createSwap({}, { key: KEY });
		const bench = createOsdpBench({ readers: [{ ...SECURE, key: OTHER_KEY, formerKey: KEY }], rewrite });
		await online(bench);
		swap.isDone = true;
		const before = bench.sent.length;
		await bench.until(() => stateOf(bench) === 'faulted', 5_000);
		await bench.clock.advanceAsync(20_000);
		expect(bench.sent.slice(before).some(({ code }) => code === COMMAND.KEYSET)).toBe(false);
	});
});

describe('a reader that is no longer as secure as it was', () => {
	test('on the default key it is an alarm, says what to do, and gives no cards and no key', async () => {
		const { swap, rewrite } = createSwap({ isNew: true });
		const bench = await online(createOsdpBench({ readers: [SECURE], rewrite }));
		swap.isDone = true;
		const before = bench.sent.length;
		await bench.until(() => stateOf(bench) === 'faulted', 1_000);
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.clock.advanceAsync(30_000);
		expect(bench.device('reader-1').status()).toMatchObject({
			alarm: 'downgrade',
			problem: expect.stringContaining('key window'),
		});
		const after = bench.sent.slice(before);
		expect(after.some(({ code }) => code === COMMAND.KEYSET)).toBe(false);
		expect(
			new Set(after.filter(({ code }) => code === COMMAND.CHLNG).map(({ security }) => security?.data[0])),
		).toEqual(new Set([1]));
		expect(bench.observations).toEqual([]);
	});

	test('in plain it is an alarm and its cards are not taken', async () => {
		const { swap, rewrite } = createSwap({ plainOnly: true });
		const bench = await online(createOsdpBench({ readers: [SECURE], rewrite }));
		swap.isDone = true;
		await bench.until(() => bench.device('reader-1').status().alarm === 'downgrade', 2_000);
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.clock.advanceAsync(30_000);
		expect(bench.device('reader-1').status()).toMatchObject({ state: 'faulted', alarm: 'downgrade' });
		expect(bench.observations).toEqual([]);
	});

	test('in plain where the site accepts it, it stays an alarm and its cards are taken; with its key back all is well', async () => {
		const { swap, rewrite } = createSwap({ plainOnly: true });
		const bench = await online(createOsdpBench({ readers: [{ ...SECURE, onDowngrade: 'accept' }], rewrite }));
		swap.isDone = true;
		await bench.until(() => bench.device('reader-1').status().alarm === 'downgrade', 2_000);
		await bench.clock.advanceAsync(2_000);
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.until(() => bench.observations.length === 1, 500);
		expect(bench.device('reader-1').status()).toMatchObject({ state: 'faulted', alarm: 'downgrade' });
		swap.isDone = false;
		await bench.until(() => stateOf(bench) === 'online', 5_000);
		expect(bench.device('reader-1').status().alarm).toBeUndefined();
	});

	test('somebody who answers in plain beside its secure channel is an alarm, until it answers itself', async () => {
		let inject = false;
		const bench = await online(
			createOsdpBench({
				readers: [SECURE],
				rewrite: (simulator) =>
					answering(simulator, (answers, command) =>
						inject ? [{ bytes: plainCard(command.sequence), delayMs: 0.1 }] : answers,
					),
			}),
		);
		inject = true;
		await bench.until(() => bench.device('reader-1').status().alarm === 'downgrade', 500);
		expect(bench.observations).toEqual([]);
		inject = false;
		await bench.until(() => stateOf(bench) === 'online', 5_000);
		expect(bench.device('reader-1').status().alarm).toBeUndefined();
	});
});

describe('a session that is lost', () => {
	test('is set up again at once when the reader says so, and the card is read', async () => {
		const bench = await online(createOsdpBench({ readers: [SECURE] }));
		bench.stimulate('reader-1', 'power-cycle');
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.until(() => bench.observations.length === 1, 1_500 + 1_500);
		expect(stateOf(bench)).toBe('online');
	});

	test('comes back within seconds from a reader that says nothing to what it cannot read', async () => {
		let mute = false;
		const bench = await online(
			createOsdpBench({
				readers: [SECURE],
				rewrite: (simulator) =>
					answering(simulator, (answers, command) => (mute && command.sequence !== 0 && command.mac ? [] : answers)),
			}),
		);
		mute = true;
		await bench.until(() => bench.sent.at(-1)?.sequence === 0, 4_000);
		mute = false;
		await bench.clock.advanceAsync(1_000);
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.until(() => bench.observations.length === 1, 1_000);
		expect(bench.statuses.filter(({ state }) => state === 'offline')).toEqual([]);
	});
});

describe('what readers do though they should not', () => {
	test('SCRYPT answered in a block of type 12 is accepted', async () => {
		const bench = createOsdpBench({ readers: [SECURE], quirks: { 'reader-1': { oldRmac: true } } });
		await online(bench);
		expect(bench.sent.some(({ code, mac }) => code === COMMAND.POLL && mac !== undefined)).toBe(true);
	});

	test('a reader that tells nothing before its secure channel is online all the same', async () => {
		const bench = createOsdpBench({ readers: [SECURE], quirks: { 'reader-1': { secretive: true } } });
		await online(bench);
		expect(bench.device('reader-1').status().identity).toMatchObject({ 'secure channel': 'supported' });
	});

	test('status replies in clear are accepted because their MAC holds, and reported once', async () => {
		const readers = [{ ...SECURE, inputs: { arming: 0 } }];
		const bench = await online(createOsdpBench({ readers, quirks: { 'reader-1': { clearStatus: true } } }));
		bench.stimulate('reader-1', 'input arming on');
		await bench.until(() => bench.inputs.length === 2, 200);
		expect(bench.device('reader-1').status().statistics['clearReplies']).toBe(3);
		expect(bench.log.lines.filter(({ fields }) => JSON.stringify(fields).includes('unencrypted'))).toHaveLength(1);
	});
});

describe('what is not authentic', () => {
	test('a card without MAC is no observation inside a secure session', async () => {
		let inject = false;
		const bench = await online(
			createOsdpBench({
				readers: [SECURE],
				rewrite: (simulator) =>
					answering(simulator, (answers, command) =>
						inject
							? [{ bytes: plainCard(command.sequence), delayMs: 0.1 }, ...answers.map((a) => ({ ...a, delayMs: 40 }))]
							: answers,
					),
			}),
		);
		inject = true;
		await bench.clock.advanceAsync(5_000);
		expect(bench.observations).toEqual([]);
		expect(bench.device('reader-1').status().statistics['unsecuredReplies']).toBeGreaterThan(10);
		inject = false;
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.until(() => bench.observations.length === 1, 2_000);
	});

	test('a recorded card sent again is no observation', async () => {
		let recorded: Uint8Array | undefined;
		let replay = false;
		const bench = await online(
			createOsdpBench({
				readers: [SECURE],
				rewrite: (simulator) =>
					answering(simulator, (answers, command) => {
						const card = answers.find(({ bytes }) => framesOf(bytes)[0]?.security?.type === SCB.READER_ENCRYPTED);
						if (command.code === COMMAND.POLL && card !== undefined) recorded ??= card.bytes;
						const fits = recorded !== undefined && framesOf(recorded)[0]?.sequence === command.sequence;
						return replay && recorded !== undefined && fits ? [{ bytes: recorded, delayMs: 1 }] : answers;
					}),
			}),
		);
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.until(() => bench.observations.length === 1, 200);
		replay = true;
		await bench.clock.advanceAsync(20_000);
		expect(bench.observations).toHaveLength(1);
		expect(bench.device('reader-1').status().statistics['macErrors']).toBeGreaterThan(0);
	});

	test('a reader that asks for a secure channel and has no key configured is faulted, and says what to do', async () => {
		const bench = createOsdpBench({ simulated: { 'reader-1': { key: KEY } } });
		await bench.start();
		await bench.until(() => stateOf(bench) === 'faulted', 1_000);
		expect(bench.device('reader-1').status().problem).toContain('configure its key');
	});
});

test('a technician gives a new key, and the next session uses it', async () => {
	const bench = await online(createOsdpBench({ readers: [SECURE] }));
	let outcome: unknown;
	void bench.link
		.setup('reader-1')
		?.setKey(Uint8Array.fromHex(OTHER_KEY))
		.then((result) => {
			outcome = result;
		});
	await bench.until(() => outcome !== undefined, 500);
	expect(outcome).toEqual({ result: 'done' });
	bench.stimulate('reader-1', 'power-cycle');
	await bench.clock.advanceAsync(4_000);
	bench.stimulate('reader-1', `card ${CARD}`);
	await bench.until(() => bench.observations.length === 1, 500);
	expect(JSON.stringify([bench.log.lines, bench.statuses])).not.toContain(OTHER_KEY);
});

test('a key is never given outside a secure channel', async () => {
	const bench = await online(createOsdpBench());
	const outcome = await bench.link.setup('reader-1')?.setKey(Uint8Array.fromHex(KEY));
	expect(outcome).toMatchObject({ result: 'failed', problem: expect.stringContaining('secure channel') });
	expect(bench.sent.some(({ code }) => code === COMMAND.KEYSET)).toBe(false);
});

function plainCard(sequence: number): Uint8Array {
	const data = Uint8Array.fromHex('00011a009adddf00');
	return encodeFrame({ address: 5, reply: true, sequence, check: 'crc', code: REPLY.RAW, data });
}
