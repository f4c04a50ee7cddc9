import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';

let site: HttpSite;
let admin: SignedIn;
let guard: SignedIn;
beforeAll(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
	guard = await site.signIn('user');
});
afterAll(() => site.close());

const PATH = '/api/v1/operator-groups';

describe('groups of operators over HTTP', () => {
	test('A4 Z3 Z6 Z7 made, changed as read, moved, filled, explained and removed', async () => {
		const made = await admin.post(PATH, {
			...{ kind: 'company', name: 'Acme', tags: ['north'] },
			roles: [{ id: 'security', scope: 'area:A1' }],
		});
		const acme = (await made.json()) as { id: string; version: number };
		expect([made.status, made.headers.get('etag')]).toEqual([201, '"1"']);
		const crew = (await (await admin.post(PATH, { kind: 'role', name: 'Crew' })).json()) as { id: string };
		const own = `${PATH}/${crew.id}`;
		const vend = () => guard.post('/api/v1/lanes/L1/vend', { reason: 'guest' });
		expect((await vend()).status).toBe(403);
		const joined = await admin.send('PUT', `${own}/members/${guard.operatorId}`);
		expect(await joined.json()).toMatchObject({ members: 1 });
		const moved = await admin.send('PATCH', own, { parentId: acme.id }, { 'if-match': '"1"' });
		expect(await moved.json()).toMatchObject({
			path: [{ id: acme.id, name: 'Acme' }],
			inherited: [{ group: { name: 'Acme' }, roles: [{ id: 'security', scope: 'area:A1' }] }],
		});
		expect((await vend()).status, 'on the next request').toBe(200);
		const stale = await admin.send('PATCH', own, { name: 'Gang' }, { 'if-match': '"1"' });
		expect(stale.status).toBe(412);
		const access = `/api/v1/operators/${guard.operatorId}/access?permission=lanes:vend&lane=L1`;
		expect(await (await admin.get(access)).json()).toMatchObject({
			...{ may: true, grants: [{ kind: 'group', id: acme.id, name: 'Acme' }] },
		});
		await admin.send('PATCH', own, { denials: [{ permission: 'lanes:vend' }] });
		expect(await (await admin.get(access)).json()).toMatchObject({
			...{ may: false, because: 'denied', denials: [{ kind: 'group', group: { id: crew.id, name: 'Crew' } }] },
		});
		expect((await vend()).status).toBe(403);
		const operator = (await (await admin.get(`/api/v1/operators/${guard.operatorId}`)).json()) as object;
		expect(operator).toMatchObject({ groups: [{ id: crew.id, name: 'Crew' }], permissions: [] });
		expect(await (await admin.get(`${PATH}?tag=north`)).json()).toMatchObject({ items: [{ name: 'Acme' }] });
		expect(await (await admin.get(`${PATH}?parentId=`)).json()).toMatchObject({ items: [{ name: 'Acme' }] });
		expect(await (await admin.get(`${own}/members`)).json()).toMatchObject({ items: [{ id: guard.operatorId }] });
		const cycle = await admin.send('PATCH', `${PATH}/${acme.id}`, { parentId: crew.id });
		expect([cycle.status, await cycle.json()]).toEqual([409, expect.objectContaining({ because: 'cycle' })]);
		expect((await admin.send('DELETE', `${PATH}/${acme.id}`)).status).toBe(409);
		expect((await admin.send('DELETE', `${own}/members/${guard.operatorId}`)).status).toBe(200);
		expect((await admin.send('DELETE', own)).status).toBe(200);
		expect((await admin.get(own)).status).toBe(404);
	});

	test('A4 who may not see operators sees no group, and what can not be is told by its field', async () => {
		expect((await guard.get(PATH)).status).toBe(403);
		const wrong = await admin.post(PATH, { kind: 'club', name: '', denials: [{ permission: 'lanes:fly' }] });
		expect(wrong.status).toBe(400);
		expect((await admin.send('PUT', `${PATH}/nowhere/members/${guard.operatorId}`)).status).toBe(404);
	});
});
