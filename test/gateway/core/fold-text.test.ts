import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldText } from '../../../src/gateway/core/fold-text.ts';

test.each([
	['Łukasz Wałęsa', 'lukasz walesa'],
	['Søren Ødegård', 'soren odegard'],
	['Þórður Eiðsson', 'thordur eidsson'],
	['Jörg Weiß, WEISSẞ', 'jorg weiss weissss'],
	['Đặng Œuvre Æther', 'dang oeuvre aether'],
	['ĳsbeer ŉaar', 'ijsbeer naar'],
	['1-ABC-123', '1abc123'],
])('a name is found as people type it who have no such keys: %s', (name, typed) => {
	expect(foldText(name)).toBe(typed);
});

test('whatever the text, folding it again changes nothing', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
			expect(foldText(foldText(text))).toBe(foldText(text));
		}),
	);
});
