import { describe, expect, test } from 'vitest';
import { COMMAND, REPLY, SCB } from '../../../src/drivers/osdp/codes.ts';
import { osdpConfig } from '../../../src/drivers/osdp/config.ts';
import { encodeFrame } from '../../../src/drivers/osdp/frame.ts';
import { createOsdpSimulator } from '../../../src/drivers/osdp/simulator.ts';
import { answering, CARD, createOsdpBench, framesOf, KEY, type OsdpBench, online, stateOf } from './osdp-bench.ts';

const SECURE = { id: 'reader-1', address: 5, key: KEY };
const OTHER_KEY = 'ffeeddccbbaa99887766554433221100';
/** The simulated reader knows the default key only, whatever the gateway is configured for. */
const NEW_READER = { 'reader-1': { installMode: true } };

function selectorsOf(bench: OsdpBench): (number | undefined)[] {
	return bench.sent.filter(({ code }) => code === COMMAND.CHLNG).map(({ security }) => security?.data[0]);
}

describe('install mode', () => {
	test('own key first, then the default key only to hand over the own one, then a new session', async () => {
		const bench = await online(createOsdpBench({ readers: [{ ...SECURE, installMode: true }] }));
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
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.until(() => bench.observations.length === 1, 200);
		const said = JSON.stringify([bench.log.lines, bench.statuses]);
		expect(said).toContain('has been given its own key');
		expect(said).not.toContain(KEY);
	});

	test('once the own key has been proved the default key is never offered again: a stranger does not get the key', async () => {
		let swapped = false;
		const config = osdpConfig.parse({ ...SECURE, driver: 'osdp', port: 'sim:line', installMode: true });
		const bench = await online(
			createOsdpBench({
				readers: [config],
				rewrite: (simulator, clock) => {
					const stranger = createOsdpSimulator(clock, [config]);
					return { ...simulator, receive: (bytes) => (swapped ? stranger : simulator).receive(bytes) };
				},
			}),
		);
		swapped = true;
		const before = bench.sent.length;
		await bench.until(() => stateOf(bench) === 'faulted', 1_000);
		await bench.clock.advanceAsync(20_000);
		const after = bench.sent.slice(before);
		expect(after.filter(({ code }) => code === COMMAND.KEYSET)).toEqual([]);
		expect(
			new Set(after.filter(({ code }) => code === COMMAND.CHLNG).map(({ security }) => security?.data[0])),
		).toEqual(new Set([1]));
	});

	test('without it a reader on the default key stays faulted, says what to do, and gives no cards', async () => {
		const bench = createOsdpBench({ readers: [SECURE], simulated: NEW_READER });
		await bench.start();
		await bench.until(() => stateOf(bench) === 'faulted', 500);
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.clock.advanceAsync(30_000);
		expect(bench.device('reader-1').status().problem).toContain('installMode');
		expect(new Set(selectorsOf(bench))).toEqual(new Set([1]));
		expect(bench.sent.some(({ code }) => code === COMMAND.POLL)).toBe(false);
		expect(bench.observations).toEqual([]);
	});

	test('a reader with another key than ours and the default one is faulted and asked again every 5 s at most', async () => {
		const other = { 'reader-1': { key: OTHER_KEY, installMode: false } };
		const bench = createOsdpBench({ readers: [{ ...SECURE, installMode: true }], simulated: other });
		await bench.start();
		await bench.until(() => stateOf(bench) === 'faulted', 1_000);
		await bench.clock.advanceAsync(60_000);
		const tries = bench.sent.filter(({ code }) => code === COMMAND.CHLNG).map(({ atMs }) => atMs);
		const waits = tries.slice(1).map((atMs, index) => atMs - (tries[index] ?? 0));
		expect(Math.max(...waits)).toBeLessThan(5_500);
		expect(tries.length).toBeLessThan(30);
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
