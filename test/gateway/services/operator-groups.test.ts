import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createPlaces } from '../../../src/gateway/core/permission/scope.ts';
import type { OperatorGroupWish } from '../../../src/gateway/services/operators/operator-group-view.ts';
import type { Actor, Seats } from '../../../src/gateway/services/operators/operators-deps.ts';
import { openSiteStore } from '../../../src/gateway/store/site-store.ts';
import { SITE } from '../../support/http-site.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { createOperatorsBench, type OperatorsBench } from '../../support/operators.ts';

let bench: OperatorsBench;
let seats: Seats;
let ada: Actor;
beforeEach(async () => {
	seats = { available: 10, stopped: false };
	bench = createOperatorsBench({ places: createPlaces(SITE), seats: () => seats });
	ada = actor(await bench.addOperator({ email: 'ada@example.org', role: 'administrator' }));
});
afterEach(() => bench.close());

const groups = () => bench.operators.groups;
const actor = (operatorId: string): Actor => ({ operatorId, access: bench.operators.accessOf(operatorId) ?? null });
const may = (operatorId: string, permission: 'lanes:vend' | 'lanes:close' | 'lanes:read' | 'settings:write') =>
	bench.operators.accessOf(operatorId)?.may(permission);
const somebody = (name: string, role = 'user') => bench.addOperator({ email: `${name}@example.org`, role });

const EMPTY: Omit<OperatorGroupWish, 'name'> = {
	...{ kind: 'company', tags: [], parentId: null },
	...{ roles: [], permissions: [], denials: [] },
};

function added(name: string, wish: Partial<OperatorGroupWish> = {}, by: Actor = ada): string {
	const answer = groups().add({ ...EMPTY, name, ...wish }, by);
	if (answer.result !== 'done') throw new Error(answer.result);
	return answer.group.id;
}

const SECURITY = [{ roleId: 'security', scope: 'site' }];
const NO_VEND = [{ permission: 'lanes:vend', scope: 'site' }];

