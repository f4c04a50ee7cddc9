import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';

let site: HttpSite;
let admin: SignedIn;
let security: SignedIn;
beforeAll(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
	security = await site.signIn('security');
	const made = [
		['right-specifications', { id: 'day', name: 'Day', strategy: 'firstCome', areaIds: [], scheduleId: null }],
		['right-specifications', { id: 'night', name: 'Night', strategy: 'firstCome', areaIds: [], scheduleId: null }],
		['bundles', { id: 'staff', name: 'Staff', tag: 'staff', specificationIds: ['day'] }],
		['holders', { id: 'anna', kind: 'person', name: 'Anna', email: null, status: 'active', tags: ['staff'] }],
	] as const;
	for (const [collection, row] of made)
		expect((await admin.post(`/api/v1/${collection}`, row)).status, collection).toBe(201);
});
afterAll(() => site.close());

const path = '/api/v1/bundles/staff/apply';

test('X10: a program sees who gains and loses what by a changed bundle, lets it reach back, and undoes that', async () => {
	expect((await admin.send('PATCH', '/api/v1/bundles/staff', { specificationIds: ['night'] })).status).toBe(200);
	const preview = await admin.get(path);
	expect(await preview.json()).toEqual({
		...{ holders: 1, gains: 1, loses: 1 },
		changes: [{ holderId: 'anna', holderName: 'Anna', gains: ['night'], loses: ['day'] }],
	});
	const applied = await admin.post(path, {}, { 'idempotency-key': 'once' });
	const answer = await applied.json();
	expect([applied.status, answer]).toMatchObject([200, { holders: 1, batchIds: [expect.any(String)] }]);
	expect(await (await admin.post(path, {}, { 'idempotency-key': 'once' })).json()).toEqual(answer);
	const rights = async () => (await (await admin.get('/api/v1/rights?holderId=anna')).json()).items;
	expect(await rights()).toMatchObject([{ specificationId: 'night', bundleId: 'staff' }]);
	expect((await admin.post(`/api/v1/edits/${answer.batchIds[0]}/undo`)).status).toBe(200);
	expect(await rights()).toMatchObject([{ specificationId: 'day', bundleId: 'staff' }]);
});

test('X10: only who may give rights lets a bundle reach back, and one that is not there is told', async () => {
	for (const answer of [await security.get(path), await security.post(path, {})]) expect(answer.status).toBe(403);
	for (const answer of [
		await admin.get('/api/v1/bundles/none/apply'),
		await admin.post('/api/v1/bundles/none/apply', {}),
	]) {
		expect(await answer.json()).toMatchObject({
			status: 404,
			code: 'NOT_FOUND',
			detail: 'There is no bundle "none" here.',
		});
	}
});
