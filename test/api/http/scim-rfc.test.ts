import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createScimClient, ENTERPRISE, GROUP, patch, type ScimClient, USER } from '../../support/scim-client.ts';

let client: ScimClient;
beforeAll(async () => {
	client = await createScimClient();
});
afterAll(() => client.close());

type Json = Record<string, unknown>;

/** An example, with what its server made in the place of names. */
function example<T = Json>(rfc: 'rfc7643' | 'rfc7644', section: string, made: Record<string, string> = {}): T {
	const file = path.join(import.meta.dirname, `../../fixtures/scim/${rfc}.json`);
	const all = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
	const text = JSON.stringify(all[section]).replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) =>
		JSON.stringify(made[name]).slice(1, -1),
	);
	return JSON.parse(text) as T;
}

const idOf = (answer: { readonly body: Json }) => String(answer.body['id']);

describe('Z14 RFC 7643, 8: resources as its examples have them', () => {
	test('8.1 a minimal user: what it says of itself is not taken', async () => {
		const made = await client.ask('POST', '/Users', example('rfc7643', '8.1 minimal user'));
		expect(made.status).toBe(201);
		expect(idOf(made)).not.toBe('2819c223-7f76-453a-919d-413861904646');
		const meta = made.body['meta'] as Json;
		expect(meta['created']).not.toBe('2010-01-23T04:56:22Z');
		expect([meta['version'], meta['location']]).toEqual([made.headers.get('etag'), made.headers.get('location')]);
	});

	test('8.2 a full user comes back as it was sent, without password, groups and meta of elsewhere', async () => {
		const {
			id: _id,
			meta: _meta,
			password: _password,
			groups: _groups,
			schemas,
			...sent
		} = example('rfc7643', '8.2 full user');
		const made = await client.ask('POST', '/Users', example('rfc7643', '8.2 full user'));
		expect(made.status).toBe(201);
		const got = await client.ask('GET', `/Users/${idOf(made)}`);
		const { id: _gotId, meta: _gotMeta, roles, ...told } = got.body;
		expect(told).toEqual({ ...sent, schemas });
		expect(roles).toEqual([{ value: 'user', type: 'site' }]);
	});

	test('8.3 an enterprise user names its schema, and keeps a manager who is not here', async () => {
		const made = await client.ask('POST', '/Users', example('rfc7643', '8.3 enterprise user'));
		expect(made.body).toMatchObject({
			schemas: [USER, ENTERPRISE],
			[ENTERPRISE]: {
				employeeNumber: '701984',
				costCenter: '4130',
				manager: { value: '26118915-6090-4610-87e4-49d8ca9f808d' },
			},
		});
		expect(made.body[ENTERPRISE], 'read-only').not.toHaveProperty('manager.displayName');
	});

	test('8.4 a group with two members', async () => {
		const made = { babs: await client.user('babs', { displayName: 'Babs Jensen' }), mandy: await client.user('mandy') };
		const group = await client.ask('POST', '/Groups', example('rfc7643', '8.4 group', made));
		expect(group).toMatchObject({ status: 201, body: { displayName: 'Tour Guides' } });
		const members = group.body['members'] as readonly Json[];
		expect(members.map(({ value }) => value).sort()).toEqual(Object.values(made).sort());
		expect(members.find(({ value }) => value === made.babs)).toEqual({
			...{ value: made.babs, display: 'Babs Jensen', type: 'User' },
			$ref: `http://gate.example/scim/v2/Users/${made.babs}`,
		});
	});

	test('8.5 to 8.7 what is understood, kinds of resources, and schemas that name every attribute that is told', async () => {
		const config = await client.ask('GET', '/ServiceProviderConfig');
		expect(config.body).toMatchObject({
			...{
				patch: { supported: true },
				sort: { supported: true },
				etag: { supported: true },
				bulk: { supported: true },
			},
			filter: { supported: true, maxResults: 200 },
			authenticationSchemes: [{ type: 'oauthbearertoken', primary: true }],
		});
		const types = await client.ask('GET', '/ResourceTypes');
		expect(types.body).toMatchObject({
			totalResults: 2,
			Resources: [{ id: 'User', endpoint: '/Users', schema: USER }, { id: 'Group' }],
		});
		expect((await client.ask('GET', '/ResourceTypes/User')).body).toMatchObject({
			schemaExtensions: [{ schema: ENTERPRISE, required: false }],
		});
		expect((await client.ask('GET', '/Schemas')).body['totalResults']).toBe(4);
		const schema = await client.ask('GET', `/Schemas/${USER}`);
		const names = (schema.body['attributes'] as readonly Json[]).map(({ name }) => name);
		expect(names).toEqual(
			expect.arrayContaining(['userName', 'name', 'emails', 'groups', 'x509Certificates', 'password']),
		);
		expect((await client.ask('GET', '/Schemas/urn:nothing')).status).toBe(404);
		expect((await client.ask('GET', '/Schemas?filter=id%20pr')).status, 'RFC 7644, 4').toBe(403);
		expect((await client.ask('GET', '/Me')).body).toMatchObject({ id: client.admin.operatorId });
	});
});

