import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';
import { readable } from '../../support/privacy-bench.ts';

const MARCH = 'from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z';

let site: HttpSite;
let admin: SignedIn;
let reception: SignedIn;
beforeAll(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
	reception = await site.signIn('reception');
	const anna = { id: 'anna', kind: 'person', name: 'Anna Berg', email: null, status: 'active' };
	const made = site.services.edits.edit([{ op: 'create', table: 'holders', row: anna }], {
		...{ operatorId: admin.operatorId, batchId: 'first' },
	});
	expect(made.result).toBe('done');
	const { store } = site.bench;
	const charge = (day: number, price: { minor: number; currency: string } | null, credits: number) => {
		const atMs = Date.UTC(2026, 2, day, 9);
		const made = { stayId: `stay-${day}`, rightId: 'r1', segment: 0, holderId: 'anna', atMs, price, credits };
		store.transaction(() => store.consumption.charge(made));
	};
	charge(2, { minor: 350, currency: 'EUR' }, 0);
	charge(9, null, 2);
	charge(16, { minor: 1250, currency: 'EUR' }, 0);
	// Another month's.
	charge(40, { minor: 100, currency: 'EUR' }, 0);
});
afterAll(() => site.close());

const text = async (answer: Response | Promise<Response>) => (await answer).text();

test('X5: what stays were charged in a time is listed, oldest first, page by page', async () => {
	const first = JSON.parse(await text(admin.get(`/api/v1/charges?${MARCH}&limit=2`)));
	expect(first.items).toMatchObject([
		{ stayId: 'stay-2', rightId: 'r1', holderId: 'anna', price: { minor: 350, currency: 'EUR' }, credits: 0 },
		{ stayId: 'stay-9', price: null, credits: 2 },
	]);
	const rest = JSON.parse(await text(admin.get(`/api/v1/charges?${MARCH}&limit=2&cursor=${first.nextCursor}`)));
	expect(rest).toMatchObject({ items: [{ stayId: 'stay-16' }], nextCursor: null });
});

test('X5: invoices are made of a file of charges, with names for people and ids for programs', async () => {
	const answer = await admin.get(`/api/v1/charges/export?${MARCH}&format=csv`);
	expect(answer.headers.get('content-disposition')).toMatch(/charges-2026-03-01\.csv/);
	const [headings, ...rows] = (await answer.text()).trim().split('\r\n');
	expect(headings).toContain('Price (minor units)');
	expect(rows).toHaveLength(3);
	expect(rows[0]).toMatch(/Anna Berg.anna.r1.stay-2.0.350.EUR.0/);
	const lines = (await text(admin.get(`/api/v1/charges/export?${MARCH}&format=jsonl`))).trim().split('\n');
	expect(lines.map((line) => JSON.parse(line).credits)).toEqual([0, 2, 0]);
	const workbook = await admin.get(`/api/v1/charges/export?${MARCH}&format=xlsx`);
	expect(
		Buffer.from(await workbook.arrayBuffer())
			.subarray(0, 2)
			.toString(),
	).toBe('PK');
});

test('I17: who took which charges is journalled; who may not export takes none', async () => {
	const taken = readable(site.bench.store).flatMap((entry) =>
		entry.type === 'audit' && entry.action === 'chargesExported' ? [entry] : [],
	);
	expect(taken).toMatchObject([
		{ operatorId: admin.operatorId, detail: { format: 'csv', from: Date.UTC(2026, 2, 1), isWhole: true } },
		{ detail: { format: 'jsonl' } },
		{ detail: { format: 'xlsx' } },
	]);
	expect((await reception.get(`/api/v1/charges/export?${MARCH}`)).status).toBe(403);
});

test('a time that ends before it begins is refused in a sentence', async () => {
	const answer = await admin.get('/api/v1/charges?from=2026-04-01T00:00:00Z&to=2026-03-01T00:00:00Z');
	expect(answer.status).toBe(400);
	expect(await answer.json()).toMatchObject({ errors: [{ path: 'query.to', problem: 'Is not after `from`' }] });
});

test('X7: a program finds the lists that it can take along, as far as its login may', async () => {
	const { items } = JSON.parse(await text(admin.get('/api/v1/exports')));
	const names = items.map(({ name }: { name: string }) => name);
	expect(names).toEqual(expect.arrayContaining(['holders', 'vehicles', 'credentials', 'rights', 'charges']));
	for (const { href } of items) expect((await admin.get(`${href}?${MARCH}`)).status, href).not.toBe(404);
	expect(JSON.parse(await text(reception.get('/api/v1/exports')))).toEqual({ items: [] });
});
