import { LIMITS } from './limits.ts';

/** Letters that look alike on plates of Cyrillic and Greek countries; cameras report either. */
const LOOKALIKES: Readonly<Record<string, string>> = {
	А: 'A',
	В: 'B',
	Е: 'E',
	К: 'K',
	М: 'M',
	Н: 'H',
	О: 'O',
	Р: 'P',
	С: 'C',
	Т: 'T',
	У: 'Y',
	Х: 'X',
	І: 'I',
	Ј: 'J',
	Ѕ: 'S',
	Α: 'A',
	Β: 'B',
	Ε: 'E',
	Ζ: 'Z',
	Η: 'H',
	Ι: 'I',
	Κ: 'K',
	Μ: 'M',
	Ν: 'N',
	Ο: 'O',
	Ρ: 'P',
	Τ: 'T',
	Υ: 'Y',
	Χ: 'X',
};

/** What a camera writes when it saw a vehicle and no plate. */
const NO_PLATE = new Set([
	...['UNKNOWN', 'NOPLATE', 'NOTREAD', 'NOTDEFINED', 'UNLICENSED', 'NONE', 'NULL'],
	...['无', '无牌车', '无车牌'],
]);

const PLAIN = /^[0-9A-Z]+$/;

/**
 * The form plates are stored and compared in: upper case, no separators, no diacritics, look-alike
 * Cyrillic and Greek letters as Latin. undefined: the text is no plate (empty, over
 * LIMITS.plateLength, no letter or digit, or a camera's word for "none").
 */
export function normalisePlate(text: string): string | undefined {
	if (text.length > LIMITS.plateLength * 4) return undefined;
	// Most are in it already: a million of a snapshot are looked at.
	if (PLAIN.test(text)) return text.length <= LIMITS.plateLength && !NO_PLATE.has(text) ? text : undefined;
	let plate = '';
	for (const char of text.normalize('NFKD').toUpperCase()) {
		if (/[\p{L}\p{N}]/u.test(char)) plate += LOOKALIKES[char] ?? char;
	}
	const usable = plate.length > 0 && plate.length <= LIMITS.plateLength && !NO_PLATE.has(plate);
	return usable ? plate : undefined;
}

/** Confusion classes `0DOQ · 1IL · 2Z · 38B · 5S · 6G` (DOMAIN.md, plates): each character's representative. */
const CONFUSED: Readonly<Record<string, string>> = {
	D: '0',
	O: '0',
	Q: '0',
	I: '1',
	L: '1',
	Z: '2',
	'8': '3',
	B: '3',
	S: '5',
	G: '6',
};

/** Two normalised plates a camera may confuse have the same skeleton. */
export function plateSkeleton(normalised: string): string {
	let skeleton = '';
	for (const char of normalised) skeleton += CONFUSED[char] ?? char;
	return skeleton;
}

const PLATE_CHARACTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];

/**
 * Every plate one edit away: a character other, missing, too many, or two swapped. At 1,000,000 enrolled
 * plates 31 % of strangers have such a neighbour, so one is only ever a hint for people, never a match.
 */
export function plateNeighbours(normalised: string): readonly string[] {
	const variants = new Set<string>();
	for (let at = 0; at <= normalised.length; at += 1) {
		const before = normalised.slice(0, at);
		const after = normalised.slice(at);
		for (const char of PLATE_CHARACTERS) {
			variants.add(before + char + after);
			if (after !== '') variants.add(before + char + after.slice(1));
		}
		if (after !== '') variants.add(before + after.slice(1));
		if (after.length > 1) variants.add(`${before}${after.charAt(1)}${after.charAt(0)}${after.slice(2)}`);
	}
	variants.delete(normalised);
	variants.delete('');
	return [...variants];
}
