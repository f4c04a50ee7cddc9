import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, form, type Visitor } from '../../support/console-site.ts';
import { PASSWORD } from '../../support/operators.ts';
import { addAnnAndBob } from '../../support/own-access-people.ts';

const NEW_PASSWORD = 'plover counts the cars';

let site: ConsoleSite;
let reception: Visitor;
let ann: Visitor;
beforeAll(async () => {
	site = createConsoleSite();
	addAnnAndBob(site.services.services.edits);
	reception = await site.signIn('reception');
	ann = await site.signIn('user');
	site.bench.store.offboardings.setHolder(ann.operatorId, 'ann');
});
afterAll(() => site.close());

const field = (hours: number) =>
	new Date(Math.ceil(site.bench.clock.nowMs() / 3_600_000) * 3_600_000 + (hours + 1) * 3_600_000)
		.toISOString()
		.slice(0, 16);
const location = (answer: Response) => answer.headers.get('location');
const letInvite = () => {
	const { ownAccessRules } = site.services.services;
	ownAccessRules.set({ ...ownAccessRules.get(), mayInvite: true }, null);
};

describe('X12 my access on its pages', () => {
	test('X11 a simple user lands on it, and finds nothing else in the menu', async () => {
		const login = await site.request('/login', form({ email: 'user@example.org', password: PASSWORD }));
		expect(location(login)).toBe('/my-access');
		const page = await ann.page('/my-access');
		for (const said of ['What I may do', 'A place of my own', 'Deck', 'At any time', '1ANN111', 'Car of Ann Peeters']) {
			expect(page).toContain(said);
		}
		expect(page).toContain('Second floor: 2 places, shared with 1 other');
		expect(page).toContain('<a class="brand" href="/my-access">');
		expect(page).not.toMatch(/Bob|2BOB|secret-code|href="\/holders/);
		expect(page).not.toContain('href="/log"');
	});

	test('X15 asked whether one may come in, it says why not and what to do', async () => {
		const page = await ann.page('/my-access?lane=L1');
		expect(page).toMatch(/Yes: North entry opens for you now\.|No, not at North entry now\./);
		expect(await ann.page('/my-access?lane=L3'), 'a way out').not.toMatch(/Yes:|No, not at/);
	});

	test('N5 books and releases by its forms, and what is typed wrong is said beside it', async () => {
		const shown = await ann.page('/my-access/book?right=ann-booked');
		expect(shown).toContain('<option value="A1" selected');
		const wrong = await ann.post('/my-access/book', { from: 'soon', to: field(3), area: 'A1' });
		expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('This is not a time')]);
		const times = { from: field(1), to: field(3), area: 'A1', note: '<b>late</b>' };
		const booked = await ann.post('/my-access/book', times);
		expect([booked.status, location(booked)]).toEqual([303, '/my-access?done=yes']);
		const page = await ann.page('/my-access');
		expect(page).toContain('&lt;b&gt;late');
		const release = /action="(\/my-access\/bookings\/[^"]+\/release)"/.exec(page)?.[1] ?? '';
		expect((await ann.post('/my-access/book', times)).status, 'twice').toBe(422);
		expect(location(await ann.post(release, {}))).toBe('/my-access?done=yes');
		expect((await ann.post('/my-access/bookings/nothing/release', {})).status).toBe(404);
		const away = { right: 'ann-kept', from: field(30), to: field(40) };
		expect((await ann.post('/my-access/give-up', away)).status).toBe(303);
		expect((await ann.post('/my-access/give-up', { ...away, right: 'bob-kept' })).status).toBe(404);
		expect(await ann.page('/my-access')).toContain('My place is given up');
	});

	test('V3 invites a guest where people may, and hands on the code that only they see', async () => {
		expect(await ann.page('/my-access')).not.toContain('Invite a guest');
		letInvite();
		expect(await ann.page('/my-access/invite')).toContain('For 12 hours at most');
		const guest = { name: 'Guest <i>One</i>', by: 'qr', from: field(1), to: field(3) };
		const invited = await ann.post('/my-access/invite', guest);
		const path = location(invited) ?? '';
		expect(path).toMatch(/^\/my-access\/guests\/[\w-]+\?new=yes$/);
		const page = await ann.page(path);
		expect(page).toContain('role="img"');
		expect(page).toContain('Guest &lt;i&gt;One');
		expect((await ann.post('/my-access/invite', { ...guest, to: field(100) })).status).toBe(422);
		const taken = await ann.post('/my-access/invite', { ...guest, by: 'plate', plate: '2-BOB-222' });
		expect([taken.status, await taken.text()]).toEqual([422, expect.stringContaining('Nobody can be invited')]);
		const bob = await site.signIn('support');
		site.bench.store.offboardings.setHolder(bob.operatorId, 'bob');
		expect((await bob.get(path)).status).toBe(404);
		expect(location(await ann.post(`${path.split('?')[0]}/end`, {}))).toBe('/my-access?done=yes');
		site.bench.store.offboardings.setHolder(bob.operatorId, null);
	});

	test('it is told in the reader’s language, and who is blocked, gone or linked to nobody is told so', async () => {
		const { edits } = site.services.services;
		await ann.post('/account/language', { language: 'nl' });
		expect(await ann.page('/my-access')).toContain('Wat ik mag');
		await ann.post('/account/language', { language: 'en' });
		edits.edit([{ op: 'update', table: 'holders', key: 'ann', fields: { status: 'blocked' } }], { operatorId: null });
		expect(await ann.page('/my-access')).toContain('Your access is blocked');
		edits.edit([{ op: 'update', table: 'holders', key: 'ann', fields: { status: 'active' } }], { operatorId: null });
		expect(await reception.page('/my-access')).toContain('This account is linked to no person');
		site.bench.store.offboardings.setHolder(reception.operatorId, 'was-here');
		expect(await reception.page('/my-access')).toContain('You are no longer known here');
		site.bench.store.offboardings.setHolder(reception.operatorId, null);
	});
});

