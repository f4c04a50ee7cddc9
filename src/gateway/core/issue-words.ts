import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** What is wrong with one value and what to send instead, as people say it; English, for programs' authors. */
export interface IssueWords {
	/** Where in the value: a form that it nearly fits may lie deeper than the issue itself. */
	readonly path: readonly PropertyKey[];
	/** Without a full stop. */
	readonly problem: string;
	readonly mend: string;
}

/** The one place where Zod's findings get words. Parse with `reportInput`, or what came is not told. */
export function issueWords(issues: readonly Issue[]): readonly IssueWords[] {
	const placeOf = ({ path }: Issue) => path.map(String).join('.');
	const ofOtherKind = new Set(issues.filter(({ code }) => code === 'invalid_type').map(placeOf));
	// Whatever else was found about a value of another kind means nothing.
	return issues
		.filter((issue) => issue.code === 'invalid_type' || !ofOtherKind.has(placeOf(issue)))
		.map((issue) => wordsOfOne(issue));
}

function wordsOfOne(issue: Issue): IssueWords {
	if (issue.code === 'invalid_union' && issue.errors.length > 0) {
		const [nearest] = nearestForm(issue.errors);
		const words = nearest && wordsOfOne(nearest);
		if (words !== undefined) return { ...words, path: [...issue.path, ...words.path] };
	}
	const [problem, mend] = wordsOf(issue);
	return { path: issue.path, problem, mend };
}

/** Several names of a list that somebody else sent, bounded. */
function listNames(names: readonly string[]): string {
	const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
	const shown = names.slice(0, MOST_NAMED).map((name) => JSON.stringify(name.slice(0, LONGEST_NAME)));
	return `${shown.join(', ')}${more}`;
}

const MOST_NAMED = 20;
const LONGEST_NAME = 64;
const MEND_ANYTHING = 'Send it in the documented form; see /api/docs.';

function wordsOf(issue: Issue): readonly [problem: string, mend: string] {
	switch (issue.code) {
		case 'invalid_type':
			return typeWords(issue.expected, issue.input);
		case 'too_small':
			return amountWords(issue.origin, Number(issue.minimum), issue.inclusive !== false, 'least');
		case 'too_big':
			return amountWords(issue.origin, Number(issue.maximum), issue.inclusive !== false, 'most');
		case 'not_multiple_of':
			return [`Is no multiple of ${issue.divisor}`, `Send a multiple of ${issue.divisor}.`];
		case 'invalid_value':
			return choiceWords(issue.values.map(String), issue.input);
		case 'invalid_format':
			return formatWords(issue.format, issue.message);
		case 'unrecognized_keys':
			return [`Unknown: ${listNames(issue.keys)}`, `Leave out: ${listNames(issue.keys)}.`];
		case 'invalid_union':
			return unionWords(issue);
		case 'invalid_key':
		case 'invalid_element':
			return ['Has an entry that does not fit', MEND_ANYTHING];
		case 'custom':
			return [isPlain(issue.message) ? issue.message : 'Does not fit', mendOf(issue.params)];
	}
}

function mendOf(params: Readonly<Record<string, unknown>> | undefined): string {
	return typeof params?.['mend'] === 'string' ? params['mend'] : MEND_ANYTHING;
}

/** What people call what Zod names so. */
const KINDS: Readonly<Record<string, string>> = {
	...{
		string: 'a text',
		number: 'a number',
		int: 'a whole number',
		bigint: 'a whole number',
		boolean: 'true or false',
	},
	...{ array: 'a list', object: 'an object', record: 'an object', null: 'null', undefined: 'nothing', date: 'a time' },
};

function typeWords(expected: string, input: unknown): readonly [string, string] {
	const wanted = KINDS[expected] ?? 'another value';
	if (input === undefined) return ['Is missing', `Send ${wanted}.`];
	// A text that was to become one.
	if (Number.isNaN(input)) return ['Is no number', 'Send a number.'];
	if (expected === 'int' && typeof input === 'number') return ['Is no whole number', 'Send a whole number.'];
	return [`Is ${kindOf(input)}, not ${wanted}`, `Send ${wanted}.`];
}

