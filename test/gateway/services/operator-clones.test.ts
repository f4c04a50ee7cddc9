import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPlaces } from '../../../src/gateway/core/permission/scope.ts';
import { PERMISSIONS } from '../../../src/gateway/core/permission.ts';
import type { BulkWish } from '../../../src/gateway/services/operators/bulk-changes.ts';
import type { Actor, Seats } from '../../../src/gateway/services/operators/operators-deps.ts';
import { SITE } from '../../support/http-site.ts';
import { createOperatorsBench, type OperatorsBench, PASSWORD } from '../../support/operators.ts';

let bench: OperatorsBench;
let seats: Seats;
let ada: Actor;
beforeEach(async () => {
	seats = { available: 100, stopped: false };
	bench = createOperatorsBench({ places: createPlaces(SITE), seats: () => seats });
	ada = actor(await somebody('ada', 'administrator'));
});
afterEach(() => bench.close());

const actor = (operatorId: string): Actor => ({ operatorId, access: bench.operators.accessOf(operatorId) ?? null });
const somebody = (name: string, role = 'user') => bench.addOperator({ email: `${name}@example.org`, role });
const store = () => bench.store.operators;
const SECURITY = [{ roleId: 'security', scope: 'site' }];
const NO_VEND = [{ permission: 'lanes:vend', scope: 'site' }];

function addGroup(name: string, rules: object = {}, parentId: string | null = null): string {
	const empty = { kind: 'company', tags: ['a'], roles: [], permissions: [], denials: [] } as const;
	const answer = bench.operators.groups.add({ ...empty, name, parentId, ...rules }, ada);
	if (answer.result !== 'done') throw new Error(answer.result);
	return answer.group.id;
}

function cloned(id: string, name: string, by = ada) {
	const answer = bench.operators.cloning.operator(id, { email: `${name}@example.org`, name }, by);
	if (answer.result !== 'code') throw new Error(answer.result);
	return answer;
}

describe('a copy of an operator or a group', () => {
	test('Z10 equals the original in what it may do, and in nothing else', () => {
		const scope = fc.constantFrom('site', 'park:P1', 'area:A1');
		const roles = fc.array(
			fc.record({ roleId: fc.constantFrom('security', 'reception', 'technician', 'user'), scope }),
			{ maxLength: 3 },
		);
		const named = fc.array(fc.record({ permission: fc.constantFrom(...PERMISSIONS.slice(0, 20)), scope }), {
			maxLength: 3,
		});
		let made = 0;
		fc.assert(
			fc.property(roles, named, named, fc.boolean(), (own, given, denied, isMember) => {
				const name = `p${made++}`;
				const id = `op-${name}`;
				const email = `${name}@example.net`;
				store().addOperator({
					...{ id, email, name, language: 'fr', state: 'active', passwordHash: 'secret', passwordOnce: false },
					...{ createdAtMs: 0, lastLoginAtMs: 5, version: 1 },
				});
				const at = { createdAtMs: bench.clock.nowMs(), lastSeenAtMs: bench.clock.nowMs() };
				store().addLoginSession({ tokenHash: id, operatorId: id, csrf: 'x', remoteAddress: '', ...at });
				bench.operators.administration.update(id, { roles: own, permissions: given, denials: denied }, ada);
				if (isMember) bench.operators.groups.setMember(addGroup(name, { roles: SECURITY }), id, true, ada);
				const { operator } = cloned(id, name);
				const original = bench.operators.accessOf(id);
				const copy = bench.operators.accessOf(operator.id);
				for (const permission of PERMISSIONS) {
					for (const place of [undefined, { kind: 'area', id: 'A1' } as const]) {
						expect(copy?.may(permission, place)).toBe(original?.may(permission, place));
					}
				}
				expect(store().groupIdsOf(operator.id)).toEqual(store().groupIdsOf(id));
				expect(store().operatorById(operator.id)).toMatchObject({
					...{ state: 'invited', passwordHash: null, language: null, lastLoginAtMs: null },
				});
				expect([store().loginSessionsOf(operator.id), store().apiTokensOf(operator.id)]).toEqual([[], []]);
			}),
			{ numRuns: 25 },
		);
	});

	test('Z10 a group in the same place with the same rules, without members', async () => {
		const top = addGroup('Top', { denials: NO_VEND });
		const guards = addGroup('Guards', { roles: SECURITY }, top);
		bench.operators.groups.setMember(guards, await somebody('bo'), true, ada);
		const answer = bench.operators.cloning.group(guards, 'Night', ada);
		expect(answer).toMatchObject({
			result: 'done',
			group: { name: 'Night', tags: ['a'], members: 0, path: [{ id: top }], roles: [{ id: 'security' }] },
		});
		expect(bench.operators.cloning.group(guards, 'night', ada)).toEqual({ result: 'groupNameTaken' });
		expect(bench.operators.cloning.group('nowhere', 'X', ada)).toEqual({ result: 'noGroup' });
	});

	test('Z10 nobody copies more than they may do themselves, and nothing of a refused copy is left', async () => {
		const role = bench.operators.roles.add({ name: 'Host', permissions: ['operators:read', 'operators:write'] }, ada);
		const host = actor(await somebody('host', role.result === 'done' ? role.role.id : ''));
		const guards = addGroup('Guards', { roles: SECURITY });
		const bo = await somebody('bo');
		bench.operators.groups.setMember(guards, bo, true, ada);
		const wish = { email: 'copy@example.org', name: 'Copy' };
		expect(bench.operators.cloning.operator(bo, wish, host)).toEqual({ result: 'notYours' });
		expect(bench.operators.cloning.operator(ada.operatorId ?? '', wish, host)).toEqual({ result: 'notYours' });
		expect(bench.operators.cloning.group(guards, 'Mine', host)).toEqual({ result: 'notYours' });
		expect(bench.operators.administration.idOf('copy@example.org')).toBeUndefined();
		expect(bench.operators.cloning.operator(bo, { ...wish, email: 'bo@example.org' }, ada)).toEqual({
			result: 'emailTaken',
		});
	});
});

