import { globSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOG_PAGE_SIZE } from '../../../src/api/console/pages/log/log-filter.ts';
import { becauseLabel } from '../../../src/api/console/pages/log/verdict-groups.ts';
import { aPlateRead, aRight, aTagRead, facts, TUESDAY_10H } from '../../support/access-facts.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';

let site: ConsoleSite;
let admin: Visitor;
const DECISIONS = 120;
let full: string;
let passed: string;
let waived: string;
beforeAll(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
	for (let n = 0; n < DECISIONS; n += 1) {
		const refused = n % 10 === 0;
		const presented = refused ? [aPlateRead({ match: { how: 'none' } })] : [aTagRead()];
		const lane = { id: n % 2 === 0 ? 'L1' : 'L2' };
		const decided = facts({ atMs: TUESDAY_10H + n * 60_000, presented, lane, rights: refused ? [] : [aRight()] });
		site.decide({ facts: decided, subject: `plate-${n}`, holderName: refused ? null : 'Zoë Claes' });
	}
	const areas = facts().areas.map((area) => ({ ...area, capacity: 80, occupied: 79, reserved: 1 }));
	full = site.decide({ facts: facts({ areas }), subject: 'full', holderName: 'Anna Peeters' });
	passed = site.decide({ facts: facts(), subject: 'passed', holderName: 'Anna Peeters', sequel: 'passed' });
	waived = site.decide({
		facts: facts({ areas, rights: [aRight({ strategy: 'preferential' })] }),
		subject: 'waived',
		holderName: null,
		sequel: 'openFailed',
	});
});
afterAll(() => site.close());

const subjects = (html: string) => [...html.matchAll(/class="subject"><bdi>([^<]*)</g)].map(([, subject]) => subject);
const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the access log', () => {
	test('leads through all of it page by page, each decision once, newest first', async () => {
		const seen: (string | undefined)[] = [];
		let next: string | undefined = '/log?lane=L1';
		let pages = 0;
		while (next !== undefined) {
			const html = await admin.page(next);
			seen.push(...subjects(html));
			pages += 1;
			next = /href="([^"]+)" rel="next"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
			expect(html.includes('rel="first"')).toBe(pages > 1);
		}
		expect(pages).toBe(Math.ceil((DECISIONS / 2 + 3) / LOG_PAGE_SIZE));
		expect(new Set(seen).size).toBe(DECISIONS / 2 + 3);
	});

	test('filters by lane, outcome, reason, words and period, together', async () => {
		const from = '2026-06-16T10:00';
		const html = await admin.page(
			`/log?lane=L1&outcome=refused&reason=UNKNOWN_CREDENTIAL&q=PLATE-2&from=${from}&to=2026-06-16T11:00`,
		);
		expect(subjects(html)).toEqual(['plate-20']);
		expect(html).toMatch(/<option value="refused" selected/);
		expect(html).toContain(`value="${from}"`);
		expect(html).toContain('1 decision on this page');
	});

	test('is taken along as a file of the same lines, by who may export', async () => {
		const html = await admin.page('/log?lane=L1&outcome=refused&from=2026-06-16T10:00');
		expect(html).toMatch(
			/href="\/api\/v1\/decisions\/export\?lane=L1&amp;outcome=refused&amp;from=2026-06-16T[^"]+&amp;lang=\w\w&amp;format=xlsx"/,
		);
		expect(await (await site.signIn('reception')).page('/log')).not.toContain('/decisions/export');
	});

	test('finds a name without its accents', async () => {
		expect(subjects(await admin.page('/log?q=zoe'))).toHaveLength(LOG_PAGE_SIZE);
	});

	test('says what is wrong with a period and goes on without it', async () => {
		const html = await admin.page('/log?from=yesterday');
		expect(html).toContain('This is not a time such as 2026-03-01 08:30.');
		expect(html).toContain('aria-invalid="true"');
		expect(html).toContain('value="yesterday"');
		const inverted = await admin.page('/log?from=2026-06-17T10:00&to=2026-06-16T10:00');
		expect(inverted).toContain('The start must be before the end.');
	});

	test('ignores filters that are none', async () => {
		expect(subjects(await admin.page('/log?outcome=maybe&reason=NOPE'))).toHaveLength(LOG_PAGE_SIZE);
	});

	test('an old bookmark leads to the newest page, and says so', async () => {
		const html = await admin.page('/log?cursor=forged');
		expect(html).toContain('This page of the log no longer exists');
		expect(subjects(html)).toHaveLength(LOG_PAGE_SIZE);
	});

	test('offers the way back when nothing fits', async () => {
		const html = await admin.page('/log?q=nobody-has-this');
		expect(html).toContain('Nothing fits these filters');
		expect(html).toContain('href="/log"');
	});

	test('answers a search while typing with the results alone, and the count for those who listen', async () => {
		const part = await admin.page('/log?q=plate-119', { 'hx-request': 'true' });
		expect(part).toMatch(/^<div id="log-results">/);
		expect(part).toMatch(/id="results-count" role="status" hx-swap-oob="innerHTML"/);
		expect(subjects(part)).toEqual(['plate-119']);
	});

	test('coming back in history gets the whole page', async () => {
		const headers = { 'hx-request': 'true', 'hx-history-restore-request': 'true' };
		expect(await admin.page('/log?q=plate', headers)).toContain('<html');
	});
});

