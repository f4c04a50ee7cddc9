import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createScimClient, ENTERPRISE, patch, type ScimClient, USER } from '../../support/scim-client.ts';
import { createScimPlay, type ScimPlay, scimExamples } from '../../support/scim-examples.ts';

let client: ScimClient;
beforeAll(async () => {
	client = await createScimClient();
});
afterAll(() => client.close());

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const NOBODY = { schemas: [LIST], totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] };

const search = (filter: string, more = '') => client.ask('GET', `/Users?filter=${encodeURIComponent(filter)}${more}`);

describe('Z14 Microsoft Entra ID: the requests of its provisioning service, as its documentation has them', () => {
	test('Z8 Z9 a user is looked for, made, changed, disabled, enabled and deleted', async () => {
		expect(await search('userName eq "00000000-0000-0000-0000-000000000000"')).toMatchObject({
			status: 200,
			body: NOBODY,
		});
		expect((await search('userName eq "Test_User_00aa00aa@contoso.example"')).body).toEqual(NOBODY);
		const made = await client.ask('POST', '/Users', {
			schemas: [USER, ENTERPRISE],
			externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
			userName: 'Test_User_00aa00aa@contoso.example',
			active: true,
			emails: [{ primary: true, type: 'work', value: 'Test_User_fd0ea19b@testuser.example' }],
			meta: { resourceType: 'User' },
			name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
			roles: [],
		});
		expect(made.status).toBe(201);
		expect(made.headers.get('content-type')).toBe('application/scim+json');
		const id = String(made.body['id']);
		expect(made.headers.get('location')).toBe(`http://gate.example/scim/v2/Users/${id}`);
		expect(made.body).toMatchObject({
			...{ schemas: [USER], externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef', active: true },
			meta: { resourceType: 'User', location: `http://gate.example/scim/v2/Users/${id}` },
			name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
			emails: [{ type: 'work', primary: true, value: 'Test_User_fd0ea19b@testuser.example' }],
		});
		for (const filter of [
			'userName eq "test_user_00AA00aa@contoso.example"',
			'externalId eq "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef"',
			'emails[type eq "work"].value eq "test_user_fd0ea19b@testuser.example"',
		]) {
			expect((await search(filter)).body, filter).toMatchObject({ totalResults: 1, Resources: [{ id }] });
		}
		const changed = await client.ask(
			'PATCH',
			`/Users/${id}`,
			patch(
				{ op: 'Replace', path: 'emails[type eq "work"].value', value: 'updatedEmail@contoso.example' },
				{ op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
				{ op: 'Add', path: `${ENTERPRISE}:department`, value: 'Parking' },
				{ op: 'Add', path: 'addresses[type eq "work"].locality', value: 'Brussels' },
				{ op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+32 2 555 01 01' },
				{ op: 'Replace', path: 'userName', value: '5b50642d-79fc-4410-9e90-4c077cdd1a59@testuser.example' },
			),
		);
		expect(changed).toMatchObject({
			status: 200,
			body: {
				userName: '5b50642d-79fc-4410-9e90-4c077cdd1a59@testuser.example',
				name: { familyName: 'updatedFamilyName', givenName: 'givenName' },
				emails: [{ type: 'work', primary: true, value: 'updatedEmail@contoso.example' }],
				addresses: [{ type: 'work', locality: 'Brussels' }],
				phoneNumbers: [{ type: 'mobile', value: '+32 2 555 01 01' }],
				[ENTERPRISE]: { department: 'Parking' },
			},
		});
		const without = await client.ask('PATCH', `/Users/${id}`, {
			schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
			Operations: [
				{ op: 'replace', value: { 'name.givenName': 'Ada', [`${ENTERPRISE}:department`]: 'Roads', nickName: 'A' } },
			],
		});
		expect(without.body).toMatchObject({
			name: { givenName: 'Ada' },
			nickName: 'A',
			[ENTERPRISE]: { department: 'Roads' },
		});
		const disabled = await client.ask(
			'PATCH',
			`/Users/${id}`,
			patch({ op: 'Replace', path: 'active', value: 'False' }),
		);
		expect(disabled.body['active']).toBe(false);
		expect((await client.ask('GET', `/Users/${id}`)).body['active'], 'disabled ones are told').toBe(false);
		expect(client.site.bench.store.operators.operatorById(id)?.state).toBe('inactive');
		const enabled = await client.ask('PATCH', `/Users/${id}`, patch({ op: 'Replace', value: { active: 'True' } }));
		expect(enabled.body['active']).toBe(true);
		expect((await client.ask('DELETE', `/Users/${id}`)).status).toBe(204);
		expect((await client.ask('GET', `/Users/${id}`)).status).toBe(404);
		expect((await client.ask('DELETE', `/Users/${id}`)).status).toBe(404);
		expect(client.site.bench.store.offboardings.offboarding(id), 'the console can undo it').toBeDefined();
	});

	test('what is there already is told by 409 with scimType uniqueness; its manager is a bare id', async () => {
		const boss = await client.user('boss@entra.example', { displayName: 'The Boss' });
		const again = await client.ask('POST', '/Users', { schemas: [USER], userName: 'BOSS@entra.example' });
		expect(again).toMatchObject({ status: 409, body: { status: '409', scimType: 'uniqueness' } });
		const id = await client.user('led@entra.example');
		const led = await client.ask(
			'PATCH',
			`/Users/${id}`,
			patch({ op: 'Add', path: `${ENTERPRISE}:manager`, value: boss }),
		);
		expect(led.body[ENTERPRISE]).toMatchObject({ manager: { value: boss, displayName: 'The Boss' } });
	});
});

describe('Z14 Okta: the requests of its provisioning, as its documentation has them', () => {
	const okta = (more: object = {}) => ({
		schemas: [USER],
		...{ userName: 'test.user@okta.example', name: { givenName: 'Test', familyName: 'User' } },
		emails: [{ primary: true, value: 'test.user@okta.example', type: 'work' }],
		...{ displayName: 'Test User', locale: 'en-US', externalId: '00ujl29u0le5T6Aj10h7', groups: [], active: true },
		...more,
	});

	test('Z8 Z9 a user is looked for, made with a password, read, written whole, and deactivated by PATCH', async () => {
		expect((await search('userName eq "test.user@okta.example"', '&startIndex=1&count=100')).body).toEqual(NOBODY);
		const made = await client.ask('POST', '/Users', okta({ password: '1mz050nq a heron' }));
		expect(made.status).toBe(201);
		const id = String(made.body['id']);
		expect(JSON.stringify(made.body)).not.toContain('1mz050nq');
		expect(client.site.bench.store.operators.operatorById(id)).toMatchObject({ state: 'active', name: 'Test User' });
		const login = await client.site.bench.operators.login({
			...{ email: 'test.user@okta.example', password: '1mz050nq a heron', remoteAddress: '10.0.0.1' },
		});
		expect(login.result).toBe('signedIn');
		expect((await client.ask('GET', `/Users/${id}`)).status).toBe(200);
		const put = await client.ask(
			'PUT',
			`/Users/${id}`,
			okta({
				id,
				name: { givenName: 'Another', middleName: 'Excited', familyName: 'User' },
				displayName: 'Another User',
				meta: { resourceType: 'User' },
			}),
		);
		expect(put).toMatchObject({
			status: 200,
			body: { id, displayName: 'Another User', name: { middleName: 'Excited' } },
		});
		const off = await client.ask('PATCH', `/Users/${id}`, patch({ op: 'replace', value: { active: false } }));
		expect(off).toMatchObject({ status: 200, body: { active: false } });
		expect(client.site.bench.store.operators.loginSessionsOf(id), 'logins end').toEqual([]);
		const on = await client.ask('PUT', `/Users/${id}`, okta({ active: true }));
		expect(on.body['active']).toBe(true);
		expect(client.site.bench.store.operators.operatorById(id)?.state, 'with the password they had').toBe('active');
	});
});

const DOCUMENTS = {
	entra: 'Microsoft Entra ID',
	okta: 'Okta',
	'other-providers': 'OneLogin, JumpCloud, Ping and Google',
};

describe.each(Object.entries(DOCUMENTS))('Z14 the requests of the documents, over HTTP: %s (%s)', (name) => {
	let played: ScimPlay;
	beforeAll(async () => {
		played = await createScimPlay();
	});
	afterAll(() => played.close());

	const examples = scimExamples(name);
	for (const example of examples.examples) test(example.example, () => played.play(example, examples));
});