describe('X12 a person’s login on their page', () => {
	test('one click gives the code, another one another, and it is taken away again', async () => {
		const person = await reception.page('/holders/bob');
		expect(person).toContain('href="/holders/bob/login"');
		expect(await reception.page('/holders/bob/login')).toContain('They have no login.');
		const invited = await (await reception.post('/holders/bob/login', {})).text();
		const code = /\/activate\?code=([\w-]+)/.exec(invited)?.[1] ?? '';
		expect(invited).toContain('role="img"');
		const activated = await site.request('/activate', form({ code, password: NEW_PASSWORD }));
		expect(activated.status).toBe(303);
		const login = await site.request('/login', form({ email: 'bob@people.example', password: NEW_PASSWORD }));
		expect(location(login)).toBe('/my-access');
		const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
		const own = await (await site.request('/my-access', { headers: { cookie } })).text();
		expect(own).toContain('2BOB222');
		expect(own).not.toContain('1ANN111');
		expect((await reception.post('/holders/bob/login/remove', {})).status, 'without a tick').toBe(422);
		expect(location(await reception.post('/holders/bob/login/remove', { sure: 'yes' }))).toBe('/holders/bob/login');
		expect((await site.request('/my-access', { headers: { cookie } })).status).toBe(303);
		expect((await reception.get('/holders/car-bob/login')).status).toBe(404);
		expect((await ann.get('/holders/bob/login')).status).toBe(403);
	});

	test('what people may do for themselves is set beside how long logins last', async () => {
		const admin = await site.signIn('administrator');
		expect(await admin.page('/login-sessions')).toContain('What people do for themselves');
		const rules = { mayBook: 'yes', visitsAtOnce: '5', visitHours: '8', visitDaysAhead: '14', visitKind: 'guests' };
		expect((await admin.post('/login-sessions/own-access', rules)).status).toBe(303);
		expect(site.services.services.ownAccessRules.get()).toEqual({
			...{ mayBook: true, mayInvite: false, visitsAtOnce: 5, visitHours: 8, visitDaysAhead: 14 },
			visitSpecificationId: 'guests',
		});
		expect((await admin.post('/login-sessions/own-access', { ...rules, visitHours: '0' })).status).toBe(400);
		expect((await reception.post('/login-sessions/own-access', rules)).status).toBe(403);
	});
});
