import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiName, DIRECTORY_FACES, type DirectoryFace } from '../../../src/api/http/directory-faces.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { fillWithSamples, type SampleIds, sampleBody } from '../../support/directory-samples.ts';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';

type Body = Record<string, unknown>;

let site: HttpSite;
let admin: SignedIn;
let ids: SampleIds;
let made = 0;
beforeAll(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
	ids = fillWithSamples(site.services.edits);
});
afterAll(() => site.close());

const newBody = (collection: DirectoryFace) => sampleBody(collection, ++made, ids);

async function jsonOf(answer: Response): Promise<Body> {
	return (await answer.json()) as Body;
}

async function create(collection: DirectoryFace, body: Body = newBody(collection)) {
	const answer = await admin.post(collection.path, body);
	const row = await jsonOf(answer);
	expect(answer.status, JSON.stringify(row)).toBe(201);
	const at = answer.headers.get('location') ?? '';
	return { at, row, id: String(row['id']), etag: answer.headers.get('etag') ?? '', answer };
}

/** A field that may differ from row to row, with two values. */
function changing(collection: DirectoryFace, row: Body): Body {
	const other = sampleBody(collection, ++made, ids);
	const name = Object.keys(other).findLast((key) => typeof other[key] === 'string' && other[key] !== row[key]);
	return { [name ?? '']: other[name ?? ''] };
}

function fitsDocument(method: string, path: string, body: unknown): void {
	const route = site.http.routes.find((found) => found.method === method && found.path === path);
	expect(route?.answer?.safeParse(body).error, `the answer of ${method} ${path} fits its schema`).toBeUndefined();
}

async function items(collection: DirectoryFace, query: string): Promise<{ ids: string[]; body: Body }> {
	const body = await jsonOf(await admin.get(`${collection.path}?${query}`));
	fitsDocument('get', collection.path, body);
	return { ids: (body['items'] as Body[]).map(({ id }) => String(id)), body };
}

