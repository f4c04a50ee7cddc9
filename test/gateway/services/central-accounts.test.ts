import { describe, expect, onTestFinished, test } from 'vitest';
import { createPlaces } from '../../../src/gateway/core/permission/scope.ts';
import { followBundles } from '../../../src/gateway/services/directory/bundle-rights.ts';
import { createDirectoryUpdates } from '../../../src/gateway/services/directory/create-directory-updates.ts';
import { createDirectoryEdits } from '../../../src/gateway/services/directory/edit-directory.ts';
import type { Actor } from '../../../src/gateway/services/operators/operators-deps.ts';
import { openDirectory } from '../../../src/gateway/store/directory.ts';
import { createTestAccounts } from '../../support/accounts-bench.ts';
import { createOperatorsBench } from '../../support/operators.ts';

const MACHINE: Actor = { operatorId: null, access: null };
const SITE = { id: 'site-1', parks: [{ id: 'P1', name: 'Park', capacity: 10 }], areas: [], lanes: [] };

/** A site whose directory gets what central sends. */
function open(options: Parameters<typeof createOperatorsBench>[0] = {}) {
	const bench = createOperatorsBench({ places: createPlaces(SITE), ...options });
	const { dir, store, clock, log, operators } = bench;
	const directory = openDirectory({ dir, store, log });
	onTestFinished(async () => {
		await directory.close();
		bench.close();
	});
	const updates = createDirectoryUpdates({ directory, nowMs: clock.nowMs, log });
	const edits = createDirectoryEdits({
		...{ store, clock, rules: {}, follow: followBundles, hasCentral: true, isWired: () => true },
		...{ directory: directory.reader, newId: () => 'e-1', edited: () => undefined },
	});
	const accounts = createTestAccounts({ operators, store, clock, log, directory: directory.reader, edits }, SITE);
	const { centralAccounts } = accounts;
	let rev = 0;
	const send = async (...ops: readonly { op: 'put' | 'delete'; key: string; row?: object }[]) => {
		const delta = { stream: 'operators', centralEpoch: 'c-1', from: rev, to: rev + 1 } as const;
		if (rev === 0) {
			await updates.beginSnapshot({ stream: 'operators', centralEpoch: 'c-1', rev: 0, rows: 0 });
			await updates.finishSnapshot();
		}
		await updates.applyDelta({ ...delta, ops: ops.map((op) => ({ table: 'operatorAccounts', ...op })) });
		rev += 1;
		await centralAccounts.look();
	};
	const byEmail = (email: string) => store.operators.operatorByEmail(email);
	const told = () =>
		bench
			.audits()
			.map(({ action }) => action)
			.filter((action) => action.startsWith('centralAccount'));
	const standing = () => centralAccounts.list().map((one) => [one.email, one.standing, one.reason]);
	return { ...bench, ...accounts, send, byEmail, told, standing };
}

function row(id: string, change: object = {}) {
	const email = `${id}@example.org`;
	return { op: 'put' as const, key: id, row: { id, email, name: id.toUpperCase(), roles: ['reception'], ...change } };
}

