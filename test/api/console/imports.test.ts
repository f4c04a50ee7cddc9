import { Buffer } from 'node:buffer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CATALOGUES } from '../../../src/api/console/catalogue/translator.ts';
import { IMPORT_KINDS } from '../../../src/gateway/services/imports/import-kinds.ts';
import { openTable } from '../../../src/gateway/services/tables/read-table.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { sendForm, textOf } from '../../support/directory-console.ts';
import { until } from '../../support/program.ts';

const { en, fr } = CATALOGUES;
const PEOPLE = 'Name;Address;Status\r\nJan Maes;jan@example.org;active\r\nEls <b>Claes</b>;=els@example.org;dragon\r\n';

let site: ConsoleSite;
let admin: Visitor;
beforeEach(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
});
afterEach(() => site.close());

/** As a browser without scripts sends the form. */
async function upload(text: string, kind = 'people', name = 'staff.csv'): Promise<Response> {
	const me = (await (await admin.get('/api/v1/me')).json()) as { csrf: string };
	const body = new FormData();
	body.append('_csrf', me.csrf);
	body.append('kind', kind);
	body.append('file', new Blob([text]), name);
	const headers = { cookie: admin.cookie, origin: 'http://gate.example' };
	return site.request('/imports', { method: 'POST', body, headers });
}

async function uploaded(text: string, kind?: string): Promise<string> {
	const answer = await upload(text, kind);
	expect(answer.status).toBe(303);
	const page = answer.headers.get('location') ?? '';
	await rests(page);
	return page;
}

/** Until it is no longer looked at by itself. */
async function rests(page: string): Promise<string> {
	let html = '';
	await until(async () => {
		html = await admin.page(page);
		expect(html).not.toContain('every 1s');
	}, 180_000);
	return html;
}

