import { describe, expect, test } from 'vitest';
import { REASONS } from '../../../src/gateway/core/reason.ts';
import { type Language, reasonText } from '../../../src/gateway/core/reason-texts/reason-text.ts';

const LANGUAGES: readonly Language[] = ['en', 'fr', 'nl'];
const SENTENCES = /^\p{Lu}[^<>{}]+\.$/u;

describe('X16: what to answer', () => {
	test.each(REASONS)('%s has a plain cause and an advice in every language, each its own', (code) => {
		const texts = LANGUAGES.map((language) => reasonText(code, language));
		for (const { cause, advice } of texts) {
			expect(cause).toMatch(SENTENCES);
			expect(advice).toMatch(SENTENCES);
			expect(advice).not.toBe(cause);
			expect(`${cause} ${advice}`, 'a code is not plain language').not.toMatch(/[A-Z]+_[A-Z]+/);
		}
		expect(new Set(texts.map(({ cause }) => cause)).size).toBe(LANGUAGES.length);
		expect(new Set(texts.map(({ advice }) => advice)).size).toBe(LANGUAGES.length);
	});

	test('no two reasons are told in the same words', () => {
		const words = REASONS.map((code) => Object.values(reasonText(code, 'en')).join(' '));
		expect(new Set(words).size).toBe(REASONS.length);
	});
});