describe('groups of operators', () => {
	test('A4 Z6 Z7 a group gives what it has to everybody in and below it, at once, and its denial wins', async () => {
		const company = added('Acme', { roles: SECURITY });
		const north = added('North', { parentId: company, kind: 'region' });
		const bo = await somebody('bo');
		expect(may(bo, 'lanes:vend')).toBe(false);
		const before = bench.operators.accessVersion();
		expect(groups().setMember(north, bo, true, ada)).toMatchObject({ result: 'done', group: { members: 1 } });
		expect(bench.operators.accessVersion()).toBeGreaterThan(before);
		expect([may(bo, 'lanes:vend'), may(bo, 'settings:write')]).toEqual([true, false]);
		groups().update(company, { denials: NO_VEND }, ada);
		expect([may(bo, 'lanes:vend'), may(bo, 'lanes:close')]).toEqual([false, true]);
		bench.operators.administration.update(bo, { roles: SECURITY }, ada);
		expect(may(bo, 'lanes:vend'), 'a role of their own does not lift it').toBe(false);
		groups().update(company, { denials: [], roles: [] }, ada);
		bench.operators.administration.update(bo, { roles: [] }, ada);
		expect(may(bo, 'lanes:vend')).toBe(false);
	});

	test('Z7 a territory holds in its parks and areas only', async () => {
		const deck = added('Deck', { roles: [{ roleId: 'security', scope: 'area:A1' }] });
		const bo = await somebody('bo');
		groups().setMember(deck, bo, true, ada);
		const access = bench.operators.accessOf(bo);
		expect([access?.may('lanes:vend'), access?.may('lanes:vend', { kind: 'area', id: 'A1' })]).toEqual([false, true]);
		expect(groups().update(deck, { roles: [{ roleId: 'security', scope: 'area:A9' }] }, ada)).toEqual({
			...{ result: 'unknownScope', name: 'area:A9' },
		});
	});

	test('Z6 the explanation names the group that gives and the group that denies', async () => {
		const company = added('Acme', { roles: SECURITY, denials: NO_VEND });
		const north = added('North', { parentId: company, permissions: [{ permission: 'metrics:read', scope: 'site' }] });
		const bo = await somebody('bo');
		groups().setMember(north, bo, true, ada);
		const access = bench.operators.accessOf(bo);
		expect(access?.explain('metrics:read')).toMatchObject({
			...{ may: true, by: [{ source: { kind: 'group', id: north, name: 'North', roleId: null } }] },
		});
		expect(access?.explain('lanes:vend')).toMatchObject({
			...{ may: false, because: 'denied' },
			denials: [{ source: { kind: 'group', id: company, name: 'Acme' } }],
			by: [{ source: { kind: 'group', id: company, roleId: 'security' } }],
		});
	});

	test('Z3 found by kind, tag and name; told with where they stand', () => {
		const acme = added('Acme', { tags: ['north', 'vip'] });
		const dock = added('Dock crew', { kind: 'role', parentId: acme, tags: ['vip'] });
		added('Béta');
		const list = (query: object) =>
			groups()
				.list({ limit: 10, ...query })
				.items.map(({ name }) => name);
		expect(list({})).toEqual(['Acme', 'Béta', 'Dock crew']);
		expect(list({ q: 'beta' })).toEqual(['Béta']);
		expect(list({ kind: 'role' })).toEqual(['Dock crew']);
		expect(list({ tag: 'vip' })).toEqual(['Acme', 'Dock crew']);
		expect(list({ parentId: '' })).toEqual(['Acme', 'Béta']);
		expect(list({ parentId: acme })).toEqual(['Dock crew']);
		expect(groups().get(dock)).toMatchObject({ path: [{ id: acme, name: 'Acme' }], subgroups: 0, version: 1 });
		const first = groups().list({ limit: 2 });
		expect(first.items).toHaveLength(2);
		const next = groups().list({ limit: 2, cursor: first.nextCursor ?? '' });
		expect(next.items.map(({ name }) => name)).toEqual(['Dock crew']);
		expect(() => groups().list({ limit: 2, cursor: 'x' })).toThrow(/this cursor is not/);
	});

	test('Z6 never a ring, never deeper than the bound, one name in one place', () => {
		let parentId: string | null = null;
		const chain: string[] = [];
		for (let level = 0; level < LIMITS.operatorGroupDepth; level += 1) {
			parentId = added(`Level ${level}`, { parentId });
			chain.push(parentId);
		}
		const [top = '', second = ''] = chain;
		const deep = { ...EMPTY, name: 'Too deep', parentId };
		expect(groups().add(deep, ada)).toEqual({ result: 'tooDeep' });
		expect(groups().update(top, { parentId: chain.at(-1) ?? null }, ada)).toEqual({ result: 'cycle' });
		expect(groups().update(top, { parentId: top }, ada)).toEqual({ result: 'cycle' });
		const other = added('Other');
		expect(groups().update(top, { parentId: other }, ada), 'what is below it counts').toEqual({ result: 'tooDeep' });
		expect(groups().update(second, { parentId: other }, ada)).toMatchObject({ result: 'done' });
		expect(groups().add({ ...EMPTY, name: 'óther' }, ada)).toEqual({ result: 'groupNameTaken' });
		expect(groups().add({ ...EMPTY, name: 'New', parentId: 'nowhere' }, ada)).toEqual({ result: 'unknownParent' });
		expect(groups().remove(other, ada)).toEqual({ result: 'hasSubgroups', subgroups: 1 });
	});

	test('Z6 a group that is moved takes along what was denied to it, and a change as it was read only', async () => {
		const strict = added('Strict', { denials: NO_VEND });
		const free = added('Free', { roles: SECURITY });
		const crew = added('Crew', { parentId: strict });
		const bo = await somebody('bo');
		groups().setMember(crew, bo, true, ada);
		const moved = groups().update(crew, { parentId: free }, ada, 1);
		expect(moved).toMatchObject({ result: 'done', group: { denials: NO_VEND, version: 2 } });
		expect([may(bo, 'lanes:vend'), may(bo, 'lanes:close')]).toEqual([false, true]);
		expect(groups().update(crew, { name: 'X' }, ada, 1)).toEqual({ result: 'changed' });
		groups().update(crew, { parentId: strict, denials: [] }, ada);
		expect(groups().get(crew)?.denials, 'where it is denied anyway it takes nothing along').toEqual([]);
	});

	test('A4 nobody gives by a group what they may not do, nor takes from those who may do more', async () => {
		const keeper = await somebody('keeper', 'administrator');
		const role = bench.operators.roles.add({ name: 'Host', permissions: ['operators:read', 'operators:write'] }, ada);
		const roleId = role.result === 'done' ? role.role.id : '';
		const host = await somebody('host', roleId);
		const asHost = actor(host);
		expect(groups().add({ ...EMPTY, name: 'Guards', roles: SECURITY }, asHost)).toEqual({ result: 'notYours' });
		const guards = added('Guards', { roles: SECURITY });
		expect(groups().setMember(guards, host, true, asHost)).toEqual({ result: 'notYours' });
		expect(groups().add({ ...EMPTY, name: 'Night', parentId: guards }, asHost), 'through its parent').toEqual({
			result: 'notYours',
		});
		const plain = added('Plain');
		groups().setMember(plain, keeper, true, ada);
		expect(groups().update(plain, { denials: NO_VEND }, asHost)).toEqual({ result: 'notYours' });
		expect(groups().setMember(plain, keeper, false, asHost)).toEqual({ result: 'notYours' });
		expect(groups().add({ ...EMPTY, name: 'Mine' }, asHost)).toMatchObject({ result: 'done' });
	});

	test('X11 no group denies the last administrator anything, directly or from above', async () => {
		const company = added('Acme');
		const north = added('North', { parentId: company });
		groups().setMember(north, ada.operatorId ?? '', true, ada);
		expect(groups().update(company, { denials: NO_VEND }, ada)).toEqual({ result: 'lastAdministrator' });
		const strict = added('Strict', { denials: NO_VEND });
		expect(groups().setMember(strict, ada.operatorId ?? '', true, ada)).toEqual({ result: 'lastAdministrator' });
		await somebody('eve', 'administrator');
		expect(groups().setMember(strict, ada.operatorId ?? '', true, ada)).toMatchObject({ result: 'done' });
		expect(bench.operators.administration.standing().administrators).toBe(1);
	});

	test('B6 whoever gets a role by a group takes a seat', async () => {
		const guards = added('Guards', { roles: SECURITY });
		const night = added('Night', { parentId: guards });
		const bo = await somebody('bo');
		seats = { available: 1, stopped: false };
		expect(groups().setMember(night, bo, true, ada)).toEqual({ result: 'seatsTaken', used: 1, available: 1 });
		expect(may(bo, 'lanes:vend')).toBe(false);
		const users = added('Users', { roles: [{ roleId: 'user', scope: 'site' }] });
		expect(groups().setMember(users, bo, true, ada)).toMatchObject({ result: 'done' });
		expect(groups().update(users, { roles: SECURITY }, ada)).toMatchObject({ result: 'seatsTaken' });
		seats = { available: 2, stopped: false };
		expect(groups().setMember(night, bo, true, ada)).toMatchObject({ result: 'done' });
	});

	test('B6 Z6 seats are counted as everybody stands, whatever was changed, moved, left and undone', async () => {
		const people = [await somebody('bo'), await somebody('cy'), await somebody('di')];
		const [bo = '', cy = '', di = ''] = people;
		const top = added('Top');
		const low = added('Low', { parentId: top });
		const side = added('Side', { roles: SECURITY });
		const taken = () => bench.operators.administration.standing().seatsTaken;
		groups().setMember(low, bo, true, ada);
		groups().setMember(top, cy, true, ada);
		expect(taken()).toBe(1);
		groups().update(top, { permissions: [{ permission: 'metrics:read', scope: 'site' }] }, ada);
		expect(taken()).toBe(3);
		groups().update(low, { parentId: side }, ada);
		groups().update(top, { permissions: [] }, ada);
		expect(taken(), 'bo by the group they moved to').toBe(2);
		bench.operators.administration.deactivate(bo, ada, { endLogins: false });
		expect(taken()).toBe(1);
		bench.operators.administration.update(di, { permissions: [{ permission: 'lanes:read', scope: 'park:P1' }] }, ada);
		expect(taken()).toBe(2);
		bench.operators.administration.remove(di, ada);
		groups().remove(low, ada);
		bench.operators.administration.activate(bo, ada);
		expect(taken()).toBe(1);
	});

	test('Z6 every change is audited with what was before', async () => {
		const acme = added('Acme', { roles: SECURITY });
		groups().update(acme, { name: 'Acme SA', roles: [], denials: NO_VEND }, ada);
		const bo = await somebody('bo');
		groups().setMember(acme, bo, true, ada);
		groups().setMember(acme, bo, true, ada);
		groups().setMember(acme, bo, false, ada);
		groups().remove(acme, ada);
		expect(bench.audits().map(({ action, detail }) => [action, detail])).toEqual([
			['operatorGroupAdded', expect.objectContaining({ name: 'Acme', roles: 'security at site' })],
			[
				'operatorGroupChanged',
				{
					...{ nameBefore: 'Acme', name: 'Acme SA', rolesBefore: 'security at site', roles: '' },
					...{ deniedBefore: '', denied: 'lanes:vend at site' },
				},
			],
			['operatorGroupJoined', { groupId: acme, group: 'Acme SA' }],
			['operatorGroupLeft', { groupId: acme, group: 'Acme SA' }],
			['operatorGroupRemoved', expect.objectContaining({ denied: 'lanes:vend at site' })],
		]);
	});

	test('Z7 what another program changed acts on the next request too', async () => {
		const bo = await somebody('bo');
		expect(may(bo, 'lanes:vend')).toBe(false);
		const other = openSiteStore({ dir: bench.dir, nowMs: bench.clock.nowMs, log: createMemoryLog() });
		const id = randomUUID();
		other.operators.addGroup({ id, kind: 'role', name: 'Guards', tags: [], parentId: null });
		other.operators.setGroupRules(id, { roles: SECURITY, permissions: [], denials: [] });
		other.operators.addGroupMember(id, bo);
		other.close();
		expect(may(bo, 'lanes:vend')).toBe(true);
	});

	test('Z7 what was undone with its transaction acts on nobody', async () => {
		const guards = added('Guards', { roles: SECURITY });
		const bo = await somebody('bo');
		expect(() =>
			bench.store.transaction(() => {
				bench.store.operators.addGroupMember(guards, bo);
				expect(may(bo, 'lanes:vend')).toBe(true);
				throw new Error('undone');
			}),
		).toThrow('undone');
		expect(may(bo, 'lanes:vend')).toBe(false);
	});

	test('B10 members by name, page by page', async () => {
		const acme = added('Acme');
		for (const name of ['cy', 'di', 'bo'])
			groups().setMember(acme, await somebody(name, name === 'bo' ? 'security' : 'user'), true, ada);
		const first = groups().members(acme, { limit: 2 });
		expect(first?.items.map(({ name }) => name)).toEqual(['The security', 'The user']);
		const rest = groups().members(acme, { limit: 2, cursor: first?.nextCursor ?? '' });
		expect(rest?.items).toHaveLength(1);
		expect(groups().members('nowhere', { limit: 2 })).toBeUndefined();
	});
});