describe('a decision explained [X14]', () => {
	test('tells the cause, what to do and the figures it was decided on', async () => {
		const text = textOf(await admin.page(`/log/${full}`));
		expect(text).toContain('The car park or area is full. Area Deck Places 80 Occupied 79 Reserved 1 What to do');
		expect(text).toContain('There is room in the area The reason');
		expect(text).toContain('AREA_FULL');
	});

	test('shows every rule with its verdict and why, in groups [N1]', async () => {
		const text = textOf(await admin.page(`/log/${passed}`));
		for (const group of [
			'Lane and equipment',
			'Identification',
			'Credential',
			'Holder',
			'Right and validity',
			'Capacity',
		]) {
			expect(text).toContain(group);
		}
		expect(text).toContain('The right covers this area');
		expect(text).toContain(
			'All of tag, plate and PIN that the lane asks for came The lane asks for a tag or a plate, not both.',
		);
		expect(text).not.toContain('Failed');
		expect(text).toContain('Access was granted');
	});

	test('tells once why neighbouring rules do not apply, and still names each of them', async () => {
		const unknown = facts({ presented: [aTagRead({ match: { how: 'none' } })], rights: [] });
		const id = site.decide({ facts: unknown, subject: 'unknown', holderName: null });
		const text = textOf(await admin.page(`/log/${id}`));
		expect(text).toContain(
			'5 rules The credential is not disabled The credential is not reported lost The credential is not reported stolen' +
				' The credential is already valid The credential is still valid No credential was recognised. Not applicable',
		);
	});

	test('a waived rule says by whom', async () => {
		const text = textOf(await admin.page(`/log/${waived}`));
		expect(text).toContain('There is room in the area The right does not need it.');
	});

	test('tells what was read, by which device, how surely, and whose it is', async () => {
		const unknown = facts({ presented: [aPlateRead({ reads: 2, match: { how: 'ambiguous', count: 3 } })], rights: [] });
		const id = site.decide({ facts: unknown, subject: '1ABC234', holderName: null });
		const text = textOf(await admin.page(`/log/${id}`));
		expect(text).toContain('Plate 1ABC234 by cam-1 · Confidence 95% · 2 agreeing reads 3 known plates look like it');
		expect(text).toContain('Nobody known');
	});

	test('tells what followed: the opening, the passage, or why it failed', async () => {
		const went = textOf(await admin.page(`/log/${passed}`));
		expect(went).toContain('The barrier opened');
		expect(went).toContain('A vehicle drove from Outside to Deck Certain: both loops saw it');
		const failed = textOf(await admin.page(`/log/${waived}`));
		expect(failed).toContain('Not opened');
		expect(failed).toContain('The barrier did not open The relay board answered with exception 4');
	});

	test('shows the facts as they are stored', async () => {
		const html = await admin.page(`/log/${full}`);
		const [, json = ''] = /<pre[^>]*>(.*?)<\/pre>/s.exec(html) ?? [];
		const stored = JSON.parse(json.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&#39;', "'"));
		expect(stored.facts).toEqual(site.accessLog.get(full)?.entry.facts);
	});

	test('is explained in the reader’s language', async () => {
		const visitor = await site.signIn('technician');
		await visitor.post('/account/language', { language: 'nl', back: '/' });
		const text = textOf(await visitor.page(`/log/${full}`));
		expect(text).toContain('Er is plaats in de zone De reden');
		expect(text).toContain('Capaciteit');
	});

	test('has words for every reason why a rule of the core does not apply', () => {
		const rules = globSync('src/gateway/core/access/*-rules.ts').map((file) => readFileSync(file, 'utf8'));
		const phrases = rules.flatMap((text) =>
			[...text.matchAll(/notApplicable\(\s*'([^']+)'/g)].map(([, phrase = '']) => phrase),
		);
		expect(phrases.length).toBeGreaterThan(10);
		expect(phrases.filter((phrase) => becauseLabel(phrase) === undefined)).toEqual([]);
	});
});
