import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TERM_GROUPS } from '../../../src/gateway/core/glossary/terms.ts';
import { REASONS } from '../../../src/gateway/core/reason.ts';
import { type ConsoleSite, createConsoleSite } from '../../support/console-site.ts';

let site: ConsoleSite;
beforeEach(() => {
	site = createConsoleSite();
});
afterEach(() => site.close());

const anchors = (page: string) => [...page.matchAll(/id="((?:term|reason)-\w+)"/g)].map(([, anchor]) => anchor);

describe('the glossary', () => {
	test('X1: says every word and every reason that the program uses, in the reader’s language', async () => {
		const reader = await site.signIn('reception');
		const terms = Object.values(TERM_GROUPS)
			.flat()
			.map((term) => `term-${term}`);
		const english = await reader.page('/glossary');
		expect(anchors(english).toSorted()).toEqual([...terms, ...REASONS.map((code) => `reason-${code}`)].toSorted());
		expect(english).toContain('First come, first served');
		const french = await reader.page('/glossary', { 'accept-language': 'fr' });
		expect(french).toContain('Premier arrivé, premier servi');
	});

	test('X1: finds words by any of their parts, codes too, and shows what was typed as text', async () => {
		const reader = await site.signIn('reception');
		expect(anchors(await reader.page('/glossary?q=anti%20passback%20in'))).toContain('reason-ANTI_PASSBACK_IN');
		expect(anchors(await reader.page('/glossary?q=WAllet'))).toContain('term-wallet');
		const none = await reader.page(`/glossary?q=${encodeURIComponent('<b>no such</b>')}`);
		expect(anchors(none)).toEqual([]);
		expect(none).not.toContain('<b>no such');
	});
});
