import { Buffer } from 'node:buffer';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ReadableStream } from 'node:stream/web';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';
import { until } from '../../support/program.ts';

const PATH = '/api/v1/imports';
const PEOPLE = 'Name;E-mail\r\nJan Maes;jan@example.org\r\nEls Claes;els@example.org\r\n';

let site: HttpSite;
let admin: SignedIn;
beforeEach(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
});
afterEach(() => site.close());

interface Shown {
	readonly id: string;
	readonly state: { readonly stage: string; readonly problemCount: number };
	readonly preview: {
		readonly counts: Record<string, number>;
		readonly columns: readonly { readonly field: string | null; readonly samples: readonly string[] }[];
		readonly problems: readonly Record<string, unknown>[];
	};
}

function upload(login: SignedIn, query: string, body: BodyInit, headers: Record<string, string> = {}) {
	const own = { cookie: login.cookie, 'x-csrf-token': login.csrf, ...headers };
	return site.request(`${PATH}${query}`, { method: 'POST', body, headers: own, duplex: 'half' } as RequestInit);
}

async function shown(id: string): Promise<Shown> {
	return (await (await admin.get(`${PATH}/${id}`)).json()) as Shown;
}

/** Resolves when it rests. */
async function resting(id: string): Promise<Shown> {
	await until(async () => {
		const { stage } = (await shown(id)).state;
		expect(['reading', 'confirmed', 'applying', 'undoing']).not.toContain(stage);
	}, 180_000);
	return shown(id);
}

async function imported(query: string, body: BodyInit): Promise<Shown> {
	const answer = await upload(admin, query, body, { 'content-type': 'text/csv' });
	expect(answer.status, await answer.clone().text()).toBe(201);
	const { id } = (await answer.json()) as Shown;
	expect(answer.headers.get('location')).toBe(`${PATH}/${id}`);
	return resting(id);
}

