import { describe, expect, test } from 'vitest';
import { createLineSearch, type LineFormat } from '../../../src/drivers/text-line/line-search.ts';
import { expectSameInAnyChunks, foundIn } from '../../support/framing.ts';

const usual: LineFormat = { start: 'none', end: 'character', longest: 20 };
const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

function items(format: LineFormat, ...chunks: readonly string[]): readonly string[] {
	return foundIn(createLineSearch(format), chunks.map(ascii)).map(({ item }) =>
		item.kind === 'line' ? item.text : `!${item.reason}`,
	);
}

describe('lines of text', () => {
	test('end with CR, LF, ETX or several of them, and are trimmed', () => {
		expect(items(usual, 'A1\rB2\nC3\r\n', '\x02D4\x03', ' E5 \t\r\r\n\n')).toEqual(['A1', 'B2', 'C3', 'D4', 'E5']);
	});

	test('that did not end are given up when the line falls silent', () => {
		expect(items(usual, 'A1\rB2')).toEqual(['A1', '!timeout']);
	});

	test('end with a pause, where nothing else ends them', () => {
		const search = createLineSearch({ ...usual, end: 'silence' });
		expect(search.push(ascii('A1B2'))).toEqual([]);
		expect(search.partial()).toBe(true);
		expect(search.timeout().map(({ item }) => item.kind)).toEqual(['line']);
		expect(search.partial()).toBe(false);
	});

	test('are spoilt whole by one byte that is no text: its rest could be another card', () => {
		expect(items(usual, '12\x80345678\r\nAB\r')).toEqual(['!noise', 'AB']);
		expect(items(usual, '1234\x0056\r')).toEqual(['!noise']);
	});

	test('may be preceded by the NUL and break of a device that gets power', () => {
		expect(items(usual, '\x00\x00A1\r')).toEqual(['A1']);
	});

	test('that are too long are spoilt whole, their end too', () => {
		expect(items(usual, `${'1'.repeat(30)}ABCD\rEF\r`)).toEqual(['!overrun', 'EF']);
	});

	test('begin with an STX, whatever stood before', () => {
		expect(items(usual, '123\x02A1\r')).toEqual(['!unfinished', 'A1']);
		expect(items({ ...usual, start: 'STX' }, 'zz\x02A1\x03junk\r\n\x02B2\r\n\x03')).toEqual([
			'!noise',
			'A1',
			'!noise',
			'B2',
		]);
	});

	test('keep no more than the longest of them, however long nothing ends', () => {
		const search = createLineSearch(usual);
		let errors = 0;
		for (let n = 0; n < 1_000; n++) errors += search.push(ascii('1234567890'.repeat(10))).length;
		expect(errors).toBe(1);
	});

	test.each([usual, { ...usual, start: 'STX' }, { ...usual, end: 'silence' }] as const)(
		'N9 are the same whatever the chunks: %o',
		(format) => {
			const frames = ['\x020F0368568B\x03', '0F0368568B\r\n', 'A1', '\r'].map(ascii);
			expectSameInAnyChunks(() => createLineSearch(format), frames);
		},
	);
});
