import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConsoleSite, Visitor } from '../../support/console-site.ts';
import { createDirectoryConsole, formOf, sendForm, textOf } from '../../support/directory-console.ts';

let site: ConsoleSite;
let admin: Visitor;
let security: Visitor;
const CREDITS = '/rights/paid/credits';

beforeAll(async () => {
	({ site, admin } = await createDirectoryConsole());
	security = await site.signIn('security');
	const { edits } = site.services.services;
	const none = { areaIds: [], scheduleId: null };
	const rights = [
		{ id: 'wallet', name: 'Wallet', strategy: 'credits', creditCost: 2, refillAmount: 10, refillPeriod: 'month' },
		{ id: 'thrice', name: 'Three times', strategy: 'firstCome', useLimit: 3, usePeriod: 'week' },
	];
	const holder = { id: 'payer', kind: 'person', name: 'Petra <b>Payer</b>', email: null, status: 'active' };
	const given = { holderId: 'payer', state: 'active', validFromMs: null, validToMs: null };
	const rows = [
		...rights.map((row) => ({ table: 'rightSpecifications', row: { ...none, ...row } }) as const),
		{ table: 'holders', row: holder } as const,
		{ table: 'assignedRights', row: { ...given, id: 'paid', specificationId: 'wallet' } } as const,
		{ table: 'assignedRights', row: { ...given, id: 'used', specificationId: 'thrice' } } as const,
	];
	const changes = rows.map((one) => ({ op: 'create', ...one }) as const);
	expect(edits.edit(changes, { operatorId: null })).toMatchObject({ result: 'done' });
	const { store, clock } = site.bench;
	const price = { minor: 350, currency: 'EUR' };
	const charge = { rightId: 'paid', segment: 0, holderId: 'payer', atMs: clock.nowMs(), credits: 0 };
	store.transaction(() => {
		store.consumption.charge({ ...charge, stayId: 'stay-1', price });
		store.consumption.charge({ ...charge, stayId: 'stay-2', price: null, credits: 2, holderId: null, segment: 1 });
	});
});
afterAll(() => site.close());

test('X5: a right’s page tells what is left of it: uses of its period, credits, stays', async () => {
	const wallet = textOf(await admin.page('/rights/paid'));
	expect(wallet).toContain('What it has left');
	expect(wallet).toMatch(/10 credits/);
	expect(wallet).toContain('A stay takes 2 credits.');
	expect(textOf(await admin.page('/rights/used'))).toContain('3 left of 3');
});

test('X5: credits are added and taken by hand, told line by line, and once however often the form is sent', async () => {
	const asked = { site, visitor: admin };
	const first = formOf(await admin.page(CREDITS), CREDITS);
	const sent = { key: String(first['key']?.[0]), way: 'add', amount: '15', reason: 'Paid at the desk' };
	for (let turn = 0; turn < 2; turn += 1) expect((await admin.post(CREDITS, sent)).status).toBe(303);
	expect(textOf(await admin.page(`${CREDITS}?done`))).toMatch(/Done\..*\+15 25.*\+10 10/);

	const tooMuch = await sendForm(asked, CREDITS, { way: 'take', amount: '26', reason: 'Back' });
	expect(tooMuch.status).toBe(422);
	expect(textOf(await tooMuch.text())).toContain('The wallet has 25, and may not be overdrawn.');
	for (const amount of ['', '0', '-3', '1.5', '9999999', 'ten', '1e3']) {
		const wrong = await sendForm(asked, CREDITS, { way: 'add', amount, reason: 'Paid' });
		expect([amount, wrong.status]).toEqual([amount, 422]);
		expect(textOf(await wrong.text())).toContain('Give a whole number from 1 to 1,000,000.');
	}
	const silent = await sendForm(asked, CREDITS, { way: 'add', amount: '1', reason: '  ' });
	expect(silent.status).toBe(422);
	expect(site.services.services.rightStandings.of('paid', site.bench.clock.nowMs())?.wallet?.balance).toBe(25);
});

test('X5: who may only look is not offered to change a wallet, and is refused; one without a wallet has no such page', async () => {
	expect(await security.page(CREDITS)).not.toContain('name="amount"');
	expect((await security.post(CREDITS, { way: 'add', amount: '5', reason: 'Mine' })).status).toBe(403);
	expect((await admin.get('/rights/used/credits')).status).toBe(404);
	expect((await admin.get('/rights/none/credits')).status).toBe(404);
});

test('X5: charges of a time are listed with who, for what and how much, and go into a file for invoices', async () => {
	const html = await admin.page('/charges');
	expect(html).toContain('Petra &lt;b&gt;Payer&lt;/b&gt;');
	const text = textOf(html);
	expect(text).toMatch(/Entry €3\.50/);
	expect(text).toMatch(/Nobody’s any more .*Longer, part 1 2/);
	const href = /id="export-csv" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
	const file = await (await admin.get(href)).text();
	expect(file.trim().split('\r\n')).toHaveLength(3);
	expect(await security.page('/charges')).not.toContain('export-csv');

	expect(textOf(await admin.page('/charges?from=2020-01-01T00:00&to=2020-02-01T00:00'))).toContain(
		'Nothing was charged',
	);
	for (const query of ['from=soon', 'from=2020-02-01T00:00&to=2020-01-01T00:00', 'cursor=-5', 'cursor=WzFd'])
		expect((await admin.get(`/charges?${query}`)).status).toBe(200);
});
