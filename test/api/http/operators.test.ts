import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPlaces } from '../../../src/gateway/core/permission/scope.ts';
import { createOperators } from '../../../src/gateway/services/operators.ts';
import { TWO_PARKS } from '../../gateway/core/permission/two-parks.ts';
import { createHttpSite, type HttpSite, jsonPost, type SignedIn } from '../../support/http-site.ts';
import { PASSWORD } from '../../support/operators.ts';

const NEW_PASSWORD = 'plover counts the cars';

let site: HttpSite;
let admin: SignedIn;
beforeEach(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
});
afterEach(() => site.close());

async function json(answer: Response): Promise<Record<string, unknown>> {
	return (await answer.json()) as Record<string, unknown>;
}

const invite = async (body: object) => json(await admin.post('/api/v1/operators', body));

describe('operators over HTTP', () => {
	test('A1 A2 A5 B7 B8 from the invitation to the removal', async () => {
		const { operator, code, path } = (await invite({
			email: 'bo@example.org',
			name: 'Bo',
			roles: [{ id: 'reception' }],
		})) as {
			operator: { id: string; version: number };
			code: string;
			path: string;
		};
		expect(path).toBe(`/activate?code=${code}`);
		const activated = await site.request('/api/v1/activate', jsonPost({ code, password: NEW_PASSWORD }));
		expect(activated.status).toBe(200);
		const own = `/api/v1/operators/${operator.id}`;
		const read = await admin.get(own);
		expect(await json(read)).toMatchObject({
			state: 'active',
			roles: [{ id: 'reception', scope: 'site' }],
			isSignedIn: false,
		});
		const etag = read.headers.get('etag') ?? '';
		expect((await admin.send('PATCH', own, { name: 'Bob' }, { 'if-match': etag })).status).toBe(200);
		const stale = await admin.send('PATCH', own, { name: 'Rob' }, { 'if-match': etag });
		expect([stale.status, (await json(stale))['code']]).toEqual([412, 'CHANGED']);
		expect(await json(await admin.post(`${own}/deactivate`, {}))).toMatchObject({ state: 'inactive' });
		const login = { email: 'bo@example.org', password: NEW_PASSWORD };
		expect((await site.request('/api/v1/login', jsonPost(login))).status).toBe(401);
		const { password } = (await json(await admin.post(`${own}/generate-password`, {}))) as { password: string };
		const once = await site.request('/api/v1/login', jsonPost({ ...login, password }));
		expect(once.status).toBe(403);
		expect(await json(once)).toMatchObject({ code: 'CHOOSE_PASSWORD', activation: expect.stringMatching(/^\w{4}-/) });
		expect((await admin.send('DELETE', own)).status).toBe(200);
		expect((await admin.get(own)).status).toBe(404);
	});

	test('Z2 a profile tells how they are reached, what they are and what they may do; who answers for them keeps it right', async () => {
		const { operator } = (await invite({
			...{ email: 'cy@example.org', name: 'Cy' },
			roles: [{ id: 'reception', scope: 'area:A1' }],
		})) as { operator: { id: string } };
		const own = `/api/v1/operators/${operator.id}`;
		const etag = (await admin.get(own)).headers.get('etag') ?? '';
		const changed = await admin.send('PATCH', own, { phone: ' +32 2 555 01 23' }, { 'if-match': etag });
		expect(await json(changed)).toMatchObject({
			...{ email: 'cy@example.org', name: 'Cy', phone: '+32 2 555 01 23', state: 'invited' },
			roles: [{ id: 'reception', scope: 'area:A1' }],
			...{ permissions: [], denials: [], groups: [] },
		});
		const now = changed.headers.get('etag') ?? '';
		expect(await json(await admin.send('PATCH', own, { phone: null }, { 'if-match': now }))).toMatchObject({
			phone: null,
		});
	});

	test('X11 the last administrator stays, whoever asks and however', async () => {
		const own = `/api/v1/operators/${admin.operatorId}`;
		const demoted = await admin.send('PATCH', own, { roles: [{ id: 'reception' }] });
		expect([demoted.status, await json(demoted)]).toEqual([
			409,
			expect.objectContaining({ because: 'lastAdministrator' }),
		]);
		expect((await admin.send('DELETE', own)).status).toBe(409);
		expect((await admin.post(`${own}/deactivate`, {})).status).toBe(409);
		expect(await json(await admin.get('/api/v1/operators/standing'))).toMatchObject({
			administrators: 1,
			fewAdministrators: true,
		});
	});

	test('A9 a role for one area opens its lanes, shows its counters and what happened there, and nothing else', async () => {
		const guardId = await site.bench.addOperator({ email: 'guard@example.org', role: 'security', scope: 'area:A1' });
		const signedIn = await site.request('/api/v1/login', jsonPost({ email: 'guard@example.org', password: PASSWORD }));
		const headers = { cookie: signedIn.headers.get('set-cookie')?.split(';')[0] ?? '' };
		const { csrf, permissions } = (await signedIn.json()) as { csrf: string; permissions: string[] };
		expect(permissions).toEqual([]);
		const get = async (path: string) => json(await site.request(path, { headers }));
		expect(await get('/api/v1/lanes')).toMatchObject({ items: [{ id: 'L1' }] });
		expect(await get('/api/v1/occupancy')).toMatchObject({ items: [{ areaId: 'A1' }] });
		expect(await get('/api/v1/decisions')).toMatchObject({ items: [] });
		expect(await get('/api/v1/holders'), 'nobody has a right there yet').toMatchObject({ items: [] });
		const vend = (id: string) =>
			site.request(`/api/v1/lanes/${id}/vend`, jsonPost({ reason: 'guest' }, { ...headers, 'x-csrf-token': csrf }));
		expect((await vend('L1')).status).toBe(200);
		expect((await vend('L9')).status, 'which lanes there are elsewhere is not theirs to know').toBe(403);
		const access = `/api/v1/operators/${guardId}/access?permission=lanes:vend`;
		expect(await json(await admin.get(`${access}&lane=L1`))).toEqual({
			...{ may: true, because: 'granted', denials: [] },
			grants: [{ kind: 'role', id: 'security', name: 'security', scope: 'area:A1' }],
		});
		expect(await json(await admin.get(access))).toMatchObject({
			may: false,
			because: 'notGranted',
			grants: [{ scope: 'area:A1' }],
		});
		await admin.send('PATCH', `/api/v1/operators/${guardId}`, {
			denials: [{ permission: 'lanes:vend', scope: 'area:A1' }],
		});
		expect((await vend('L1')).status, 'at the next request').toBe(403);
		expect(await json(await admin.get(`${access}&lane=L1`))).toMatchObject({
			may: false,
			because: 'denied',
			denials: [{ scope: 'area:A1' }],
		});
	});

	test('own roles are made, changed as they were read, and removed', async () => {
		const made = await admin.post('/api/v1/roles', { name: 'Porter', permissions: ['lanes:read'] });
		const { id } = (await made.json()) as { id: string };
		const put = (name: string, etag?: string) =>
			admin.send(
				'PUT',
				`/api/v1/roles/${id}`,
				{ name, permissions: [] },
				etag === undefined ? {} : { 'if-match': etag },
			);
		expect((await put('Porters', made.headers.get('etag') ?? '')).status).toBe(200);
		expect((await put('Porter', made.headers.get('etag') ?? '')).status).toBe(412);
		expect((await admin.send('PUT', '/api/v1/roles/reception', { name: 'x', permissions: [] })).status).toBe(409);
		expect((await admin.send('DELETE', `/api/v1/roles/${id}`)).status).toBe(200);
	});
});

