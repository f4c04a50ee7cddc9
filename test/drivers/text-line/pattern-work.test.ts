import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePattern } from '../../../src/drivers/text-line/pattern-tree.ts';
import { isQuick } from '../../../src/drivers/text-line/pattern-work.ts';

const LINE = 128;

function quickOn(text: string, lineLength = LINE): boolean | string {
	const parsed = parsePattern(text);
	return 'problem' in parsed ? parsed.problem : isQuick(parsed, lineLength);
}

describe('a pattern whose work could hold up the gateway on a line that nearly fits', () => {
	test.each([
		'\\d+\\d+\\d+x',
		'^\\d+\\d+\\d+\\d+$',
		'(?<tag>.*.*.*)x',
		'^.*a.*b.*c.*d$',
		'^\\w*\\s?\\w*\\s?\\w*\\s?\\w*x$',
		'^[0-9A-F]*\\d*[^;]*\\x41{2,}\\u0041*Z$',
		// Two ways at each of twenty places.
		'^a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaaaaaaa$',
		`^${'(?:a|a)'.repeat(20)}x$`,
		`^${'(?:a|)'.repeat(20)}ax$`,
		`^${'\\d{1,9}'.repeat(7)}x$`,
		'[\\]a-z]+[a-z]+[^)]+x',
		'(?:^|x).*.*.*y',
	])('%s is refused', (text) => {
		expect(() => new RegExp(text)).not.toThrow();
		expect(quickOn(text)).toBe(false);
	});

	test.each([
		'^ID(?<tag>[0-9A-F]{10})$',
		'^A(?<antenna>\\d) (?<tag>[0-9A-F]{24}) (?<rssi>-?\\d+)$',
		'^(?<plate>[^;,]{2,32})(?:[;,](?<confidence>\\d{1,3}(?:\\.\\d{1,6})?)(?:[;,](?<time>[^;,]{8,32}))?)?$',
		'ID(?<tag>[0-9A-F]+)',
		'\\d+\\d+(?<tag>x)',
		'.*ID(?<tag>[0-9A-F]+).*',
		'^.*;.*;(?<tag>[0-9A-F]{8})$',
		'^[^;]*;[^;]*;[^;]*;[^;]*;[^;]*;(?<tag>\\w+)$',
		'^(?:IN|OUT) (?<tag>\\w+?) END$',
		'^\\((?<tag>[^)]+)\\)\\b[{}\\]]?$',
	])('%s is taken', (text) => {
		expect(quickOn(text)).toBe(true);
	});

	test('depends on how long a line may be', () => {
		expect([64, 128, 256].map((length) => quickOn('(?<tag>.*.*)x', length))).toEqual([true, true, false]);
	});

	test('no pattern that is taken is slow on any line of that length', () => {
		const one = fc.constantFrom('\\d', '1', '[0-9]', '.', '\\w', ';', '[^;]', '\\D', '(?:1|\\d)', '(?:1;|1|)');
		const some = fc.constantFrom('', '', '*', '+', '?', '{2,}', '{1,3}', '*?', '{2}');
		const piece = fc.tuple(one, some).map(([of, times]) => (of.startsWith('(') ? of : `${of}${times}`));
		const pattern = fc.tuple(fc.constantFrom('', '^'), fc.array(piece, { minLength: 1, maxLength: 8 }));
		fc.assert(
			fc.property(pattern, fc.constantFrom('1', ';', '1;', '1'.repeat(20).concat(';')), ([start, pieces], unit) => {
				const text = `${start}${pieces.join('')}x$`;
				if (quickOn(text) !== true) return;
				expect(new RegExp(text).exec(unit.repeat(LINE).slice(0, LINE))).toBeNull();
			}),
			{ numRuns: 2_000 },
		);
	}, 60_000);
});

describe('a pattern whose work nobody can tell', () => {
	test.each([
		['^(?=ID)(?<tag>\\w+)$', 'no (?='],
		['^(?!ERR)(?<tag>\\w+)$', 'no (?='],
		['(?<=ID)(?<tag>\\w+)$', 'no (?='],
		['^(?<tag>\\w+)\\1$', 'no \\1'],
		['^(?<tag>\\w+)\\k<tag>$', 'no \\1'],
		['^(?<tag>([0-9A-F]{2})+)$', 'no repeated group'],
		['^(?<tag>[0-9A-F]){8}$', 'no repeated group'],
	])('%s is refused with what to write', (text, why) => {
		expect(quickOn(text)).toContain(why);
	});

	test('any text is looked at without a throw', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 40 }), (text) => {
				quickOn(text);
			}),
			{ numRuns: 2_000 },
		);
	});
});
