import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillWithSamples } from '../../support/directory-samples.ts';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';

type Body = Record<string, unknown>;

let site: HttpSite;
let admin: SignedIn;
beforeAll(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
	fillWithSamples(site.services.edits);
	const specification = {
		name: 'Ten a month',
		strategy: 'credits',
		areaIds: [],
		creditCost: 2,
		useLimit: 5,
		usePeriod: 'month',
	};
	await admin.post('/api/v1/right-specifications', { id: 'credits', ...specification });
	await admin.post('/api/v1/rights', { id: 'r1', holderId: 'holders-0', specificationId: 'credits', state: 'active' });
});
afterAll(() => site.close());

const jsonOf = async (answer: Response) => (await answer.json()) as Body;
const LEDGER = '/api/v1/rights/r1/ledger';

async function bodyOf(path: string, route: string): Promise<Body> {
	const answer = await admin.get(path);
	const body = await jsonOf(answer);
	expect(answer.status, JSON.stringify(body)).toBe(200);
	const declared = site.http.routes.find((found) => found.method === 'get' && found.path === route);
	expect(declared?.answer?.safeParse(body).error).toBeUndefined();
	return body;
}

describe('X5 the wallet of a right', () => {
	test('is changed by hand with a reason, once for a key, and tells every line', async () => {
		const before = site.bench.audits().length;
		const add = { amount: 10, reason: 'Paid at the desk' };
		expect(await jsonOf(await admin.post(LEDGER, add, { 'idempotency-key': 'a' }))).toEqual({
			rightId: 'r1',
			balance: 10,
		});
		expect(await jsonOf(await admin.post(LEDGER, add, { 'idempotency-key': 'a' }))).toEqual({
			rightId: 'r1',
			balance: 10,
		});
		expect(await jsonOf(await admin.post(LEDGER, { amount: -4, reason: 'Mistake' }))).toEqual({
			rightId: 'r1',
			balance: 6,
		});
		const first = await bodyOf(`${LEDGER}?limit=1`, '/api/v1/rights/{id}/ledger');
		expect(first).toMatchObject({ items: [{ kind: 'adjust', amount: -4, balance: 6 }], nextCursor: '2' });
		const rest = await bodyOf(`${LEDGER}?cursor=2`, '/api/v1/rights/{id}/ledger');
		expect(rest).toMatchObject({ items: [{ line: 1, amount: 10, balance: 10 }], nextCursor: null });
		const audits = site.bench.audits().slice(before);
		expect(audits.map(({ action, detail }) => [action, detail['reason']])).toEqual([
			['walletAdjusted', 'Paid at the desk'],
			['walletAdjusted', 'Mistake'],
		]);
	});

	test('is not taken below nothing, nor changed by nothing', async () => {
		const much = await admin.post(LEDGER, { amount: -1_000, reason: 'All of it' });
		expect(much.status).toBe(409);
		expect(await jsonOf(much)).toMatchObject({ code: 'TOO_LITTLE' });
		for (const body of [
			{ amount: 0, reason: 'x' },
			{ amount: 1.5, reason: 'x' },
			{ amount: 1 },
			{ amount: 1e9, reason: 'x' },
		]) {
			expect((await admin.post(LEDGER, body)).status).toBe(400);
		}
		expect((await admin.post('/api/v1/rights/nobody/ledger', { amount: 1, reason: 'x' })).status).toBe(404);
		expect((await admin.get('/api/v1/rights/nobody/ledger')).status).toBe(404);
	});

	test('stands beside the uses that are left', async () => {
		const standing = await bodyOf('/api/v1/rights/r1/standing', '/api/v1/rights/{id}/standing');
		expect(standing).toMatchObject({
			uses: { used: 0, allowed: 5, left: 5, from: expect.stringMatching(/T00:00:00\.000\+0[12]:00$/) },
			wallet: { cost: 2, held: 0, mayOverdraw: false },
			stays: { open: 0, allowed: 1 },
		});
		expect((await admin.get('/api/v1/rights/nobody/standing')).status).toBe(404);
	});
});

describe('what can be booked', () => {
	const url = (from: string, to: string, area = 'A1') => `/api/v1/areas/${area}/availability?from=${from}&to=${to}`;

	test('N5 is the capacity of an area without what is promised', async () => {
		const route = '/api/v1/areas/{areaId}/availability';
		const free = await bodyOf(url('2026-02-01T08:00:00Z', '2026-02-01T10:00:00Z'), route);
		expect(free).toMatchObject({ areaId: 'A1', from: '2026-02-01T09:00:00.000+01:00' });
		expect(free['bookable']).toBeLessThanOrEqual(80);
		const booking = { kind: 'booking', holderId: 'holders-0', rightId: 'r1', areaId: 'A1' };
		const times = { start: '2026-02-01T08:30:00Z', end: '2026-02-01T09:30:00Z' };
		expect((await admin.post('/api/v1/planned-uses', { ...booking, ...times })).status).toBe(201);
		const after = await bodyOf(url('2026-02-01T08:00:00Z', '2026-02-01T10:00:00Z'), route);
		expect(after['bookable']).toBe(Number(free['bookable']) - 1);
	});

	test('is asked of a span and an area there are', async () => {
		expect((await admin.get(url('2026-02-01T10:00:00Z', '2026-02-01T08:00:00Z'))).status).toBe(400);
		expect((await admin.get(url('2026-02-01T10:00:00Z', '2026-05-01T08:00:00Z'))).status).toBe(400);
		expect((await admin.get(url('2026-02-01T08:00:00Z', '2026-02-01T10:00:00Z', 'A9'))).status).toBe(404);
		expect((await admin.get('/api/v1/areas/A1/availability')).status).toBe(400);
	});
});

test('parks and areas are told as they are wired, with their spaces', async () => {
	expect(await bodyOf('/api/v1/parks', '/api/v1/parks')).toMatchObject({ items: [{ id: 'P1', areaIds: ['A1'] }] });
	expect(await bodyOf('/api/v1/parks/P1', '/api/v1/parks/{parkId}')).toMatchObject({ name: 'North', capacity: null });
	const areas = await bodyOf('/api/v1/areas?park=P1', '/api/v1/areas');
	expect(areas).toMatchObject({ items: [{ id: 'A1', capacity: 80, spaces: [{ id: 'S1', name: 'Space 1' }] }] });
	await bodyOf('/api/v1/areas/A1', '/api/v1/areas/{areaId}');
	for (const path of ['/api/v1/parks/P9', '/api/v1/areas/A9']) expect((await admin.get(path)).status).toBe(404);
});
