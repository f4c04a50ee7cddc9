import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { facts } from '../../support/access-facts.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { readable } from '../../support/privacy-bench.ts';

let site: ConsoleSite;
let admin: Visitor;
let guard: Visitor;
let decision: string;

beforeAll(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
	guard = await site.signIn('security');
	decision = site.decide({ facts: facts(), subject: 'H10301 FC 53', holderName: 'Anna Peeters' });
	const holder = { kind: 'person', email: null, status: 'active' };
	await site.services.fillDirectory([
		{ table: 'holders', id: 'anna', name: 'Anna Peeters', ...holder },
		{ table: 'holders', id: 'bert', name: 'Bert <b>Maes</b>', ...holder },
	]);
});
afterAll(() => site.close());

describe('the privacy page', () => {
	test('says how long each kind is kept, in every language', async () => {
		const html = await guard.page('/privacy');
		expect(html).toContain('How long personal data is kept');
		for (const days of ['7', '90', '180', '400', '30']) expect(html).toContain(`>${days}</td>`);
		expect(html).not.toContain('Persons erased');
		expect(await admin.page('/privacy')).toContain('Persons erased');
		expect(await admin.page('/privacy', { 'accept-language': 'nl' })).toContain('bewaard');
	});

	test('holds a decision from its page, shows by whom and why, and ends it', async () => {
		expect(await guard.page(`/log/${decision}`)).toContain(`/privacy?decision=${decision}`);
		expect(await guard.page(`/privacy?decision=${decision}`)).toContain(`name="decision" value="${decision}"`);
		const incomplete = await guard.post('/privacy/holds', { decision, until: '', reason: '' });
		expect(incomplete.status).toBe(422);
		const until = new Date(site.bench.clock.nowMs() + 30 * 86_400_000).toISOString().slice(0, 16);
		const sent = { decision, until, reason: 'barrier <script>' };
		expect((await guard.post('/privacy/holds', sent)).status).toBe(303);
		const html = await guard.page('/privacy');
		expect(html).toContain('barrier &lt;script&gt;');
		const [, release = ''] = /action="(\/privacy\/holds\/[^"]+\/release)"/.exec(html) ?? [];
		expect((await guard.post(release, {})).status).toBe(303);
		expect(await guard.page('/privacy')).toContain('Nothing is kept for an incident.');
	});

	test('holds a period, and says what is wrong with one', async () => {
		const until = '2026-02-01T00:00';
		const wrong = await guard.post('/privacy/holds', { from: '', to: '', until, reason: 'x' });
		expect(await wrong.text()).toContain('Say from when to when.');
		const past = await guard.post('/privacy/holds', {
			...{ from: '2026-01-01T10:00', to: '2026-01-01T11:00', until: '2020-01-01T00:00', reason: 'x' },
		});
		expect([past.status, (await past.text()).includes('It was not kept')]).toEqual([422, true]);
		const sent = { from: '2026-01-01T10:00', to: '2026-01-01T11:00', until, reason: 'x' };
		expect((await guard.post('/privacy/holds', sent)).status).toBe(303);
	});
});

describe('the page of one person’s data', () => {
	test('is reached from their page, counts what is kept and offers it; looking is written down', async () => {
		expect(await admin.page('/holders/anna')).toContain('href="/personal-data/anna"');
		const html = await admin.page('/personal-data/anna');
		expect(html).toContain('What is kept of Anna Peeters');
		expect(html).toContain('/api/v1/holders/anna/personal-data/export');
		const views = readable(site.bench.store).filter(
			(entry) => entry.type === 'audit' && entry.action === 'personViewed' && entry.target === 'anna',
		);
		expect(views).toHaveLength(1);
		expect((await guard.get('/personal-data/anna')).status).toBe(403);
		expect((await admin.get('/personal-data/nobody')).status).toBe(404);
	});

	test('erases once it is meant, with a reason that does not name them', async () => {
		const path = '/personal-data/bert/erase';
		expect((await admin.post(path, { reason: 'letter' })).status).toBe(422);
		expect((await admin.post(path, { reason: '', sure: 'yes' })).status).toBe(422);
		const named = await admin.post(path, { reason: 'bert <b>maes</b> asked', sure: 'yes' });
		expect([named.status, (await named.text()).includes('names the person')]).toEqual([409, true]);
		const begun = await admin.post(path, { reason: 'asked by letter', sure: 'yes' });
		expect([begun.status, begun.headers.get('location')]).toEqual([303, '/privacy?begun']);
		expect((await admin.get('/personal-data/bert')).status).toBe(404);
		expect(await admin.page('/privacy?begun')).toContain('The person is deleted');
	});
});
