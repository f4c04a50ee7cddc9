import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpSite, type HttpSite } from '../../support/http-site.ts';
import { type MadeLogin, makeLogin } from '../../support/logins-without-passwords.ts';
import { askedOf, problemOf, settleTwoParks, TWO_PARKS } from '../../support/two-parks.ts';

type Asked = ReturnType<typeof askedOf>;

let site: HttpSite;
let get: Asked['get'];
let send: Asked['send'];
let itemsOf: Asked['itemsOf'];
let admin: MadeLogin;
let north: MadeLogin;
let tenants: MadeLogin;
beforeAll(async () => {
	site = createHttpSite({}, undefined, TWO_PARKS);
	settleTwoParks(site);
	({ get, send, itemsOf } = askedOf(site));
	admin = makeLogin(site.bench, { role: 'administrator' });
	north = makeLogin(site.bench, { role: 'administrator', scope: 'park:P1' });
	tenants = makeLogin(site.bench, { role: 'administrator', scope: 'group:tenants' });
	for (const [id, name] of [
		['nick', 'Nick Northern'],
		['sam', 'Sam Southern'],
	]) {
		expect((await send(`holders/${id}`, { name }, admin, 'PATCH')).status).toBe(200);
	}
	for (const id of ['nick', 'sam']) {
		const pin = { id: `${id}-pin`, holderId: id, kind: 'pin', value: id === 'nick' ? '48151' : '62342', label: null };
		const made = site.services.edits.edit(
			[{ op: 'create', table: 'credentials', row: { ...pin, state: 'active', validFromMs: null, validToMs: null } }],
			{ operatorId: null },
		);
		expect(made, JSON.stringify(made)).toMatchObject({ result: 'done' });
	}
	const { store, clock } = site.bench;
	for (const [action, target] of [
		['occupancyAdjusted', 'A1'],
		['occupancyAdjusted', 'B1'],
		['loginRulesChanged', 'logins'],
	] as const) {
		const about = { operatorId: admin.operatorId, action, target, detail: { reason: 'Counted' } };
		store.journal.append({ type: 'audit', class: 'audit', id: `${action}-${target}`, atMs: clock.nowMs(), ...about });
	}
});
afterAll(() => site.close());

interface Line {
	readonly table: string | null;
	readonly kind: string;
	readonly target: string;
}

describe('Z4 A9 the audit tells of the records that somebody has, and of nothing else', () => {
	test('of a park what opens there, its counters and lanes; of a group its people', async () => {
		const targets = async (login: MadeLogin) => {
			const lines = await itemsOf<Line>('audit?limit=200', login);
			return [...new Set(lines.map(({ kind, target }) => `${kind}/${target}`))].toSorted();
		};
		expect(await targets(north)).toEqual([
			...['assignedRights/nick-right', 'credentials/nick-pin', 'credentials/nick-plate', 'holders/nick'],
			...['occupancy/A1', 'rightSpecifications/free-A1'],
		]);
		expect(await targets(tenants)).toEqual([
			...['assignedRights/sam-right', 'credentials/sam-pin', 'credentials/sam-plate', 'groups/tenants', 'holders/sam'],
		]);
		expect((await targets(admin)).length).toBeGreaterThan(10);
	});

	test('the history of a record; of another it is empty as of one that is not there', async () => {
		const lines = await itemsOf<{ changes: object[] }>('audit?target=nick', north);
		expect(lines[0]?.changes).toEqual([{ field: 'name', before: 'Nick North', after: 'Nick Northern' }]);
		const page = async (target: string) => (await get(`audit?target=${target}`, north)).json();
		expect(await page('sam')).toEqual(await page('nobody'));
		expect(await itemsOf('audit?q=Southern', north)).toEqual([]);
	});

	test('what a row was before it came to them is not told', async () => {
		expect((await send('holders/nick', { groupIds: ['tenants'] }, admin, 'PATCH')).status).toBe(200);
		expect((await send('holders/nick', { name: 'Nick of the tenants' }, admin, 'PATCH')).status).toBe(200);
		const lines = await itemsOf<{ changes: { field: string }[] }>('audit?target=nick', tenants);
		expect(lines.map(({ changes }) => changes.map(({ field }) => field))).toEqual([['name']]);
		expect((await send('holders/nick', { groupIds: [] }, admin, 'PATCH')).status).toBe(200);
		expect(await itemsOf('audit?target=nick', tenants), 'nor of one that left').toEqual([]);
	});

	test('personal data is masked where they may not read it, and a file has what may be taken along', async () => {
		const less = makeLogin(site.bench, { role: 'administrator', scope: 'park:P1' });
		site.bench.store.operators.setDenials(less.operatorId, [
			{ permission: 'personalData:read', scope: 'park:P1' },
			{ permission: 'directory:export', scope: 'area:A1' },
		]);
		expect(JSON.stringify(await itemsOf('audit?target=nick', less))).not.toContain('Nick North');
		const file = async (login: MadeLogin) => (await get('audit/export?format=jsonl', login)).text();
		expect(await file(north)).toContain('Nick Northern');
		expect(await file(north)).not.toMatch(/sam|Sam|loginRules/);
		expect(await file(less), 'less what may not leave').not.toMatch(/nick|A1/);
		const seer = makeLogin(site.bench, { role: 'security', scope: 'park:P1' });
		expect((await get('audit', seer)).status).toBe(403);
	});
});

describe('Z9 A9 codes of the people that somebody has', () => {
	test('are shown where codes:read reaches, and journalled; others are as if they were not there', async () => {
		const shown = await get('credentials/nick-pin?codes=true', north);
		expect(await shown.json()).toMatchObject({ value: '48151' });
		expect(site.bench.store.journal.after(0, 1_000).at(-1)?.entry).toMatchObject({ action: 'codeShown' });
		const [other, none] = await Promise.all(
			['sam-pin', 'no-pin'].map(async (id) => problemOf(await get(`credentials/${id}?codes=true`, north), id)),
		);
		expect(other).toEqual(none);
		const seer = makeLogin(site.bench, { role: 'security', scope: 'park:P1' });
		expect((await get('credentials/nick-pin?codes=true', seer)).status).toBe(403);
	});

	test('who sees more than their codes is refused the rest, and takes along theirs', async () => {
		const mixed = makeLogin(site.bench, { role: 'technician' });
		site.bench.store.operators.setRoles(mixed.operatorId, [
			{ roleId: 'security', scope: 'site' },
			{ roleId: 'administrator', scope: 'park:P1' },
		]);
		expect((await get('credentials/nick-pin?codes=true', mixed)).status).toBe(200);
		expect((await get('credentials/sam-pin?codes=true', mixed)).status).toBe(403);
		const file = await (await get('credentials/export?format=jsonl&codes=true', mixed)).text();
		expect(file).toContain('48151');
		expect(file).not.toContain('62342');
	});
});
