import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { apiName, DIRECTORY_FACES } from '../../../src/api/http/directory-faces.ts';
import { issueWords } from '../../../src/gateway/core/issue-words.ts';
import { fillWithSamples, type SampleIds, sampleBody } from '../../support/directory-samples.ts';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';

/** Words of the library that checks, none of which a sender should have to know. */
const ITS_WORDS =
	/\b(?:Invalid|expected|received|Unrecognized|Too (?:small|big)|undefined|NaN|regex|pattern)\b|[<>]=|ZodError/;

let site: HttpSite;
let admin: SignedIn;
let ids: SampleIds;
beforeAll(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
	ids = fillWithSamples(site.services.edits);
});
afterAll(() => site.close());

interface Problem {
	readonly detail: string;
	readonly errors: readonly { readonly path: string; readonly problem: string; readonly mend: string }[];
}

const WRONG: readonly [string, unknown][] = [
	['null', null],
	['a number', 1.5],
	['a large number', 1e300],
	['a negative number', -7],
	['an empty text', ''],
	['a long text', 'x'.repeat(5_000)],
	['true', true],
	['an empty list', []],
	['a list of numbers', [1, 2]],
	['a long list', Array.from({ length: 600 }, (_, n) => `w${n}`)],
	['an object', { a: 1 }],
];

describe.each(DIRECTORY_FACES)('$path', (collection) => {
	test('says of whatever does not fit a field where, what and how to mend it, in plain words', async () => {
		for (const [name, field] of Object.entries(collection.aggregate.fields)) {
			const sent = apiName(name, field);
			for (const [what, value] of WRONG) {
				const answer = await admin.post(collection.path, { ...sampleBody(collection, 1, ids), [sent]: value });
				if (answer.status !== 400) continue;
				const { detail, errors } = (await answer.json()) as Problem;
				expect(errors.length, `${sent}: ${what}`).toBeGreaterThan(0);
				for (const { path, problem, mend } of errors) {
					expect(path).toMatch(/^body(?:\.|$)/);
					expect(problem, `${sent}: ${what}`).toMatch(/^\p{L}[^\n]*[^.\s]$/u);
					expect(mend, `${sent}: ${what}`).toMatch(/^\p{Lu}[^\n]*\.$/u);
				}
				expect(detail, `${sent}: ${what}`).not.toMatch(ITS_WORDS);
			}
		}
	});
});

test.each([
	['POST', '/api/v1/visitors', { name: '', credential: { kind: 'smell' }, validTo: 'tomorrow' }],
	['POST', '/api/v1/visitors', { name: 'Jan', credential: { kind: 'tag' }, validTo: 5, more: 1 }],
	['POST', '/api/v1/lanes/L1/vend', { reason: 7 }],
	['POST', '/api/v1/decisions/check', { lane: 'L1', credential: { kind: 'plate' } }],
	['POST', '/api/v1/occupancy/A1/adjust', { occupied: -1, reason: '' }],
	['POST', '/api/v1/retention/holds', { reason: 'x', until: 'soon' }],
	['GET', '/api/v1/holders?limit=many&status=odd&sort=up&unknown=1', undefined],
	['GET', '/api/v1/decisions?from=yesterday&outcome=maybe', undefined],
	['POST', '/api/v1/holders', [1]],
	['POST', '/api/v1/holders/batch', { changes: [{ op: 'rename' }, { op: 'create', row: 3 }] }],
])('%s %s is refused in plain words', async (method, path, body) => {
	const answer = method === 'GET' ? await admin.get(path) : await admin.send(method, path, body);
	expect(answer.status).toBe(400);
	const { detail, errors } = (await answer.json()) as Problem;
	expect(errors.length).toBeGreaterThan(0);
	expect(detail).not.toMatch(ITS_WORDS);
});

const wordsOf = (schema: z.ZodType, value: unknown) =>
	issueWords(schema.safeParse(value, { reportInput: true }).error?.issues ?? []).map(({ path, problem, mend }) => [
		...[path.join('.'), problem, mend],
	]);

test.each<[z.ZodType, unknown, string, string]>([
	[z.string(), undefined, 'Is missing', 'Send a text.'],
	[z.string(), 5, 'Is a number, not a text', 'Send a text.'],
	[z.coerce.number().int(), 'many', 'Is no number', 'Send a number.'],
	[z.int(), 1.5, 'Is no whole number', 'Send a whole number.'],
	[z.array(z.string()), 'a', 'Is a text, not a list', 'Send a list.'],
	[z.boolean(), null, 'Is null, not true or false', 'Send true or false.'],
	[z.string().min(1), '', 'Is empty', 'Send at least 1 character.'],
	[z.string().min(12), 'short', 'Has fewer than 12 characters', 'Send at least 12 characters.'],
	[z.string().max(3), 'long', 'Has more than 3 characters', 'Send at most 3 characters.'],
	[z.array(z.int()).max(2), [1, 2, 3], 'Has more than 2 entries', 'Send at most 2 entries.'],
	[z.array(z.int()).max(2), 'long', 'Is a text, not a list', 'Send a list.'],
	[z.number().min(2), 1, 'Is less than 2', 'Send at least 2.'],
	[z.number().lt(2), 2, 'Is not less than 2', 'Send less than 2.'],
	[z.number().multipleOf(5), 7, 'Is no multiple of 5', 'Send a multiple of 5.'],
	[z.enum(['a', 'b']), 'c', 'Is none of the choices', 'Send one of: a, b.'],
	[z.literal('erase'), 'no', 'Is not "erase"', 'Send "erase".'],
	[z.iso.date(), 'x', 'Is no date', 'Send a date such as 2026-08-01.'],
	[
		z.string().regex(/^a/, 'a word that begins with a'),
		'b',
		'Is not a word that begins with a',
		'Send a word that begins with a.',
	],
	[z.string().regex(/^a/), 'b', 'Has another form', 'Send it in the documented form; see /api/docs.'],
	[z.strictObject({}), { x: 1 }, 'Unknown: "x"', 'Leave out: "x".'],
])('a value that does not fit is told in words: %#', (schema, value, problem, mend) => {
	expect(wordsOf(schema, value)).toEqual([['', problem, mend]]);
});

test('of several forms the nearest is told of, where it does not fit', () => {
	const one = z.union([z.enum(['a', 'b']), z.array(z.enum(['a', 'b']))]);
	expect(wordsOf(z.object({ one }), { one: 'c' })).toEqual([['one', 'Is none of the choices', 'Send one of: a, b.']]);
	expect(wordsOf(z.object({ one }), { one: ['a', 'c'] })).toEqual([
		['one.1', 'Is none of the choices', 'Send one of: a, b.'],
	]);
});