describe('many operators at once', () => {
	const run = (wish: Partial<BulkWish> & Pick<BulkWish, 'action' | 'operatorIds'>, by = ada) =>
		bench.operators.bulk
			.run({ groupId: null, endLogins: false, ...wish }, by)
			.map(({ refusal }) => refusal?.result ?? 'done');

	test('Z9 B12 each is done or refused by itself, and what is done is kept', async () => {
		const [bo, cy] = [await somebody('bo', 'reception'), await somebody('cy', 'reception')];
		const rows = bench.operators.bulk.run(
			{
				action: 'deactivate',
				operatorIds: [bo, 'nobody', ada.operatorId ?? '', cy, bo],
				groupId: null,
				endLogins: true,
			},
			ada,
		);
		expect(rows.map(({ operatorId, refusal }) => [operatorId, refusal?.result ?? 'done'])).toEqual([
			[bo, 'done'],
			['nobody', 'notFound'],
			[ada.operatorId, 'yourself'],
			[cy, 'done'],
		]);
		expect([store().operatorById(bo)?.state, store().operatorById(cy)?.state]).toEqual(['inactive', 'inactive']);
		const login = { email: 'bo@example.org', password: PASSWORD, remoteAddress: '10.0.0.9' };
		expect(await bench.operators.login(login)).toEqual({ result: 'refused' });
		const audited = bench.audits().filter(({ action }) => action === 'operatorDeactivated');
		expect(audited.map(({ target }) => target)).toEqual([bo, cy]);
	});

	test('X11 B6 the last administrator and the seats are guarded in each row; the other rows stand', async () => {
		const eve = await somebody('eve', 'administrator');
		const [bo, cy] = [await somebody('bo', 'reception'), await somebody('cy', 'reception')];
		run({ action: 'deactivate', operatorIds: [bo, cy] });
		seats = { available: 3, stopped: false };
		expect(run({ action: 'activate', operatorIds: [bo, cy] })).toEqual(['done', 'seatsTaken']);
		expect(store().operatorById(cy)?.state).toBe('inactive');
		const machine: Actor = { operatorId: null, access: null };
		const all = [bo, eve, ada.operatorId ?? ''];
		expect(run({ action: 'remove', operatorIds: all }, machine)).toEqual(['done', 'done', 'lastAdministrator']);
		expect(bench.operators.administration.standing().administrators).toBe(1);
		expect(store().operatorById(bo)).toBeUndefined();
	});

	test('Z1 into a group and out of it; the journal says each', async () => {
		const guards = addGroup('Guards', { roles: SECURITY });
		const people = [await somebody('bo'), await somebody('cy')];
		expect(run({ action: 'join', operatorIds: people, groupId: guards })).toEqual(['done', 'done']);
		expect(bench.operators.accessOf(people[1] ?? '')?.may('lanes:vend')).toBe(true);
		expect(run({ action: 'leave', operatorIds: people, groupId: guards })).toEqual(['done', 'done']);
		expect(run({ action: 'join', operatorIds: people, groupId: 'nowhere' })).toEqual(['noGroup', 'noGroup']);
		expect(bench.audits().filter(({ action }) => action === 'operatorGroupLeft')).toHaveLength(2);
	});
});

describe('a part of a transaction', () => {
	test('that throws is undone by itself, also in what is kept in memory', () => {
		const { transaction, attempt, journal } = bench.store;
		const write = (id: string) =>
			journal.append({
				...{ type: 'audit', class: 'audit', id, atMs: 0, operatorId: null, action: id, target: null, detail: {} },
			});
		transaction(() => {
			write('first');
			expect(() =>
				attempt(() => {
					write('undone');
					throw new Error('no');
				}),
			).toThrow('no');
			attempt(() => write('second'));
		});
		expect(bench.audits().map(({ action }) => action)).toEqual(['first', 'second']);
		const written = journal.after(0, 10);
		expect(written).toHaveLength(2);
	});
});
