import { foldText } from '../../core/fold-text.ts';
import { type DayMeans, parseInstantText } from './instant-text.ts';
import type { CellProblem } from './table-problem.ts';

export type ParsedCell<T = unknown> =
	| { readonly result: 'value'; readonly value: T }
	| { readonly result: 'problem'; readonly problem: CellProblem };

/** Takes a cell's text, trimmed and never empty. */
export type CellParser<T = unknown> = (text: string) => ParsedCell<T>;

export function cellValue<T>(value: T): ParsedCell<T> {
	return { result: 'value', value };
}

export function cellProblem(code: CellProblem['code'], detail?: string): ParsedCell<never> {
	return { result: 'problem', problem: detail === undefined ? { code } : { code, detail } };
}

export function textCell(maxLength: number): CellParser<string> {
	return (text) => (text.length > maxLength ? cellProblem('tooLong', String(maxLength)) : cellValue(text));
}

/** An option by its own name, or by any word people use for it; case and accents don't matter. */
export function choiceCell<O extends string>(
	options: readonly O[],
	names?: Readonly<Partial<Record<O, readonly string[]>>>,
): CellParser<O> {
	const byName = new Map<string, O>();
	for (const option of options)
		for (const name of [...(names?.[option] ?? []), option]) byName.set(compact(name), option);
	return (text) => {
		const option = byName.get(compact(text));
		return option === undefined ? cellProblem('notAnOption', options.join(', ')) : cellValue(option);
	};
}

export function instantCell(timeZone: string, dayMeans: DayMeans): CellParser<number> {
	return (text) => {
		const atMs = parseInstantText(text, timeZone, dayMeans);
		return atMs === undefined ? cellProblem('notAMoment') : cellValue(atMs);
	};
}

/** Thousands may be set apart by spaces or apostrophes. */
export function countCell(minimum: number, maximum: number): CellParser<number> {
	return (text) => {
		const digits = text.replaceAll(/(?<=\d)[\s'\u2019](?=\d{3})/g, '');
		const value = Number(digits);
		if (!/^[-+]?\d+([.,]0+)?$/.test(digits) || !Number.isSafeInteger(Math.trunc(value || 0)))
			return cellProblem('notANumber');
		const count = Number.parseInt(digits, 10);
		return count < minimum || count > maximum ? cellProblem('outOfRange', `${minimum}–${maximum}`) : cellValue(count);
	};
}

const YES = new Set(['yes', 'y', 'true', '1', 'x', 'on', 'oui', 'o', 'vrai', 'ja', 'j', 'waar']);
const NO = new Set(['no', 'n', 'false', '0', 'off', 'non', 'faux', 'nee', 'onwaar']);

export const flagCell: CellParser<boolean> = (text) => {
	const word = compact(text);
	if (YES.has(word)) return cellValue(true);
	return NO.has(word) ? cellValue(false) : cellProblem('notAFlag');
};

/** Between commas, semicolons, bars or line ends; each once. */
export function splitWords(text: string): readonly string[] {
	const words = text.split(/[,;|\n]/).map((word) => word.trim());
	return [...new Set(words.filter((word) => word !== ''))];
}

export function wordsCell(maximum: number, maxLength: number): CellParser<readonly string[]> {
	return (text) => {
		const words = splitWords(text);
		if (words.length > maximum) return cellProblem('outOfRange', `0–${maximum}`);
		return words.some((word) => word.length > maxLength) ? cellProblem('tooLong', String(maxLength)) : cellValue(words);
	};
}

/** Without case, accents, spaces and signs: `E-mail address` is `emailaddress`. */
export function compact(text: string): string {
	return foldText(text).replaceAll(' ', '');
}
