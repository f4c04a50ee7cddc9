import { afterAll, beforeAll, expect, test } from 'vitest';
import { BOOKING_PEOPLE, createTwoParks, type TwoParks } from '../../support/two-parks-site.ts';

let parks: TwoParks;
beforeAll(() => {
	parks = createTwoParks();
	parks.fill(BOOKING_PEOPLE);
	const paid = { strategy: 'firstCome', scheduleId: null, creditCost: 1, refillAmount: 20, refillPeriod: 'month' };
	const right = { state: 'active', validFromMs: null, validToMs: null };
	parks.fill([
		['rightSpecifications', { ...paid, id: 'paid-north', name: 'Paid north', areaIds: ['A1'] }],
		['rightSpecifications', { ...paid, id: 'paid-south', name: 'Paid south', areaIds: ['B1'] }],
		['assignedRights', { ...right, id: 'w-nora', holderId: 'nora', specificationId: 'paid-north' }],
		['assignedRights', { ...right, id: 'w-sven', holderId: 'sven', specificationId: 'paid-south' }],
	]);
});
afterAll(() => parks.close());

test('A9 X5 what a right has left, and its wallet, is for who has the right; any other is as if it was not there', async () => {
	const north = parks.at('park:P1');
	const told = async (path: string, id: string) => {
		const answer = await parks.get(path, north);
		const { requestId: _, ...problem } = (await answer.json()) as { requestId: string };
		return JSON.stringify([answer.status, problem]).replaceAll(id, 'ID');
	};
	for (const what of ['standing', 'ledger']) {
		expect((await parks.get(`/api/v1/rights/w-nora/${what}`, north)).status).toBe(200);
		const hidden = await told(`/api/v1/rights/w-sven/${what}`, 'w-sven');
		expect(hidden).toBe(await told(`/api/v1/rights/none/${what}`, 'none'));
		expect(hidden).toContain('404');
	}
	const add = (id: string, login = north) =>
		parks.send('POST', `/api/v1/rights/${id}/ledger`, { amount: 5, reason: 'A gift' }, login);
	expect(await (await add('w-nora')).json()).toEqual({ rightId: 'w-nora', balance: 25 });
	expect([(await add('w-sven')).status, (await add('none')).status]).toEqual([404, 404]);
	expect((await add('w-sven', parks.at('bundle:scheme'))).status).toBe(404);
	expect((await add('w-sven', parks.at('group:fleet'))).status).toBe(200);
	expect((await add('w-nora', parks.at('park:P1', 'security'))).status).toBe(403);
});

test('A9 X5 the page of a wallet is shown, and offers its form, likewise', async () => {
	const north = parks.at('park:P1');
	const page = await parks.text('/rights/w-nora/credits', north);
	expect(page).toContain('name="amount"');
	for (const id of ['w-sven', 'none']) expect((await parks.get(`/rights/${id}/credits`, north)).status).toBe(404);
	const fields = { amount: '3', way: 'add', reason: 'Another', key: 'k1' };
	expect((await parks.form('/rights/w-nora/credits', fields, north)).status).toBe(303);
	expect((await parks.form('/rights/w-sven/credits', fields, north)).status).toBe(404);
	expect(await parks.text('/rights/w-nora/credits', parks.at('park:P1', 'security'))).not.toContain('name="amount"');
});
