import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutUntrusted, plainUntrusted, readableJson } from '../../../src/api/console/untrusted-text.ts';

/** Any text, and often the characters that hide or reorder. */
const hostile = fc
	.array(
		fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.constantFrom('\u202e', '\u2066', '\u200b', '\u0000', '\u2028', '\ufeff', '\u00ad', '\u{e0041}', '\ud800'),
		),
		{ maxLength: 20 },
	)
	.map((parts) => parts.join(''));

const HIDING = /[\p{Bidi_Control}\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|\p{Default_Ignorable_Code_Point}/u;

describe('text from outside', () => {
	test('shows a right-to-left override by its name, where it stands', () => {
		expect(cutUntrusted('abc\u202ecod.exe')).toEqual([
			{ kind: 'text', text: 'abc' },
			{ kind: 'hidden', text: 'U+202E' },
			{ kind: 'text', text: 'cod.exe' },
		]);
		expect(plainUntrusted('1\u200bABC')).toBe('1[U+200B]ABC');
	});

	test('leaves letters of any script as they are', () => {
		for (const name of ['Zoë Claes', 'Çağla Øst', 'Ελένη', 'محمد', '山田太郎']) {
			expect(cutUntrusted(name)).toEqual([{ kind: 'text', text: name }]);
		}
	});

	test('never puts a character on the page that hides or reorders, and stays short', () => {
		fc.assert(
			fc.property(hostile, (text) => {
				const shown = plainUntrusted(text);
				expect(shown).not.toMatch(HIDING);
				expect(shown.length).toBeLessThanOrEqual(201 * 10);
			}),
		);
	});

	test('cuts a megabyte', () => {
		expect(plainUntrusted('x'.repeat(1_000_000))).toBe(`${'x'.repeat(200)}…`);
	});

	test('in JSON is the same data when read back, with what hides written as an escape', () => {
		fc.assert(
			fc.property(hostile, (text) => {
				const json = readableJson({ read: text });
				expect(json.replaceAll('\n', '')).not.toMatch(HIDING);
				expect(JSON.parse(json)).toEqual({ read: text });
			}),
		);
	});
});