describe.each(DIRECTORY_FACES)('$path', (collection) => {
	const { path, aggregate, face } = collection;
	const { fields } = aggregate;

	test('what is made is there, under its Location, with what was sent', async () => {
		const sent = newBody(collection);
		const { at, row, id, etag, answer } = await create(collection, sent);
		expect(at).toBe(`${path}/${id}`);
		expect(etag).toMatch(/^"[\w-]{22}"$/);
		expect(answer.headers.get('edit-batch')).not.toBeNull();
		fitsDocument('post', path, row);
		const read = await admin.get(at);
		expect(await jsonOf(read)).toEqual(row);
		expect(read.headers.get('etag')).toBe(etag);
		expect((await admin.get(at, { 'if-none-match': etag })).status).toBe(304);
		for (const [name, value] of Object.entries(sent)) {
			const isMoment = typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value);
			expect(isMoment ? Date.parse(String(row[name])) : row[name], name).toEqual(isMoment ? Date.parse(value) : value);
			if (isMoment) expect(row[name]).toMatch(/\+0[12]:00$/);
		}
		for (const [name, value] of Object.entries(face.fixed ?? {})) expect(row[name]).toBe(value);
	});

	test('takes a row back as it showed it, and changes nothing by it', async () => {
		const { at, row, etag } = await create(collection);
		const answer = await admin.send('PATCH', at, row, { 'content-type': 'application/merge-patch+json' });
		expect(answer.status).toBe(200);
		expect(answer.headers.get('etag')).toBe(etag);
		expect(answer.headers.get('edit-batch')).toBeNull();
	});

	test('a patch changes what it names, null takes away, and every change is told with who and when', async () => {
		const { at, row } = await create(collection);
		const change = changing(collection, row);
		const patched = await admin.send('PATCH', at, change);
		expect(await jsonOf(patched)).toEqual({ ...row, ...presented(change) });
		for (const [name, field] of Object.entries(fields)) {
			if (!field.nullable || ['currency', 'priceMinor', 'refillPeriod'].includes(name)) continue;
			const cleared = await jsonOf(await admin.send('PATCH', at, { [apiName(name, field)]: null }));
			expect(cleared[apiName(name, field)], name).toBeNull();
		}
		const history = await jsonOf(await admin.get(`${at}/history`));
		fitsDocument('get', `${path}/{id}/history`, history);
		const told = history['items'] as Body[];
		expect(told.at(-1)).toMatchObject({ before: null, after: row, operatorName: 'The administrator' });
		expect(told.at(-2)).toMatchObject({ before: row, fields: Object.keys(change), operatorId: admin.operatorId });
		expect(told.at(-1)?.['at']).toMatch(/T.*[+-]\d\d:\d\d$/);
	});

	test('is found by its words, its fields and page by page', async () => {
		const { id, row } = await create(collection);
		const word = [...aggregate.words, ...aggregate.prefixes].map((name) => row[name]).find((text) => text !== null);
		if (word !== undefined)
			expect((await items(collection, `q=${encodeURIComponent(String(word))}`)).ids).toContain(id);
		for (const name of face.filters) {
			const value = [row[name]].flat()[0];
			if (value === undefined || value === null) continue;
			const query = `${name}=${encodeURIComponent(String(value))}&limit=200`;
			expect((await items(collection, query)).ids, query).toContain(id);
			expect((await items(collection, `${query}&${name}=${encodeURIComponent(String(value))}`)).ids).toContain(id);
		}
		const { ids: all, body } = await items(collection, 'limit=200&count');
		expect(body['count']).toBe(all.length);
		const paged: string[] = [];
		let cursor: unknown = '';
		while (cursor !== null && paged.length <= all.length) {
			const page = await items(collection, `limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
			paged.push(...page.ids);
			cursor = page.body['nextCursor'];
		}
		expect(paged).toEqual(all);
		expect((await items(collection, 'limit=200&sort=desc')).ids).toEqual(all.toReversed());
		expect((await admin.get(`${path}?nosuch=1`)).status).toBe(400);
	});

	test('is taken away, remembered, and put back by undo', async () => {
		const { at, row, id } = await create(collection);
		const preview = await admin.send('DELETE', `${at}?preview`);
		expect(await jsonOf(preview)).toEqual({ rows: [{ collection: expect.any(String), id, deleted: true }] });
		expect((await admin.get(at)).status).toBe(200);
		const gone = await admin.send('DELETE', at);
		expect(gone.status).toBe(204);
		expect(await gone.text()).toBe('');
		for (const method of ['GET', 'PATCH', 'DELETE']) {
			const answer = method === 'GET' ? await admin.get(at) : await admin.send(method, at, {});
			expect(answer.status, method).toBe(404);
		}
		const history = await jsonOf(await admin.get(`${at}/history`));
		expect((history['items'] as Body[])[0]).toMatchObject({ before: row, after: null });
		const undo = `/api/v1/edits/${gone.headers.get('edit-batch')}/undo`;
		const undone = await admin.post(undo);
		expect(undone.status).toBe(200);
		const answer = await jsonOf(undone);
		fitsDocument('post', '/api/v1/edits/{batchId}/undo', answer);
		expect(answer['rows']).toMatchObject([{ id, deleted: false, row }]);
		expect(await jsonOf(await admin.get(at))).toEqual(row);
		expect((await admin.post(undo)).status, 'it is there already').toBe(409);
	});

	test('of two who read the same row, the second to change it is told', async () => {
		const { at, row, etag } = await create(collection);
		const changes = [changing(collection, row), changing(collection, row)];
		const answers = await Promise.all(changes.map((change) => admin.send('PATCH', at, change, { 'if-match': etag })));
		const won = answers.findIndex(({ status }) => status === 200);
		const [winner, loser] = won === 0 ? answers : answers.toReversed();
		expect(loser?.status).toBe(412);
		expect(await jsonOf(await admin.get(at))).toEqual({ ...row, ...presented(changes[won] ?? {}) });
		expect(await loser?.json()).toMatchObject({ code: 'CHANGED', status: 412, title: 'Precondition Failed' });
		const now = winner?.headers.get('etag') ?? '';
		expect(loser?.headers.get('etag'), 'the one to read again').toBe(now);
		expect((await admin.send('DELETE', at, undefined, { 'if-match': etag })).status).toBe(412);
		expect((await admin.send('DELETE', at, undefined, { 'if-match': `"other", ${now}` })).status).toBe(204);
	});

	test('the same request sent again makes one row', async () => {
		const body = newBody(collection);
		const send = () => admin.post(path, body, { 'idempotency-key': `key-${made}` });
		const answers = await Promise.all([send(), send()]);
		const [first, second] = await Promise.all(answers.map(jsonOf));
		expect(first).toEqual(second);
		expect(answers[1]?.headers.get('location')).toBe(answers[0]?.headers.get('location'));
	});

	test('what is missing or does not fit is named, with how to mend it, and nothing is made', async () => {
		const before = site.bench.store.journal.lastSeq();
		for (const [name, field] of Object.entries(fields)) {
			const shown = apiName(name, field);
			const isNeeded = name !== 'id' && !field.hasDefault && !field.nullable && face.fixed?.[name] === undefined;
			const { [shown]: _, ...without } = newBody(collection);
			if (isNeeded) await refused(await admin.post(path, without), `body.${shown}`);
			for (const value of [{ a: 1 }, 'x'.repeat(100_000), -0.5, [[]]]) {
				await refused(await admin.post(path, { ...newBody(collection), [shown]: value }), `body.${shown}`);
			}
		}
		await refused(await admin.post(path, { ...newBody(collection), nosuch: 1 }), 'body');
		await refused(await admin.post(path, [newBody(collection)]), 'body');
		expect(site.bench.store.journal.lastSeq()).toBe(before);
		const large = await admin.post(path, { ...newBody(collection), id: 'x'.repeat(LIMITS.requestBodyBytes) });
		expect(large.status).toBe(413);
	});

	async function refused(answer: Response, place: string): Promise<void> {
		const body = await jsonOf(answer);
		expect(answer.status, JSON.stringify(body).slice(0, 500)).toBe(400);
		expect(JSON.stringify(body).length).toBeLessThan(4_096);
		const errors = body['errors'] as { path: string; mend: string }[];
		expect(errors.map((error) => error.path.split('.').slice(0, 2).join('.'))).toContain(place);
		for (const { mend } of errors) expect(mend).toMatch(/^\w.*\.$/);
	}
});

/** What was sent, in the form of an answer: moments with the site's offset. */
function presented(sent: Body): Body {
	return Object.fromEntries(
		Object.entries(sent).map(([name, value]) => {
			const isMoment = typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value);
			if (!isMoment) return [name, value];
			const moment = Temporal.Instant.from(value);
			return [name, moment.toString({ timeZone: 'Europe/Brussels', fractionalSecondDigits: 3 })];
		}),
	);
}
