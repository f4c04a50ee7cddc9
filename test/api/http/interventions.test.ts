import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { licenceKindsOf } from '../../../src/compose/operators-of-site.ts';
import type { LicenceKind } from '../../../src/gateway/core/licence/licence-kinds.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { type ConsoleSite, createConsoleSite } from '../../support/console-site.ts';
import { requestOf, type SignedIn, signIn } from '../../support/http-site.ts';
import { metadataOf, noise, solidJpeg } from '../../support/images.ts';
import { createOperatorsBench, operatorRow } from '../../support/operators.ts';

const PATH = '/api/v1/interventions';

let site: ConsoleSite;
let admin: SignedIn;
let user: SignedIn;
beforeEach(async () => {
	const licenceKinds = licenceKindsOf(() => site.services.services.licenceGrants);
	site = createConsoleSite({ bench: createOperatorsBench({ licenceKinds }) });
	const as = (role: string) => signIn({ bench: site.bench, request: requestOf(site.http) }, role);
	admin = await as('administrator');
	user = await as('user');
});
afterEach(() => site.close());

type Body = Record<string, unknown>;
const jsonOf = async (answer: Response) => (await answer.json()) as Body;
const give = (...kinds: LicenceKind[]) =>
	site.services.services.licenceGrants.set(user.operatorId, kinds, { operatorId: null });
const report = async (change: Body = {}, by = admin) => {
	const answer = await by.post(PATH, { title: 'Arm does not close', target: { kind: 'lane', id: 'L1' }, ...change });
	expect(answer.status).toBe(201);
	return answer.headers.get('location') ?? '';
};
const photo = (by: SignedIn, path: string, bytes: Uint8Array, type = 'image/jpeg') =>
	requestOf(site.http)(`${path}/photos`, {
		method: 'POST',
		body: Uint8Array.from(bytes),
		headers: { cookie: by.cookie, 'x-csrf-token': by.csrf, 'content-type': type },
	});

describe('who may do what', () => {
	/** What each of these answers to the user now. */
	async function answers() {
		const path = await report();
		const { version } = await jsonOf(await admin.get(path));
		const status = async (answer: Promise<Response>) => (await answer).status;
		return {
			see: await status(user.get(path)),
			roster: await status(user.get('/api/v1/roster/people')),
			report: await status(user.post(PATH, { title: 'Loop is stuck' })),
			change: await status(user.send('PATCH', path, { title: 'Other' }, { 'if-match': `"${version}"` })),
			status: await status(user.post(`${path}/status`, { status: 'inProgress' })),
			comment: await status(user.post(`${path}/comments`, { text: 'Seen' })),
			part: await status(user.post(`${path}/parts`, { name: 'Belt' })),
			photo: await status(photo(user, `${PATH}/99`, new Uint8Array(3))),
		};
	}

	test('I9: Services Standard does all of it', async () => {
		give('serviceStandard');
		const all = { see: 200, roster: 200, report: 201, change: 200, status: 200, comment: 200, part: 200, photo: 404 };
		expect(await answers()).toEqual(all);
	});

	test('I10: a mechanic says how far it is, comments, and adds parts and photos only', async () => {
		give('serviceMechanic');
		const work = { status: 200, comment: 200, part: 200, photo: 404 };
		expect(await answers()).toEqual({ see: 200, roster: 200, report: 403, change: 403, ...work });
	});

	test('I11: Consultation looks', async () => {
		give('serviceConsultation');
		const work = { status: 403, comment: 403, part: 403, photo: 403 };
		expect(await answers()).toEqual({ see: 200, roster: 200, report: 403, change: 403, ...work });
	});

	test('I12: a Resource can be put on an intervention and does nothing by itself', async () => {
		give('serviceResource');
		const path = await report({ people: [user.operatorId] });
		expect(await jsonOf(await admin.get(path))).toMatchObject({ people: [user.operatorId] });
		expect(await jsonOf(await admin.get('/api/v1/roster/people'))).toMatchObject({
			items: expect.arrayContaining([expect.objectContaining({ id: user.operatorId, role: 'resource' })]),
		});
		expect((await user.get(path)).status).toBe(401);
	});

	test('who may report may not yet plan: that is for who may change', async () => {
		const guard = await signIn({ bench: site.bench, request: requestOf(site.http) }, 'security');
		await report({}, guard);
		const plan = { start: '2026-01-06T08:00:00Z', end: '2026-01-06T10:00:00Z' };
		expect((await guard.post(PATH, { title: 'x', plan })).status).toBe(403);
	});
});

