import { z } from 'zod';

const LONGEST_PATTERN = 200;
const MOST_OPEN_ENDS = 2;

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
	if (repeatsGroup(text)) return 'no repeated group: write [0-9A-F]{8} instead of ([0-9A-F]{2}){4}';
	return openEnds(text) > MOST_OPEN_ENDS
		? `no more than ${MOST_OPEN_ENDS} of .* and the like: write what is there instead, such as [^;]*;`
		: undefined;
}

function isRegularExpression(text: string): boolean {
	try {
		return new RegExp(text) instanceof RegExp;
	} catch {
		return false;
	}
}

/** Escaped characters and character classes are looked past: a `)` of theirs closes no group. */
function repeatsGroup(text: string): boolean {
	return /\)[*+{]/.test(text.replaceAll(/\\./g, '_').replaceAll(/\[[^\]]*\]/g, '_'));
}

/** How often anything at all may stand for any length; each of them multiplies the work on a line that nearly fits. */
function openEnds(text: string): number {
	const withoutClasses = text.replaceAll(/\\\\/g, '__').replaceAll(/\[(?:\\.|[^\]\\])*\]/g, '_');
	return [...withoutClasses.matchAll(/(?:(?<!\\)\.|\\[SDWw])(?:[*+]|\{\d+,\})/g)].length;
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