describe('Z8 accounts that central sends', () => {
	test('are invited once with the roles and groups it names, whatever is looked at or sent again', async () => {
		const { send, byEmail, store, operators, told, centralAccounts, audits } = open();
		const group = operators.groups.add(
			{ name: 'Partners', kind: 'partnerType', tags: [], parentId: null, roles: [], permissions: [], denials: [] },
			MACHINE,
		);
		if (group.result !== 'done') throw new Error(group.result);
		await send(row('ada', { roles: ['security@park:P1'], groups: ['partners'], language: 'fr' }));
		const ada = byEmail('ada@example.org');
		expect(ada).toMatchObject({ name: 'ADA', state: 'invited', language: 'fr', passwordHash: null });
		expect(store.operators.rolesOf(ada?.id ?? '')).toEqual([{ roleId: 'security', scope: 'park:P1' }]);
		expect(store.operators.groupIdsOf(ada?.id ?? '')).toEqual([group.group.id]);
		const seq = store.journal.lastSeq();
		await centralAccounts.look();
		await send(row('ada', { roles: ['security@park:P1'], groups: ['partners'], language: 'fr' }));
		expect([store.journal.lastSeq(), store.operators.operatorCount()]).toEqual([seq, 1]);
		expect(told()).toEqual(['centralAccountMade']);
		expect(audits().flatMap(({ detail }) => Object.keys(detail))).not.toContain('code');
	});

	test('of another site are left alone, and those of none are for all', async () => {
		const { send, byEmail } = open();
		await send(row('ada', { siteId: 'site-2' }), row('bo', { siteId: 'site-1' }), row('cy'));
		expect([byEmail('ada@example.org'), byEmail('bo@example.org')?.state, byEmail('cy@example.org')?.state]).toEqual([
			...[undefined, 'invited', 'invited'],
		]);
	});

	test('are never administrators, by a role of the site’s own or a group either, unless an administrator lets central', async () => {
		const { send, byEmail, operators, standing, centralAccounts, addOperator } = open();
		const boss = await addOperator({ email: 'boss@example.org', role: 'administrator' });
		const own = operators.roles.add({ name: 'Boss too', permissions: ['operators:write'] }, MACHINE);
		if (own.result !== 'done') throw new Error(own.result);
		const admins = { roles: [{ roleId: 'administrator', scope: 'site' }], permissions: [], denials: [] };
		operators.groups.add({ name: 'Board', kind: 'role', tags: [], parentId: null, ...admins }, MACHINE);
		await send(
			row('a1', { roles: ['administrator'] }),
			row('a2', { roles: ['Boss too'] }),
			row('a3', { groups: ['Board'] }),
			row('a4', { roles: ['wizard'] }),
		);
		expect(standing()).toEqual([
			['a1@example.org', 'refused', 'notYours'],
			['a2@example.org', 'refused', 'notYours'],
			['a3@example.org', 'refused', 'notYours'],
			['a4@example.org', 'refused', 'unknownRole'],
		]);
		expect(byEmail('a3@example.org')).toBeUndefined();

		const tech = await addOperator({ email: 'tech@example.org', role: 'technician' });
		const actor = (id: string): Actor => ({ operatorId: id, access: operators.accessOf(id) ?? null });
		expect(centralAccounts.setRules({ administrators: true }, actor(tech))).toBe('notYours');
		expect(centralAccounts.setRules({ administrators: true }, actor(boss))).toBe('done');
		await centralAccounts.look();
		expect(standing().map(([, is]) => is)).toEqual(['made', 'made', 'made', 'refused']);
	});

	test('wait for a seat, tell so once, and come in when one is free', async () => {
		let available = 2;
		const { send, standing, told, addOperator, byEmail, centralAccounts } = open({
			seats: () => ({ available, stopped: false }),
		});
		await addOperator({ email: 'boss@example.org', role: 'administrator' });
		await send(row('ada'), row('bo'), row('cy', { roles: [] }));
		expect(standing()).toEqual([
			['ada@example.org', 'made', null],
			['bo@example.org', 'pending', 'seatsTaken'],
			['cy@example.org', 'made', null],
		]);
		await centralAccounts.look();
		expect(told().filter((action) => action === 'centralAccountPending')).toHaveLength(1);
		available = 3;
		await centralAccounts.look();
		expect(byEmail('bo@example.org')?.state).toBe('invited');
	});

	test('link who is here already by that address, and touch neither their password nor their roles', async () => {
		const { send, standing, store, addOperator } = open();
		const id = await addOperator({ email: 'ada@example.org', role: 'administrator' });
		const before = store.operators.operatorById(id);
		await send(row('ada', { email: 'Ada@Example.org', name: 'Somebody else', roles: ['user'] }));
		expect(standing()).toEqual([['Ada@Example.org', 'linked', null]]);
		await send({ op: 'delete', key: 'ada' });
		expect(store.operators.operatorById(id)).toEqual(before);
		expect(store.operators.rolesOf(id)).toEqual([{ roleId: 'administrator', scope: 'site' }]);
		expect(standing()).toEqual([]);
	});

	test('change as central says, and keep what the site gave besides', async () => {
		const { send, byEmail, store, operators } = open();
		await send(row('ada'));
		const id = byEmail('ada@example.org')?.id ?? '';
		const roles = [
			{ roleId: 'reception', scope: 'site' },
			{ roleId: 'technician', scope: 'park:P1' },
		];
		operators.administration.update(id, { roles }, MACHINE);
		await send(row('ada', { name: 'Ada L.', roles: ['security'], email: 'lovelace@example.org' }));
		expect(byEmail('lovelace@example.org')).toMatchObject({ id, name: 'Ada L.' });
		expect(store.operators.rolesOf(id)).toEqual([
			{ roleId: 'security', scope: 'site' },
			{ roleId: 'technician', scope: 'park:P1' },
		]);
	});

	test('leave when central ends them, undoably; come back when it has them again; and are not made anew when the site removed them', async () => {
		const { send, byEmail, operators, offboarding, standing, store } = open();
		await send(row('ada'), row('bo'));
		const id = byEmail('ada@example.org')?.id ?? '';
		const code = operators.administration.newCode(id, MACHINE);
		if (code.result !== 'code') throw new Error(code.result);
		await operators.passwords.activate({ code: code.code, password: 'a heron lifts gates', remoteAddress: '::1' });
		await send({ op: 'delete', key: 'ada' });
		expect(byEmail('ada@example.org')?.state).toBe('inactive');
		expect(store.offboardings.offboarding(id)).toMatchObject({ stateBefore: 'active' });
		await send(row('ada', { state: 'ended' }));
		expect(standing()[0]).toEqual(['ada@example.org', 'ended', null]);
		await send(row('ada'));
		expect(byEmail('ada@example.org')?.state).toBe('active');

		await send({ op: 'delete', key: 'ada' });
		expect(offboarding.undo(id, MACHINE).result).toBe('done');
		const bo = byEmail('bo@example.org')?.id ?? '';
		operators.administration.remove(bo, MACHINE);
		await send(row('bo', { name: 'Bo again' }));
		expect(byEmail('bo@example.org')).toBeUndefined();
		expect(standing().at(-1)).toEqual(['bo@example.org', 'refused', 'removedHere']);
	});

	test('of one whom the site made more than central may give are not ended by central', async () => {
		const { send, byEmail, operators, standing, addOperator } = open();
		await addOperator({ email: 'boss@example.org', role: 'administrator' });
		await send(row('ada'));
		const id = byEmail('ada@example.org')?.id ?? '';
		operators.administration.update(id, { roles: [{ roleId: 'administrator', scope: 'site' }] }, MACHINE);
		await send({ op: 'delete', key: 'ada' });
		expect(byEmail('ada@example.org')?.state).toBe('invited');
		expect(standing()).toEqual([['ada@example.org', 'made', 'notYours']]);
	});

	test('end nobody where the directory says nothing of central yet', async () => {
		const { centralAccounts, store, addOperator } = open();
		const operatorId = await addOperator({ email: 'ada@example.org', role: 'reception' });
		const given = JSON.stringify({ roles: [{ roleId: 'reception', scope: 'site' }], groupIds: [] });
		store.centralAccounts.put({
			...{ accountId: 'ada', email: 'ada@example.org', operatorId, standing: 'made', reason: null, made: true },
			...{ given, digest: 'x', atMs: 0 },
		});
		await centralAccounts.look();
		expect(store.operators.operatorById(operatorId)?.state).toBe('active');
	});
});
