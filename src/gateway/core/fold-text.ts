/**
 * The form texts are searched in: lower case, no accents, only letters, digits and single spaces, so that
 * `1-ABC-123` finds `1ABC123`, `elodie` finds `Élodie` and `lukasz` finds `Łukasz`.
 */
export function foldText(text: string): string {
	const plain = text.normalize('NFKD').toLowerCase().replace(NOT_SEARCHED, '');
	return plain
		.replace(WHOLE_LETTERS, (letter) => SPELLED[letter] ?? letter)
		.replace(/\s+/g, ' ')
		.trim();
}

/** Accents are marks of their own after NFKD; an apostrophe may be one of the letters that change others (U+02B0–02FF). */
const NOT_SEARCHED = /[^\p{L}\p{N}\s]|[\u02b0-\u02ff]/gu;

/** Latin letters that are no letter with an accent, as people type them who have no such key. */
const SPELLED: Readonly<Record<string, string>> = {
	...{ ł: 'l', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ß: 'ss', æ: 'ae', œ: 'oe', ħ: 'h', ı: 'i', ŧ: 't', ŋ: 'ng', ĸ: 'k' },
	...{ ɓ: 'b', ƀ: 'b', ƈ: 'c', ɗ: 'd', ɖ: 'd', ə: 'e', ɛ: 'e', ǝ: 'e', ƒ: 'f', ǥ: 'g', ɣ: 'g', ɩ: 'i', ɨ: 'i', ƙ: 'k' },
	...{ ƚ: 'l', ɲ: 'n', ɔ: 'o', ɵ: 'o', ƥ: 'p', ʃ: 's', ƫ: 't', ʉ: 'u', ʋ: 'v', ƴ: 'y', ƶ: 'z', ʒ: 'z' },
};
const WHOLE_LETTERS = new RegExp(`[${Object.keys(SPELLED).join('')}]`, 'gu');
