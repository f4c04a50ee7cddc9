import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Site } from '../../../src/gateway/core/site.ts';
import { createHttpSite, type HttpSite, jsonPost, SITE } from '../../support/http-site.ts';
import { type MadeLogin, makeLogin } from '../../support/logins-without-passwords.ts';

const TWO_PARKS: Site = {
	...SITE,
	parks: [...SITE.parks, { id: 'P2', name: 'South' }],
	areas: [...SITE.areas, { id: 'B1', name: 'South deck', parkId: 'P2', capacity: 20 }],
};
/** Nora parks in the north, Sven in the south, Gina belongs to a tenant and parks nowhere yet. */
const ROWS = [
	['groups', { id: 'tenant', name: 'Tenant', kind: 'tenant' }],
	['groups', { id: 'floor', name: 'Third floor', kind: 'tenant', parentId: 'tenant' }],
	['right-specifications', { id: 'north', name: 'North', strategy: 'firstCome', areaIds: ['A1'], scheduleId: null }],
	['right-specifications', { id: 'south', name: 'South', strategy: 'firstCome', areaIds: ['B1'], scheduleId: null }],
	['bundles', { id: 'fleet', name: 'Fleet', tag: 'fleet', specificationIds: ['south'] }],
	['holders', { id: 'nora', name: 'Nora', kind: 'person', status: 'active', email: null }],
	['holders', { id: 'sven', name: 'Sven', kind: 'person', status: 'active', email: null }],
	['holders', { id: 'gina', name: 'Gina', kind: 'person', status: 'active', email: null, groupIds: ['floor'] }],
	[
		'rights',
		{ id: 'r-nora', holderId: 'nora', specificationId: 'north', state: 'active', validFrom: null, validTo: null },
	],
	[
		'rights',
		{ id: 'r-sven', holderId: 'sven', specificationId: 'south', state: 'active', validFrom: null, validTo: null },
	],
	[
		'credentials',
		{
			id: 'c-sven',
			holderId: 'sven',
			kind: 'plate',
			value: '1SOU777',
			label: null,
			state: 'active',
			validFrom: null,
			validTo: null,
		},
	],
] as const;

let site: HttpSite;
let admin: MadeLogin;
beforeAll(async () => {
	site = createHttpSite({}, undefined, TWO_PARKS);
	admin = makeLogin(site.bench, { role: 'administrator' });
	for (const [path, row] of ROWS) {
		const answer = await send('POST', `/api/v1/${path}`, row, admin);
		expect(answer.status, await answer.clone().text()).toBe(201);
	}
});
afterAll(() => site.close());

const at = (scope: string, role = 'administrator') => makeLogin(site.bench, { role, scope });
const get = (path: string, { cookie }: MadeLogin) => site.request(path, { headers: { cookie } });
const send = (method: string, path: string, body: unknown, { cookie, csrf }: MadeLogin) =>
	site.request(path, { ...jsonPost(body, { cookie, 'x-csrf-token': csrf }), method });

async function idsOf(path: string, login: MadeLogin): Promise<readonly string[]> {
	const answer = await get(`/api/v1/${path}`, login);
	const { items, count } = (await answer.json()) as { items: { id: string }[]; count?: number };
	if (count !== undefined) expect(count).toBe(items.length);
	return items.map(({ id }) => id).sort();
}

/** Without what names the request. */
async function told(answer: Response, ...ids: readonly string[]): Promise<unknown> {
	const text = ids.reduce((all, id) => all.replaceAll(id, 'ID'), await answer.text());
	return { ...(JSON.parse(text) as object), requestId: '' };
}