describe('the page of imports', () => {
	test('Z14 what the columns are is saved under a name, suggested for the next file, taken along and brought in', async () => {
		const first = await uploaded('Who;Address\r\nJan;jan@example.org\r\n');
		await sendForm({ site, visitor: admin }, first, { 'column-0': 'name', 'column-1': 'email' }, `${first}/mapping`);
		await rests(first);
		const saved = await sendForm({ site, visitor: admin }, first, { name: 'HR' }, `${first}/save-mapping`);
		expect(saved.headers.get('location')).toBe(`${first}?mapping=saved`);

		const next = await uploaded('Address;Who;Extra\r\nels@example.org;Els;7\r\n');
		const html = await admin.page(next);
		expect(textOf(html)).toContain(en['mapping.fitting']);
		const id = /name="saved" value="([^"]+)"/.exec(html)?.[1] ?? '';
		await sendForm({ site, visitor: admin }, next, { saved: id }, `${next}/mapping`);
		expect(await rests(next)).toContain('id="import-apply"');

		const file = await admin.get(`/imports/mappings/${id}/file`);
		expect(file.headers.get('content-disposition')).toContain('parkgate-mapping-people.json');
		const taken = await file.text();
		await sendForm({ site, visitor: admin }, '/imports/mappings', {}, `/imports/mappings/${id}/remove`);
		expect(textOf(await admin.page('/imports/mappings'))).toContain(en['mapping.none']);
		const me = (await (await admin.get('/api/v1/me')).json()) as { csrf: string };
		const bring = async (text: string) => {
			const body = new FormData();
			body.append('_csrf', me.csrf);
			body.append('file', new Blob([text]), 'mapping.json');
			const headers = { cookie: admin.cookie, origin: 'http://gate.example' };
			return (await site.request('/imports/mappings', { method: 'POST', body, headers })).headers.get('location');
		};
		expect(await bring(taken)).toBe('/imports/mappings?mapping=saved');
		expect(await bring('{"kind":')).toBe('/imports/mappings?mapping=notAMapping');
		expect(textOf(await admin.page('/imports/mappings'))).toContain('HR');
	});

	test('Z14 the connectors say how they stand, when they were used last and what went wrong', async () => {
		expect(textOf(await admin.page('/connectors'))).toContain(en['connectors.never']);
		await uploaded('');
		const text = textOf(await admin.page('/connectors'));
		expect(text).toContain('staff.csv could not be read');
		expect(text).toContain(en['connectors.central']);
		const guard = await site.signIn('security');
		expect((await guard.get('/connectors')).status).toBe(403);
	});

	test('X7 shows what is wrong with a file, takes another mapping, applies and undoes it, without any script', async () => {
		const page = await uploaded(PEOPLE);
		const wrong = await admin.page(page);
		expect(textOf(wrong)).toContain('Row 3, column C (Status)');
		expect(textOf(wrong)).toContain('“dragon” is not one of the choices');
		expect(wrong).not.toContain('id="import-apply"');
		const again = await sendForm(
			{ site, visitor: admin },
			page,
			{ 'column-1': 'email', 'column-2': '' },
			`${page}/mapping`,
		);
		expect(again.status).toBe(303);
		const ready = await rests(page);
		expect(textOf(ready)).toContain('2 changes are ready');
		expect(ready).toContain('Els &lt;b&gt;Claes&lt;/b&gt;');
		expect(textOf(ready)).toContain('=els@example.org');
		await admin.post(`${page}/apply`, {});
		expect(textOf(await rests(page))).toContain(en['import.applied']);
		expect(textOf(await admin.page('/holders?q=jan'))).toContain('Jan Maes');
		await admin.post(`${page}/undo`, {});
		expect(textOf(await rests(page))).toContain(en['import.undone']);
		expect(textOf(await admin.page('/holders?q=jan'))).not.toContain('Jan Maes');
		expect((await admin.post(`${page}/discard`, {})).headers.get('location')).toBe('/imports?removed');
		expect((await admin.get(page)).status).toBe(404);
	});

	test('X7 shows what changes as before and after, and counts what stays', async () => {
		const first = await uploaded('Employee number;Name;Phone\r\n7;Jan Maes;111\r\n8;Els Claes;222\r\n');
		await admin.post(`${first}/apply`, {});
		await rests(first);
		const page = await uploaded('Employee number;Name;Phone\r\n7;Jan Maes;333\r\n8;Els Claes;222\r\n');
		const changed = await admin.page(`${page}?show=changed`);
		expect(changed).toMatch(/<del><bdi>111<\/bdi><\/del>.*<ins><bdi>333<\/bdi><\/ins>/s);
		expect(textOf(await admin.page(`${page}?show=same`))).toContain('1 row stands in the directory as in the file');
	});

	test('tells of a file that is none, and keeps a page for it', async () => {
		const page = await uploaded('');
		expect(textOf(await admin.page(page))).toContain(en['import.unreadable']);
		expect(textOf(await admin.page('/imports'))).toContain(en['import.stage.unreadable']);
		expect((await upload(PEOPLE, 'dragons')).status).toBe(422);
	});

	test.each(IMPORT_KINDS)('hands out an example of %s that can be brought in as it is', async (kind) => {
		for (const format of ['xlsx', 'csv']) {
			const answer = await admin.get(`/imports/examples/${kind}?format=${format}`, { 'accept-language': 'fr' });
			expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${kind}.${format}"`);
			const bytes = new Uint8Array(await answer.arrayBuffer());
			const opening = await openTable(Buffer.from(bytes), {});
			expect(opening.result).toBe('opened');
			if (format === 'csv') expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
		}
	});

	test('is there for directory:import alone, and speaks the reader’s language', async () => {
		const reception = await site.signIn('reception');
		expect((await reception.get('/imports')).status).toBe(403);
		expect(await reception.page('/holders')).not.toContain('href="/imports');
		expect(textOf(await admin.page('/imports', { 'accept-language': 'fr' }))).toContain(fr['import.intro']);
	});
});

test('X7 lists of what can be brought in lead to where that is done', async () => {
	expect(await admin.page('/vehicles')).toContain('href="/imports?kind=vehicles"');
	expect(await admin.page('/imports?kind=vehicles')).toMatch(/value="vehicles" checked/);
	expect(await admin.page('/groups')).not.toContain('href="/imports?kind');
	const technician = await site.signIn('technician');
	expect(await technician.page('/vehicles')).not.toContain('href="/imports');
});
