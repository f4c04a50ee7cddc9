import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ScimRefusal } from '../../../src/gateway/core/scim/scim-refusal.ts';
import { createOperators } from '../../../src/gateway/services/operators.ts';
import { runBulk } from '../../../src/gateway/services/scim/scim-bulk.ts';
import { openSiteStore } from '../../../src/gateway/store/site-store.ts';
import { operatorRow, PASSWORD, rememberingHasher } from '../../support/operators.ts';
import {
	askWith,
	createScimClient,
	ENTERPRISE,
	GROUP,
	patch,
	type ScimClient,
	USER,
} from '../../support/scim-client.ts';

import { placesOf } from '../../support/store-texts.ts';

const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

let client: ScimClient;
beforeEach(async () => {
	client = await createScimClient();
});
afterEach(() => client.close());

type Json = Record<string, unknown>;

const operators = () => client.site.bench.store.operators;
const replace = (path: string, value: unknown) => patch({ op: 'replace', path, value });
const members = async (id: string) =>
	(((await client.ask('GET', `/Groups/${id}`)).body['members'] ?? []) as readonly Json[]).map(({ value }) => value);

/** A second provisioner, by another administrator. */
async function second() {
	await client.site.bench.addOperator({ email: 'second@example.org', role: 'administrator' });
	const login = await client.site.request('/api/v1/login', {
		method: 'POST',
		body: JSON.stringify({ email: 'second@example.org', password: PASSWORD }),
		headers: { 'content-type': 'application/json' },
	});
	const { csrf } = (await login.json()) as { csrf: string };
	const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
	const headers = { 'content-type': 'application/json', cookie, 'x-csrf-token': csrf };
	const made = await client.site.request('/api/v1/me/tokens', {
		...{ method: 'POST', headers },
		body: JSON.stringify({ name: 'other', permissions: ['scim'], password: PASSWORD }),
	});
	const id = operators().operatorByEmail('second@example.org')?.id ?? '';
	return { id, ask: askWith(client.site, ((await made.json()) as { secret: string }).secret) };
}

/** @returns ids of so many users, made without a request each. */
function manyUsers(count: number): readonly string[] {
	const ids = Array.from({ length: count }, (_, n) => `many-${String(n).padStart(4, '0')}`);
	client.site.bench.store.transaction(() => {
		for (const id of ids) operators().addOperator(operatorRow({ id, email: `${id}@example.org`, name: `Many ${id}` }));
	});
	return ids;
}

