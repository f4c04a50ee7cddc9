import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpSite, type HttpSite, jsonPost } from '../../support/http-site.ts';
import { type MadeLogin, makeLogin } from '../../support/logins-without-passwords.ts';

let site: HttpSite;
let admin: MadeLogin;
beforeAll(async () => {
	site = createHttpSite();
	admin = makeLogin(site.bench, { role: 'administrator' });
	const person = { kind: 'person', status: 'active', email: null };
	for (const [path, row] of [
		['groups', { id: 'tenant', name: 'Tenant', kind: 'tenant' }],
		['bundles', { id: 'fleet', name: 'Fleet', tag: 'fleet', specificationIds: [] }],
		['holders', { id: 'anna', name: 'Anna', ...person }],
		['holders', { id: 'bert', name: 'Bert', ...person, groupIds: ['tenant'] }],
	] as const) {
		expect((await send('POST', `/api/v1/${path}`, row, admin)).status).toBe(201);
	}
});
afterAll(() => site.close());

const get = (path: string, { cookie }: MadeLogin) => site.request(path, { headers: { cookie } });
const send = (method: string, path: string, body: unknown, { cookie, csrf }: MadeLogin) =>
	site.request(path, { ...jsonPost(body, { cookie, 'x-csrf-token': csrf }), method });
const give = (wish: object, by = admin) => send('PUT', '/api/v1/record-grants', wish, by);
const statusOf = async (answer: Promise<Response>) => (await answer).status;
const somebody = () => makeLogin(site.bench, { role: 'user' });
const operator = ({ operatorId: id }: MadeLogin) => ({ kind: 'operator', id });
const patch = (login: MadeLogin) => statusOf(send('PATCH', '/api/v1/holders/anna', { phone: null }, login));
const read = (login: MadeLogin, id = 'anna') => statusOf(get(`/api/v1/holders/${id}`, login));

