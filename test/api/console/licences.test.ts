import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { SITE } from '../../support/http-site.ts';
import { ed25519Pair, signLicence, signStatement } from '../../support/licensing-bench.ts';
import { operatorRow } from '../../support/operators.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeEach(async () => {
	site = createConsoleSite({ site: SITE });
	admin = await site.signIn('administrator');
});
afterEach(() => site.close());

const install = (document: string) => admin.post('/licences', { document });

describe('B1–B5, I1: the licences page', () => {
	test('before a licence says what is on, until when, and what stops first', async () => {
		const html = await admin.page('/licences');
		expect(html).toContain('Commissioning, without a licence');
		expect(html).toContain('Activations stop on');
		expect(html).toContain('1 of 3');
		expect(html).toContain('href="/api/v1/licences/request"');
		expect(await admin.page('/licences', { 'accept-language': 'nl' })).toContain('Inbedrijfstelling');
		expect(await admin.page('/licences', { 'accept-language': 'fr' })).toContain('Mise en service');
	});

	test('a licence is pasted, counts, and is shown with customer, variant and whom to call', async () => {
		const answer = await install(await signLicence());
		expect(answer.status).toBe(303);
		const html = await admin.page(answer.headers.get('location') ?? '');
		for (const text of ['Installed.', 'Acme Parking (C-7)', 'Professional', 'Barrier Works', 'I-0042', '1 of 25'])
			expect(html).toContain(text);
		expect(html).toContain('Licence L-0001 installed');
	});

	test('a forged one is refused at its field, and nothing is changed', async () => {
		const answer = await install(await signLicence({}, ed25519Pair()));
		expect(answer.status).toBe(422);
		const html = await answer.text();
		expect(html).toContain('Refused, nothing was changed');
		expect(html).toContain('aria-invalid="true"');
		expect(await admin.page('/licences')).toContain('Commissioning');
	});

	test('what a licence says is text, never markup', async () => {
		const name = '<img src=x onerror=alert(1)>';
		await install(await signLicence({ variant: name, customer: { id: 'C-1', name } }));
		const html = await admin.page('/licences');
		expect(html).not.toContain('<img');
		expect(html).toContain('&lt;img');
	});
});

describe('I16: camera licences on the page', () => {
	test('a button takes and gives; its state is told in words', async () => {
		expect(await admin.page('/licences/equipment')).toMatch(
			/aria-pressed="true" aria-label="Take the licence of cam-1"[^>]*>Take the licence</,
		);
		expect((await admin.post('/licences/equipment/cam-1', { active: 'no' })).status).toBe(303);
		const html = await admin.page('/licences/equipment');
		expect(html).toContain('Not licensed');
		expect(html).toMatch(/aria-pressed="false" aria-label="Give cam-1 a licence"[^>]*>Give a licence</);
		expect((await admin.post('/licences/equipment/nobody', { active: 'yes' })).status).toBe(404);
	});

	test('a full pool is told with what to do', async () => {
		await admin.post('/licences/equipment/cam-1', { active: 'no' });
		await install(await signLicence({ cameras: 0 }));
		const answer = await admin.post('/licences/equipment/cam-1', { active: 'yes' });
		expect(answer.status).toBe(409);
		expect(await answer.text()).toContain('All camera licences are used');
	});

	test('a technician sees it all and changes nothing', async () => {
		const technician = await site.signIn('technician');
		expect(await technician.page('/licences')).not.toContain('<textarea');
		const html = await technician.page('/licences/equipment');
		expect(html).toContain('Licensed');
		expect(html).not.toContain('Take a licence');
		expect((await technician.post('/licences/equipment/cam-1', { active: 'no' })).status).toBe(403);
	});
});

test('I18: a park is inactive by a statement of support, with its reason', async () => {
	expect((await install(await signStatement())).status).toBe(303);
	const html = await admin.page('/licences/equipment');
	expect(html).toContain('Works on the roof');
	expect(html).toContain('Inactive');
	expect(await admin.page('/licences')).toContain('Park P1 made inactive');
});

test('I17: without RFID parks are not shown, and a statement on one is not taken here', async () => {
	expect(await admin.page('/licences/equipment')).toContain('Parks');
	await install(await signLicence({ capabilities: ['anpr'] }));
	expect(await admin.page('/licences/equipment')).not.toContain('Parks');
	expect((await install(await signStatement())).status).toBe(422);
});

