import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpSite, type HttpSite } from '../../support/http-site.ts';
import { type MadeLogin, makeLogin } from '../../support/logins-without-passwords.ts';
import { askedOf, problemOf, settleTwoParks, TWO_PARKS } from '../../support/two-parks.ts';

type Asked = ReturnType<typeof askedOf>;

let site: HttpSite;
let get: Asked['get'];
let send: Asked['send'];
let admin: MadeLogin;
let north: MadeLogin;
let tenants: MadeLogin;
beforeAll(() => {
	site = createHttpSite({}, undefined, TWO_PARKS);
	settleTwoParks(site);
	({ get, send } = askedOf(site));
	admin = makeLogin(site.bench, { role: 'administrator' });
	north = makeLogin(site.bench, { role: 'administrator', scope: 'park:P1' });
	tenants = makeLogin(site.bench, { role: 'administrator', scope: 'group:tenants' });
	for (const laneId of ['L1', 'M1']) {
		for (const n of [1, 2]) site.decide({ id: `${laneId}-${n}`, laneId, subject: `1-ABC-00${n}` });
	}
});
afterAll(() => site.close());

interface Checked {
	readonly decision: { readonly outcome: string; readonly holderId: string | null };
	readonly holderName: string | null;
	readonly facts: object;
}

const check = async (body: object, login: MadeLogin): Promise<Checked> => {
	const answer = await send('decisions/check', body, login);
	expect(answer.status, await answer.clone().text()).toBe(200);
	return (await answer.json()) as Checked;
};
const plate = (value: string) => ({ kind: 'plate', value });

test('N1 A9 an export of the access log has the lanes that one may see and export, others take nothing', async () => {
	const idsOf = async (login: MadeLogin) => {
		const answer = await get('decisions/export?format=jsonl', login);
		expect(answer.status).toBe(200);
		const lines = (await answer.text()).trim().split('\n');
		return lines.map((line) => (JSON.parse(line) as { id: string }).id);
	};
	expect(await idsOf(admin)).toEqual(['M1-2', 'M1-1', 'L1-2', 'L1-1']);
	expect(await idsOf(north)).toEqual(['L1-2', 'L1-1']);
	expect((await get('decisions/export', tenants)).status, 'no lane is theirs').toBe(403);
	const sees = makeLogin(site.bench, { role: 'security', scope: 'park:P1' });
	expect((await get('decisions/export', sees)).status, 'seeing is not taking along').toBe(403);
	const mixed = makeLogin(site.bench, { role: 'security' });
	site.bench.store.operators.setRoles(mixed.operatorId, [
		{ roleId: 'security', scope: 'site' },
		{ roleId: 'administrator', scope: 'park:P1' },
	]);
	expect(await idsOf(mixed), 'they see both parks, and take one along').toEqual(['L1-2', 'L1-1']);
	const listed = (await (await get('exports', north)).json()) as { items: { name: string }[] };
	expect(listed.items.map(({ name }) => name)).toContain('decisions');
});

test('N2 A9 what if: of their lanes, with whoever they know; another lane is as if it was not there', async () => {
	expect(await check({ lane: 'L1', holder: 'nick' }, north)).toMatchObject({ holderName: 'Nick North' });
	for (const body of [{ holder: 'nick' }, { credential: plate('1NOR111') }]) {
		const [other, none] = await Promise.all(
			['M1', 'X1'].map(async (lane) => problemOf(await send('decisions/check', { lane, ...body }, north), lane)),
		);
		expect(other).toEqual(none);
		expect(other).toMatchObject({ status: 404 });
	}
	const [foreign, nobody] = await Promise.all(
		['sam', 'none'].map(async (holder) =>
			problemOf(await send('decisions/check', { lane: 'L1', holder }, north), holder),
		),
	);
	expect(foreign).toEqual(nobody);
	expect(foreign).toMatchObject({ status: 404 });
});

test('N2 A9 the plate of somebody they do not know is answered as one that nobody has', async () => {
	expect(await check({ lane: 'L1', credential: plate('1SOU111') }, admin)).toMatchObject({ holderName: 'Sam South' });
	const [foreign, strange] = await Promise.all(
		['1SOU111', '9XYZ999'].map(async (value) =>
			JSON.stringify(await check({ lane: 'L1', credential: plate(value) }, north)).replaceAll(value, 'PLATE'),
		),
	);
	expect(foreign).toEqual(strange);
	expect(foreign).not.toMatch(/sam|Sam/);
});

test('N2 A9 who has a group asks about its people at any lane, and about nobody else', async () => {
	expect(await check({ lane: 'M1', holder: 'sam' }, tenants)).toMatchObject({ holderName: 'Sam South' });
	expect(await check({ lane: 'M1', credential: plate('1SOU111') }, tenants)).toMatchObject({ holderName: 'Sam South' });
	expect((await send('decisions/check', { lane: 'M1', holder: 'nick' }, tenants)).status).toBe(404);
	const [other, none] = await Promise.all(
		['1NOR111', '9XYZ999'].map(async (value) =>
			problemOf(await send('decisions/check', { lane: 'L1', credential: plate(value) }, tenants), value),
		),
	);
	expect(other).toEqual(none);
});

test('N2 A9 somebody whom they were denied to ask about is as nobody, at their own lanes too', async () => {
	const less = makeLogin(site.bench, { role: 'administrator' });
	const denied = { permission: 'decisions:check', scope: 'group:tenants' };
	site.bench.store.operators.setDenials(less.operatorId, [denied]);
	expect(await check({ lane: 'L1', holder: 'nick' }, less)).toMatchObject({ holderName: 'Nick North' });
	expect((await send('decisions/check', { lane: 'L1', holder: 'sam' }, less)).status).toBe(404);
	expect(await check({ lane: 'L1', credential: plate('1SOU111') }, less)).toMatchObject({ holderName: null });
});

test('N2 A9 only decisions of their lanes are decided again', async () => {
	const since = new Date(0).toISOString();
	const counted = async (login: MadeLogin) =>
		((await (await send('decisions/replay', { since }, login)).json()) as { decisions: number }).decisions;
	expect(await counted(admin)).toBe(4);
	expect(await counted(north)).toBe(2);
	expect((await send('decisions/replay', { decision: 'L1-1' }, north)).status).toBe(200);
	const [other, none] = await Promise.all(
		['M1-1', 'X1-1'].map(async (id) => problemOf(await send('decisions/replay', { decision: id }, north), id)),
	);
	expect(other).toEqual(none);
	expect(other).toMatchObject({ status: 404 });
});
