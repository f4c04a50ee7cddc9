import type { z } from '@hono/zod-openapi';
import type { FieldProblem } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** Zod's issues as a sender can use them: which field, what is wrong, what to send instead. */
export function fieldProblems(error: z.ZodError, place: 'path' | 'query' | 'header' | 'body'): readonly FieldProblem[] {
	return error.issues.slice(0, MOST_TOLD).map((issue) => ({
		path: [place, ...issue.path.map(String)].join('.'),
		problem: issue.code === 'unrecognized_keys' ? `Unknown: ${namesOf(issue.keys)}` : issue.message,
		mend: mendOf(issue),
	}));
}

/** Of the fields of one request, and of the unknown names among them: an answer stays smaller than what was asked. */
const MOST_TOLD = 20;

function namesOf(keys: readonly string[]): string {
	const more = keys.length > MOST_TOLD ? ` and ${keys.length - MOST_TOLD} more` : '';
	return `${keys
		.slice(0, MOST_TOLD)
		.map((key) => JSON.stringify(key.slice(0, 64)))
		.join(', ')}${more}`;
}

function mendOf(issue: Issue): string {
	switch (issue.code) {
		case 'invalid_type':
			return `Send ${article(issue.expected)} here.`;
		case 'too_small':
			return issue.origin === 'string'
				? `Send at least ${issue.minimum} character${issue.minimum === 1 ? '' : 's'}.`
				: `Send ${issue.minimum} or more.`;
		case 'too_big':
			return issue.origin === 'string' ? `Send at most ${issue.maximum} characters.` : `Send ${issue.maximum} or less.`;
		case 'invalid_value':
			return `Send one of: ${issue.values.map(String).join(', ')}.`;
		case 'invalid_format':
			return MEND_FORMAT[issue.format] ?? MEND_ANYTHING;
		case 'unrecognized_keys':
			return `Leave out: ${namesOf(issue.keys)}.`;
		case 'custom':
			return typeof issue.params?.['mend'] === 'string' ? issue.params['mend'] : MEND_ANYTHING;
		default:
			return MEND_ANYTHING;
	}
}

const MEND_ANYTHING = 'Send it in the documented form; see /api/docs.';

const MEND_FORMAT: Readonly<Record<string, string>> = {
	datetime: 'Send an RFC 3339 time with its offset, such as 2026-08-01T09:30:00+02:00 (in a query, + is written %2B).',
	email: 'Send an e-mail address, such as name@example.org.',
};

function article(type: string): string {
	return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}