describe('Z14 RFC 7644, 3: requests as its examples have them', () => {
	let own: ScimClient;
	beforeAll(async () => {
		own = await createScimClient();
	});
	afterAll(() => own.close());

	test('3.3 3.4.1 3.5.1 3.6 made, read, written whole, and removed: gone from all lists, its name free', async () => {
		const made = await own.ask('POST', '/Users', example('rfc7644', '3.3 create'));
		expect(made).toMatchObject({ status: 201, body: { userName: 'bjensen', externalId: 'bjensen' } });
		const at = `/Users/${idOf(made)}`;
		expect((await own.ask('GET', at)).body).toEqual(made.body);
		const again = await own.ask('POST', '/Users', example('rfc7644', '3.3 create'));
		expect(again.body).toEqual({
			schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
			...{ status: '409', scimType: 'uniqueness', detail: expect.any(String) },
		});
		const put = await own.ask('PUT', at, example('rfc7644', '3.5.1 replace'));
		expect(put).toMatchObject({
			status: 200,
			body: { id: idOf(made), name: { middleName: 'Jane' }, emails: [{}, { value: 'babs@jensen.org' }] },
		});
		expect(own.site.bench.store.operators.operatorById(idOf(made))?.email, 'they sign in with their address').toBe(
			'bjensen@example.com',
		);
		expect((await own.ask('DELETE', at)).status).toBe(204);
		expect(await own.ask('GET', at)).toMatchObject({ status: 404, body: { status: '404' } });
		const filter = encodeURIComponent('userName eq "bjensen"');
		expect((await own.ask('GET', `/Users?filter=${filter}`)).body['totalResults']).toBe(0);
		const anew = await own.ask('POST', '/Users', example('rfc7644', '3.3 create'));
		expect(anew.status).toBe(201);
		await own.ask('DELETE', `/Users/${idOf(anew)}`);
	});

	test('3.4.2 lists are paged from 1 on, within bounds, sorted, and told by their attributes', async () => {
		const prefix = 'page';
		for (const n of [3, 1, 2])
			await own.user(`${prefix}${n}`, { ...(n !== 2 && { title: `T${n}` }), displayName: `Page ${n}` });
		const filter = `filter=${encodeURIComponent('userName sw "page"')}`;
		const names = async (query: string) => {
			const { body } = await own.ask('GET', `/Users?${filter}&${query}`);
			return ((body['Resources'] ?? []) as readonly Json[]).map(({ userName }) => userName);
		};
		expect(await names('sortBy=userName')).toEqual(['page1', 'page2', 'page3']);
		expect(await names('sortBy=userName&sortOrder=descending')).toEqual(['page3', 'page2', 'page1']);
		expect(await names('sortBy=title'), 'what has none is last').toEqual(['page1', 'page3', 'page2']);
		expect(await names('sortBy=title&sortOrder=descending'), 'and first').toEqual(['page2', 'page3', 'page1']);
		expect(await names('sortBy=userName&startIndex=2&count=1')).toEqual(['page2']);
		expect(await names('sortBy=userName&startIndex=0&count=-5')).toEqual([]);
		expect(await names('startIndex=99')).toEqual([]);
		const counted = await own.ask('GET', `/Users?${filter}&count=0`);
		expect(counted.body).toMatchObject({ totalResults: 3, itemsPerPage: 0, Resources: [] });
		const some = await own.ask('GET', `/Users?${filter}&attributes=userName,name.familyName&sortBy=userName`);
		expect((some.body['Resources'] as readonly Json[])[0]).toEqual({
			schemas: [USER],
			id: expect.any(String),
			userName: 'page1',
		});
		const less = await own.ask('GET', `/Users?${filter}&excludedAttributes=meta,displayName,id`);
		expect((less.body['Resources'] as readonly Json[])[0]).toEqual(expect.objectContaining({ id: expect.any(String) }));
		expect((less.body['Resources'] as readonly Json[])[0]).not.toHaveProperty('displayName');
		for (const [query, scimType] of [
			['count=many', 'invalidValue'],
			['sortBy=name', 'invalidPath'],
			[`filter=${encodeURIComponent('userName eq')}`, 'invalidFilter'],
			[`filter=${encodeURIComponent('nothing eq "1"')}`, 'invalidFilter'],
			[`filter=${encodeURIComponent('active gt true')}`, 'invalidFilter'],
		]) {
			expect(await own.ask('GET', `/Users?${query}`), query).toMatchObject({ status: 400, body: { scimType } });
		}
	});

	test('3.4.2.2 every filter of the examples finds whom it says', async () => {
		const fresh = await createScimClient();
		for (const person of example<readonly Json[]>('rfc7644', '3.4.2.2 people'))
			await fresh.user(String(person['userName']), person);
		for (const [filter, expected] of example<readonly [string, readonly string[]][]>('rfc7644', '3.4.2.2 filters')) {
			const { body, status } = await fresh.ask('GET', `/Users?filter=${encodeURIComponent(filter)}`);
			expect(status, filter).toBe(200);
			const found = (body['Resources'] as readonly Json[]).map(({ userName }) =>
				String(userName).replace(/istrator@.*/, ''),
			);
			expect(found.sort(), filter).toEqual(expected);
		}
		const kinds = encodeURIComponent('(meta.resourceType eq User) or (meta.resourceType eq Group)');
		await fresh.ask('POST', '/Groups', { schemas: [GROUP], displayName: 'Smiths' });
		expect((await fresh.ask('GET', `?filter=${kinds}`)).body['totalResults']).toBe(5);
		expect((await fresh.ask('GET', `?filter=${kinds}&startIndex=5&count=3`)).body).toMatchObject({
			itemsPerPage: 1,
			Resources: [{ displayName: 'Smiths' }],
		});
		const searched = await fresh.ask('POST', '/.search', example('rfc7644', '3.4.3 search'));
		expect(searched.body).toMatchObject({
			totalResults: 2,
			Resources: [{ displayName: 'Smith', userName: 'jsmith' }, { displayName: 'Smiths' }],
		});
		expect((searched.body['Resources'] as readonly Json[])[1]).toEqual({
			schemas: expect.any(Array),
			id: expect.any(String),
			displayName: 'Smiths',
		});
		fresh.close();
	});

	test('3.5.2.1 to 3.5.2.3 every PATCH of the examples', async () => {
		const made = {
			babs: await own.user('babs@example.org', {
				emails: [{ value: 'bjensen@example.com', type: 'work', primary: true }],
			}),
			james: await own.user('james@example.org'),
		};
		const group = await own.ask('POST', '/Groups', { schemas: [GROUP], displayName: 'Patched' });
		const [at, user] = [`/Groups/${idOf(group)}`, `/Users/${made.babs}`];
		type Examples = Record<string, readonly object[]>;
		const [add, remove, replace] = ['3.5.2.1 add', '3.5.2.2 remove', '3.5.2.3 replace'].map((section) =>
			example<Examples>('rfc7644', section, made),
		);
		const change = async (where: string, operations: readonly object[] | undefined) =>
			(await own.ask('PATCH', where, patch(...(operations ?? [])))).status;
		const members = async () =>
			(((await own.ask('GET', at)).body['members'] ?? []) as readonly Json[]).map(({ value }) => value).sort();
		expect(await change(at, add?.['members'])).toBe(204);
		expect(await change(at, add?.['members']), 'once more changes nothing').toBe(204);
		expect(await members()).toEqual([made.babs]);
		expect(await change(at, remove?.['one and another'])).toBe(204);
		expect(await members()).toEqual([made.james]);
		expect(await change(at, replace?.['all members'])).toBe(204);
		expect(await members()).toEqual([made.babs, made.james].sort());
		expect(await change(at, remove?.['one member'])).toBe(204);
		expect(await members()).toEqual([made.james]);
		expect(await change(at, remove?.['all members'])).toBe(204);
		expect(await members()).toEqual([]);
		expect(await change(user, add?.['without path'])).toBe(200);
		expect((await own.ask('GET', user)).body).toMatchObject({
			nickName: 'Babs',
			emails: [{ type: 'work' }, { value: 'babs@jensen.org', type: 'home' }],
		});
		expect(await change(user, remove?.['values that fit'])).toBe(200);
		expect((await own.ask('GET', user)).body['emails']).toEqual([{ value: 'babs@jensen.org', type: 'home' }]);
		expect(await own.ask('PATCH', user, patch(...(replace?.['work address'] ?? [])))).toMatchObject({
			status: 400,
			body: { scimType: 'noTarget' },
		});
		await own.ask(
			'PATCH',
			user,
			patch({ op: 'add', path: 'addresses', value: [{ type: 'work', locality: 'Hollywood' }] }),
		);
		expect(await change(user, replace?.['work address'])).toBe(200);
		expect(await change(user, replace?.['part of an address'])).toBe(200);
		expect((await own.ask('GET', user)).body['addresses']).toMatchObject([
			{ streetAddress: '1010 Broadway Ave', postalCode: '91608' },
		]);
		expect(await change(user, replace?.['without path'])).toBe(200);
		expect((await own.ask('GET', user)).body['emails']).toHaveLength(2);
	});

	test('3.5.2 what can not be: read-only, required, unknown and half, and nothing of such a PATCH is done', async () => {
		const id = await own.user('atomic@example.org', { title: 'Before' });
		for (const [operation, scimType] of [
			[{ op: 'replace', path: 'id', value: 'x' }, 'mutability'],
			[{ op: 'replace', path: 'groups', value: [] }, 'mutability'],
			[{ op: 'remove', path: 'userName' }, 'mutability'],
			[{ op: 'replace', path: 'nothing', value: 'x' }, 'invalidPath'],
			[{ op: 'replace', path: 'emails[type eq', value: 'x' }, 'invalidFilter'],
			[{ op: 'replace', path: 'title[value eq "x"]', value: 'x' }, 'invalidPath'],
			[{ op: 'remove' }, 'noTarget'],
			[{ op: 'move', path: 'title' }, 'invalidSyntax'],
			[{ op: 'replace', path: 'active', value: 'maybe' }, 'invalidValue'],
		] as const) {
			const answer = await own.ask(
				'PATCH',
				`/Users/${id}`,
				patch({ op: 'replace', path: 'title', value: 'After' }, operation),
			);
			expect([answer.status, answer.body['scimType']], JSON.stringify(operation)).toEqual([400, scimType]);
		}
		expect((await own.ask('GET', `/Users/${id}`)).body['title']).toBe('Before');
	});

	test('3.5.2 a new primary takes that from the one before', async () => {
		const id = await own.user('primary@example.org', { emails: [{ value: 'a@example.org', primary: true }] });
		const changed = await own.ask(
			'PATCH',
			`/Users/${id}`,
			patch({ op: 'add', path: 'emails', value: [{ value: 'b@example.org', primary: true }] }),
		);
		expect(changed.body['emails']).toEqual([
			{ value: 'a@example.org', primary: false },
			{ value: 'b@example.org', primary: true },
		]);
	});

	test('3.7.1 3.7.2 a bulk request in a ring, and one whose first operation names its last', async () => {
		const ring = await own.ask('POST', '/Bulk', example('rfc7644', '3.7.1 ring'));
		const operations = ring.body['Operations'] as readonly Json[];
		expect(operations).toMatchObject([
			{ bulkId: 'qwerty', status: '201' },
			{ bulkId: 'ytrewq', status: '201' },
		]);
		const [a, b] = operations.map(({ location }) => String(location).split('/').at(-1) ?? '');
		expect((await own.ask('GET', `/Users/${a}`)).body[ENTERPRISE]).toMatchObject({
			manager: { value: b },
			department: 'A',
		});
		expect((await own.ask('GET', `/Users/${b}`)).body[ENTERPRISE]).toMatchObject({ manager: { value: a } });
		const both = await own.ask('POST', '/Bulk', example('rfc7644', '3.7.2 user and group'));
		const made = both.body['Operations'] as readonly Json[];
		expect(made.map(({ status }) => status)).toEqual(['201', '201']);
		const group = await own.ask('GET', `/Groups/${String(made[0]?.['location']).split('/').at(-1)}`);
		expect(group.body['members']).toMatchObject([
			{ value: String(made[1]?.['location']).split('/').at(-1), display: 'Alice' },
		]);
	});

	test('3.7.3 a bulk request of all methods, which stops at its first error', async () => {
		const made: Record<string, string> = {};
		for (const name of ['bob', 'dave', 'gone']) {
			made[name] = await own.user(`${name}-before`, { nickName: name });
			made[`${name}Version`] = String((await own.ask('GET', `/Users/${made[name]}`)).headers.get('etag'));
		}
		const bulk = await own.ask('POST', '/Bulk', example('rfc7644', '3.7.3 mixed', made));
		expect(bulk.status).toBe(200);
		const operations = bulk.body['Operations'] as readonly Json[];
		expect(operations.map(({ method, status }) => [method, status])).toEqual([
			['POST', '201'],
			['PUT', '200'],
			['PATCH', '200'],
			['DELETE', '204'],
		]);
		expect((await own.ask('GET', `/Users/${made['dave']}`)).body).toMatchObject({ userName: 'Dave' });
		const again = await own.ask('POST', '/Bulk', example('rfc7644', '3.7.3 mixed', made));
		expect(again.body['Operations']).toMatchObject([
			{ method: 'POST', status: '409', response: { scimType: 'uniqueness', status: '409' } },
		]);
		const lost = {
			method: 'POST',
			path: '/Groups',
			bulkId: 'x',
			data: { schemas: [GROUP], displayName: 'L', members: [{ value: 'bulkId:nobody' }] },
		};
		const without = await own.ask('POST', '/Bulk', {
			schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
			Operations: [lost],
		});
		expect(without.body['Operations']).toMatchObject([{ status: '409' }]);
	});

	test('3.7.4 too many operations, and too large a body, are 413', async () => {
		const operation = { method: 'DELETE', path: '/Users/nobody' };
		const many = {
			schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
			Operations: Array.from({ length: 201 }, () => operation),
		};
		expect(await own.ask('POST', '/Bulk', many)).toMatchObject({ status: 413, body: { status: '413' } });
		const large = await own.ask('POST', '/Bulk', `{"x":"${'x'.repeat(1_100_000)}"}`);
		expect(large).toMatchObject({ status: 413, body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] } });
	});

	test('3.14 ETags: 304 while nothing changed, 412 where something did', async () => {
		const id = await own.user('tagged@example.org');
		const at = `/Users/${id}`;
		const etag = String((await own.ask('GET', at)).headers.get('etag'));
		expect(etag).toMatch(/^W\/"/);
		expect((await own.ask('GET', at, undefined, { 'if-none-match': etag })).status).toBe(304);
		const title = (value: string) => patch({ op: 'replace', path: 'title', value });
		const changed = await own.ask('PATCH', at, title('A'), { 'if-match': etag });
		expect(changed.status).toBe(200);
		expect(changed.headers.get('etag')).not.toBe(etag);
		for (const [method, body] of [
			['PATCH', title('B')],
			['PUT', { schemas: [USER], userName: 'tagged@example.org' }],
			['DELETE', undefined],
		] as const)
			expect(await own.ask(method, at, body, { 'if-match': etag }), method).toMatchObject({
				status: 412,
				body: { status: '412' },
			});
		expect((await own.ask('GET', at, undefined, { 'if-none-match': etag })).status).toBe(200);
		expect(
			(await own.ask('PATCH', at, title('B'), { 'if-match': `"other", ${changed.headers.get('etag')}` })).status,
		).toBe(200);
		expect((await own.ask('PATCH', at, title('C'), { 'if-match': '*' })).status).toBe(200);
		const group = await own.ask('POST', '/Groups', { schemas: [GROUP], displayName: 'Tagged' });
		const before = String(group.headers.get('etag'));
		await own.ask('PATCH', `/Groups/${idOf(group)}`, patch({ op: 'add', path: 'members', value: [{ value: id }] }), {
			'if-match': before,
		});
		expect((await own.ask('DELETE', `/Groups/${idOf(group)}`, undefined, { 'if-match': before })).status).toBe(412);
	});
});
