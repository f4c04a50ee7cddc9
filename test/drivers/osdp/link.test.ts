import { describe, expect, test } from 'vitest';
import { COMMAND } from '../../../src/drivers/osdp/codes.ts';
import { parseText } from '../../../src/drivers/osdp/commands.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { CARD, createOsdpBench, KEY, online, stateOf, wireMs } from './osdp-bench.ts';

const SECURE = { id: 'reader-1', address: 5, key: KEY };

describe('start-up on a paced line at 9600 baud', () => {
	test('a plain reader is online sooner than libosdp has it (89 ms)', async () => {
		const bench = createOsdpBench();
		expect(stateOf(bench)).toBe('starting');
		await bench.start();
		await bench.until(() => stateOf(bench) === 'online', 89);
		expect(bench.sent.map(({ code, sequence }) => [code, sequence])).toEqual([
			[COMMAND.ID, 0],
			[COMMAND.POLL, 1],
		]);
	});

	test('a reader with a key is online in its secure channel sooner than libosdp has it (222 ms)', async () => {
		const bench = createOsdpBench({ readers: [SECURE] });
		await bench.start();
		await bench.until(() => stateOf(bench) === 'online', 222);
		expect(bench.sent.map(({ code, sequence }) => [code, sequence])).toEqual([
			[COMMAND.ID, 0],
			[COMMAND.CHLNG, 1],
			[COMMAND.SCRYPT, 2],
			[COMMAND.POLL, 3],
		]);
		await bench.clock.advanceAsync(1_000);
		expect(bench.sent.slice(3).every(({ mac }) => mac !== undefined)).toBe(true);
	});

	test('SQN is 0 once and then 1, 2, 3, 1 … for every new command', async () => {
		const bench = await online(createOsdpBench());
		const sequences = bench.sent.map(({ sequence }) => sequence);
		expect(sequences).toEqual(sequences.map((_, index) => (index === 0 ? 0 : ((index - 1) % 3) + 1)));
	});

	test('capabilities, tamper and inputs are asked between the polls, which stay at most 50 ms apart', async () => {
		const bench = await online(createOsdpBench({ readers: [{ id: 'reader-1', address: 5, inputs: { arming: 0 } }] }));
		await bench.clock.advanceAsync(3_000);
		const codes = bench.sent.map(({ code }) => code);
		for (const code of [COMMAND.CAP, COMMAND.LSTAT, COMMAND.ISTAT]) {
			expect(codes.filter((each) => each === code)).toHaveLength(1);
		}
		const polls = bench.sent.filter(({ code }) => code === COMMAND.POLL).map(({ atMs }) => atMs);
		const gaps = polls.slice(1).map((atMs, index) => atMs - (polls[index] ?? 0));
		// CAP with its 42-byte answer takes 55 ms of the line.
		expect(Math.max(...gaps.slice(3))).toBeLessThanOrEqual(50.001);
		expect(Math.max(...gaps)).toBeLessThan(100);
	});

	test('the status tells who the reader is and never its key', async () => {
		const bench = await online(createOsdpBench({ readers: [SECURE] }));
		const status = bench.device('reader-1').status();
		expect(status).toMatchObject({
			address: 'sim:line',
			capabilities: ['reads tags', 'shows', 'takes a key'],
			identity: { vendor: '00d0ca', firmware: '1.0.0', serial: '00000001', 'secure channel': 'supported' },
		});
		expect(status.problem).toBeUndefined();
		expect(JSON.stringify([bench.statuses, bench.log.lines]).toLowerCase()).not.toContain(KEY);
	});
});