describe('I1–I6: kinds of licence on the page', () => {
	const kinds = (operatorId: string) => site.bench.store.licenceGrants.grantsOf(operatorId).map(({ kind }) => kind);
	const field = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

	test('I4: one box searches last name, first name and e-mail, whatever the case and accents', async () => {
		const operator = { id: 'op-1', email: 'elodie.durand@acme.example', name: 'Élodie Durand' };
		site.bench.store.operators.addOperator(operatorRow(operator));
		for (const q of ['elodie', 'DUR', 'durand elo', 'elodie.dur'])
			expect(await admin.page(`/licences/users?q=${encodeURIComponent(q)}`)).toContain('Élodie Durand');
		expect(await admin.page('/licences/users?q=duran elot')).toContain('Nobody is found');
		expect(await admin.page('/licences/users?kind=zScan')).toContain('Nobody is found');
	});

	test('I5, I6: read-only until the pencil; buttons with their state change a draft, Save changes it all, Cancel nothing', async () => {
		const id = (await site.signIn('reception')).operatorId;
		expect(await admin.page(`/licences/users/${id}`)).not.toContain('aria-pressed="true" aria-label');
		const editing = await admin.page(`/licences/users/${id}?edit`);
		expect(editing).toMatch(/aria-pressed="false" aria-label="z·scan: Not licensed"/);
		const draft = { etag: field(editing, 'etag').replaceAll('&quot;', '"'), kinds: '' };
		const pressed = await (await admin.post(`/licences/users/${id}`, { ...draft, toggle: 'zScan' })).text();
		expect(pressed).toMatch(/aria-pressed="true" aria-label="z·scan: Licensed"/);
		expect(kinds(id)).toEqual([]);
		const undone = await admin.post(`/licences/users/${id}`, { ...draft, kinds: 'zScan', toggle: 'zScan' });
		expect(await undone.text()).toMatch(/aria-pressed="false" aria-label="z·scan: Not licensed"/);
		const saved = await admin.post(`/licences/users/${id}`, { ...draft, kinds: field(pressed, 'kinds'), do: 'save' });
		expect(saved.status).toBe(303);
		expect(kinds(id)).toEqual(['zScan']);
		const html = await admin.page(saved.headers.get('location') ?? '');
		expect(html).toContain('Saved');
		expect(html).toContain('z·scan given to The reception');
		const late = await admin.post(`/licences/users/${id}`, { ...draft, kinds: 'zReview', do: 'save' });
		expect(late.status).toBe(412);
		expect(kinds(id)).toEqual(['zScan']);
	});

	test('A7 a licence is given and taken from the operator’s page, by the same service', async () => {
		const id = (await site.signIn('reception')).operatorId;
		const href = /href="(\/licences\/users\/[^"]+edit[^"]*)"/.exec(await admin.page(`/operators/${id}`))?.[1] ?? '';
		const save = async (wanted: string) => {
			const etag = field(await admin.page(href), 'etag').replaceAll('&quot;', '"');
			const saved = await admin.post(`/licences/users/${id}`, { etag, kinds: wanted, do: 'save' });
			expect(saved.status).toBe(303);
		};
		await save('zScan');
		expect(kinds(id)).toEqual(['zScan']);
		await save('');
		expect(kinds(id)).toEqual([]);
		const technician = await site.signIn('technician');
		expect((await technician.get(href)).status).toBe(200);
		expect(await (await technician.get(href)).text()).not.toContain('name="etag"');
	});

	test('a kind that is full is refused with its figures, and what was chosen stays chosen', async () => {
		await install(await signLicence({ seats: { zScan: 0 } }));
		const id = (await site.signIn('reception')).operatorId;
		const etag = field(await admin.page(`/licences/users/${id}?edit`), 'etag').replaceAll('&quot;', '"');
		const answer = await admin.post(`/licences/users/${id}`, { etag, kinds: 'zScan', do: 'save' });
		expect(answer.status).toBe(409);
		const html = await answer.text();
		expect(html).toContain('0 of 0 licences z·scan are used');
		expect(html).toMatch(/aria-pressed="true" aria-label="z·scan: Licensed"/);
	});

	test('a technician looks and changes nothing', async () => {
		const technician = await site.signIn('technician');
		const path = `/licences/users/${admin.operatorId}`;
		expect(await technician.page(`${path}?edit`)).not.toContain('aria-pressed="false" aria-label');
		expect((await technician.post(path, { kinds: 'zScan', do: 'save' })).status).toBe(403);
	});

	test('I4, I20: unused licences are found and taken along, and the page tells how far the file is', async () => {
		const { operatorId } = await site.signIn('reception');
		const { services } = site.services;
		services.licenceGrants.set(operatorId, ['zScan'], { operatorId: null });
		expect(await admin.page('/licences/users?unused=30')).toContain('Nobody is found');
		expect(await admin.page('/licences/users?unused=7')).toContain('reception@example.org');
		site.bench.clock.advance(60 * 86_400_000);
		admin = await site.signIn('administrator');
		const page = await admin.page('/licences/users?unused=30');
		expect(page).toContain('reception@example.org');
		expect(page).toContain('unusedDays=30');
		expect(await admin.page('/live/licence-exports/licences')).not.toContain('in the file');
		const file = await (await admin.get('/api/v1/licences/export?unusedDays=30')).text();
		expect(file).toContain('reception@example.org');
		expect(await admin.page('/live/licence-exports/licences')).toContain('1 row is in the file');
		expect((await admin.get('/live/licence-exports/nothing')).status).toBe(404);
		const found = (await (await admin.get('/api/v1/licences/grants?unusedDays=30')).json()) as { items: object[] };
		expect(found.items).toMatchObject([{ operatorId, lastLogin: expect.stringContaining('2026-01-05') }]);
	});

	test('I19–I21: statistics of a year with their table, the export links, and the sum of all', async () => {
		const id = (await site.signIn('reception')).operatorId;
		const { services } = site.services;
		services.licenceGrants.set(id, ['zScan'], { operatorId: null });
		const statistics = await admin.page('/licences/statistics');
		expect(statistics).toContain('value="2025-01-05"');
		expect(statistics).toMatch(/data-points="\[\[1736/);
		expect(statistics).toContain('/api/v1/licences/history/export?');
		expect(await admin.page('/licences/statistics?from=2026-01-06&to=2026-01-01')).toContain(
			'The start must be before',
		);
		const total = await admin.page('/licences/total');
		expect(total).toMatch(/z·scan<\/th><td class="figures">1<\/td><td class="figures">2<\/td><td class="figures">3</);
	});
});
