import type { z } from 'zod';
import { adviseName } from '../gateway/core/nearest-name.ts';
import { fileDescribedBy, type JsonSchema, keysAt } from './json-schema.ts';
import { type ConfigPath, describeValue, formatPath } from './problem.ts';
import type { ProblemReport } from './problem-report.ts';

type Issue = z.core.$ZodIssue;

/** Turns what Zod found into problems at their places, with a fix each. `prefix` is where the checked value stands. */
export function reportIssues(
	report: ProblemReport,
	issues: readonly Issue[],
	root: { readonly value: unknown; readonly schema: JsonSchema },
	prefix: ConfigPath = [],
): void {
	for (const issue of issues) {
		const path = [...prefix, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
		if (issue.code === 'invalid_union' && issue.errors.length > 0) {
			reportIssues(report, closestBranch(issue.errors), root, path);
			continue;
		}
		if (issue.code === 'unrecognized_keys') {
			const known = keysAt(root.schema, path, root.value);
			for (const key of issue.keys) reportUnknownKey(report, [...path, key], known, fileDescribedBy(root.schema));
			continue;
		}
		if (issue.code === 'invalid_key') {
			const expected = expectation(issue.issues[0] ?? issue);
			const found = `the name ${describeValue(path.at(-1))}`;
			report.unknownKey(path, { found, expected, fix: `Write ${expected}` });
			continue;
		}
		const value = valueAt(root.value, path);
		const expected = expectation(issue);
		report.error(path, {
			found: report.show(path, value),
			expected,
			fix: adviseOn(issue, path, value, expected, root.schema),
		});
	}
}

/** @param known the keys its section may have; `file`: what has it as one of its sections */
export function reportUnknownKey(
	report: ProblemReport,
	path: ConfigPath,
	known: readonly string[],
	file = 'the file',
): void {
	const key = String(path.at(-1));
	const section = formatPath(path.slice(0, -1));
	report.unknownKey(path, {
		found: `an unknown key ${JSON.stringify(key)}`,
		expected: `${section === '' ? `the keys of ${file}` : `the keys of ${section}`}: ${known.join(', ')}`,
		fix: adviseName(key, known, 'Remove it'),
	});
}

/** Of a union's branches the one the value nearly fits: its first complaint lies deepest, or is not about the type. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
	const score = (issues: readonly Issue[]) =>
		Math.min(...issues.map((issue) => issue.path.length * 10 + (issue.code === 'invalid_type' ? 0 : 5)));
	return branches.toSorted((a, b) => score(b) - score(a))[0] ?? [];
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
	string: 'text',
	number: 'a number',
	int: 'a whole number',
	boolean: 'true or false',
	array: 'a list',
	object: 'a section',
	record: 'a section',
};

/** What the schema wants, in words. */
export function expectation(issue: Issue): string {
	if (isOwnWording(issue)) return issue.message.replaceAll(/\s+/g, ' ').replace(/\.$/, '');
	switch (issue.code) {
		case 'invalid_type':
			return TYPE_NAMES[issue.expected] ?? issue.expected;
		case 'invalid_value':
			return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`;
		case 'too_big':
			return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}`;
		case 'too_small':
			return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
		case 'not_multiple_of':
			return `a multiple of ${issue.divisor}`;
		default:
			return issue.message.replaceAll(/\s+/g, ' ').replace(/\.$/, '');
	}
}

/** Schemas that say themselves what they want; Zod's own sentences start like these. */
function isOwnWording(issue: Issue): boolean {
	return !/^(?:Invalid|Too|Unrecognized)\b/.test(issue.message);
}

function unitOf(origin: string): string {
	if (origin === 'string') return ' characters';
	return origin === 'array' || origin === 'set' ? ' entries' : '';
}

function adviseOn(issue: Issue, path: ConfigPath, value: unknown, expected: string, schema: JsonSchema): string {
	const name = formatPath(path.slice(-1)) || 'it';
	if (value === undefined) return `Add ${name}`;
	if (value === null) return `Give ${name} a value or remove the line`;
	if (path.length === 0) return `Start from config/${fileDescribedBy(schema).replace('.yaml', '.example.yaml')}`;
	if (typeof value === 'string' && path.at(-1) === 'timeZone')
		return adviseName(value, Intl.supportedValuesOf('timeZone'), `Write ${expected}`);
	if (isOwnWording(issue)) return `Write ${expected}`;
	if (issue.code === 'too_big' || issue.code === 'too_small') return `Choose a value of ${expected}`;
	if (issue.code === 'invalid_type' && issue.expected === 'string' && typeof value !== 'object')
		return 'Put the value in quotes';
	if (issue.code === 'invalid_value' && typeof value === 'string')
		return adviseName(value, issue.values.map(String), `Write ${expected}`);
	if (issue.code === 'invalid_type' && issue.expected === 'array') return 'Write it as a list: [ … ]';
	return `Write ${expected}`;
}

export function valueAt(value: unknown, path: ConfigPath): unknown {
	return path.reduce<unknown>(
		(current, part) =>
			typeof current === 'object' && current !== null && Object.hasOwn(current, part)
				? Reflect.get(current, part)
				: undefined,
		value,
	);
}