describe('login sessions over HTTP', () => {
	test('B10 B13 B14 B15 one of an account, listed, closed when its page is', async () => {
		await admin.send('PATCH', '/api/v1/settings', { logins: { secondLogin: 'takeOver' } });
		const body = { email: 'administrator@example.org', password: PASSWORD };
		const second = await site.request('/api/v1/login', jsonPost(body));
		expect([second.status, await json(second)]).toEqual([
			409,
			expect.objectContaining({ code: 'ALREADY_SIGNED_IN', because: 'mayTakeOver' }),
		]);
		const guest = await site.signIn('reception');
		const { items } = (await (await admin.get('/api/v1/login-sessions')).json()) as {
			items: { id: string; operatorId: string }[];
		};
		const { id } = items.find(({ operatorId }) => operatorId === guest.operatorId) ?? { id: '' };
		await guest.get('/live/here');
		const close = () => admin.post(`/api/v1/login-sessions/${id}/close`, {});
		expect([(await close()).status, (await guest.get('/api/v1/me')).status]).toEqual([409, 200]);
		site.bench.clock.advance(90_000);
		expect([(await close()).status, (await guest.get('/api/v1/me')).status]).toEqual([200, 401]);
		const takes = await site.request('/api/v1/login', jsonPost({ ...body, takeOver: true }));
		expect([takes.status, (await admin.get('/api/v1/me')).status]).toEqual([200, 401]);
	});
});

test('a place in one of two parks is not the other’s', () => {
	const { bench } = site;
	const operators = createOperators({
		...bench,
		newId: () => 'x',
		journalGrew: () => undefined,
		places: createPlaces(TWO_PARKS),
	});
	bench.store.operators.setRoles(admin.operatorId, [{ roleId: 'security', scope: 'park:P1' }]);
	const access = operators.accessOf(admin.operatorId);
	expect(access?.may('lanes:vend', { kind: 'lane', id: 'in' })).toBe(true);
	expect(access?.may('lanes:vend', { kind: 'lane', id: 'B-in' })).toBe(false);
});
