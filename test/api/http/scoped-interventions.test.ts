import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InterventionTarget } from '../../../src/gateway/core/maintenance/intervention.ts';
import { createWalkedConsole } from '../../support/console-walked.ts';
import { createHttpSite, DEVICE, type HttpSite } from '../../support/http-site.ts';
import { type MadeLogin, makeLogin } from '../../support/logins-without-passwords.ts';
import { askedOf, problemOf, settleTwoParks, TWO_PARKS } from '../../support/two-parks.ts';

const HOUR = 3_600_000;
/** What each is on; `boom-1` serves both parks. */
const ON = {
	northLane: { kind: 'lane', id: 'L1' },
	northReader: { kind: 'device', id: 'reader-1' },
	southLane: { kind: 'lane', id: 'M1' },
	southReader: { kind: 'device', id: 'reader-2' },
	boom: { kind: 'device', id: 'boom-1' },
	site: { kind: 'site' },
} as const satisfies Readonly<Record<string, InterventionTarget>>;
type Name = keyof typeof ON;
const NAMES = Object.keys(ON) as readonly Name[];

let site: HttpSite;
let asked: ReturnType<typeof askedOf>;
let admin: MadeLogin;
let north: MadeLogin;
let numbers: Readonly<Record<Name, number>>;
beforeAll(() => {
	const devices = ['reader-1', 'reader-2', 'boom-1'].map((id) => ({ ...DEVICE, id, address: `sim:${id}` }));
	const pages = (deps: Parameters<typeof createWalkedConsole>[0]) => createWalkedConsole(deps, { site: TWO_PARKS });
	site = createHttpSite({ devices: () => devices }, pages, TWO_PARKS);
	settleTwoParks(site);
	asked = askedOf(site);
	admin = makeLogin(site.bench, { role: 'administrator' });
	north = technicianOf('park:P1');
	const startMs = site.bench.clock.nowMs() + HOUR;
	const plan = { startMs, endMs: startMs + HOUR };
	numbers = Object.fromEntries(
		NAMES.map((name) => [name, begin({ target: ON[name], title: `Work ${name}`, plan })]),
	) as Record<Name, number>;
});
afterAll(() => site.close());

const technicianOf = (scope: string) => makeLogin(site.bench, { role: 'technician', scope });

function begin(of: Pick<Parameters<typeof report>[0], 'target'> & Partial<Parameters<typeof report>[0]>): number {
	const answer = report({
		...{ kind: 'repair', title: 'Work', description: '', priority: 'normal', plan: null, people: [] },
		...of,
	});
	if (answer.result === 'refused') throw new Error(answer.because);
	return answer.intervention.number;
}
const report = (of: Parameters<HttpSite['services']['maintenance']['interventions']['report']>[0]) =>
	site.services.maintenance.interventions.report(of, admin.operatorId);

interface Item {
	readonly number: number;
	readonly title: string;
}
const namesOf = (items: readonly Item[]) =>
	NAMES.filter((name) => items.some(({ number }) => number === numbers[name]));
const listed = async (login: MadeLogin, query = '') =>
	namesOf(await asked.itemsOf<Item>(`interventions${query}`, login));
const page = (path: string, { cookie }: MadeLogin) => site.request(path, { headers: { cookie } });

