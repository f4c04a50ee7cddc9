import { z } from 'zod';
import { parsePattern } from './pattern-tree.ts';
import { isQuick } from './pattern-work.ts';

const LONGEST_PATTERN = 200;

/** What a pattern found in one line. */
export interface LineParts {
	readonly tag: string;
	/** From 1, where the line tells. */
	readonly antenna?: number;
	readonly rssiDbm?: number;
}

/**
 * A regular expression that names what it finds. Groups may not be repeated: such patterns can take for ever on a
 * line that nearly fits.
 * @param group what every pattern must find
 * @param example of such a pattern
 */
export function namedPattern(group: string, example: string) {
	return z
		.string()
		.min(1)
		.max(LONGEST_PATTERN)
		.superRefine((text, context) => {
			const problem = patternProblem(text, group, example);
			if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
		});
}

/** With the group `tag`, and `antenna` and `rssi` where the line tells them. */
export const linePattern = namedPattern('tag', '^ID(?<tag>[0-9A-F]{10})$');

function patternProblem(text: string, group: string, example: string): string | undefined {
	if (!isRegularExpression(text)) return `a regular expression such as ${example}`;
	if (!text.includes(`(?<${group}>`)) return `a regular expression with a group named ${group}, such as ${example}`;
	const parsed = parsePattern(text);
	return 'problem' in parsed ? parsed.problem : undefined;
}

function isRegularExpression(text: string): boolean {
	try {
		return new RegExp(text) instanceof RegExp;
	} catch {
		return false;
	}
}

interface PatternEntry {
	readonly pattern?: string | undefined;
	/** The longest line, characters. */
	readonly longest: number;
}

/** An entry whose pattern could hold up the whole gateway on a line that nearly fits is refused. */
export function checkPatternWork<Schema extends z.ZodType<PatternEntry>>(schema: Schema): Schema {
	return schema.refine(({ pattern, longest }) => pattern === undefined || isQuickOn(pattern, longest), {
		path: ['pattern'],
		error:
			'a regular expression that no line can hold up: with ^ at its start, [^;]*; instead of .*;, or longest as short as lines really are',
	});
}

function isQuickOn(text: string, longest: number): boolean {
	const parsed = isRegularExpression(text) ? parsePattern(text) : undefined;
	// What is wrong with it otherwise is told by the field.
	return parsed === undefined || 'problem' in parsed || isQuick(parsed, longest);
}

/** @param pattern as `linePattern` accepts it; undefined: the line is no card */
export function readLine(pattern: RegExp, text: string): LineParts | undefined {
	const groups = pattern.exec(text)?.groups;
	const tag = groups?.['tag'];
	if (tag === undefined || tag === '') return undefined;
	const antenna = wholeNumber(groups?.['antenna'], 1, 255);
	const rssiDbm = wholeNumber(groups?.['rssi'], -150, 50);
	return { tag, ...(antenna !== undefined && { antenna }), ...(rssiDbm !== undefined && { rssiDbm }) };
}

/** Whether a line is a card by this pattern, as far as the line alone tells. */
export function isCardLine(pattern: RegExp): (text: string) => boolean {
	return (text) => readLine(pattern, text) !== undefined;
}

function wholeNumber(text: string | undefined, low: number, high: number): number | undefined {
	if (text === undefined || !/^[+-]?\d{1,3}$/.test(text)) return undefined;
	const value = Number(text);
	return value >= low && value <= high ? value : undefined;
}
