import { escapeHidden } from '../../../core/hidden-text.ts';
import type { Language } from '../../../core/reason-texts/reason-text.ts';
import { columnLetters, type TableProblem, type TableProblemCode } from '../table-problem.ts';
import { dutch } from './dutch.ts';
import { english } from './english.ts';
import { french } from './french.ts';

/** Per problem: what is wrong, how to mend it. `{shown}` and `{detail}` are filled in. */
export type ProblemTexts = Readonly<Record<TableProblemCode, readonly [cause: string, mend: string]>>;

export interface ProblemText {
	/** `Row 12, column C (Tag)`; `null` for the whole file. */
	readonly where: string | null;
	readonly cause: string;
	readonly mend: string;
}

const TEXTS: Readonly<Record<Language, ProblemTexts>> = { en: english, fr: french, nl: dutch };
const PLACES: Readonly<Record<Language, readonly [row: string, column: string]>> = {
	en: ['Row', 'column'],
	fr: ['Ligne', 'colonne'],
	nl: ['Rij', 'kolom'],
};

/** Plain text; what comes from the file has its hidden characters made visible. */
export function problemText(problem: TableProblem, language: Language): ProblemText {
	const [cause, mend] = TEXTS[language][problem.code];
	const fill = (text: string) =>
		text.replaceAll(/\{(shown|detail)\}/g, (_, key: 'shown' | 'detail') => escapeHidden(problem[key] ?? ''));
	return { where: whereText(problem, language), cause: fill(cause), mend: fill(mend) };
}

function whereText({ row, column, heading }: TableProblem, language: Language): string | null {
	const [rowWord, columnWord] = PLACES[language];
	const named = heading === undefined || heading === '' ? '' : ` (${escapeHidden(heading)})`;
	const parts = [
		...(row === undefined ? [] : [`${rowWord} ${row}`]),
		...(column === undefined ? [] : [`${columnWord} ${columnLetters(column)}${named}`]),
	];
	const [first = '', ...rest] = parts;
	return parts.length === 0 ? null : [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(', ');
}
