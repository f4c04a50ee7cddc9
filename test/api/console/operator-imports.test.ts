import { afterEach, beforeEach, expect, test } from 'vitest';
import { CATALOGUES } from '../../../src/api/console/catalogue/translator.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { sendForm, textOf } from '../../support/directory-console.ts';

const { en } = CATALOGUES;

let site: ConsoleSite;
let admin: Visitor;
beforeEach(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
});
afterEach(() => site.close());

/** As a browser without scripts sends the form. */
async function upload(text: string): Promise<string> {
	const me = (await (await admin.get('/api/v1/me')).json()) as { csrf: string };
	const body = new FormData();
	body.append('_csrf', me.csrf);
	body.append('file', new Blob([text]), 'team.csv');
	const headers = { cookie: admin.cookie, origin: 'http://gate.example' };
	const answer = await site.request('/imports/operators', { method: 'POST', body, headers });
	expect(answer.status).toBe(303);
	return answer.headers.get('location') ?? '';
}

test('Z8 Z14 a list of operators is looked at, applied with codes shown once, and undone, without any script', async () => {
	expect(await admin.page('/imports')).toContain('href="/imports/operators"');
	const wrong = await admin.page(await upload('e-mail;name;roles\nada@example.org;<b>Ada</b>;wizard\n'));
	expect(textOf(wrong)).toContain('wizard');
	expect(wrong).not.toContain('id="operator-import-apply"');

	const page = await upload('e-mail;name;roles\nada@example.org;<b>Ada</b>;reception\n');
	expect(await admin.page(page)).toContain('&lt;b&gt;Ada&lt;/b&gt;');
	const applied = await sendForm({ site, visitor: admin }, page, {}, `${page}/apply`);
	const html = await applied.text();
	expect(textOf(html)).toContain(en['opImport.codes']);
	expect(html).toMatch(/<code>[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}<\/code>/);
	expect(textOf(await admin.page(page))).not.toContain(en['opImport.codes']);

	const undone = await sendForm({ site, visitor: admin }, page, {}, `${page}/undo`);
	expect(textOf(await undone.text())).toContain(en['opImport.undone']);
	expect(site.bench.store.operators.operatorByEmail('ada@example.org')).toBeUndefined();
});

test('Z8 a list of operators over HTTP: read, applied once, undone; refused rows say why', async () => {
	const PATH = '/api/v1/operator-imports';
	const me = (await (await admin.get('/api/v1/me')).json()) as { csrf: string };
	const headers = { cookie: admin.cookie, 'x-csrf-token': me.csrf, 'content-type': 'text/csv' };
	const post = (path: string, body?: string) =>
		site.request(path, { method: 'POST', headers, ...(body !== undefined && { body, duplex: 'half' }) } as RequestInit);
	const read = await post(`${PATH}?fileName=team.csv`, 'e-mail,name,roles\nada@example.org,Ada,security@park:P9\n');
	expect(read.status).toBe(201);
	const refused = (await read.json()) as { id: string };
	expect(read.headers.get('location')).toBe(`${PATH}/${refused.id}`);
	expect(refused).toMatchObject({ rows: [{ outcome: 'refused', problem: expect.stringContaining('park:P9') }] });
	const stays = await post(`${PATH}/${refused.id}/apply`);
	expect([stays.status, ((await stays.json()) as { detail: string }).detail]).toEqual([
		422,
		expect.stringContaining('Row 2'),
	]);

	const { id } = (await (await post(PATH, 'e-mail,name\nada@example.org,Ada\n')).json()) as { id: string };
	const done = (await (await post(`${PATH}/${id}/apply`)).json()) as { codes: { path: string }[] };
	expect(done.codes).toMatchObject([{ email: 'ada@example.org', path: expect.stringContaining('/activate?code=') }]);
	expect((await post(`${PATH}/${id}/apply`)).status).toBe(409);
	expect(await (await post(`${PATH}/${id}/undo`)).json()).toMatchObject({ stage: 'undone', kept: 0 });
	expect((await post(`${PATH}?mapping=nobody`, 'e-mail\n')).status).toBe(404);
});