describe('I9 interventions over HTTP', () => {
	test('are changed only as they were read: If-Match, 412 with the new ETag', async () => {
		const path = await report();
		const etag = (await admin.get(path)).headers.get('etag') ?? '';
		const plan = { start: '2026-01-06T08:00:00+01:00', end: '2026-01-06T10:00:00+01:00' };
		const changed = await admin.send('PATCH', path, { plan }, { 'if-match': etag });
		expect(await jsonOf(changed)).toMatchObject({
			...{ status: 'planned', next: ['inProgress', 'done', 'cancelled'] },
			plan: { start: '2026-01-06T08:00:00.000+01:00', end: '2026-01-06T10:00:00.000+01:00' },
		});
		const late = await admin.post(`${path}/status`, { status: 'done' }, { 'if-match': etag });
		expect(late.status).toBe(412);
		expect(await jsonOf(late)).toMatchObject({ code: 'CHANGED' });
		const now = late.headers.get('etag') ?? '';
		expect((await admin.post(`${path}/status`, { status: 'done' }, { 'if-match': now })).status).toBe(200);
		expect(await jsonOf(await admin.send('PATCH', path, { title: 'x' }))).toMatchObject({ because: 'closed' });
	});

	test('a report or a part that is sent again is one', async () => {
		const key = { 'idempotency-key': 'report-1' };
		const first = await jsonOf(await admin.post(PATH, { title: 'Arm' }, key));
		expect(await jsonOf(await admin.post(PATH, { title: 'Arm' }, key))).toMatchObject({ number: first['number'] });
		expect(await jsonOf(await admin.get(PATH))).toMatchObject({ items: [{ title: 'Arm' }], nextCursor: null });
		const path = `${PATH}/${first['number']}`;
		for (let sent = 0; sent < 2; sent += 1)
			await admin.post(`${path}/parts`, { name: 'Belt' }, { 'idempotency-key': 'p' });
		expect(await jsonOf(await admin.get(path))).toMatchObject({ parts: [{ name: 'Belt' }] });
	});

	test('the history tells of each change, and texts stay what they are', async () => {
		const text = `=1+1"><img src=x>\r\nSet-Cookie: a=b\u202e'; DROP TABLE interventions;--`;
		const path = await report({ title: text, description: text });
		await admin.post(`${path}/comments`, { text });
		await admin.post(`${path}/parts`, { name: text, reference: text, quantity: 3 });
		expect(await jsonOf(await admin.get(path))).toMatchObject({
			...{ title: text, description: text },
			parts: [{ name: text, reference: text, quantity: 3, by: admin.operatorId }],
		});
		const { items, nextCursor } = await jsonOf(await admin.get(`${path}/history?limit=2`));
		expect(items).toMatchObject([
			{ what: 'partAdded', detail: { name: text } },
			{ what: 'comment', by: admin.operatorId, detail: { text } },
		]);
		const rest = await jsonOf(await admin.get(`${path}/history?limit=2&cursor=${nextCursor}`));
		expect(rest).toMatchObject({ items: [{ what: 'reported' }], nextCursor: null });
	});

	test('what does not fit is refused, and nothing is kept of it', async () => {
		const wrong: readonly (readonly [Body, number])[] = [
			[{ title: 'x'.repeat(LIMITS.interventionTitleLength + 1) }, 400],
			[{ title: '  ' }, 400],
			[{ title: 'x', status: 'done' }, 400],
			[{ title: 'x', target: { kind: 'device', id: 'gone' } }, 422],
			[{ title: 'x', people: ['nobody'] }, 422],
		];
		for (const [body, status] of wrong) expect((await admin.post(PATH, body)).status).toBe(status);
		expect(await jsonOf(await admin.get(PATH))).toMatchObject({ items: [] });
		for (const number of ['7', '0', '-1', 'x', '1e3', '99999999999999999999']) {
			expect([400, 404]).toContain((await admin.get(`${PATH}/${number}`)).status);
		}
	});

	test('the roster is asked for a time that is one', async () => {
		const from = '2026-01-05T00:00:00Z';
		const ask = (to: string) => admin.get(`/api/v1/roster?from=${from}&to=${to}`);
		expect((await ask('2026-01-12T00:00:00Z')).status).toBe(200);
		expect((await ask('2026-01-04T00:00:00Z')).status).toBe(400);
		expect((await ask('2026-03-12T00:00:00Z')).status).toBe(400);
		site.bench.store.operators.addOperator(operatorRow({ id: 'rex', email: 'rex@example.org', name: 'Rex' }));
		site.services.services.licenceGrants.set('rex', ['serviceResource'], { operatorId: null });
		const plan = { start: '2026-01-06T08:00:00Z', end: '2026-01-06T10:00:00Z' };
		await report({ plan, people: ['rex'] });
		const { items } = await jsonOf(await ask('2026-01-12T00:00:00Z'));
		expect(items).toContainEqual({
			person: { id: 'rex', name: 'Rex', role: 'resource' },
			entries: [expect.objectContaining({ number: 1, clashes: false })],
		});
	});
});

