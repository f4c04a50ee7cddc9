import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { type ApiSite, createApiSite, SITE_YAML, siteOf } from '../../support/api-site.ts';
import { aPerson, STAFF } from '../../support/directory-seed.ts';
import type { SignedIn } from '../../support/http-site.ts';

const HARD = SITE_YAML.replace('name: Deck, capacity: 10', 'name: Deck, capacity: 10, antiPassback: hard');

let site: ApiSite;
let reception: SignedIn;
beforeEach(async () => {
	site = await createApiSite({ site: siteOf(HARD) });
	await site.give([
		STAFF,
		...aPerson({ id: 'anna', name: 'Anna Peeters', tag: 'A1', plate: '1ABC234' }),
		...aPerson({ id: 'bob', name: 'Bob', tag: 'B2' }),
	]);
	reception = await site.signIn('reception');
});
afterEach(() => site.close());

async function bodyOf(answer: Response, path: string): Promise<Record<string, unknown>> {
	expect(answer.status).toBe(200);
	const body = await answer.json();
	expect(site.http.routes.find((route) => route.path === path)?.answer?.safeParse(body).error).toBeUndefined();
	return body;
}
const audits = () => site.journal().filter((entry) => entry.type === 'audit' && entry.action !== 'login');

describe('N4 adjusting the count', () => {
	const adjust = (areaId: string, body: object, headers = {}) =>
		reception.post(`/api/v1/occupancy/${areaId}/adjust`, body, headers);

	test('sets the area and takes what encloses it along; who and why are journalled', async () => {
		await site.enter('A1');
		const answer = await adjust('A1-vip', { occupied: 2, reason: ' counted by hand ' });
		expect(await bodyOf(answer, '/api/v1/occupancy/{areaId}/adjust')).toMatchObject({ areaId: 'A1-vip', occupied: 2 });
		expect(site.occupancy().map(({ areaId, occupied }) => [areaId, occupied])).toEqual([
			['P1', 3],
			['A1', 3],
			['A1-vip', 2],
		]);
		expect(audits().at(-1)).toMatchObject({
			action: 'occupancyAdjusted',
			target: 'A1-vip',
			operatorId: reception.operatorId,
			detail: { before: 0, after: 2, reason: 'counted by hand' },
		});
	});

	test('makes room at once', async () => {
		await adjust('A1', { occupied: 10, reason: 'full' });
		await site.enter('A1');
		expect(site.accessLog.list({}).items[0]?.headline).toBe('AREA_FULL');
		site.clock.advance(60_000);
		await adjust('A1', { occupied: 9, reason: 'one has left' });
		await site.enter('A1');
		expect(site.accessLog.list({}).items[0]?.outcome).toBe('granted');
	});

	test('sent again with its key happens once', async () => {
		const headers = { 'idempotency-key': 'count-1' };
		for (let n = 0; n < 2; n += 1) {
			expect((await adjust('A1', { occupied: 4, reason: 'counted' }, headers)).status).toBe(200);
		}
		expect(audits()).toHaveLength(1);
	});

	test.each([
		['A9', { occupied: 1, reason: 'x' }, 404, 'NOT_FOUND'],
		['A1', { occupied: -1, reason: 'x' }, 400, 'body.occupied'],
		['A1', { occupied: 1.5, reason: 'x' }, 400, 'body.occupied'],
		['A1', { occupied: LIMITS.areaCapacity + 1, reason: 'x' }, 400, 'body.occupied'],
		['A1', { occupied: 1, reason: ' ' }, 400, 'body.reason'],
		['A1', { reason: 'x' }, 400, 'body.occupied'],
	])('of %s with %j is refused and changes nothing', async (areaId, body, status, where) => {
		const answer = await adjust(areaId, body);
		expect(answer.status).toBe(status);
		expect(JSON.stringify(await answer.json())).toContain(where);
		expect(site.occupancy().every(({ occupied }) => occupied === 0)).toBe(true);
		expect(audits()).toEqual([]);
	});
});