describe('Z5 one record, given to an operator or a group of operators', () => {
	test('to see, to change too, and taken away: on their next request, and only that record', async () => {
		const one = somebody();
		expect(await read(one)).toBe(403);
		const wish = { record: 'holders/anna', to: operator(one) };
		expect(await statusOf(give({ ...wish, level: 'read' }))).toBe(200);
		expect([await read(one), await read(one, 'bert'), await patch(one)]).toEqual([200, 404, 403]);
		expect(await (await get('/api/v1/holders', one)).json()).toMatchObject({ items: [{ id: 'anna', name: 'Anna' }] });
		expect(await (await give({ ...wish, level: 'write' })).json()).toMatchObject({
			items: [{ to: { kind: 'operator', id: one.operatorId, name: 'The user' }, level: 'write', endsAt: null }],
		});
		expect(await patch(one)).toBe(200);
		expect(await (await give({ ...wish, level: null })).json()).toEqual({ items: [] });
		expect(await read(one)).toBe(403);
	});

	test('to a group it is for all in it; a denial wins', async () => {
		const one = somebody();
		const made = await send('POST', '/api/v1/operator-groups', { name: 'Hosts', kind: 'company' }, admin);
		const { id } = (await made.json()) as { id: string };
		await send('PUT', `/api/v1/operator-groups/${id}/members/${one.operatorId}`, undefined, admin);
		expect(await statusOf(give({ record: 'holders/anna', to: { kind: 'group', id }, level: 'write' }))).toBe(200);
		expect(await patch(one)).toBe(200);
		const denials = [{ permission: 'holders:write', scope: 'record:holders/anna' }];
		await send('PATCH', `/api/v1/operators/${one.operatorId}`, { denials }, admin);
		expect([await read(one), await patch(one)]).toEqual([200, 403]);
	});

	test('with an end it ends by itself', async () => {
		const one = somebody();
		const { clock } = site.bench;
		const endsAt = new Date(clock.nowMs() + 60_000).toISOString();
		await give({ record: 'holders/anna', to: operator(one), level: 'read', endsAt });
		expect(await read(one)).toBe(200);
		const given = (await (await get(`/api/v1/operators/${one.operatorId}`, admin)).json()) as {
			permissions: unknown[];
		};
		expect(given.permissions[0]).toMatchObject({ scope: 'record:holders/anna', endsAt: expect.stringContaining('T') });
		clock.advance(60_000);
		expect(await read(one)).toBe(403);
		expect(await (await get('/api/v1/record-grants?record=holders/anna', admin)).text()).not.toContain(one.operatorId);
	});

	test('is explained: may she? Yes, because it was given to her', async () => {
		const one = somebody();
		await give({ record: 'holders/anna', to: operator(one), level: 'read' });
		const ask = (record: string) =>
			get(`/api/v1/operators/${one.operatorId}/access?permission=holders:read&record=${record}`, admin);
		expect(await (await ask('holders/anna')).json()).toMatchObject({
			may: true,
			grants: [{ kind: 'record', scope: 'record:holders/anna' }],
		});
		expect(await (await ask('holders/bert')).json()).toMatchObject({ may: false, because: 'notGranted' });
	});

	test('is audited with what was given before', async () => {
		const one = somebody();
		await give({ record: 'holders/anna', to: operator(one), level: 'read' });
		expect(site.bench.audits().at(-1)).toMatchObject({
			...{ operatorId: admin.operatorId, action: 'operatorChanged', target: one.operatorId },
			detail: { givenBefore: '', given: expect.stringContaining('holders:read at record:holders/anna') },
		});
	});

	test('a lane is given to vend there', async () => {
		const one = somebody();
		await give({ record: 'lanes/L1', to: operator(one), level: 'write' });
		expect(await statusOf(send('POST', '/api/v1/lanes/L1/vend', { reason: 'given' }, one))).toBe(200);
		expect(await statusOf(get('/api/v1/occupancy', one))).toBe(403);
	});

	test('a device is given to see, in lists and by itself, though none of its lanes is; a denial of it wins over its lanes', async () => {
		const one = somebody();
		const wish = { record: 'devices/reader-1', to: operator(one) };
		expect(await statusOf(give({ ...wish, level: 'read' }))).toBe(200);
		const list = (await (await get('/api/v1/devices', one)).json()) as { items: { id: string }[] };
		expect(list.items.map(({ id }) => id)).toEqual(['reader-1']);
		expect(await statusOf(get('/api/v1/devices/reader-1', one))).toBe(200);
		expect(await statusOf(get('/api/v1/devices/cam-1', one))).toBe(404);
		expect(await statusOf(get('/api/v1/observations?device=reader-1', one))).toBe(200);
		expect(await statusOf(get('/api/v1/lanes/L1', one)), 'nor the lane').toBe(403);
		const ask = (login: MadeLogin) =>
			get(`/api/v1/operators/${login.operatorId}/access?permission=devices:read&record=devices/reader-1`, admin);
		expect(await (await ask(one)).json()).toMatchObject({ may: true, grants: [{ scope: 'record:devices/reader-1' }] });
		await give({ ...wish, level: null });
		expect(await statusOf(get('/api/v1/devices/reader-1', one))).toBe(403);
		const ofPark = makeLogin(site.bench, { role: 'technician', scope: 'park:P1' });
		expect(await statusOf(get('/api/v1/devices/reader-1', ofPark))).toBe(200);
		expect(await (await ask(ofPark)).json()).toMatchObject({ may: true, grants: [{ kind: 'role', scope: 'park:P1' }] });
		site.bench.store.operators.setDenials(ofPark.operatorId, [
			{ permission: 'devices:read', scope: 'record:devices/reader-1' },
		]);
		expect(await statusOf(get('/api/v1/devices/reader-1', ofPark))).toBe(404);
		expect(await (await ask(ofPark)).json()).toMatchObject({ may: false, because: 'denied' });
	});

	test.each(['parks/P1', 'areas/A1'])('%s is given with its lanes, devices and count', async (record) => {
		const one = somebody();
		await give({ record, to: operator(one), level: 'write' });
		const vended = await statusOf(send('POST', '/api/v1/lanes/L1/vend', { reason: 'given' }, one));
		expect([vended, await statusOf(get('/api/v1/devices/reader-1', one))]).toEqual([200, 200]);
		const told = await get(`/api/v1/operators/${one.operatorId}/access?permission=lanes:vend&record=lanes/L1`, admin);
		expect(await told.json()).toMatchObject({ may: true });
		expect(await statusOf(give({ record: record.replace(/1$/u, '9'), to: operator(one), level: 'read' }))).toBe(422);
	});

	test('only what is there, of which the giver has it all, and to whom there is', async () => {
		const one = somebody();
		const to = operator(one);
		expect(await statusOf(give({ record: 'holders/none', to, level: 'read' }))).toBe(422);
		expect(await statusOf(give({ record: 'lanes/none', to, level: 'read' }))).toBe(422);
		expect(await statusOf(give({ record: 'secrets/all', to, level: 'read' }))).toBe(400);
		expect(await statusOf(give({ record: 'holders/anna', to: { kind: 'operator', id: 'none' }, level: 'read' }))).toBe(
			404,
		);
		expect(await statusOf(give({ record: 'holders/anna', to: { kind: 'group', id: 'none' }, level: 'read' }))).toBe(
			404,
		);
		const clerk = somebody();
		site.bench.store.operators.setPermissions(clerk.operatorId, [{ permission: 'operators:write', scope: 'site' }]);
		expect(await statusOf(give({ record: 'holders/anna', to, level: 'read' }, clerk))).toBe(403);
		expect(await read(one)).toBe(403);
	});
});

describe('Z7 territories and access schemes', () => {
	test.each([
		['park:P1', 200],
		['bundle:fleet', 200],
		['group:tenant', 200],
		['bundle:none', 422],
		['group:none', 422],
	])('a role is given for %s: %i', async (scope, status) => {
		const one = somebody();
		const roles = [{ id: 'reception', scope }];
		expect(await statusOf(send('PATCH', `/api/v1/operators/${one.operatorId}`, { roles }, admin))).toBe(status);
		const group = { name: `For ${scope}`, kind: 'region', roles };
		const made = await statusOf(send('POST', '/api/v1/operator-groups', group, admin));
		expect(made).toBe(status === 200 ? 201 : status);
	});

	test('a group with its people is given as one record', async () => {
		const one = somebody();
		await give({ record: 'groups/tenant', to: operator(one), level: 'write' });
		expect([await read(one, 'bert'), await read(one, 'anna')]).toEqual([200, 404]);
		const made = { name: 'Cleo', kind: 'person', status: 'active', email: null, groupIds: ['tenant'] };
		expect(await statusOf(send('POST', '/api/v1/holders', made, one))).toBe(201);
	});
});
