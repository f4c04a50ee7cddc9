import { LIMITS } from '../../core/limits.ts';
import { isOneCommon } from './common-passwords.ts';

export type PasswordWeakness = 'tooShort' | 'tooLong' | 'tooCommon' | 'containsName';

/** NIST SP 800-63B 3.1.1.2: length, no common passwords, nothing of the person or the service; no rules on composition. */
export function passwordWeakness(password: string, about: readonly string[]): PasswordWeakness | undefined {
	const length = [...password.normalize('NFKC')].length;
	if (length < LIMITS.passwordMinimum) return 'tooShort';
	if (password.length > LIMITS.passwordLength) return 'tooLong';
	const plain = simplify(password);
	if (new Set(plain).size < FEWEST_DIFFERENT || isCommon(plain)) return 'tooCommon';
	const without = wordsOf(about).reduce((rest, word) => rest.replaceAll(word, ''), plain);
	if ([...without].length < FEWEST_OTHERS) return 'containsName';
	return undefined;
}

/** What to tell the person who chose it. */
export const WEAKNESS_TEXT: Readonly<Record<PasswordWeakness, string>> = {
	tooShort: `Use at least ${LIMITS.passwordMinimum} characters; a few words in a row are easy to remember.`,
	tooLong: `Use at most ${LIMITS.passwordLength} characters.`,
	tooCommon: 'This password is among those tried first; choose one that nobody else would.',
	containsName: 'Leave your name, your e-mail address and the name of this product out of the password.',
};

/** Characters of one password that must differ from each other, and those that remain without the person's own words. */
const FEWEST_DIFFERENT = 5;
const FEWEST_OTHERS = 6;
/** A shorter one among many digits is not what makes a password common. */
const SHORTEST_WORD = 3;

const LOOKALIKES: Readonly<Record<string, string>> = {
	'0': 'o',
	'1': 'i',
	'3': 'e',
	'4': 'a',
	'5': 's',
	'@': 'a',
	$: 's',
	'!': 'i',
};

function simplify(password: string): string {
	return password.normalize('NFKC').toLowerCase();
}

/** Common as it is, said twice, spelt with lookalikes, or with digits and signs put around it. */
function isCommon(plain: string): boolean {
	const bare = plain.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
	const spelt = [...plain].map((sign) => LOOKALIKES[sign] ?? sign).join('');
	const speltBare = [...bare].map((sign) => LOOKALIKES[sign] ?? sign).join('');
	const words = [bare, speltBare].filter((word) => word.length >= SHORTEST_WORD);
	return isOneCommon([plain, spelt, ...words].flatMap((form) => [form, period(form)]));
}

/** The shortest text that, repeated, gives `text`. */
function period(text: string): string {
	const at = `${text}${text}`.indexOf(text, 1);
	return text.slice(0, at);
}

function wordsOf(about: readonly string[]): readonly string[] {
	return about
		.flatMap((text) => simplify(text).split(/[^\p{L}\p{N}]+/u))
		.filter((word) => word.length >= 4)
		.sort((a, b) => b.length - a.length);
}