describe('I9 A9 interventions are of what they are on', () => {
	test('who has a park, an area, a lane, a device or people lists and opens the same, and nothing else', async () => {
		const less = makeLogin(site.bench, { role: 'technician' });
		site.bench.store.operators.setDenials(less.operatorId, [{ permission: 'interventions:read', scope: 'park:P2' }]);
		const own = ['northLane', 'northReader'] as const;
		const seen: readonly (readonly [MadeLogin, readonly Name[]])[] = [
			[admin, NAMES],
			[north, own],
			[technicianOf('area:A1'), own],
			[technicianOf('record:lanes/L1'), own],
			[technicianOf('park:P2'), ['southLane', 'southReader']],
			[technicianOf('record:devices/boom-1'), ['boom']],
			[technicianOf('group:tenants'), []],
			[less, own],
		];
		for (const [login, names] of seen) {
			expect(await listed(login)).toEqual(names);
			for (const name of NAMES) {
				const answer = await asked.get(`interventions/${numbers[name]}`, login);
				expect(answer.status, name).toBe(names.includes(name) ? 200 : 404);
			}
		}
	});

	test('pages of a list go on, and what is asked for elsewhere is nothing', async () => {
		const first = (await (await asked.get('interventions?limit=1', north)).json()) as {
			items: readonly Item[];
			nextCursor: string;
		};
		expect(namesOf(first.items)).toEqual(['northReader']);
		const second = (await (
			await asked.get(`interventions?limit=1&cursor=${first.nextCursor}`, north)
		).json()) as object;
		expect(second).toMatchObject({ items: [{ number: numbers.northLane }], nextCursor: null });
		expect(await listed(north, '?lane=M1')).toEqual([]);
		expect(await listed(north, '?device=boom-1')).toEqual([]);
		expect(await listed(north, '?device=reader-1&state=unfinished')).toEqual(['northReader']);
	});

	test('whatever is done to one of elsewhere is answered as of one that is not', async () => {
		const acts = [
			['PATCH', '', { title: 'Mine' }],
			['POST', '/status', { status: 'done' }],
			['POST', '/comments', { text: 'Seen' }],
			['POST', '/parts', { name: 'Belt' }],
			['DELETE', '/parts/none', undefined],
			['DELETE', `/photos/${'a'.repeat(64)}`, undefined],
		] as const;
		for (const [method, act, body] of acts) {
			const ask = async (number: number) =>
				problemOf(await asked.send(`interventions/${number}${act}`, body, north, method), String(number));
			const none = await ask(98_765);
			expect(none, act).toMatchObject({ status: 404 });
			for (const name of ['southLane', 'boom', 'site'] as const) expect(await ask(numbers[name]), act).toEqual(none);
		}
		expect((await asked.get(`interventions/${numbers.boom}/history`, north)).status).toBe(404);
	});

	test('who sees one and may not do that is refused', async () => {
		const guard = makeLogin(site.bench, { role: 'security', scope: 'park:P1' });
		const done = (name: Name) => asked.send(`interventions/${numbers[name]}/status`, { status: 'done' }, guard);
		expect((await done('northLane')).status, 'security works on nothing').toBe(403);
		const mixed = technicianOf('park:P2');
		site.bench.store.operators.setRoles(mixed.operatorId, [
			{ roleId: 'technician', scope: 'park:P2' },
			{ roleId: 'security', scope: 'park:P1' },
		]);
		const comment = (name: Name) => asked.send(`interventions/${numbers[name]}/comments`, { text: 'Seen' }, mixed);
		expect((await comment('southLane')).status).toBe(200);
		expect((await comment('northLane')).status, 'they look there only').toBe(403);
		expect((await comment('site')).status).toBe(404);
		const plan = { start: '2026-01-06T08:00:00Z', end: '2026-01-06T10:00:00Z' };
		const planned = { title: 'x', target: ON.northLane, plan };
		expect((await asked.send('interventions', planned, mixed)).status, 'they report there only').toBe(403);
	});

	test('a fault is reported on what is theirs; a lane or device of elsewhere is unknown, the site not theirs', async () => {
		const ask = (target: InterventionTarget, more = {}) =>
			asked.send('interventions', { title: 'Stuck', target, ...more }, north);
		expect((await ask(ON.northLane)).status).toBe(201);
		expect((await ask(ON.northReader, { people: [admin.operatorId] })).status).toBe(201);
		for (const more of [{}, { people: [admin.operatorId] }]) {
			for (const [target, none] of [
				[ON.southLane, 'X1'],
				[ON.boom, 'x-1'],
			] as const) {
				const there = await problemOf(await ask(target, more), target.id);
				expect(there).toEqual(await problemOf(await ask({ ...target, id: none }, more), none));
				expect(there).toMatchObject({ status: 422 });
			}
		}
		expect((await ask(ON.site)).status).toBe(403);
	});

	test('it stays theirs: it is moved to what is theirs only, and what it was on before is not told', async () => {
		const number = begin({ target: ON.southLane, title: 'Moves' });
		const move = (target: InterventionTarget, login: MadeLogin) =>
			asked.send(`interventions/${number}`, { target }, login, 'PATCH');
		expect((await move(ON.northLane, north)).status).toBe(404);
		expect((await move(ON.northLane, admin)).status).toBe(200);
		const [foreign, unknown] = [await move(ON.boom, north), await move({ kind: 'device', id: 'x-1' }, north)];
		expect(await problemOf(foreign, 'boom-1')).toEqual(await problemOf(unknown, 'x-1'));
		expect((await move(ON.site, north)).status).toBe(403);
		expect((await move(ON.northReader, north)).status).toBe(200);
		const told = await (await asked.get(`interventions/${number}/history`, north)).text();
		expect(told).toContain('lane L1');
		expect(told).not.toContain('lane M1');
		expect(await (await page(`/interventions/${number}`, north)).text()).not.toContain('South entry');
		expect(await (await asked.get(`interventions/${number}/history`, admin)).text()).toContain('lane M1');
	});
});

