import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiSite, createApiSite, SITE_YAML, siteOf } from '../../support/api-site.ts';
import type { SignedIn } from '../../support/http-site.ts';
import { annasRows } from '../../support/site-bench.ts';

const YAML = SITE_YAML.replace('name: Deck, capacity: 10 }', 'name: Deck, capacity: 10, spaces: [S1, S2] }');

let site: ApiSite;
let guard: SignedIn;
beforeAll(async () => {
	site = await createApiSite({ site: siteOf(YAML) });
	const active = { state: 'active', validFromMs: null, validToMs: null };
	await site.give([
		...annasRows(),
		{
			...{ ...active, table: 'credentials', id: 'anna-plate', holderId: 'anna' },
			...{ kind: 'plate', value: '1ABC234', label: '1-ABC-234' },
		},
	]);
	await site.enter('A1');
	guard = await site.signIn('security');
});
afterAll(() => site.close());

const body = async (answer: Promise<Response>) => (await answer).json() as Promise<Record<string, unknown>>;

describe('I15 over HTTP: scan', () => {
	test('tells whose a plate is, where it is and what would open, and that somebody looked is audited', async () => {
		expect(await body(guard.get('/api/v1/scan?text=1-ABC-234'))).toMatchObject({
			result: 'known',
			credential: { id: 'anna-plate', label: '1-ABC-234' },
			holder: { id: 'anna', name: 'Anna Peeters' },
			stays: [{ areaId: 'A1', spaceId: null }],
		});
		expect(site.journal().at(-1)).toMatchObject({
			...{ action: 'personViewed', operatorId: guard.operatorId, target: 'anna' },
		});
	});

	test('an unknown plate comes with hints; the value of a credential is never told', async () => {
		expect(await body(guard.get('/api/v1/scan?text=1ABC23A'))).toMatchObject({
			result: 'unknown',
			hints: [{ plate: '1ABC234', holderName: 'Anna Peeters' }],
		});
		const known = await body(guard.get('/api/v1/scan?text=A1'));
		expect(known['credential']).not.toHaveProperty('value');
	});

	test('nothing, and too much, is a question that is refused', async () => {
		expect((await guard.get('/api/v1/scan?text=')).status).toBe(400);
		expect((await guard.get(`/api/v1/scan?text=${'x'.repeat(600)}`)).status).toBe(400);
	});

	test('what a reader read last is told, null when nothing was', async () => {
		expect(await body(guard.get('/api/v1/scan/presented?device=reader-1'))).toEqual({ read: null });
	});
});

describe('I15 over HTTP: logistic', () => {
	test('a vehicle is found, moved to a space, and brought back', async () => {
		const { items } = await body(guard.get('/api/v1/standing-vehicles?q=peeters'));
		const [vehicle] = items as readonly { stayId: string }[];
		expect(vehicle).toMatchObject({ holderName: 'Anna Peeters', areaId: 'A1', spaceId: null });
		const path = `/api/v1/parking-sessions/${vehicle?.stayId}/move`;

		const moved = await body(guard.post(path, { areaId: 'A1', spaceId: 'S1' }));
		expect(moved).toMatchObject({
			move: { from: { areaId: 'A1', spaceId: null }, to: { areaId: 'A1', spaceId: 'S1' }, undoneAt: null },
			warning: { takenBy: [], allocatedTo: [] },
		});
		expect((await guard.post(path, { areaId: 'A1', spaceId: 'S1' })).status).toBe(409);
		expect((await guard.post(path, { areaId: 'A1', spaceId: 'S9' })).status).toBe(404);

		const { id } = moved['move'] as { id: string };
		expect((await guard.post(`/api/v1/moves/${id}/undo`, {})).status).toBe(200);
		expect((await guard.post(`/api/v1/moves/${id}/undo`, {})).status).toBe(409);
		expect(await body(guard.get('/api/v1/moves'))).toMatchObject({ items: [{ id, operatorId: guard.operatorId }] });
	});

	test('vehicles that are not inside are told', async () => {
		expect((await guard.post('/api/v1/parking-sessions/gone/move', { areaId: 'A1' })).status).toBe(404);
		expect((await guard.post('/api/v1/moves/gone/undo', {})).status).toBe(404);
	});
});

describe('I15 over HTTP: the review queue', () => {
	test('an empty queue is a page, and reads that are not in it can not be reviewed', async () => {
		expect(await body(guard.get('/api/v1/review-queue'))).toEqual({ items: [], nextCursor: null });
		expect((await guard.post('/api/v1/review-queue/gone', { verdict: 'confirmed' })).status).toBe(404);
		expect((await guard.post('/api/v1/review-queue/gone/reopen', {})).status).toBe(404);
		expect((await guard.get('/api/v1/review-queue?cursor=x')).status).toBe(400);
		expect(await body(guard.get('/api/v1/review-queue/cameras'))).toEqual({ items: [] });
	});
});
