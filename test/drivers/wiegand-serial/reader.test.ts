import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeWiegand } from '../../../src/drivers/wiegand/card-bits.ts';
import { cardFromWords } from '../../../src/drivers/wiegand/card-words.ts';
import { WIEGAND_FORMAT_NAMES, WIEGAND_FORMATS } from '../../../src/drivers/wiegand/formats.ts';
import { CARD_NOTATIONS, cardFromText, textFromCard } from '../../../src/drivers/wiegand-serial/card-text.ts';
import { wiegandSerial } from '../../../src/drivers/wiegand-serial/index.ts';
import { tagFromBits } from '../../../src/gateway/core/tag.ts';
import vectors from '../../fixtures/serial-readers/wiegand-serial.json' with { type: 'json' };
import { createLinkBench } from '../../support/link-bench.ts';

/** What a converter with these settings tells of a line. */
async function readsOf(settings: object, text: string) {
	const { clock, start, link, observations, device } = createLinkBench(wiegandSerial, [{ id: 'reader', ...settings }]);
	await start();
	link.onBytes(new TextEncoder().encode(`${text}\r\n`));
	await clock.advanceAsync(500);
	return { observations, statistics: device('reader').status().statistics };
}

const problemsOf = (entry: object) => {
	const parsed = wiegandSerial.config.safeParse({ id: 'reader', driver: 'wiegand-serial', port: 'sim:x', ...entry });
	return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

describe('a Wiegand reader behind a converter', () => {
	test.each(vectors.lines)('N9 tells $text as $tag ($origin)', async ({ text, settings, tag, label }) => {
		expect((await readsOf(settings, text)).observations).toMatchObject([{ kind: 'tag', tag, label }]);
	});

	test.each(vectors.lines.filter(({ settings }) => settings.notation === 'bits'))(
		'rejects $text with any of its bits wrong, and never tells it',
		async ({ text, settings }) => {
			for (let at = 0; at < text.length; at++) {
				const wrong = `${text.slice(0, at)}${text[at] === '1' ? '0' : '1'}${text.slice(at + 1)}`;
				const { observations, statistics } = await readsOf(settings, wrong);
				expect(observations).toEqual([]);
				expect(statistics).toMatchObject({ rejectedReads: 1 });
			}
		},
	);

	test('rejects cards of a length the site has not', async () => {
		const { observations, statistics } = await readsOf({ notation: 'bits', cards: ['H10301'] }, '1'.repeat(32));
		expect(observations).toEqual([]);
		expect(statistics).toMatchObject({ rejectedReads: 1 });
	});

	test.each([
		[{ notation: 'hex', cards: ['H10301'] }, 'FFFFFFFF'],
		[{ notation: 'data-hex', cards: ['H10301'] }, '1000000'],
		[{ notation: 'data-decimal', cards: ['H10301'] }, '16777216'],
		[{ notation: 'facility-number', cards: ['H10301'] }, '256,1'],
		[{ notation: 'facility-number', cards: ['H10301'] }, '1,65536'],
	])('rejects what is no card of its format: %j %s', async (settings, text) => {
		const { observations, statistics } = await readsOf(settings, text);
		expect(observations).toEqual([]);
		expect(statistics).toMatchObject({ rejectedReads: 1 });
	});

	test('tells the port of a converter with several as antenna', async () => {
		const settings = { notation: 'data-hex', cards: ['H10301'], pattern: '^(?<antenna>[1-4]):(?<tag>[0-9A-F]{6})$' };
		expect((await readsOf(settings, '3:35BBBE')).observations).toMatchObject([{ tag: '26:9ADDDF00', antenna: 3 }]);
	});

	test('counts keys of a keypad as lines that are no card', async () => {
		const { observations, statistics } = await readsOf({ notation: 'data-hex', cards: ['H10301'] }, '5');
		expect(observations).toEqual([]);
		expect(statistics).toMatchObject({ strayFrames: 1, rejectedReads: 0 });
	});

	test('is read as its card was written, in every notation and format', () => {
		const any = fc.record({
			name: fc.constantFrom(...WIEGAND_FORMAT_NAMES),
			notation: fc.constantFrom(...CARD_NOTATIONS),
			facility: fc.nat(255),
			number: fc.nat(4_000),
		});
		fc.assert(
			fc.property(any, ({ name, notation, facility, number }) => {
				const format = WIEGAND_FORMATS[name];
				const figures = format.facility === undefined ? {} : { facility: BigInt(facility) };
				const card = encodeWiegand(format, { ...figures, number: BigInt(number) });
				if (card === undefined) throw new Error('no card');
				const text = textFromCard(card, notation, format);
				if (text === undefined) {
					expect({ notation, has: format.facility !== undefined }).toEqual({ notation: 'facility-number', has: false });
					return;
				}
				expect(cardFromText(text, notation, format)).toEqual(card);
			}),
		);
	});

	test('decodes lines of bits, with every format they may be', () => {
		const bytes = new TextEncoder().encode('10111101100010001110101110\r\n');
		expect([...wiegandSerial.decode(bytes)]).toMatchObject([
			{ kind: 'frame', bits: 26, mayBe: ['H10301 FC 123 CN 4567', 'ind26 FC 1969 CN 471'] },
			{ kind: 'observation', tag: '26:BD88EB80' },
		]);
	});
});

describe('a card in words', () => {
	test('is a tag, or a format with its figures', () => {
		for (const words of ['26:9ADDDF00', 'H10301 53 48062']) {
			const card = cardFromWords(words);
			expect(card && tagFromBits(card.bytes, card.bitCount)).toBe('26:9ADDDF00');
		}
		expect(cardFromWords('0F0368568B')?.bitCount).toBe(40);
		for (const words of ['', 'H10301', 'H10301 1 2 3', 'H10301 256 1', 'H10302 1 2', 'xyz'])
			expect(cardFromWords(words)).toBeUndefined();
	});
});

describe('its entry in gateway.yaml', () => {
	test.each([
		[{ cards: ['H10301'] }, /notation: /],
		[{ notation: 'hex' }, /cards: /],
		[{ notation: 'hex', cards: ['H10301', 'H10306'] }, /cards: only notation: bits tells how long/],
		[{ notation: 'facility-number', cards: ['H10302'] }, /cards: this format has no facility code/],
	])('%j is refused with what to write', (entry, problem) => {
		expect(problemsOf(entry).join('\n')).toMatch(problem);
	});
});
