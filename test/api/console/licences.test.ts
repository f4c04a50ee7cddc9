import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { SITE } from '../../support/http-site.ts';
import { ed25519Pair, signLicence, signStatement } from '../../support/licensing-bench.ts';

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
		expect(await admin.page('/licences')).toMatch(
			/aria-pressed="true" aria-label="Take the licence of cam-1"[^>]*>Take the licence</,
		);
		expect((await admin.post('/licences/cameras/cam-1', { active: 'no' })).status).toBe(303);
		const html = await admin.page('/licences');
		expect(html).toContain('Not licensed');
		expect(html).toMatch(/aria-pressed="false" aria-label="Give cam-1 a licence"[^>]*>Give a licence</);
		expect((await admin.post('/licences/cameras/nobody', { active: 'yes' })).status).toBe(404);
	});

	test('a full pool is told with what to do', async () => {
		await admin.post('/licences/cameras/cam-1', { active: 'no' });
		await install(await signLicence({ cameras: 0 }));
		const answer = await admin.post('/licences/cameras/cam-1', { active: 'yes' });
		expect(answer.status).toBe(409);
		expect(await answer.text()).toContain('All camera licences are used');
	});

	test('a technician sees it all and changes nothing', async () => {
		const technician = await site.signIn('technician');
		const html = await technician.page('/licences');
		expect(html).toContain('Licensed');
		expect(html).not.toContain('<textarea');
		expect((await technician.post('/licences/cameras/cam-1', { active: 'no' })).status).toBe(403);
	});
});

test('I18: a park is inactive by a statement of support, with its reason', async () => {
	expect((await install(await signStatement())).status).toBe(303);
	const html = await admin.page('/licences');
	expect(html).toContain('Works on the roof');
	expect(html).toContain('Inactive');
	expect(html).toContain('Park P1 made inactive');
});