describe('N4 how full it was', () => {
	const history = (query: string, areaId = 'A1') => reception.get(`/api/v1/occupancy/${areaId}/history${query}`);
	const PATH = '/api/v1/occupancy/{areaId}/history';

	test('is a step at every change, beginning with the level before', async () => {
		for (const occupied of [3, 5]) {
			await reception.post('/api/v1/occupancy/A1/adjust', { occupied, reason: 'counted' });
			site.clock.advance(600_000);
		}
		const all = await bodyOf(await history(''), PATH);
		expect(all).toEqual({
			areaId: 'A1',
			items: [
				{ at: expect.stringMatching(/^2026-06-16T10:00:00\.\d{3}\+02:00$/), occupied: 3 },
				{ at: expect.stringMatching(/^2026-06-16T10:10:00\.\d{3}\+02:00$/), occupied: 5 },
			],
		});
		const later = await bodyOf(await history('?from=2026-06-16T10:15:00%2B02:00&to=2026-06-16T11:00:00%2B02:00'), PATH);
		expect(later['items']).toMatchObject([{ occupied: 5 }]);
		const before = await bodyOf(await history('?to=2026-06-16T10:00:00%2B02:00'), PATH);
		expect(before['items']).toEqual([]);
	});

	test('does not travel again when nothing changed', async () => {
		const query = '?from=2026-06-16T00:00:00Z&to=2026-06-16T09:00:00Z';
		const etag = (await history(query)).headers.get('etag') ?? '';
		const again = await reception.get(`/api/v1/occupancy/A1/history${query}`, { 'if-none-match': etag });
		expect(again.status).toBe(304);
	});

	test.each([
		['?from=2026-06-16T09:00:00Z&to=2026-06-16T09:00:00Z', 'A1', 400],
		['?from=2026-01-01T00:00:00Z', 'A1', 400],
		['?from=monday', 'A1', 400],
		['', 'A9', 404],
	])('%s of %s is refused', async (query, areaId, status) => {
		expect((await history(query, areaId)).status).toBe(status);
	});
});

describe('a neutral reset of anti-passback', () => {
	const reset = (body: object) => reception.post('/api/v1/presence/reset', body);
	const decided = () => site.accessLog.list({}).items[0]?.headline;

	/** In twice with another credential: the first stay is still open. */
	async function cameInTwice(): Promise<void> {
		await site.enter('A1');
		site.clock.advance(120_000);
		await site.enter('A1');
	}

	test('of somebody lets the next passage of that holder through', async () => {
		await cameInTwice();
		expect(decided()).toBe('ANTI_PASSBACK_IN');
		const answer = await bodyOf(
			await reset({ holders: ['anna', 'anna'], reason: 'left on foot' }),
			'/api/v1/presence/reset',
		);
		expect(answer).toEqual({ result: 'reset', holders: 1 });
		site.input('arming', false);
		site.clock.advance(60_000);
		await site.enter('A1');
		expect(decided()).toBeNull();
		expect(audits().at(-1)).toMatchObject({
			action: 'presenceReset',
			operatorId: reception.operatorId,
			detail: { holders: 1, reason: 'left on foot' },
		});
	});

	test('of everybody reaches all who are inside', async () => {
		await site.enter('A1');
		site.clock.advance(60_000);
		await site.enter('B2');
		expect(await (await reset({ all: true, reason: 'fire drill' })).json()).toEqual({ result: 'reset', holders: 2 });
	});

	test.each([
		[{ holders: ['nobody'], reason: 'x' }, 404, 'NOT_FOUND'],
		[{ holders: [], reason: 'x' }, 400, 'body.holders'],
		[{ holders: ['anna'], all: true, reason: 'x' }, 400, 'Send either holders or all: true.'],
		[{ reason: 'x' }, 400, 'body.holders'],
		[{ all: false, reason: 'x' }, 400, 'body.all'],
		[{ all: true }, 400, 'body.reason'],
		[{ holders: Array.from({ length: LIMITS.presenceResets + 1 }, () => 'anna'), reason: 'x' }, 400, 'body.holders'],
	])('%j is refused and resets nobody', async (body, status, where) => {
		const answer = await reset(body);
		expect(answer.status).toBe(status);
		expect(JSON.stringify(await answer.json())).toContain(where);
		expect(site.store.neutralHolders.isNeutral('anna')).toBe(false);
	});

	test('is not for technicians', async () => {
		const technician = await site.signIn('technician');
		expect((await technician.post('/api/v1/presence/reset', { all: true, reason: 'x' })).status).toBe(403);
	});
});