describe('Z14 two provisioners at once', () => {
	test('what both PATCH of one user is kept, also while a password is hashed; of one ETag only the first is', async () => {
		const other = await second();
		const at = `/Users/${await client.user('shared@example.org', { title: 'Before' })}`;
		const both = await Promise.all([
			client.ask('PATCH', at, replace('password', 'a heron in the garden')),
			other.ask('PATCH', at, replace('title', 'After')),
			client.ask('PATCH', at, replace(`${ENTERPRISE}:department`, 'Parking')),
			other.ask('PATCH', at, patch({ op: 'add', path: 'emails', value: [{ value: 'a@example.org', type: 'home' }] })),
		]);
		expect(both.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
		const { body, headers } = await client.ask('GET', at);
		expect(body).toMatchObject({
			...{ title: 'After', active: true, emails: [{ value: 'a@example.org' }] },
			[ENTERPRISE]: { department: 'Parking' },
		});
		const etag = { 'if-match': String(headers.get('etag')) };
		const raced = await Promise.all([
			client.ask('PATCH', at, replace('title', 'First'), etag),
			other.ask('PUT', at, { schemas: [USER], userName: 'shared@example.org', title: 'Second' }, etag),
			client.ask('DELETE', at, undefined, etag),
		]);
		expect(raced.map(({ status }) => status).filter((status) => status < 300)).toHaveLength(1);
		expect(raced.map(({ status }) => status).filter((status) => status === 412 || status === 404)).toHaveLength(2);
	});

	test('a user name that both make is made once; members that both put in are all there', async () => {
		const other = await second();
		const body = { schemas: [USER], userName: 'once@example.org', password: 'a heron in the garden' };
		const made = await Promise.all([client, other, client].map(({ ask }) => ask('POST', '/Users', body)));
		expect(made.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
		const ids = manyUsers(20);
		const group = await client.ask('POST', '/Groups', { schemas: [GROUP], displayName: 'Shared' });
		const at = `/Groups/${group.body['id']}`;
		const put = await Promise.all(
			ids.map((value, n) =>
				(n % 2 === 0 ? client : other).ask('PATCH', at, patch({ op: 'add', path: 'members', value: [{ value }] })),
			),
		);
		expect(new Set(put.map(({ status }) => status))).toEqual(new Set([204]));
		expect(new Set(put.map(({ headers }) => headers.get('etag'))).size, 'a version for each').toBe(20);
		expect((await members(String(group.body['id']))).sort()).toEqual(ids);
	});

	test('administrators who deactivate and demote one another at once leave one', async () => {
		const other = await second();
		const own = `/Users/${client.admin.operatorId}`;
		await Promise.all([
			client.ask('PATCH', `/Users/${other.id}`, replace('active', false)),
			other.ask('PATCH', own, replace('active', false)),
			client.ask('DELETE', `/Users/${other.id}`),
			other.ask('PATCH', own, patch({ op: 'remove', path: 'roles' })),
		]);
		expect(operators().administratorCount()).toBe(1);
	});

	test('nor does a bulk request take the last administrator, whatever stands before', async () => {
		const other = await second();
		const own = `/Users/${client.admin.operatorId}`;
		const { body } = await client.ask('POST', '/Bulk', {
			schemas: [BULK],
			Operations: [
				{ method: 'PATCH', path: `/Users/${other.id}`, data: replace('roles', [{ value: 'user' }]) },
				{ method: 'PATCH', path: own, data: patch({ op: 'remove', path: 'roles' }) },
				{ method: 'PUT', path: own, data: { schemas: [USER], userName: 'administrator@example.org', active: false } },
				{ method: 'DELETE', path: own },
			],
		});
		expect((body['Operations'] as readonly Json[]).map(({ status }) => status)).toEqual(['200', '403', '403', '403']);
		expect(operators().administratorCount()).toBe(1);
	});
});

describe('Z14 Z9 somebody who is signed in is deleted', () => {
	test('the next request of their login is refused; so is a login whose password is being looked at', async () => {
		const { site } = client;
		await site.bench.addOperator({ email: 'security@example.org', role: 'security' });
		const guard = await site.signIn('security');
		expect((await guard.get('/api/v1/lanes')).status).toBe(200);
		// Another password than the one that the test's hasher remembers: it is worked out anew.
		await client.ask('PATCH', `/Users/${guard.operatorId}`, replace('password', 'a heron in the garden'));
		const again = { email: 'security@example.org', password: 'a heron in the garden', remoteAddress: '10.0.0.7' };
		const [login, gone] = await Promise.all([
			site.bench.operators.login(again),
			client.ask('DELETE', `/Users/${guard.operatorId}`),
		]);
		expect(gone.status).toBe(204);
		expect(login.result).not.toBe('signedIn');
		expect((await guard.get('/api/v1/lanes')).status).toBe(401);
		expect(operators().loginSessionsOf(guard.operatorId)).toEqual([]);
	});
});

describe('Z14 Z9 what came of a user goes with them', () => {
	test('who is made anew after a removal leaves nothing of the one before in any table', async () => {
		const personal = {
			...{ title: 'Zweitbesetzung', nickName: 'Zweitbesetzung', name: { familyName: 'Zweitbesetzung' } },
			emails: [{ value: 'zweitbesetzung@example.org', type: 'home' }],
			addresses: [{ type: 'work', locality: 'Zweitbesetzung' }],
			[ENTERPRISE]: { department: 'Zweitbesetzung' },
		};
		const id = await client.user('twice', personal);
		expect(
			placesOf(client.site.bench.dir, /zweitbesetzung/i).filter((place) => place.includes('scim_items')),
		).not.toEqual([]);
		await client.ask('DELETE', `/Users/${id}`);
		await client.user('twice');
		expect(placesOf(client.site.bench.dir, /zweitbesetzung/i)).toEqual([]);
	});
});

describe('Z14 groups of a thousand', () => {
	test('a thousand members are put in, chosen, replaced and taken out, each by one request; more are refused whole', async () => {
		const ids = manyUsers(1_001);
		const [extra = ''] = ids.slice(1_000);
		const values = ids.slice(0, 1_000).map((value) => ({ value }));
		const group = await client.ask('POST', '/Groups', { schemas: [GROUP], displayName: 'All' });
		const id = String(group.body['id']);
		const change = async (...operations: readonly object[]) =>
			(await client.ask('PATCH', `/Groups/${id}`, patch(...operations))).status;
		expect(await change({ op: 'add', path: 'members', value: [...values, { value: extra }] })).toBe(400);
		expect(await members(id), 'nothing of it').toEqual([]);
		expect(await change({ op: 'Add', path: 'members', value: values })).toBe(204);
		expect(await change({ op: 'add', path: 'members', value: [{ value: extra }] })).toBe(204);
		expect(await members(id)).toHaveLength(1_001);
		expect((await client.ask('GET', `/Groups/${id}?excludedAttributes=members`)).body).not.toHaveProperty('members');
		const filter = encodeURIComponent(`members eq "${extra}"`);
		expect((await client.ask('GET', `/Groups?filter=${filter}&excludedAttributes=members`)).body['totalResults']).toBe(
			1,
		);
		expect(await change({ op: 'remove', path: `members[value eq "${extra}"]` })).toBe(204);
		expect(await change({ op: 'remove', path: 'members[display sw "Many many-00"]' })).toBe(204);
		expect(await members(id)).toHaveLength(900);
		expect(await change({ op: 'replace', path: 'members', value: [{ value: extra }] })).toBe(204);
		expect(await members(id)).toEqual([extra]);
	});
});

describe('Z14 a bulk request that a restart cuts off', () => {
	test('each operation is done whole or not at all, and sent once more it comes to the same', async () => {
		const { bench, services } = client.site;
		const [changed, gone] = [await client.user('changed@example.org'), await client.user('gone@example.org')];
		const body = {
			schemas: [BULK],
			Operations: [
				{ method: 'POST', path: '/Users', bulkId: 'a', data: { schemas: [USER], userName: 'a@example.org' } },
				{ method: 'PATCH', path: `/Users/${changed}`, data: replace('title', 'Changed') },
				{ method: 'DELETE', path: `/Users/${gone}` },
				{
					method: 'POST',
					path: '/Groups',
					bulkId: 'g',
					data: { schemas: [GROUP], displayName: 'Cut', members: [{ value: changed }] },
				},
			],
		};
		const by = { operatorId: client.admin.operatorId, access: null, program: undefined };
		// The power goes after the first half of a removal.
		const offboarding: typeof services.offboarding = {
			...services.offboarding,
			offboard(id, actor) {
				services.offboarding.offboard(id, actor);
				throw new Error('power cut');
			},
		};
		await expect(runBulk({ scim: bench.operators.scim, offboarding }, body, by)).rejects.toThrow('power cut');
		const store = openSiteStore({ dir: bench.dir, nowMs: bench.clock.nowMs, log: bench.log });
		const after = createOperators({
			...{ store, clock: bench.clock, log: bench.log, newId: randomUUID, journalGrew: () => undefined },
			hasher: rememberingHasher,
		});
		expect(after.scim.users.get(gone)?.attributes, 'half removed: they can do nothing').toMatchObject({
			active: false,
		});
		expect(after.scim.users.get(changed)?.attributes).toMatchObject({ title: 'Changed' });
		const deps = { scim: after.scim, offboarding: services.offboarding };
		const again = await runBulk(deps, body, by);
		expect(again.map(({ status }) => status)).toEqual([409, 200, 204, 201]);
		expect(again[0]?.refusal).toBeInstanceOf(ScimRefusal);
		const version = after.scim.users.get(changed)?.version;
		expect(after.scim.users.get(gone)).toBeUndefined();
		const third = await runBulk(deps, body, by);
		expect(third.map(({ status }) => status)).toEqual([409, 200, 404, 409]);
		expect(after.scim.users.get(changed)?.version, 'what was done changes nothing').toBe(version);
		store.close();
	});
});