function kindOf(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'a list';
	return KINDS[typeof value] ?? 'something else';
}

function amountWords(
	origin: string,
	limit: number,
	inclusive: boolean,
	end: 'least' | 'most',
): readonly [string, string] {
	const counted = COUNTED[origin];
	if (counted === undefined) {
		const than = end === 'least' ? 'less' : 'more';
		const [wrong, allowed] = inclusive
			? [`Is ${than} than ${limit}`, `at ${end} ${limit}`]
			: [`Is not ${OTHER[end]} than ${limit}`, `${OTHER[end]} than ${limit}`];
		return [wrong, `Send ${allowed}.`];
	}
	const amount = inclusive ? limit : end === 'least' ? limit + 1 : limit - 1;
	const parts = `${amount} ${counted[amount === 1 ? 'one' : 'many']}`;
	if (end === 'least' && amount === 1) return ['Is empty', `Send at least ${parts}.`];
	return [`Has ${end === 'least' ? 'fewer' : 'more'} than ${parts}`, `Send at ${end} ${parts}.`];
}

const ENTRIES = { one: 'entry', many: 'entries' };
const COUNTED: Readonly<Record<string, { readonly one: string; readonly many: string }>> = {
	...{ array: ENTRIES, set: ENTRIES, object: ENTRIES },
	string: { one: 'character', many: 'characters' },
	file: { one: 'byte', many: 'bytes' },
};
const OTHER = { least: 'more', most: 'less' } as const;

function choiceWords(values: readonly string[], input: unknown): readonly [string, string] {
	const [only, ...others] = values;
	const mend = others.length === 0 ? `Send ${JSON.stringify(only)}.` : `Send one of: ${values.join(', ')}.`;
	if (input === undefined) return ['Is missing', mend];
	return [others.length === 0 ? `Is not ${JSON.stringify(only)}` : 'Is none of the choices', mend];
}

/** Of formats by their names; a pattern says itself what it wants: `a time such as 08:30`, or what is wrong: `Not an id`. */
function formatWords(format: string, message: string): readonly [string, string] {
	const known = FORMATS[format];
	if (known !== undefined) return [`Is no ${known[0]}`, `Send ${known[1]}.`];
	if (!isPlain(message)) return ['Has another form', MEND_ANYTHING];
	if (/^\p{Lu}/u.test(message)) return [message, MEND_ANYTHING];
	return [`Is not ${message}`, `Send ${message}.`];
}

const FORMATS: Readonly<Record<string, readonly [string, string]>> = {
	datetime: [
		'time with an offset',
		'an RFC 3339 time with its offset, such as 2026-08-01T09:30:00+02:00 (in a query, + is written %2B)',
	],
	date: ['date', 'a date such as 2026-08-01'],
	time: ['time of day', 'a time such as 09:30'],
	email: ['e-mail address', 'an e-mail address, such as name@example.org'],
	url: ['address', 'an address such as https://example.org'],
	uuid: ['UUID', 'a UUID such as 0191f1c2-7c3e-7b7a-9d1e-2f6c8a4b5d60'],
};

function unionWords(issue: Issue): readonly [string, string] {
	const { options } = issue as { readonly options?: unknown };
	if (!Array.isArray(options)) return ['Fits none of the forms it may have', MEND_ANYTHING];
	return choiceWords(options.map(String), issue.input === undefined ? undefined : true);
}

/** Of several forms the one that fits deepest, then one whose kind it has; else the first. */
function nearestForm(forms: readonly (readonly Issue[])[]): readonly Issue[] {
	const depth = (form: readonly Issue[]) => Math.max(...form.map(({ path }) => path.length));
	const otherKind = (form: readonly Issue[]) => Number(form.some(({ code }) => code === 'invalid_type'));
	return forms.toSorted((a, b) => depth(b) - depth(a) || otherKind(a) - otherKind(b))[0] ?? [];
}

/** Words of ours, not Zod's own. */
function isPlain(message: string): boolean {
	return !/^(?:Invalid|Unrecognized|Too (?:small|big))\b/.test(message);
}
