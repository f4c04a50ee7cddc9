import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPlaces } from '../../../src/gateway/core/permission/scope.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { SITE } from '../../support/http-site.ts';
import { createOperatorsBench } from '../../support/operators.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeEach(async () => {
	const seats = () => ({ available: 2, stopped: false });
	site = createConsoleSite({ bench: createOperatorsBench({ places: createPlaces(SITE), seats }) });
	admin = await site.signIn('administrator');
});
afterEach(() => site.close());

const AT_THE_MACHINE = { operatorId: null, access: null };

/** An active operator and one who waits for a seat; all seats are taken. */
async function shift() {
	const { administration } = site.bench.operators;
	const add = (name: string) => site.bench.addOperator({ email: `${name}@example.org`, role: 'reception' });
	const late = await add('late');
	administration.deactivate(late, AT_THE_MACHINE, { endLogins: false });
	const early = await add('early');
	const stateOf = (id: string) => administration.get(id)?.state;
	return { early, late, states: () => [stateOf(early), stateOf(late)] };
}

test('B11 a seat is given to who waits in two clicks, and the page tells who gave it to whom', async () => {
	const { early, late, states } = await shift();
	expect((await admin.post(`/operators/${late}/activate`, { back: '/operators' })).status, 'no seat is free').toBe(422);
	const list = await admin.page('/operators');
	const link = new RegExp(`href="(/operators\\?swap=${early}[^"]*)"`).exec(list)?.[1]?.replaceAll('&amp;', '&') ?? '';
	const choice = await admin.page(link);
	expect(choice).toContain(`<input type="hidden" name="to" value="${late}"`);
	expect(states(), 'nothing by itself').toEqual(['active', 'inactive']);
	const swapped = await admin.post(`/operators/${early}/swap`, { to: late });
	expect([swapped.status, swapped.headers.get('location')]).toEqual([303, '/operators?done=swapped']);
	expect(states()).toEqual(['inactive', 'active']);
	expect(await admin.page('/operators')).toContain('Seats that changed hands');
	expect(site.bench.operators.administration.seatSwaps(5)).toMatchObject([
		{ from: { id: early }, to: { id: late }, by: { id: admin.operatorId } },
	]);
	const again = await admin.post(`/operators/${early}/swap`, { to: late });
	expect(again.status, 'who has no seat gives none').toBe(422);
});

test('A10 B6 the quick toggle stops at the seats of the licence, in words', async () => {
	const { late } = await shift();
	const refused = await (await admin.post(`/operators/${late}/activate`, { back: '/operators' })).text();
	expect(refused).toContain('2');
	expect(site.bench.operators.administration.get(late)?.state).toBe('inactive');
});

test('B9 the same list stands under persons and users, and leads back there', async () => {
	const { early } = await shift();
	const page = await admin.page('/users');
	expect(page).toContain('Persons and users');
	for (const name of ['early@example.org', 'late@example.org']) expect(page).toContain(name);
	const toggled = await admin.post(`/operators/${early}/deactivate`, { back: '/users' });
	expect(toggled.headers.get('location')).toBe('/users?done=saved');
	const elsewhere = await admin.post(`/operators/${early}/activate`, { back: 'https://evil.example' });
	expect(elsewhere.headers.get('location')).toBe(`/operators/${early}?done=saved`);
	expect((await (await site.signIn('technician')).get('/users')).status).toBe(403);
});