describe('I9 A9 around interventions', () => {
	test('the roster shows what is planned on theirs, and nobody as free who may work elsewhere', async () => {
		const ann = makeLogin(site.bench, { role: 'technician' });
		const bea = makeLogin(site.bench, { role: 'technician' });
		const startMs = site.bench.clock.nowMs() + 5 * HOUR;
		const plan = { startMs, endMs: startMs + HOUR };
		const own = begin({ target: ON.northLane, plan, people: [ann.operatorId] });
		begin({ target: ON.southLane, plan, people: [ann.operatorId, bea.operatorId] });
		const span = [-HOUR, 12 * HOUR].map((ms) => new Date(site.bench.clock.nowMs() + ms).toISOString());
		const path = `roster?from=${span[0]}&to=${span[1]}`;
		const lines = await asked.itemsOf<{ person: { id: string }; entries: readonly object[] }>(path, north);
		expect(lines).toMatchObject([{ person: { id: ann.operatorId }, entries: [{ number: own, clashes: false }] }]);
		const { unassigned } = (await (await asked.get(path, north)).json()) as { unassigned: readonly Item[] };
		expect(namesOf(unassigned)).toEqual(['northLane', 'northReader']);
		const all = await asked.itemsOf<{ person: { id: string } }>(path, admin);
		expect(all.map(({ person }) => person.id)).toEqual(expect.arrayContaining([ann.operatorId, bea.operatorId]));
		expect(await (await page('/roster', north)).text()).not.toMatch(/Work south|South entry|Work site/);
	});

	test('Home counts what is theirs (Z13)', async () => {
		const south = technicianOf('park:P2');
		begin({ target: ON.southLane, people: [south.operatorId] });
		begin({ target: ON.northLane, people: [south.operatorId] });
		const tasks = await asked.itemsOf<{ kind: string; count: number }>('me/tasks', south);
		const countOf = (kind: string) => tasks.find((task) => task.kind === kind)?.count;
		expect(countOf('ownInterventions')).toBe(1);
		expect(countOf('openInterventions')).toBe((await asked.itemsOf('interventions?state=unfinished', south)).length);
		const guard = makeLogin(site.bench, { role: 'security', scope: 'park:P1' });
		const theirs = await asked.itemsOf<{ kind: string }>('me/tasks', guard);
		expect(theirs.map(({ kind }) => kind)).not.toContain('openInterventions');
	});

	test('pages list, offer and change what is theirs', async () => {
		const list = await (await page('/interventions', north)).text();
		expect(list).toContain('Work northLane');
		expect(list).not.toMatch(/Work (south|boom|site)|value="boom-1"/);
		const form = await (await page('/interventions/new', north)).text();
		expect(form).toContain('value="device:reader-1"');
		expect(form).not.toMatch(/value="(site|lane:M1|device:boom-1)"/);
		const own = await (await page(`/interventions/${numbers.northLane}`, north)).text();
		for (const act of ['status', 'comments', 'parts', 'photos'])
			expect(own).toContain(`/interventions/${numbers.northLane}/${act}`);
		expect((await page(`/interventions/${numbers.boom}`, north)).status).toBe(404);
		expect(await (await page('/devices/reader-1', north)).text()).toContain('Work northReader');
		const device = await (await page('/devices/boom-1', technicianOf('record:devices/boom-1'))).text();
		expect(device).toContain('Work boom');
		const guard = makeLogin(site.bench, { role: 'security', scope: 'park:P1' });
		const looked = await (await page(`/interventions/${numbers.northLane}`, guard)).text();
		expect(looked).not.toContain(`/interventions/${numbers.northLane}/status`);
	});
});
