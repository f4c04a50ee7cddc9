import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOpenPort } from '../../../src/drivers/ports/open-port.ts';
import { createDriverRegistry } from '../../../src/drivers/registry.ts';
import { createSimulatedDevices } from '../../../src/drivers/simulated-devices.ts';
import { createKeysMask, withoutKeys } from '../../../src/drivers/text-line/keys-mask.ts';
import { parseEntry } from '../../support/link-bench.ts';
import { createSupervisorBench } from '../../support/supervisor-bench.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const textOf = (chunks: readonly Uint8Array[]) =>
	chunks.flatMap((chunk) => Array.from(chunk, (byte) => String.fromCharCode(byte))).join('');
const isFob = (text: string) => /^[0-9A-F]{10}$/.test(text);
const createMask = () => createKeysMask({ end: 'character', longest: 64, gapMs: 100 }, isFob);

describe('what may be seen of a line with a keypad', () => {
	test.each([
		['5', '*'],
		['1234#', '****#'],
		['0101', '****'],
		// A key behind its complement.
		['A5', '**'],
		['KEY 5A', 'KEY **'],
		['Keypad entry: 123456', 'Keypad entry: ******'],
		['ready, no fob', 'ready, no fob'],
		// Too long for a PIN: who writes a pattern wants to see it.
		['400180013E00330E34244E10', '400180013E00330E34244E10'],
		['1;0057169547', '*;**********'],
	])('N10 %j, which is no card, is shown as %j', (line, seen) => {
		expect(withoutKeys(line)).toBe(seen);
	});

	test('N10 cards are shown whole, and everything else in its place, whatever the chunks', () => {
		const said = bytesOf('0F0368568B\r\n1234#\r\n\x02A5\x03hello\r9\n\n1234\x80\r0F0368568C\r');
		const shown = '0F0368568B\r\n****#\r\n\x02**\x03hello\r*\n\n****\x80\r0F0368568C\r';
		const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 });
		fc.assert(
			fc.property(sizes, (pattern) => {
				const mask = createMask();
				const seen: Uint8Array[] = [];
				for (let at = 0, turn = 0; at < said.length; turn++) {
					const end = at + (pattern[turn % pattern.length] ?? 1);
					seen.push(...mask.push(said.subarray(at, end)));
					at = end;
				}
				expect(textOf(seen)).toBe(shown);
			}),
		);
	});

	test('a line waits until it ends, grows too long, or nothing follows', () => {
		const mask = createMask();
		expect([...mask.push(bytesOf('12')), ...mask.push(bytesOf('34'))]).toEqual([]);
		expect(textOf(mask.held?.take() ?? [])).toBe('****');
		expect(mask.held?.take()).toEqual([]);
		expect(textOf(mask.push(bytesOf('F'.repeat(65))))).toHaveLength(65);
	});
});

describe.each([
	{ kind: 'ascii-line', settings: {}, card: 'card 0F0368568B' },
	{ kind: 'ascii-line', settings: { end: 'silence' }, card: 'card 0F0368568B' },
	{ kind: 'wiegand-serial', settings: { notation: 'bits', cards: ['H10301'] }, card: 'card H10301 53 48062' },
	{ kind: 'hid-keyboard', settings: {}, card: 'card 0F0368568B' },
	{ kind: 'hid-keyboard', settings: { end: 'silence' }, card: 'card 0F0368568B' },
])('who watches a $kind reader, $settings', ({ kind, settings, card }) => {
	const registry = createDriverRegistry();
	const driver = registry.get(kind);
	if (driver.carrier !== 'serial' && driver.carrier !== 'hid') throw new Error(`${kind} has no port`);

	async function watched(...said: readonly string[]) {
		const clock = createVirtualClock();
		const entries = [parseEntry(driver as Parameters<typeof parseEntry>[0], { id: 'reader', ...settings })];
		const simulated = createSimulatedDevices({ clock, random: () => 0.5, paced: true }, registry, entries);
		const openPort = createOpenPort(clock, simulated.wire);
		const { supervisor, log } = createSupervisorBench(clock, entries, { random: () => 0.5, openPort });
		supervisor.start();
		await clock.advanceAsync(500);
		const seen: Uint8Array[] = [];
		const cancel = supervisor.tap('reader', ({ bytes }) => void seen.push(bytes));
		for (const what of said) {
			expect(simulated.wire('sim:line')?.stimulate('reader', what)).toBeUndefined();
			await clock.advanceAsync(3_000);
		}
		const status = supervisor.device('reader')?.status();
		const decoded = [...driver.decode(Uint8Array.from(seen.flatMap((chunk) => [...chunk])))];
		cancel?.();
		await supervisor.stop();
		expect(clock.pendingTimers()).toBe(0);
		return { seen: Buffer.concat(seen), shown: JSON.stringify([status, decoded, log.lines]) };
	}

	test('N10 sees that keys were pressed, on the line, with the device and in the log, and not which', async () => {
		const one = await watched('say 1357', 'say 9');
		const other = await watched('say 2468', 'say 0');
		expect(one.seen.length).toBeGreaterThan(0);
		expect(one.seen).toEqual(other.seen);
		expect(one.shown).not.toMatch(/1357/);
		expect(one.shown).toContain('line that is no card');
	});

	test('sees each card as it is', async () => {
		const both = await watched(card, 'say 1357', card);
		const alone = await watched(card);
		expect(alone.seen.length).toBeGreaterThan(0);
		expect(both.seen.subarray(0, alone.seen.length)).toEqual(alone.seen);
		expect(both.seen.subarray(-alone.seen.length)).toEqual(alone.seen);
	});
});