describe('cards', () => {
	test.each([
		['plain', {}, 9 + 17],
		['secure', { key: KEY }, 15 + 31],
	])('%s: presented to observed within 1.2 × the wire time + one poll', async (_name, options, bytes) => {
		const bench = await online(createOsdpBench({ readers: [{ id: 'reader-1', address: 5, ...options }] }));
		for (let n = 1; n <= 40; n += 1) {
			await bench.clock.advanceAsync(137.3);
			bench.stimulate('reader-1', `card ${CARD}`);
			const tookMs = await bench.until(() => bench.observations.length === n, 1_000);
			expect(tookMs).toBeLessThanOrEqual(1.2 * wireMs(bytes) + 50);
		}
		expect(bench.observations[0]).toMatchObject({
			deviceId: 'reader-1',
			tag: CARD,
			label: 'H10301 FC 53 CN 48062',
			raw: '00011a009adddf00',
		});
		expect(new Set(bench.observations.map(({ id }) => id)).size).toBe(40);
	});

	test('an observation is told before anything else is sent, and a pulse it asks for goes next', async () => {
		const bench = await online(createOsdpBench({ readers: [{ id: 'reader-1', address: 5, outputs: { open: 0 } }] }));
		let writesThen = -1;
		bench.onObservation = (observation) => {
			expect(observation.monotonicMs).toBe(bench.clock.monotonicMs());
			writesThen = bench.sent.length;
			const deadlineMonotonicMs = bench.clock.monotonicMs() + 3_000;
			void bench.device('reader-1').opens?.pulse({ output: 'open', durationMs: 500, deadlineMonotonicMs });
		};
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.until(() => bench.observations.length === 1, 200);
		expect(bench.sent.length).toBe(writesThen);
		await bench.until(() => bench.sent.length > writesThen, 5);
		expect(bench.sent.at(-1)?.code).toBe(COMMAND.OUT);
	});

	test('several cards in a row are read without waiting for the poll interval', async () => {
		const bench = await online(createOsdpBench());
		for (const number of [1, 2, 3, 4]) bench.stimulate('reader-1', `card H10301 7 ${number}`);
		await bench.until(() => bench.observations.length === 4, 50 + 4 * 1.2 * wireMs(26) + 10);
		expect(bench.observations.map(({ label }) => label)).toEqual(
			[1, 2, 3, 4].map((number) => `H10301 FC 7 CN ${number}`),
		);
	});

	test('a card with wrong parity of a configured format is a rejected read, counted, no observation', async () => {
		const bench = await online(createOsdpBench({ readers: [{ id: 'reader-1', address: 5, cards: ['H10301'] }] }));
		bench.stimulate('reader-1', 'card 26:9ADDDF40');
		bench.stimulate('reader-1', 'card 26:1ADDDF00');
		bench.stimulate('reader-1', 'card 32:04A1B2C3');
		await bench.until(() => bench.observations.length === 1, 1_000);
		expect(bench.observations[0]).toMatchObject({ tag: '32:04A1B2C3' });
		expect(bench.device('reader-1').status().statistics).toMatchObject({ reads: 3, rejectedReads: 2 });
	});

	test('without configured formats wrong parity only means that the card has no name', async () => {
		const bench = await online(createOsdpBench());
		bench.stimulate('reader-1', 'card 26:1ADDDF00');
		await bench.until(() => bench.observations.length === 1, 1_000);
		expect(bench.observations[0]).toMatchObject({ tag: '26:1ADDDF00' });
		expect(bench.observations[0]).not.toHaveProperty('label');
	});

	test.each([
		['digits and #', {}, ['123456#'], ['123456']],
		['key by key', {}, ['1', '2', '3', '4', '#'], ['1234']],
		['* begins anew', {}, ['99*1234#'], ['1234']],
		['so many digits as the site says', { digits: 4 }, ['12', '34', '5678'], ['1234', '5678']],
		['too few', {}, ['123#', '4567#'], ['4567']],
		['too many', {}, ['1234567890123#', '4567#'], ['4567']],
		['nothing before the end', {}, ['1234'], []],
		['# alone', {}, ['##'], []],
		['other keys between', {}, ['A12', 'F34#'], ['1234']],
	])('a PIN: %s', async (_what, keypad, presses, pins) => {
		const bench = await online(createOsdpBench({ readers: [{ id: 'reader-1', address: 5, keypad }] }));
		for (const keys of presses) {
			bench.stimulate('reader-1', `keys ${keys}`);
			await bench.clock.advanceAsync(1_000);
		}
		expect(bench.pins.map(({ pin }) => pin)).toEqual(pins);
		expect(bench.observations).toEqual([]);
		expect(bench.device('reader-1').status().statistics['keys']).toBe(presses.join('').length);
		const said = JSON.stringify([bench.log.lines, bench.statuses, bench.device('reader-1').status()]);
		for (const pin of pins) expect(said).not.toContain(pin);
	});

	test('who goes away in the midst of a PIN leaves nothing for the next', async () => {
		const bench = await online(createOsdpBench());
		bench.stimulate('reader-1', 'keys 12');
		await bench.clock.advanceAsync(LIMITS.pinIdleMs + 500);
		bench.stimulate('reader-1', 'keys 3456#');
		await bench.clock.advanceAsync(500);
		expect(bench.pins.map(({ pin }) => pin)).toEqual(['3456']);
	});

	test('keys of two readers are two PINs', async () => {
		const readers = [1, 2].map((address) => ({ id: `reader-${address}`, address }));
		const bench = await online(createOsdpBench({ readers }));
		for (const keys of ['12', '34', '#']) {
			bench.stimulate('reader-1', `keys ${keys}`);
			bench.stimulate('reader-2', `keys ${keys}`);
			await bench.clock.advanceAsync(300);
		}
		expect(bench.pins.map(({ deviceId, pin }) => [deviceId, pin])).toEqual([
			['reader-1', '1234'],
			['reader-2', '1234'],
		]);
	});

	test('keys that were pressed while the reader could not be asked are nobody’s', async () => {
		const bench = await online(createOsdpBench());
		bench.stimulate('reader-1', 'unplug');
		bench.stimulate('reader-1', 'keys 1234#');
		await bench.clock.advanceAsync(12_000);
		bench.stimulate('reader-1', 'plug');
		await bench.until(() => bench.device('reader-1').status().state === 'online', 5_000);
		await bench.clock.advanceAsync(1_000);
		expect(bench.pins).toEqual([]);
		expect(bench.device('reader-1').status().statistics['staleReads']).toBe(1);
	});
});

