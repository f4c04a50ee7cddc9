import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scannedText } from '../../../src/gateway/core/scanned-text.ts';
import { tagFromBits } from '../../../src/gateway/core/tag.ts';

describe('the text of a scanned code', () => {
	test('is what was encoded, told as characters or as bits, with or without an end of line', () => {
		const texts = fc.string({ unit: fc.constantFrom(...'ABCxyz019-_'), minLength: 1, maxLength: 40 });
		fc.assert(
			fc.property(texts, fc.constantFrom('', '\r', '\r\n', '\0'), (text, end) => {
				const bytes = new TextEncoder().encode(text + end);
				expect(scannedText(tagFromBits(bytes, bytes.length * 8))).toBe(text);
				expect(scannedText(text + end)).toBe(text);
			}),
		);
	});

	test.each(['26:9ADDDF00', '32:9ADDDF00', '\u202Eabc', ''])('is none in %j', (tag) => {
		expect(scannedText(tag)).toBeUndefined();
	});
});