describe('I10 photos', () => {
	test('are turned upright, made small and coded anew without what is no picture; once each', async () => {
		const path = await report();
		const exif = { IFD0: { Make: 'Phone', Copyright: 'Ada' }, IFD3: { GPSLatitudeRef: 'N' } };
		const taken = await noise(2_600, 1_300).withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer();
		const added = await photo(admin, path, taken);
		expect(added.status).toBe(201);
		const { id, widthPx, heightPx } = await jsonOf(added);
		expect([widthPx, heightPx]).toEqual([1_024, 2_048]);
		const file = await admin.get(`${path}/photos/${id}/image`);
		const kept = new Uint8Array(await file.arrayBuffer());
		expect(file.headers.get('content-security-policy')).toContain('sandbox');
		expect(await metadataOf(kept)).toMatchObject({ format: 'jpeg', width: 1_024, height: 2_048 });
		expect(await metadataOf(kept)).not.toHaveProperty('exif');
		expect(await jsonOf(await photo(admin, path, taken)), 'sent again').toMatchObject({ id });
		expect((await admin.get(`${path}/photos/${id}/thumbnail`)).status).toBe(200);
		const other = await report();
		expect((await admin.get(`${other}/photos/${id}/image`)).status, 'of another').toBe(404);
		expect((await admin.send('DELETE', `${path}/photos/${id}`)).status).toBe(200);
		expect((await admin.get(`${path}/photos/${id}/image`)).status).toBe(404);
		expect(await jsonOf(await admin.get(`${path}/history?limit=2`))).toMatchObject({
			items: [{ what: 'photoRemoved' }, { what: 'photoAdded' }],
		});
	});

	test('what is none, is too large or is for nothing is refused, and nothing is kept', async () => {
		const path = await report();
		const why = async (answer: Response) => [answer.status, (await jsonOf(answer))['because']];
		expect(await why(await photo(admin, path, Buffer.from('<svg onload=alert(1)>')))).toEqual([422, 'notAnImage']);
		expect(await why(await photo(admin, path, solidJpeg('cut').subarray(0, 200)))).toEqual([422, 'broken']);
		expect((await photo(admin, path, new Uint8Array(LIMITS.photoBytes + 1))).status).toBe(413);
		expect((await photo(admin, `${PATH}/99`, solidJpeg('a'))).status).toBe(404);
		expect(await jsonOf(await admin.get(path))).toMatchObject({ photos: [] });
	});
});
