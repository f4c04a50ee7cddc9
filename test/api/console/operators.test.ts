import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, form, type Visitor } from '../../support/console-site.ts';
import { PASSWORD } from '../../support/operators.ts';

const NEW_PASSWORD = 'plover counts the cars';

let site: ConsoleSite;
let admin: Visitor;
beforeAll(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
});
afterAll(() => site.close());

const added = (name: string, role: string, scope?: string) =>
	site.bench.addOperator({ email: `${name}@example.org`, role, ...(scope !== undefined && { scope }) });

describe('operators on their pages', () => {
	test('A1 X12 X11 invited by form, they come in by the code that is shown once; few administrators are told of', async () => {
		expect(await admin.page('/operators')).toContain('There is 1 administrator.');
		const wish = { email: 'bo@example.org', name: '<b>Bo</b>', role: 'reception', scope: 'area:A1' };
		const invited = await (await admin.post('/operators', wish)).text();
		const code = /\/activate\?code=([\w-]+)/.exec(invited)?.[1] ?? '';
		expect(invited).toContain('role="img"');
		expect(invited).toContain('Reception · Deck');
		expect(invited).not.toContain('<b>Bo');
		expect(await (await site.request(`/activate?code=${code}`)).text()).toContain('bo@example.org');
		const weak = await site.request('/activate', form({ code, password: 'short' }));
		expect(weak.status).toBe(422);
		const activated = await site.request('/activate', form({ code, password: NEW_PASSWORD }));
		expect([activated.status, activated.headers.get('location')]).toEqual([303, '/']);
		expect((await site.request('/activate', form({ code, password: NEW_PASSWORD }))).status).toBe(422);
		expect((await admin.post('/operators', wish)).status).toBe(422);
	});

	test('A5 A9 A10 roles, denials and the toggle by their buttons; may they? yes, because…', async () => {
		const id = await added('cy', 'reception');
		const path = `/operators/${id}`;
		const version = async () => /name="version" value="(\d+)"/.exec(await admin.page(path))?.[1] ?? '';
		expect(
			(await admin.post(`${path}/roles`, { give: 'security', scope: 'park:P1', version: await version() })).status,
		).toBe(303);
		const question = '?permission=lanes%3Aclose&place=lane%3AL1';
		const asked = await admin.page(path + question);
		expect(asked).toContain('Yes: The reception may “Close lanes to everybody”, for North entry.');
		expect(asked).toContain('the role Security gives it for North car park');
		await admin.post(`${path}/roles`, { deny: 'lanes:close', scope: 'area:A1', version: await version() });
		expect(await admin.page(path + question)).toMatch(
			/may not “Close lanes to everybody” for North entry\. It is denied, and a denial wins/u,
		);
		expect(
			(await admin.post(`${path}/roles`, { allow: 'lanes:close@area:A1', version: '1' })).status,
			'as it was read',
		).toBe(422);
		await admin.post(`${path}/roles`, { take: 'security@park:P1', version: await version() });
		expect(await admin.page(path + question)).toContain('for North entry. Nothing gives it there.');
		const toggled = await admin.post(`${path}/deactivate`, { back: '/operators' });
		expect(toggled.headers.get('location')).toBe('/operators?done=saved');
		expect(await admin.page('/operators?state=inactive')).toContain('The reception');
		expect((await admin.post(`${path}/remove`, {})).status, 'without a tick').toBe(422);
		expect((await admin.post(`${path}/remove`, { sure: 'yes' })).headers.get('location')).toBe(
			'/operators?done=removed',
		);
	});

	test('Z2 a profile says how they are reached, is called with a touch, and is kept right by form', async () => {
		const path = `/operators/${await added('fa', 'technician')}`;
		const save = async (phone: string) => {
			const version = /name="version" value="(\d+)"/.exec(await admin.page(path))?.[1] ?? '';
			return (await admin.post(path, { name: 'Fa', email: 'fa@example.org', phone, version })).status;
		};
		expect(await save('+32 2 555 01 23 <i>')).toBe(303);
		expect(await admin.page(path)).toContain('<a href="tel:+3225550123"><bdi>+32 2 555 01 23 &lt;i&gt;</bdi></a>');
		expect(JSON.stringify(site.bench.audits())).not.toContain('555');
		expect(await save('')).toBe(303);
		expect(await admin.page(path)).not.toContain('tel:');
	});

	test('X11 the last administrator is not taken out by any button', async () => {
		const path = `/operators/${admin.operatorId}`;
		const version = /name="version" value="(\d+)"/.exec(await admin.page(path))?.[1] ?? '';
		const answer = await admin.post(`${path}/roles`, { take: 'administrator@site', version });
		expect([answer.status, await answer.text()]).toEqual([
			422,
			expect.stringContaining('This is the last administrator.'),
		]);
	});

	test('B7 a generated password leads to choosing another', async () => {
		const id = await added('di', 'user');
		const page = await (await admin.post(`/operators/${id}/generate-password`, {})).text();
		const password = /<code>([\w-]+)<\/code>/.exec(page)?.[1] ?? '';
		const login = await site.request('/login', form({ email: 'di@example.org', password }));
		expect(login.headers.get('location')).toMatch(/^\/activate\?code=/);
		const own = await site.request('/login', form({ email: 'di@example.org', password: PASSWORD }));
		expect(own.status).toBe(401);
	});

	test('own roles are made, changed and removed', async () => {
		await admin.post('/roles', { name: 'Porter', permissions: 'lanes:read' });
		const page = await admin.page('/roles');
		const [, id] = /action="\/roles\/([\w-]+)\/remove"/.exec(page) ?? [];
		expect(page).toContain('Porter · 0 operators');
		expect(
			(await admin.post(`/roles/${id}`, { name: 'Porters', permissions: 'lanes:vend', version: '1' })).status,
		).toBe(303);
		expect((await admin.post(`/roles/${id}`, { name: 'Porter', permissions: 'lanes:vend', version: '1' })).status).toBe(
			422,
		);
		expect((await admin.post(`/roles/${id}/remove`, {})).status).toBe(303);
	});
});

