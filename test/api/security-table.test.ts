import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const DOCS = path.join(import.meta.dirname, '../../docs');
const TESTS = path.join(import.meta.dirname, '..');

interface Row {
	readonly ids: readonly string[];
	readonly heldBy: string;
}

const text = readFileSync(path.join(DOCS, 'security.md'), 'utf8');
const rows: readonly Row[] = text.split('\n').flatMap((line) => {
	const [, ids, heldBy] = /^\| (V\d[\dV. ]*) \| (.*) \|$/.exec(line) ?? [];
	return ids === undefined || heldBy === undefined ? [] : [{ ids: ids.split(' '), heldBy }];
});

test('V1.1.1 to V17.3.2: every requirement of OWASP ASVS 5.0, levels 1 and 2, stands in docs/security.md once', () => {
	const listed = readFileSync(path.join(TESTS, 'fixtures/asvs-5.0.0-level-2.txt'), 'utf8');
	const required = listed.split('\n').filter((line) => line.startsWith('V'));
	expect(required.length).toBeGreaterThan(250);
	expect(rows.flatMap(({ ids }) => ids).sort()).toEqual(required.sort());
});

test('each is held by tests or texts that are there, or says why it is not', () => {
	const titles = titlesOf(TESTS);
	const wrong = rows.flatMap(({ ids, heldBy }) => {
		const named = [...heldBy.matchAll(/«(.+?)»/g)].map(([, title = '']) => title);
		const links = [...heldBy.matchAll(/\]\((.+?)\)/g)].map(([, link = '']) => link);
		const isReasoned = /^(Exempt|Open): .{8}/.test(heldBy);
		if (named.length + links.length === 0 && !isReasoned) return [`${ids[0]}: nothing holds it`];
		return [
			...named.filter((title) => !titles.has(title)).map((title) => `${ids[0]}: no test «${title}»`),
			...links.filter((link) => !isThere(link)).map((link) => `${ids[0]}: nothing at ${link}`),
		];
	});
	expect(wrong).toEqual([]);
});

test('a title that no test has is noticed', () => {
	const titles = titlesOf(TESTS);
	expect(titles.has('a title that no test has is noticed')).toBe(true);
	expect(titles.has('a title that no test has')).toBe(false);
});

/** First texts of `test(…)` and `test.each(…)(…)`, as they are written. */
function titlesOf(dir: string): ReadonlySet<string> {
	const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => /\.test\.tsx?$/.test(name));
	const called = /(?:\b(?:test|it)|\])?\)?\(\s*(['"`])((?:\\.|(?!\1)[^\\\n])+)\1,\s*(?:async\b|\(|\{)/g;
	const found = files.flatMap((name) => [...readFileSync(path.join(dir, name), 'utf8').matchAll(called)]);
	return new Set(found.map(([, , title = '']) => title.replaceAll(/\\(.)/g, '$1')));
}

/** `file.md#heading`, as it is linked to. */
function isThere(link: string): boolean {
	const [file = '', anchor] = link.split('#');
	const content = file === '' ? text : readFileSync(path.join(DOCS, file), 'utf8');
	if (anchor === undefined) return true;
	const headings = [...content.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase());
	return headings.some((heading) => heading.replaceAll(/[^\p{L}\d -]/gu, '').replaceAll(' ', '-') === anchor);
}
