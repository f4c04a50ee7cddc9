import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiSite, createApiSite } from '../../support/api-site.ts';
import { aPerson, STAFF } from '../../support/directory-seed.ts';
import type { SignedIn } from '../../support/http-site.ts';

const PATH = '/api/v1/observations';

let site: ApiSite;
let technician: SignedIn;
/** Anna is let in, her tag is read on; a stranger is refused behind her. */
beforeAll(async () => {
	site = await createApiSite();
	await site.give([STAFF, ...aPerson({ id: 'anna', name: 'Anna Peeters', tag: 'A1' })]);
	for (const loop of ['arming', 'safety', 'closing']) site.input(loop, false);
	site.input('arming', true);
	site.tag('A1');
	await site.settle();
	site.tag('A1');
	await site.settle();
	site.driveThrough();
	site.input('arming', true);
	site.tag('X9');
	await site.settle();
	technician = await site.signIn('technician');
});
afterAll(() => site.close());

async function list(query = '', who = technician) {
	const answer = await who.get(`${PATH}${query}`);
	expect(answer.status).toBe(200);
	const body = await answer.json();
	expect(site.http.routes.find(({ path }) => path === PATH)?.answer?.safeParse(body).error).toBeUndefined();
	return body as { readonly items: readonly Record<string, unknown>[]; readonly nextCursor: string | null };
}

test('D what readers read is listed, newest first, with what became of it', async () => {
	const { items } = await list('', await site.signIn('administrator'));
	expect(items.map(({ value, state }) => [value, state])).toEqual([
		['X9', 'refused'],
		['A1', 'unused'],
		['A1', 'granted'],
	]);
	expect(items[0]).toMatchObject({ reason: 'UNKNOWN_CREDENTIAL', decisionId: expect.any(String), laneId: 'L1' });
	expect(items[2]).toMatchObject({ deviceId: 'reader-1', kind: 'tag', reason: null, at: expect.any(String) });
});

test('by device, lane and state, page by page', async () => {
	expect((await list('?device=reader-2')).items).toEqual([]);
	expect((await list('?lane=L2')).items).toEqual([]);
	expect((await list('?device=reader-1&lane=L1&state=granted')).items).toHaveLength(1);
	const first = await list('?limit=2');
	expect(first.items).toHaveLength(2);
	const next = await list(`?limit=2&cursor=${first.nextCursor}`);
	expect(next).toMatchObject({ items: [{ state: 'granted' }], nextCursor: null });
	expect((await technician.get(`${PATH}?cursor=mine`)).status).toBe(400);
	expect((await technician.get(`${PATH}?state=odd`)).status).toBe(400);
});

test('no longer than three days', async () => {
	await site.clock.advanceAsync(4 * 24 * 3_600_000);
	expect((await list('', await site.signIn('administrator'))).items).toEqual([]);
});
