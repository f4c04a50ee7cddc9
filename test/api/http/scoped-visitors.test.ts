import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Site } from '../../../src/gateway/core/site.ts';
import { createHttpSite, type HttpSite, jsonPost, SITE } from '../../support/http-site.ts';
import { type MadeLogin, makeLogin } from '../../support/logins-without-passwords.ts';

const TWO_PARKS: Site = {
	...SITE,
	parks: [...SITE.parks, { id: 'P2', name: 'South' }],
	areas: [...SITE.areas, { id: 'B1', name: 'South deck', parkId: 'P2', capacity: 20 }],
};

let site: HttpSite;
let admin: MadeLogin;
let north: MadeLogin;
beforeAll(() => {
	site = createHttpSite({}, undefined, TWO_PARKS);
	admin = makeLogin(site.bench, { role: 'administrator' });
	north = makeLogin(site.bench, { role: 'security', scope: 'park:P1' });
	const kind = { strategy: 'visitor', scheduleId: null } as const;
	const table = 'rightSpecifications';
	const made = site.services.edits.edit(
		[
			{ op: 'create', table, row: { ...kind, id: 'visit-north', name: 'North', areaIds: ['A1'] } },
			{ op: 'create', table, row: { ...kind, id: 'visit-south', name: 'South', areaIds: ['B1'] } },
		],
		{ operatorId: null },
	);
	expect(made).toMatchObject({ result: 'done' });
});
afterAll(() => site.close());

const get = (path: string, { cookie }: MadeLogin) => site.request(path, { headers: { cookie } });
const post = (path: string, body: unknown, { cookie, csrf }: MadeLogin) =>
	site.request(path, jsonPost(body, { cookie, 'x-csrf-token': csrf }));
const visit = (name: string, specificationId: string, value: string) => ({
	...{ name, specificationId, credential: { kind: 'plate', value } },
	validTo: new Date(site.bench.clock.nowMs() + 3_600_000).toISOString(),
});
const idOf = async (answer: Response) => ((await answer.json()) as { id: string }).id;

test('A9 who has one park makes and sees visitors of it; others are as if they were not there', async () => {
	const south = await idOf(await post('/api/v1/visitors', visit('Sam', 'visit-south', '1SOU111'), admin));
	const made = await post('/api/v1/visitors', visit('Nick', 'visit-north', '1NOR111'), north);
	expect(made.status, await made.clone().text()).toBe(201);
	const own = await idOf(made);
	expect((await post('/api/v1/visitors', visit('Sly', 'visit-south', '1SLY111'), north)).status).not.toBe(201);
	const listed = (await (await get('/api/v1/visitors', north)).json()) as { items: { id: string }[] };
	expect(listed.items.map(({ id }) => id)).toEqual([own]);
	const found = (await (await get('/api/v1/visitors?q=1SOU111', north)).json()) as { items: object[] };
	expect(found.items).toEqual([]);
	expect((await get(`/api/v1/visitors/${own}`, north)).status).toBe(200);
	for (const path of [`visitors/${south}`, 'visitors/none']) {
		expect((await get(`/api/v1/${path}`, north)).status).toBe(404);
		for (const act of ['end', 'block']) expect((await post(`/api/v1/${path}/${act}`, {}, north)).status).toBe(404);
	}
	expect((await post(`/api/v1/visitors/${own}/end`, {}, north)).status).toBe(200);
	expect((await get(`/api/v1/visitors/${south}`, admin)).status).toBe(200);
});
