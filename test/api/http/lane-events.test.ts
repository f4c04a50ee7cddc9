import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiSite, createApiSite } from '../../support/api-site.ts';
import { aPerson, STAFF } from '../../support/directory-seed.ts';
import type { SignedIn } from '../../support/http-site.ts';

const PATH = '/api/v1/lane-events';

let site: ApiSite;
let reception: SignedIn;
/** Anna drives in and another vehicle follows her; then a third one comes and backs out. */
beforeAll(async () => {
	site = await createApiSite();
	await site.give([
		STAFF,
		...aPerson({ id: 'anna', name: 'Anna Peeters', tag: 'A1' }),
		...aPerson({ id: 'bob', name: 'Bob', tag: 'B2' }),
	]);
	await site.enter('A1');
	site.input('safety', true);
	site.input('closing', true);
	site.input('safety', false);
	site.input('closing', false);
	site.clock.advance(60_000);
	site.input('arming', true);
	site.tag('B2');
	await site.settle();
	site.input('arming', false);
	site.clock.advance(60_000);
	await site.settle();
	reception = await site.signIn('reception');
});
afterAll(() => site.close());

async function list(query = '') {
	const answer = await reception.get(`${PATH}${query}`);
	expect(answer.status).toBe(200);
	const body = await answer.json();
	expect(site.http.routes.find(({ path }) => path === PATH)?.answer?.safeParse(body).error).toBeUndefined();
	return body as { readonly items: readonly { readonly event: string }[]; readonly nextCursor: string | null };
}

test('N4 tailgates and back-outs are told, alarms with the reason whose advice fits', async () => {
	const { items } = await list();
	expect(items).toMatchObject([
		{ event: 'backedOut', isAlarm: false, reason: null, decisionId: expect.any(String) },
		{ event: 'tailgate', isAlarm: true, reason: 'TAILGATE', decisionId: null, laneId: 'L1', laneName: 'North entry' },
	]);
	expect(items).toHaveLength(2);
	expect((await list('?only=alarms')).items).toMatchObject([{ event: 'tailgate' }]);
	expect((await list('?only=backedOut&lane=L1')).items).toMatchObject([{ event: 'backedOut' }]);
	expect((await list('?lane=L2')).items).toEqual([]);
	expect((await list('?from=2026-06-16T12:00:00%2B02:00')).items).toEqual([]);
});

test('N4 they follow each other page by page', async () => {
	const first = await list('?limit=1');
	expect(first.items).toMatchObject([{ event: 'backedOut' }]);
	const next = await list(`?limit=1&cursor=${first.nextCursor}`);
	expect(next.items).toMatchObject([{ event: 'tailgate' }]);
});

test.each(['?cursor=forged', '?only=rain', '?lnae=L1'])('%s is refused', async (query) => {
	expect((await reception.get(`${PATH}${query}`)).status).toBe(400);
});