describe('an import over HTTP', () => {
	test('X7 while it is read its columns are not known, and that is what is said of a mapping', async () => {
		const answer = await upload(admin, '?kind=people&fileName=staff.csv', PEOPLE, { 'content-type': 'text/csv' });
		const { id } = (await answer.json()) as Shown;
		const early = await admin.send('PUT', `${PATH}/${id}/mapping`, { mapping: ['name', 'email'] });
		expect(early.status).toBe(409);
		expect(await early.json()).toMatchObject({ because: 'wrongStage' });
		await resting(id);
		const wrong = await admin.send('PUT', `${PATH}/${id}/mapping`, { mapping: ['name'] });
		expect(await wrong.json()).toMatchObject({ errors: [{ path: 'body.mapping', problem: 'It is for 1 columns' }] });
	});

	test('X7 is read, shown, applied and undone', async () => {
		const { id, preview, state } = await imported('?kind=people&fileName=staff.csv', PEOPLE);
		expect(state.stage).toBe('previewed');
		expect(preview.counts).toEqual({ new: 2, changed: 0, same: 0, withErrors: 0 });
		expect(preview.columns.map(({ field, samples }) => [field, samples])).toEqual([
			['name', ['Jan Maes', 'Els Claes']],
			['email', ['jan@example.org', 'els@example.org']],
		]);
		const first = (await (await admin.get(`${PATH}/${id}/changes?limit=1&kind=new`)).json()) as Record<string, unknown>;
		expect(first).toMatchObject({
			items: [{ row: 2, collection: 'holders', before: null, after: { name: 'Jan Maes' } }],
		});
		const rest = await (await admin.get(`${PATH}/${id}/changes?limit=1&cursor=${first['nextCursor']}`)).json();
		expect(rest).toMatchObject({ items: [{ row: 3, after: { name: 'Els Claes' } }] });
		expect((await (await admin.get(`${PATH}/${id}/changes?kind=changed`)).json()) as object).toMatchObject({
			items: [],
		});
		expect((await admin.post(`${PATH}/${id}/apply`)).status).toBe(200);
		expect((await resting(id)).state.stage).toBe('applied');
		const found = (await (await admin.get('/api/v1/holders?q=jan')).json()) as { items: object[] };
		expect(found.items).toMatchObject([{ name: 'Jan Maes', email: 'jan@example.org' }]);
		expect((await admin.post(`${PATH}/${id}/apply`)).status).toBe(409);
		expect((await admin.post(`${PATH}/${id}/undo`)).status).toBe(200);
		expect((await resting(id)).state.stage).toBe('undone');
		expect(await (await admin.get('/api/v1/holders?q=jan')).json()).toMatchObject({ items: [] });
		expect((await admin.send('DELETE', `${PATH}/${id}`)).status).toBe(204);
		expect((await admin.get(`${PATH}/${id}`)).status).toBe(404);
	});

	test('X7 tells rows with errors by row, column and how to mend them, and is not applied with them', async () => {
		const { id, preview } = await imported(
			'?kind=people',
			'Name;Status\r\nJan;active\r\nEls;blocked\r\nTom;geheim\r\n',
		);
		expect(preview.counts).toMatchObject({ new: 2, withErrors: 1 });
		expect(preview.problems).toMatchObject([
			{ severity: 'error', row: 4, column: 1, heading: 'Status', mend: expect.any(String) },
		]);
		const refused = await admin.post(`${PATH}/${id}/apply`);
		expect(refused.status).toBe(409);
		expect(await refused.json()).toMatchObject({ code: 'IMPORT_REFUSED', because: 'hasErrors' });
	});

	test('X7 takes another mapping, and says what a mapping can not be', async () => {
		const { id } = await imported('?kind=people', 'Who;Address\r\nJan;jan@example.org\r\n');
		const put = (mapping: unknown) => admin.send('PUT', `${PATH}/${id}/mapping`, { mapping });
		for (const wrong of [['name'], ['name', 'shoeSize'], ['name', 'name']])
			expect((await put(wrong)).status, JSON.stringify(wrong)).toBe(400);
		expect((await put(['name', 'email'])).status).toBe(200);
		expect((await resting(id)).preview.counts).toMatchObject({ new: 1 });
	});

	test('comes as a form as well, whatever its file is called', async () => {
		const form = new FormData();
		form.append('kind', 'people');
		form.append('file', new Blob([PEOPLE]), '../../etc/"passwd".csv');
		const answer = await upload(admin, '', form);
		expect(answer.status, await answer.clone().text()).toBe(201);
		expect(await answer.json()).toMatchObject({ fileName: '"passwd".csv', kind: 'people' });
	});

	test('is for directory:import alone, and asked for by our own pages or programs', async () => {
		for (const role of ['reception', 'security', 'technician']) {
			const login = await site.signIn(role);
			expect((await upload(login, '?kind=people', PEOPLE)).status, role).toBe(403);
			expect((await login.get(PATH)).status, role).toBe(403);
		}
		expect((await site.request(`${PATH}?kind=people`, { method: 'POST', body: PEOPLE })).status).toBe(401);
		const { cookie } = admin;
		const unproven = { method: 'POST', body: PEOPLE, headers: { cookie, 'content-type': 'text/csv' } };
		expect((await site.request(`${PATH}?kind=people`, unproven)).status).toBe(403);
	});

	test('shows names and addresses only to who may read them', async () => {
		site.close();
		site = createHttpSite({ seesPersonalData: () => false });
		admin = await site.signIn('administrator');
		const { id, preview } = await imported(
			'?kind=people',
			'Name;E-mail;Status\r\nJan Maes;jan@example.org;\r\nEls;;geheim\r\n',
		);
		expect(preview.columns.flatMap(({ samples }) => samples)).toEqual([]);
		const all = JSON.stringify([await shown(id), await (await admin.get(`${PATH}/${id}/changes`)).json()]);
		for (const secret of ['Jan Maes', 'jan@example.org', 'geheim']) expect(all).not.toContain(secret);
	});
});

