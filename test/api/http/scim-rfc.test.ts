import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createScimClient, GROUP, patch, type ScimClient, USER } from '../../support/scim-client.ts';
import { scimFixture } from '../../support/scim-examples.ts';

type Json = Record<string, unknown>;

const idOf = (answer: { readonly body: Json }) => String(answer.body['id']);

describe('Z14 RFC 7644, 3: what its examples leave open', () => {
	let own: ScimClient;
	beforeAll(async () => {
		own = await createScimClient();
	});
	afterAll(() => own.close());

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
		const { people, filters } = scimFixture<{
			readonly people: readonly Json[];
			readonly filters: readonly (readonly [string, readonly string[]])[];
		}>('rfc7644-filters');
		for (const person of people) await fresh.user(String(person['userName']), person);
		for (const [filter, expected] of filters) {
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
		fresh.close();
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