describe('who is signed in, on its page', () => {
	test('B13 B14 B15 B16 is listed, live, and closed unless a page is open', async () => {
		const guest = await site.signIn('reception');
		await guest.get('/live/here');
		const list = await admin.page('/login-sessions');
		expect(list).toContain('hx-trigger="every 5s"');
		const ids = [...list.matchAll(/action="\/login-sessions\/(\w+)\/close"/g)].map(([, id]) => id);
		const open = site.bench.operators.openSessions.list().find(({ operatorId }) => operatorId === guest.operatorId);
		expect(ids).toContain(open?.id);
		const close = () => admin.post(`/login-sessions/${open?.id}/close`, {});
		expect((await close()).status).toBe(409);
		expect((await guest.get('/')).status).toBe(200);
		site.bench.clock.advance(90_000);
		expect((await close()).status).toBe(303);
		expect((await guest.get('/')).headers.get('location')).toMatch(/^\/login/);
	});

	test('B10 B17 a second login takes over by the form, where the rules say so; rules that do not fit are refused', async () => {
		const rules = { secondLogin: 'takeOver', idleMinutes: '20', absoluteMinutes: '600' };
		expect((await admin.post('/login-sessions/rules', { ...rules, idleMinutes: '601' })).status).toBe(409);
		expect((await admin.post('/login-sessions/rules', rules)).status).toBe(303);
		const first = await site.signIn('security');
		const fields = { email: 'security@example.org', password: PASSWORD };
		const told = await site.request('/login', form(fields));
		expect([told.status, await told.text()]).toEqual([409, expect.stringContaining('name="takeOver" value="yes"')]);
		expect((await site.request('/login', form({ ...fields, takeOver: 'yes' }))).status).toBe(303);
		expect((await first.get('/')).status).toBe(303);
		await admin.post('/login-sessions/rules', { ...rules, secondLogin: 'allow' });
	});
});

test('X12 simple users land on what is theirs, and change their own password', async () => {
	await added('ed', 'user');
	const login = await site.request('/login', form({ email: 'ed@example.org', password: PASSWORD }));
	expect(login.headers.get('location')).toBe('/my-access');
	const user = await site.signIn('user');
	const change = (present: string, password: string) => user.post('/account/password', { present, password });
	expect((await change('not the password', NEW_PASSWORD)).status).toBe(422);
	expect((await change(PASSWORD, 'short')).status).toBe(422);
	expect((await change(PASSWORD, NEW_PASSWORD)).status).toBe(303);
	expect(await user.page('/account?done=saved')).toContain('Saved.');
});