describe('A9 Z7 the directory as who has a part of it sees it', () => {
	test.each([
		['park:P1', ['nora'], ['r-nora'], ['north'], []],
		['area:B1', ['sven'], ['r-sven'], ['south'], ['c-sven']],
		['group:tenant', ['gina'], [], [], []],
		['bundle:fleet', ['sven'], ['r-sven'], ['south'], ['c-sven']],
		['record:holders/sven', ['sven'], ['r-sven'], [], ['c-sven']],
	])('for %s', async (scope, holders, rights, specifications, credentials) => {
		const login = at(scope);
		expect(await idsOf('holders?count=true', login)).toEqual(holders);
		expect(await idsOf('rights?count=true', login)).toEqual(rights);
		expect(await idsOf('right-specifications', login)).toEqual(specifications);
		expect(await idsOf('credentials', login)).toEqual(credentials);
		expect(await idsOf('holders?q=s', login), 'searched, too').toEqual(holders.filter((id) => id === 'sven'));
	});

	test('a row of another part is as if it was not there: read, changed, deleted, named or in a batch', async () => {
		const north = at('park:P1');
		const both = (ask: (id: string) => Promise<Response>) =>
			Promise.all(['sven', 'x-9-x'].map(async (id) => told(await ask(id), id)));
		const asked = [
			(id: string) => get(`/api/v1/holders/${id}`, north),
			(id: string) => get(`/api/v1/holders/${id}/history`, north),
			(id: string) => send('PATCH', `/api/v1/holders/${id}`, { name: 'Mine' }, north),
			(id: string) => send('DELETE', `/api/v1/holders/${id}`, undefined, north),
			(id: string) =>
				send('POST', '/api/v1/holders/batch', { changes: [{ op: 'update', id, fields: { name: 'Mine' } }] }, north),
			(id: string) => send('PATCH', '/api/v1/holders/nora', { organisationId: id }, north),
			(id: string) =>
				send(
					'POST',
					'/api/v1/rights',
					{ holderId: id, specificationId: 'north', state: 'active', validFrom: null, validTo: null },
					north,
				),
		];
		for (const ask of asked) {
			const [other, none] = await both(ask);
			expect(other).toEqual(none);
			expect(other).toMatchObject({ status: expect.any(Number), code: expect.any(String) });
		}
	});

	test('what is theirs they change; nothing goes out of or into what is not', async () => {
		const [tenant, north] = [at('group:tenant'), at('park:P1')];
		const status = async (answer: Promise<Response>) => (await answer).status;
		expect(await status(send('PATCH', '/api/v1/holders/gina', { phone: '+32 1' }, tenant))).toBe(200);
		expect(await status(send('PATCH', '/api/v1/holders/gina', { groupIds: [] }, tenant)), 'out of it').toBe(403);
		expect(await status(send('PATCH', '/api/v1/holders/gina', { tags: ['fleet'] }, tenant)), 'into a scheme').toBe(403);
		expect(await status(send('PATCH', '/api/v1/groups/floor', { parentId: null }, tenant)), 'out of the tree').toBe(
			403,
		);
		const made = { id: 'new', name: 'New', kind: 'person', status: 'active', email: null };
		expect(await status(send('POST', '/api/v1/holders', made, tenant)), 'nobody’s').toBe(403);
		expect(await status(send('POST', '/api/v1/holders', { ...made, groupIds: ['floor'] }, tenant))).toBe(201);
		expect(await status(send('PATCH', '/api/v1/right-specifications/north', { areaIds: ['A1', 'B1'] }, north))).toBe(
			403,
		);
		expect(
			await status(send('PATCH', '/api/v1/right-specifications/north', { areaIds: [] }, north)),
			'everywhere',
		).toBe(403);
		expect(await status(send('PATCH', '/api/v1/right-specifications/north', { name: 'Deck' }, north))).toBe(200);
	});

	test('who leaves also what is not theirs is not deleted, and stays whole', async () => {
		const add = {
			id: 'r-both',
			holderId: 'nora',
			specificationId: 'south',
			state: 'active',
			validFrom: null,
			validTo: null,
		};
		expect((await send('POST', '/api/v1/rights', add, admin)).status).toBe(201);
		expect((await send('DELETE', '/api/v1/holders/nora', undefined, at('park:P1'))).status).toBe(403);
		expect((await get('/api/v1/rights/r-nora', admin)).status).toBe(200);
		expect((await send('DELETE', '/api/v1/rights/r-both', undefined, admin)).status).toBe(204);
	});

	test('what others changed is undone by who may change all of it', async () => {
		const changed = await send('PATCH', '/api/v1/holders/sven', { phone: '+32 2' }, admin);
		const undo = `/api/v1/edits/${changed.headers.get('edit-batch')}/undo`;
		expect((await send('POST', undo, undefined, at('park:P1'))).status).toBe(404);
		expect((await send('POST', undo, undefined, at('park:P2'))).status).toBe(200);
	});

	test('a role that reads there changes nothing; names stay masked without personalData:read there', async () => {
		const login = at('park:P2', 'user');
		site.bench.store.operators.setPermissions(login.operatorId, [{ permission: 'holders:read', scope: 'park:P2' }]);
		expect(await (await get('/api/v1/holders/sven', login)).json()).toMatchObject({ name: 'S•••' });
		expect((await send('PATCH', '/api/v1/holders/sven', { phone: null }, login)).status).toBe(403);
		expect((await get('/api/v1/holders?q=sven', login)).status).toBe(403);
	});

	test('an export holds what the list shows, where both may be done', async () => {
		const lines = async (login: MadeLogin) =>
			(await (await get('/api/v1/holders/export?format=jsonl', login)).text()).split('\n').filter(Boolean).length;
		expect(await lines(at('park:P2'))).toBe(1);
		const apart = at('park:P2', 'reception');
		site.bench.store.operators.setPermissions(apart.operatorId, [{ permission: 'directory:export', scope: 'park:P1' }]);
		expect(await lines(apart), 'what may be exported is not what may be seen').toBe(0);
	});

	test('Z7 who comes into a territory or a scheme is in scope at once', async () => {
		const [north, fleet] = [at('park:P1'), at('bundle:fleet')];
		expect((await get('/api/v1/holders/gina', north)).status).toBe(404);
		const right = {
			id: 'r-gina',
			holderId: 'gina',
			specificationId: 'north',
			state: 'active',
			validFrom: null,
			validTo: null,
		};
		await send('POST', '/api/v1/rights', right, admin);
		expect((await get('/api/v1/holders/gina', north)).status).toBe(200);
		expect((await get('/api/v1/holders/gina', fleet)).status).toBe(404);
		await send('PATCH', '/api/v1/bundles/fleet', { specificationIds: ['south', 'north'] }, admin);
		expect((await get('/api/v1/holders/gina', fleet)).status).toBe(200);
	});
});
