import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPerson, STAFF } from '../../support/directory-seed.ts';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';

let site: HttpSite;
let admin: SignedIn;
beforeAll(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
	await site.fillDirectory([STAFF, ...aPerson({ id: 'h-1', name: 'Bo Maes', tag: '04AA' })]);
});
afterAll(() => site.close());

describe('offboarding over HTTP', () => {
	test('Z9 linked, previewed, done and undone; what is shown is masked for who may not see names', async () => {
		const bo = await site.bench.addOperator({ email: 'bo@example.org', role: 'user' });
		const own = `/api/v1/operators/${bo}`;
		expect((await admin.send('PUT', `${own}/holder`, { holderId: 'nobody' })).status).toBe(422);
		const linked = await (await admin.send('PUT', `${own}/holder`, { holderId: 'h-1' })).json();
		expect(linked).toMatchObject({ holder: { id: 'h-1', name: 'Bo Maes' }, offboardedAt: null, problems: [] });
		const preview = (await (await admin.get(`${own}/offboarding`)).json()) as { rows: { what: string }[] };
		expect(preview.rows.map(({ what }) => what).sort()).toEqual(['credentialDisabled', 'rightSuspended']);
		const done = await admin.post(`${own}/offboard`, {});
		expect(await done.json()).toMatchObject({ state: 'inactive', rows: [], offboardedAt: expect.any(String) });
		const credential = await (await admin.get('/api/v1/credentials/h-1-tag')).json();
		expect(credential).toMatchObject({ state: 'disabled' });
		expect(await (await admin.post(`${own}/offboard/undo`, {})).json()).toMatchObject({ state: 'active' });
		expect(await (await admin.get('/api/v1/credentials/h-1-tag')).json()).toMatchObject({ state: 'active' });
		expect((await admin.post(`${own}/offboard/undo`, {})).status).toBe(409);
		expect((await admin.get('/api/v1/operators/nobody/offboarding')).status).toBe(404);
		const permissions = ['operators:read', 'operators:write'];
		const role = (await (await admin.post('/api/v1/roles', { name: 'Host', permissions })).json()) as { id: string };
		const host = await site.signIn(role.id);
		const seen = JSON.stringify(await (await host.get(`${own}/offboarding`)).json());
		expect(seen).not.toMatch(/Bo Maes|04AA/);
		expect((await host.post(`${own}/offboard`, {})).status, 'may not disable credentials').toBe(403);
	});
});