describe('the reader itself', () => {
	test('an open housing or failing power is a fault that is told, and cards are still read', async () => {
		const bench = await online(createOsdpBench({ readers: [SECURE] }));
		bench.stimulate('reader-1', 'tamper on');
		await bench.until(() => stateOf(bench) === 'faulted', 200);
		expect(bench.statuses.at(-1)?.problem).toContain('tamper');
		bench.stimulate('reader-1', `card ${CARD}`);
		await bench.until(() => bench.observations.length === 1, 200);
		bench.stimulate('reader-1', 'tamper off');
		await bench.until(() => stateOf(bench) === 'online', 200);
		bench.stimulate('reader-1', 'power off');
		await bench.until(() => stateOf(bench) === 'faulted', 200);
		expect(bench.statuses.at(-1)?.problem).toContain('power');
	});

	test('inputs tell their first level and each change, and anew after the reader was away', async () => {
		const bench = createOsdpBench({ readers: [{ id: 'reader-1', address: 5, inputs: { arming: 0, door: 2 } }] });
		await online(bench);
		bench.stimulate('reader-1', 'input arming on');
		await bench.until(() => bench.inputs.length === 3, 200);
		expect(bench.inputs.map(({ input, active }) => [input, active])).toEqual([
			['arming', false],
			['door', false],
			['arming', true],
		]);
		expect(bench.device('reader-1').status().inputs).toEqual({ arming: true, door: false });
		bench.stop();
		expect(bench.device('reader-1').status()).toMatchObject({ state: 'offline', problem: 'unplugged', inputs: {} });
	});

	test('feedback reaches LED and buzzer, the newest replaces what was not sent yet', async () => {
		const bench = await online(createOsdpBench());
		const before = bench.sent.length;
		const { shows } = bench.device('reader-1');
		for (const feedback of ['wait', 'refused', 'granted'] as const) shows?.show(feedback);
		await bench.clock.advanceAsync(400);
		const shown = bench.sent.slice(before).filter(({ code }) => code === COMMAND.LED || code === COMMAND.BUZ);
		expect(shown.map(({ code, data }) => [code, data.toHex()])).toEqual([
			// Amber blinking went at once; red was overtaken by green for 3 s and one beep.
			[COMMAND.LED, '000002030303002c010000000000'],
			[COMMAND.LED, '000002050002021e000000000000'],
			[COMMAND.BUZ, '0002020101'],
		]);
		const polls = bench.sent.slice(before).filter(({ code }) => code === COMMAND.POLL);
		expect(polls.length).toBeGreaterThanOrEqual(7);
	});

	test('texts stand on the display: the idle one from the start and after each power cycle, others for their time', async () => {
		const display = { granted: 'Welcome', idle: 'Your card please' };
		const bench = await online(createOsdpBench({ readers: [{ id: 'reader-1', address: 5, display }] }));
		const texts = () => bench.sent.filter(({ code }) => code === COMMAND.TEXT).map(({ data }) => parseText(data));
		expect(texts()).toEqual([{ text: 'Your card please', isTemporary: false }]);
		bench.device('reader-1').shows?.show('granted');
		bench.device('reader-1').shows?.show('refused');
		await bench.clock.advanceAsync(300);
		expect(texts()).toHaveLength(1);
		bench.device('reader-1').shows?.show('granted');
		await bench.clock.advanceAsync(300);
		expect(texts().at(-1)).toEqual({ text: 'Welcome', isTemporary: true });
		bench.device('reader-1').shows?.show('idle');
		await bench.clock.advanceAsync(300);
		expect(texts().at(-1)).toEqual({ text: 'Your card please', isTemporary: false });
	});

	test('what its outputs do is shown where it tells', async () => {
		const bench = await online(
			createOsdpBench({ readers: [{ id: 'reader-1', address: 5, outputs: { open: 0, lamp: 1 } }] }),
		);
		expect(bench.device('reader-1').status().outputs).toEqual({ open: false, lamp: false });
	});

	test('an open housing is an alarm', async () => {
		const bench = await online(createOsdpBench());
		bench.stimulate('reader-1', 'tamper on');
		await bench.until(() => bench.device('reader-1').status().alarm === 'tamper', 300);
		bench.stimulate('reader-1', 'tamper off');
		await bench.until(() => bench.device('reader-1').status().alarm === undefined, 300);
	});

	test('a reader without configured outputs has nothing that opens', () => {
		const bench = createOsdpBench({
			readers: [{ id: 'reader-1', address: 5, feedback: { led: false, buzzer: false } }],
		});
		expect(bench.device('reader-1').opens).toBeUndefined();
		expect(bench.device('reader-1').shows).toBeUndefined();
	});

	test('two readers of a line with one address are refused, naming both', () => {
		const readers = [
			{ id: 'reader-1', address: 5 },
			{ id: 'reader-2', address: 5 },
		];
		expect(() => createOsdpBench({ readers })).toThrow(/reader-1 and reader-2 have address 5/);
	});
});

test('stopping leaves no timer behind', async () => {
	const bench = await online(createOsdpBench());
	bench.stop();
	await bench.clock.advanceAsync(100);
	expect(bench.clock.pendingTimers()).toBe(0);
});
