import { afterAll, beforeAll, expect, test } from 'vitest';
import { MODULES, permissionsOfModule } from '../../../src/gateway/core/permission/modules.ts';
import { PERMISSIONS } from '../../../src/gateway/core/permission.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';

let site: ConsoleSite;
let admin: Visitor;
let guard: Visitor;
beforeAll(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
	guard = await site.signIn('security');
});
afterAll(() => site.close());

const view = (id: string) => site.bench.operators.administration.get(id);
const versionOf = (id: string) => String(view(id)?.version);
const menuOf = (page: string) => [...page.matchAll(/class="menu__item" href="([^"]+)"/g)].map(([, href]) => href);

const proof = async () => /name="_csrf" value="([^"]+)"/.exec(await admin.page('/account'))?.[1] ?? '';

test('A8 a menu leaves out what is hidden; whoever may go there still may', async () => {
	const path = `/operators/${guard.operatorId}`;
	const all = [...(await admin.page(path)).matchAll(/name="shown" value="([^"]+)"/g)].map(([, href = '']) => href);
	expect(all).toEqual(expect.arrayContaining(['/', '/log', '/holders', '/operators']));
	expect(menuOf(await guard.page('/'))).toContain('/log');
	const shown = new URLSearchParams(all.filter((href) => href !== '/log').map((href) => ['shown', href]));
	shown.set('version', versionOf(guard.operatorId));
	shown.set('_csrf', await proof());
	const headers = { cookie: admin.cookie };
	const saved = await site.request(`${path}/menu`, { method: 'POST', body: shown, headers });
	expect([saved.status, view(guard.operatorId)?.hiddenMenu]).toEqual([303, ['/log']]);
	const page = await guard.page('/');
	expect(menuOf(page)).not.toContain('/log');
	expect(menuOf(page)).toContain('/');
	expect((await guard.get('/log')).status, 'hiding takes no right away').toBe(200);
});

test('A3 a module that is closed is denied everywhere, from the next request, until it is opened', async () => {
	const path = `/operators/${guard.operatorId}/modules`;
	const set = (access: string) =>
		admin.post(path, { module: 'operations', access, version: versionOf(guard.operatorId) });
	expect((await set('off')).status).toBe(303);
	for (const page of ['/', '/log', '/occupancy']) expect((await guard.get(page)).status, page).toBe(403);
	expect((await guard.get('/api/v1/lanes')).status).toBe(403);
	expect((await guard.get('/holders')).status, 'another module').toBe(200);
	expect((await set('on')).status).toBe(303);
	expect((await guard.get('/api/v1/lanes')).status).toBe(200);
	expect(view(guard.operatorId)?.denials).toEqual([]);
});

test('X11 no module is closed to the last administrator', async () => {
	const own = admin.operatorId;
	const asked = { module: 'system', access: 'off', version: versionOf(own) };
	const answer = await admin.post(`/operators/${own}/modules`, asked);
	expect([answer.status, await answer.text()]).toEqual([
		422,
		expect.stringContaining('This is the last administrator.'),
	]);
});

test('A8 over HTTP a menu is set with the operator, and takes addresses of the console only', async () => {
	const csrf = await proof();
	const change = (hiddenMenu: readonly string[]) =>
		site.request(`/api/v1/operators/${guard.operatorId}`, {
			method: 'PATCH',
			body: JSON.stringify({ hiddenMenu }),
			headers: { cookie: admin.cookie, 'x-csrf-token': csrf, 'content-type': 'application/json' },
		});
	expect(await (await change(['/devices'])).json()).toMatchObject({ hiddenMenu: ['/devices'] });
	expect((await change(['https://evil.example'])).status).toBe(400);
});

test('A3 every permission belongs to one module', () => {
	expect(MODULES.flatMap(permissionsOfModule).sort()).toEqual([...PERMISSIONS].sort());
});
