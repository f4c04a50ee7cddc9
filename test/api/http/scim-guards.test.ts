import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOperatorsBench, PASSWORD } from '../../support/operators.ts';
import {
	askWith,
	createScimClient,
	ENTERPRISE,
	GROUP,
	patch,
	type ScimClient,
	scimToken,
	USER,
} from '../../support/scim-client.ts';

let client: ScimClient;
beforeEach(async () => {
	client = await createScimClient();
});
afterEach(() => client.close());

const operators = () => client.site.bench.store.operators;
const active = (value: boolean) => patch({ op: 'replace', path: 'active', value });

describe('X11 Z14 who may do what by SCIM', () => {
	test('a token needs the permission, and loses it with its owner’s, on the next request', async () => {
		const other = await scimToken(client.admin, ['operators:read', 'operators:write']);
		expect(await askWith(client.site, other)('GET', '/Users')).toMatchObject({ status: 403, body: { status: '403' } });
		const wrong = await askWith(client.site, 'pgt_wrong')('GET', '/Users');
		expect([wrong.status, wrong.headers.get('www-authenticate'), wrong.headers.get('content-type')]).toEqual([
			...[401, 'Bearer realm="parkgate", error="invalid_token"', 'application/scim+json'],
		]);
		expect((await client.ask('GET', '/Users')).status).toBe(200);
		await client.site.bench.addOperator({ email: 'second@example.org', role: 'administrator' });
		operators().setRoles(client.admin.operatorId, [{ roleId: 'reception', scope: 'site' }]);
		expect((await client.ask('GET', '/Users')).status).toBe(403);
		expect((await client.ask('POST', '/Users', { schemas: [USER], userName: 'x@example.org' })).status).toBe(403);
	});

	test('nobody is given, by role or by group, what the owner may not do; nor is who may do more touched', async () => {
		const { site } = client;
		const roles = site.bench.operators.roles;
		const made = roles.add(
			{ name: 'Provisioner', permissions: ['scim', 'operators:read', 'operators:write'] },
			{ operatorId: null, access: null },
		);
		if (made.result !== 'done') throw new Error(made.result);
		const lesser = await site.signIn(made.role.id);
		const ask = askWith(site, await scimToken(lesser));
		const user = { schemas: [USER], userName: 'new@example.org' };
		for (const value of ['administrator', 'reception'])
			expect((await ask('POST', '/Users', { ...user, roles: [{ value }] })).status, value).toBe(403);
		const plain = await ask('POST', '/Users', user);
		expect(plain).toMatchObject({ status: 201, body: { roles: [{ value: 'user', type: 'site' }] } });
		const id = String(plain.body['id']);
		expect(
			(await ask('PATCH', `/Users/${id}`, patch({ op: 'add', path: 'roles', value: [{ value: 'security' }] }))).status,
		).toBe(403);
		for (const [method, body] of [
			['PATCH', patch({ op: 'replace', path: 'title', value: 'x' })],
			['PATCH', active(false)],
			['DELETE', undefined],
		] as const)
			expect((await ask(method, `/Users/${client.admin.operatorId}`, body)).status, method).toBe(403);
		const strong = site.bench.operators.groups.add(
			{
				...{ kind: 'role', name: 'Strong', tags: [], parentId: null, permissions: [], denials: [] },
				roles: [{ roleId: 'security', scope: 'site' }],
			},
			{ operatorId: null, access: null },
		);
		if (strong.result !== 'done') throw new Error(strong.result);
		expect(
			(await ask('PATCH', `/Groups/${strong.group.id}`, patch({ op: 'add', path: 'members', value: [{ value: id }] })))
				.status,
		).toBe(403);
		const below = {
			schemas: [GROUP],
			displayName: 'Below',
			'urn:parkgate:params:scim:schemas:extension:2.0:OperatorGroup': { parent: { value: strong.group.id } },
		};
		expect((await ask('POST', '/Groups', below)).status, 'nor by where a group stands').toBe(403);
		expect(
			(
				await client.ask(
					'PATCH',
					`/Groups/${strong.group.id}`,
					patch({ op: 'add', path: 'members', value: [{ value: id }] }),
				)
			).status,
		).toBe(204);
		expect((await ask('PATCH', `/Users/${id}`, active(false))).status, 'who may do more now').toBe(403);
	});

	test('the last administrator is not removed, deactivated, demoted or denied; nobody deactivates or locks themselves', async () => {
		const own = `/Users/${client.admin.operatorId}`;
		for (const [method, body] of [
			['PATCH', active(false)],
			['DELETE', undefined],
			['PATCH', patch({ op: 'replace', path: 'roles', value: [{ value: 'user' }] })],
			['PATCH', patch({ op: 'remove', path: 'roles' })],
			['PUT', { schemas: [USER], userName: 'administrator@example.org', active: false }],
			['PATCH', patch({ op: 'replace', path: 'password', value: 'a heron in the garden' })],
		] as const) {
			const answer = await client.ask(method, own, body);
			expect([answer.status, answer.body['status']], JSON.stringify(body)).toEqual([403, '403']);
		}
		expect(operators().operatorById(client.admin.operatorId)?.state).toBe('active');
		const second = await client.site.bench.addOperator({ email: 'second@example.org', role: 'administrator' });
		expect((await client.ask('PATCH', `/Users/${second}`, active(false))).status).toBe(200);
		expect((await client.ask('PATCH', own, patch({ op: 'remove', path: 'roles' }))).status, 'the last again').toBe(403);
	});

	test('B6 seats that are taken are refused with their figures, and nothing of it is kept', async () => {
		const seats = { available: 1, stopped: false };
		const licensed = createOperatorsBench({ seats: () => seats });
		const administrator = await licensed.addOperator({ email: 'ada@example.org', role: 'administrator' });
		const access = licensed.operators.accessOf(administrator) ?? null;
		const by = { operatorId: administrator, access, program: { id: 't-1', name: 'Entra' } };
		const body = {
			schemas: [USER],
			userName: 'bob@example.org',
			password: 'a heron in the garden',
			roles: [{ value: 'reception' }],
		};
		await expect(licensed.operators.scim.users.create(body, by)).rejects.toMatchObject({
			...{ status: 403, message: 'All seats of the product licence are taken: 1 of 1.' },
		});
		expect(licensed.store.operators.operatorByEmail('bob@example.org')).toBeUndefined();
		seats.available = 2;
		await licensed.operators.scim.users.create(body, by);
		const added = licensed.audits().find(({ action }) => action === 'scimUserAdded');
		expect(added).toMatchObject({
			operatorId: administrator,
			detail: { tokenId: 't-1', token: 'Entra', state: 'active', roles: 'reception at site' },
		});
		licensed.close();
	});

	test('a common password is refused, a good one is hashed, told to nobody, and ends other logins', async () => {
		const weak = await client.ask('POST', '/Users', {
			schemas: [USER],
			userName: 'weak@example.org',
			password: 'password1234',
		});
		expect(weak).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
		const id = await client.user('good@example.org', { password: PASSWORD });
		expect(operators().operatorById(id)?.passwordHash).toMatch(/^\$argon2id\$/);
		for (const query of ['', '?attributes=password'])
			expect(JSON.stringify((await client.ask('GET', `/Users/${id}${query}`)).body)).not.toContain('argon2');
		expect((await client.ask('GET', `/Users?filter=${encodeURIComponent('password pr')}`)).body['totalResults']).toBe(
			0,
		);
		const journal = JSON.stringify(client.site.bench.audits());
		expect(journal).not.toContain(PASSWORD);
		expect(journal).not.toContain('good@example.org');
	});

	test('Z9 who is deactivated loses logins, tokens and codes at once; each change is journalled with its token', async () => {
		const id = await client.site.bench.addOperator({ email: 'security@example.org', role: 'security' });
		const guard = await client.site.signIn('security');
		expect(guard.operatorId).toBe(id);
		const secret = await scimToken(guard, ['lanes:read']);
		expect((await guard.get('/api/v1/lanes')).status).toBe(200);
		expect((await client.ask('PATCH', `/Users/${id}`, active(false))).status).toBe(200);
		expect((await guard.get('/api/v1/lanes')).status).toBe(401);
		expect(
			(await client.site.request('/api/v1/lanes', { headers: { authorization: `Bearer ${secret}` } })).status,
		).toBe(401);
		expect(
			client.site.bench.audits().find(({ action, target }) => action === 'scimUserChanged' && target === id),
		).toMatchObject({
			...{
				operatorId: client.admin.operatorId,
				detail: { changed: 'active', activeBefore: true, active: false, token: 'provisioning' },
			},
		});
	});

	test('what is changed on the console is seen by SCIM, and the other way round', async () => {
		const id = await client.user('two@example.org', {
			displayName: 'Two',
			emails: [{ value: 'two@example.org', type: 'work', primary: true }],
		});
		const before = (await client.ask('GET', `/Users/${id}`)).headers.get('etag');
		await client.admin.send('PATCH', `/api/v1/operators/${id}`, { email: 'second@example.org', name: 'Second' });
		const { body, headers } = await client.ask('GET', `/Users/${id}`);
		expect(body).toMatchObject({
			userName: 'second@example.org',
			displayName: 'Second',
			emails: [{ value: 'second@example.org', type: 'work' }],
		});
		expect(headers.get('etag')).not.toBe(before);
		for (const filter of [
			'userName eq "SECOND@example.org"',
			'emails.value eq "second@example.org"',
			'displayName eq "second"',
		])
			expect((await client.ask('GET', `/Users?filter=${encodeURIComponent(filter)}`)).body, filter).toMatchObject({
				totalResults: 1,
			});
		await client.ask('PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'displayName', value: 'Third' }));
		expect(await (await client.admin.get(`/api/v1/operators/${id}`)).json()).toMatchObject({ name: 'Third' });
		await client.ask('DELETE', `/Users/${id}`);
		await client.admin.post(`/api/v1/operators/${id}/offboard/undo`, {});
		expect((await client.ask('GET', `/Users/${id}`)).status, 'who came back is seen again').toBe(200);
	});
});

describe('X11 Z14 whatever is sent', () => {
	const PLACES = ['/Users', '/Groups', '/Bulk', '/.search', '/Users/.search', '/Users/ID', '/Groups/ID'] as const;

	test('any JSON is answered with a SCIM error or an answer, never with 500; no prototype is changed', async () => {
		const id = await client.user('target@example.org');
		const group = await client.ask('POST', '/Groups', { schemas: [GROUP], displayName: 'Target' });
		const names = fc.constantFrom(
			'schemas',
			'Operations',
			'op',
			'path',
			'value',
			'userName',
			'emails',
			'members',
			'__proto__',
			'constructor',
			'name',
			ENTERPRISE,
			'filter',
			'data',
			'method',
			'bulkId',
			'count',
		);
		const texts = fc.constantFrom(
			USER,
			GROUP,
			'urn:ietf:params:scim:api:messages:2.0:PatchOp',
			'urn:ietf:params:scim:api:messages:2.0:BulkRequest',
			'urn:ietf:params:scim:api:messages:2.0:SearchRequest',
			'add',
			'remove',
			'replace',
			'emails[type eq "work"].value',
			'__proto__.polluted',
			'constructor.prototype.x',
			'members[value eq "x"]',
			'name.familyName',
			'/Users',
			'POST',
			'bulkId:a',
			'userName pr',
			'',
		);
		const { tree } = fc.letrec((tie) => ({
			leaf: fc.oneof(texts, fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
			tree: fc.oneof(
				{ maxDepth: 5 },
				tie('leaf'),
				fc.array(tie('tree'), { maxLength: 4 }),
				fc.dictionary(names, tie('tree'), { maxKeys: 5 }),
			),
		}));
		const shaped = fc.record(
			{
				schemas: fc.constant([
					USER,
					GROUP,
					...['PatchOp', 'BulkRequest', 'SearchRequest'].map((name) => `urn:ietf:params:scim:api:messages:2.0:${name}`),
				]),
				Operations: fc.oneof(
					tree,
					fc.array(
						fc.record(
							{ op: texts, path: texts, value: tree, method: texts, data: tree, bulkId: texts },
							{ requiredKeys: ['op'] },
						),
						{ maxLength: 4 },
					),
				),
				...{ userName: tree, displayName: tree, members: tree, filter: texts, emails: tree },
			},
			{ requiredKeys: ['schemas'] },
		);
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...PLACES),
				fc.constantFrom('POST', 'PUT', 'PATCH'),
				fc.oneof(tree, shaped),
				async (place, method, body) => {
					const at = place.replace('ID', place.startsWith('/Users') ? id : String(group.body['id']));
					const answer = await client.ask(method, at, JSON.stringify(body) ?? 'null');
					expect(answer.status, JSON.stringify([method, at, body])).toBeLessThan(500);
					if (answer.status >= 400)
						expect(answer.body).toMatchObject({ status: String(answer.status), detail: expect.any(String) });
				},
			),
			{ numRuns: 150 },
		);
		expect(Object.hasOwn(Object.prototype, 'polluted') || Object.hasOwn(Object.prototype, 'x')).toBe(false);
	});

	test('any text of a filter, of an order and of attributes is answered, and never with 500', async () => {
		const words = fc.constantFrom(
			'userName',
			'emails',
			'active',
			'eq',
			'co',
			'pr',
			'and',
			'or',
			'not',
			'(',
			')',
			'[',
			']',
			'"a"',
			'"',
			'true',
			'null',
			'1',
			'.value',
			'meta.created',
			'"2026-01-01T00:00:00Z"',
			'__proto__',
			'constructor',
			'%',
			'\\',
			';--',
		);
		const text = fc.oneof(
			fc.string(),
			fc.array(words, { maxLength: 14 }).map((all) => all.join(' ')),
		);
		await fc.assert(
			fc.asyncProperty(fc.constantFrom('/Users', '/Groups', ''), text, text, async (place, filter, other) => {
				const query = new URLSearchParams({
					filter: filter.slice(0, 500),
					sortBy: other.slice(0, 50),
					attributes: other.slice(0, 50),
				});
				const answer = await client.ask('GET', `${place}?${query}`);
				expect([200, 400], JSON.stringify([place, filter, other])).toContain(answer.status);
			}),
			{ numRuns: 150 },
		);
	});

	test('what is nested, long or many is refused before it costs', async () => {
		const deep = (times: number) => `${'('.repeat(times)}userName pr${')'.repeat(times)}`;
		const long = Array.from({ length: 31 }, () => 'userName pr').join(' and ');
		for (const filter of [deep(25), deep(1_500), long, `userName eq "${'x'.repeat(4_000)}"`])
			expect(
				(
					await client.ask('POST', '/Users/.search', {
						schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
						filter,
					})
				).status,
			).toBe(400);
		const nested = `{"schemas":["${USER}"],"userName":"n","name":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`;
		expect((await client.ask('POST', '/Users', nested)).status).toBe(400);
		const many = await client.ask('POST', '/Users', {
			schemas: [USER],
			userName: 'm',
			emails: Array.from({ length: 51 }, (_, n) => ({ value: `m${n}@example.org` })),
		});
		expect(many).toMatchObject({ status: 400, body: { scimType: 'tooMany' } });
		expect(
			(await client.ask('POST', '/Users', { schemas: [USER], userName: 'big', title: 'x'.repeat(4_001) })).status,
		).toBe(400);
	});
});