describe('a file that is hostile', () => {
	const BOUNDARY = 'limit';
	const type = `multipart/form-data; boundary=${BOUNDARY}`;
	const part = (head: string, text: string) => `--${BOUNDARY}\r\n${head}\r\n\r\n${text}\r\n`;
	const field = (name: string, text: string) => part(`Content-Disposition: form-data; name="${name}"`, text);
	const file = (text: string) => part('Content-Disposition: form-data; name="file"; filename="a.csv"', text);
	const end = `--${BOUNDARY}--\r\n`;
	const kept = () => readdirSync(path.join(site.bench.dir, 'imports'));

	test.each([
		['has no boundary', 'multipart/form-data', field('kind', 'people') + file(PEOPLE) + end],
		['has another boundary', 'multipart/form-data; boundary=other', field('kind', 'people') + file(PEOPLE) + end],
		['ends in a file', type, `${field('kind', 'people')}${file(PEOPLE).slice(0, -20)}`],
		['ends in a head', type, `--${BOUNDARY}\r\nContent-Disposition: form-da`],
		['has a head without end', type, `--${BOUNDARY}\r\n${'x'.repeat(LIMITS.uploadHeaderBytes + 100)}`],
		['has a field without end', type, field('kind', 'x'.repeat(LIMITS.uploadFieldBytes + 1_000)) + file(PEOPLE) + end],
		['has fields without number', type, field('a', 'b').repeat(LIMITS.uploadFields + 1) + file(PEOPLE) + end],
		['says no kind', type, file(PEOPLE) + end],
		['says an unknown kind', type, field('kind', 'dragons') + file(PEOPLE) + end],
		['says what nobody asked', type, field('kind', 'people') + field('dragon', 'x') + file(PEOPLE) + end],
	])('is refused and leaves nothing when it %s', async (_, contentType, body) => {
		const answer = await upload(admin, '', body, { 'content-type': contentType });
		expect(answer.status, await answer.clone().text()).toBe(400);
		expect(await answer.json()).toMatchObject({ code: 'INVALID_REQUEST' });
		expect(kept()).toEqual([]);
	});

	test('without a file, or with an empty one, is told as empty', async () => {
		for (const body of [field('kind', 'people') + end, field('kind', 'people') + file('') + end]) {
			const answer = await upload(admin, '', body, { 'content-type': type });
			const { id } = (await answer.json()) as Shown;
			expect((await resting(id)).preview.problems).toMatchObject([{ code: 'empty' }]);
		}
	});

	test('may hold the boundary cut at any place of its chunks', async () => {
		const body = Buffer.from(field('kind', 'people') + file(`${PEOPLE}A\r\n--limi;\r\n-\r\n`) + end);
		for (const size of [1, 7, 64]) {
			const chunks = ReadableStream.from(cut(body, size));
			const answer = await upload(admin, '', chunks as unknown as BodyInit, { 'content-type': type });
			const { id } = (await answer.json()) as Shown;
			const { preview } = await resting(id);
			expect(preview.counts, `chunks of ${size}`).toMatchObject({ new: 5 });
			await admin.send('DELETE', `${PATH}/${id}`);
		}
	});

	test('is refused with 413 as soon as it is too large, said or not, and leaves nothing', async () => {
		const piece = Buffer.alloc(1_048_576, 'x');
		let sent = 0;
		async function* endless() {
			for (;;) {
				sent += 1;
				yield piece;
			}
		}
		const body = ReadableStream.from(endless()) as unknown as BodyInit;
		const answer = await upload(admin, '?kind=people', body, { 'content-type': 'text/csv' });
		expect(answer.status).toBe(413);
		expect(sent).toBeLessThan(80);
		expect(kept()).toEqual([]);
	});
});

async function* cut(bytes: Buffer, size: number) {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
