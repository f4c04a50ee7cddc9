import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createPlaces } from '../../../src/gateway/core/permission/scope.ts';
import type { Actor, Seats } from '../../../src/gateway/services/operators/operators-deps.ts';
import { SITE } from '../../support/http-site.ts';
import { createOperatorsBench, type OperatorsBench, operatorRow, PASSWORD } from '../../support/operators.ts';

const FROM = '10.0.0.7';
const AT_THE_MACHINE: Actor = { operatorId: null, access: null };
const NEW_PASSWORD = 'plover counts the cars';
const RECEPTION = [{ roleId: 'reception', scope: 'site' }];
const WISH = { email: 'Bo@Example.org', name: 'Bo', roles: RECEPTION };

let bench: OperatorsBench;
let seats: Seats;
/** The only administrator. */
let ada: Actor;
beforeEach(async () => {
	seats = { available: 10, stopped: false };
	bench = createOperatorsBench({ places: createPlaces(SITE), seats: () => seats });
	ada = await added('ada', 'administrator');
});
afterEach(() => bench.close());

const admin = () => bench.operators.administration;
const login = (email: string, password = PASSWORD) => bench.operators.login({ email, password, remoteAddress: FROM });
const activate = (code: string, password = NEW_PASSWORD) =>
	bench.operators.passwords.activate({ code, password, remoteAddress: FROM });

async function added(name: string, role: string): Promise<Actor & { readonly operatorId: string }> {
	const operatorId = await bench.addOperator({ email: `${name}@example.org`, role });
	return { operatorId, access: bench.operators.accessOf(operatorId) ?? null };
}

async function signedIn(name: string): Promise<string> {
	const answer = await login(`${name}@example.org`);
	if (answer.result !== 'signedIn') throw new Error(answer.result);
	return answer.token;
}

function invited(by: Actor = ada) {
	const answer = admin().invite(WISH, by);
	if (answer.result !== 'code') throw new Error(answer.result);
	return answer;
}

const stands = (token: string) => bench.operators.session(token, 'person') !== undefined;
const actions = () => bench.audits().map(({ action }) => action);

describe('inviting', () => {
	test('A1 X12 an invited operator comes in by a code that works once, and by nothing else', async () => {
		const { operator, code, endsAtMs } = invited();
		expect(operator).toMatchObject({
			email: 'bo@example.org',
			state: 'invited',
			roles: [{ id: 'reception', scope: 'site' }],
		});
		expect(endsAtMs).toBe(bench.clock.nowMs() + LIMITS.invitationMs);
		expect(await login('bo@example.org')).toEqual({ result: 'refused' });
		expect(await activate('WRNG-WRNG-WRNG')).toEqual({ result: 'wrongCode' });
		expect(await activate(code, 'short')).toMatchObject({ result: 'weakPassword', because: 'tooShort' });
		expect(await activate(` ${code.toLowerCase()} `)).toMatchObject({ result: 'activated', operator: { name: 'Bo' } });
		expect(await activate(code)).toEqual({ result: 'wrongCode' });
		expect(await login('bo@example.org', NEW_PASSWORD)).toMatchObject({ result: 'signedIn' });
		expect(actions()).toEqual([
			'operatorInvited',
			'loginRefused',
			'activationRefused',
			'activated',
			'activationRefused',
			'login',
		]);
		expect(JSON.stringify(bench.audits())).not.toContain(code);
	});

	test('of two who send the code at once one comes in', async () => {
		const { code } = invited();
		const answers = await Promise.all([activate(code), activate(code, `${NEW_PASSWORD} too`)]);
		expect(answers.map(({ result }) => result).sort()).toEqual(['activated', 'wrongCode']);
	});

	test('a code ends with its time, with a newer one, and with its operator', async () => {
		const { code, operator } = invited();
		const second = admin().newCode(operator.id, ada);
		expect(await activate(code)).toEqual({ result: 'wrongCode' });
		bench.clock.advance(LIMITS.invitationMs);
		expect(second.result === 'code' && (await activate(second.code))).toEqual({ result: 'wrongCode' });
		const third = admin().newCode(operator.id, ada);
		expect(admin().remove(operator.id, ada)).toEqual({ result: 'removed' });
		expect(third.result === 'code' && (await activate(third.code))).toEqual({ result: 'wrongCode' });
	});

	test('refuses a taken address, a role and a part of the site that are not there', () => {
		invited();
		expect(admin().invite(WISH, ada)).toEqual({ result: 'emailTaken' });
		const other = { ...WISH, email: 'cy@example.org' };
		expect(admin().invite({ ...other, roles: [{ roleId: 'emperor', scope: 'site' }] }, ada)).toEqual({
			result: 'unknownRole',
			name: 'emperor',
		});
		expect(admin().invite({ ...other, roles: [{ roleId: 'reception', scope: 'park:P9' }] }, ada)).toEqual({
			result: 'unknownScope',
			name: 'park:P9',
		});
		expect(admin().invite({ ...other, roles: [{ roleId: 'reception', scope: 'park:P1' }] }, ada)).toMatchObject({
			result: 'code',
		});
	});
});

describe('seats', () => {
	test('B6 nobody is activated beyond the licence, told in figures; simple users take no seat', async () => {
		seats = { available: 1, stopped: false };
		const { code, operator } = invited();
		expect(await activate(code)).toEqual({ result: 'seatsTaken', used: 1, available: 1 });
		expect(admin().get(operator.id)?.state).toBe('invited');
		expect(admin().update(operator.id, { roles: [{ roleId: 'user', scope: 'site' }] }, ada)).toMatchObject({
			result: 'done',
		});
		expect(await activate(code)).toMatchObject({ result: 'activated' });
		expect(admin().update(operator.id, { roles: RECEPTION }, ada)).toMatchObject({ result: 'seatsTaken' });
		expect(admin().get(operator.id)?.roles).toMatchObject([{ id: 'user' }]);
		seats = { available: 2, stopped: true };
		expect(admin().update(operator.id, { roles: RECEPTION }, ada)).toEqual({ result: 'seatsStopped' });
		seats = { available: 2, stopped: false };
		expect(admin().update(operator.id, { roles: RECEPTION }, ada)).toMatchObject({ result: 'done' });
		expect(admin().standing()).toMatchObject({ seatsTaken: 2, seats: { available: 2 } });
	});

	test('B11 a seat changes hands in one step, or not at all', async () => {
		const bo = await added('bo', 'reception');
		const cy = await added('cy', 'reception');
		admin().deactivate(cy.operatorId, ada, { endLogins: false });
		seats = { available: 2, stopped: false };
		expect(admin().activate(cy.operatorId, ada)).toMatchObject({ result: 'seatsTaken' });
		expect(admin().swap(bo.operatorId, cy.operatorId, ada)).toMatchObject({
			result: 'done',
			operator: { state: 'active' },
		});
		expect(admin().get(bo.operatorId)?.state).toBe('inactive');
		expect(admin().swap(cy.operatorId, 'nobody', ada)).toEqual({ result: 'notFound' });
		expect(admin().get(cy.operatorId)?.state).toBe('active');
		expect(actions()).toContain('seatSwapped');
	});
});

describe('the last administrator', () => {
	test('X11 can’t be removed, deactivated, demoted or denied anything, and fewer than three are told of', async () => {
		const id = ada.operatorId ?? '';
		expect(admin().standing()).toMatchObject({ administrators: 1, fewAdministrators: true });
		const last = { result: 'lastAdministrator' };
		const by = AT_THE_MACHINE;
		expect(admin().remove(id, by)).toEqual(last);
		expect(admin().deactivate(id, by, { endLogins: true })).toEqual(last);
		expect(admin().update(id, { roles: RECEPTION }, by)).toEqual(last);
		expect(admin().update(id, { roles: [] }, by)).toEqual(last);
		expect(admin().update(id, { roles: [{ roleId: 'administrator', scope: 'park:P1' }] }, by)).toEqual(last);
		expect(admin().update(id, { denials: [{ permission: 'lanes:vend', scope: 'site' }] }, by)).toEqual(last);
		const bo = await added('bo', 'reception');
		expect(admin().swap(id, bo.operatorId, by)).toEqual(last);
		expect(admin().get(id)).toMatchObject({
			state: 'active',
			roles: [{ id: 'administrator', scope: 'site' }],
			denials: [],
		});
		expect(actions()).toEqual([]);
		await added('cy', 'administrator');
		await added('di', 'administrator');
		expect(admin().standing()).toMatchObject({ administrators: 3, fewAdministrators: false });
		expect(admin().deactivate(id, by, { endLogins: true })).toMatchObject({ result: 'done' });
	});

	test('of two administrators who remove each other at once one stays, also from two programs', async () => {
		const bo = await added('bo', 'administrator');
		const id = ada.operatorId ?? '';
		const changes = [
			() => admin().remove(bo.operatorId, ada),
			() => admin().deactivate(id, bo, { endLogins: true }),
			() => admin().update(id, { roles: RECEPTION }, bo),
			() => admin().update(bo.operatorId, { roles: [] }, ada),
		];
		const answers = await Promise.all(changes.map(async (change) => change()));
		expect(answers.some(({ result }) => result === 'lastAdministrator')).toBe(true);
		expect(admin().standing().administrators).toBe(1);
	});
});

describe('letting in and out', () => {
	test('A10 B8 B12 who is deactivated gets no new login; the present one lasts, and the password is kept', async () => {
		const bo = await added('bo', 'reception');
		const token = await signedIn('bo');
		expect(admin().deactivate(bo.operatorId, ada, { endLogins: false })).toMatchObject({
			result: 'done',
			operator: { state: 'inactive' },
		});
		expect(await login('bo@example.org')).toEqual({ result: 'refused' });
		expect(stands(token)).toBe(true);
		bench.operators.logout(token);
		expect(admin().activate(bo.operatorId, ada)).toMatchObject({ result: 'done' });
		const again = await signedIn('bo');
		expect(admin().deactivate(bo.operatorId, ada, { endLogins: true })).toMatchObject({ result: 'done' });
		expect(stands(again)).toBe(false);
	});

	test('nobody deactivates or removes themselves', async () => {
		await added('bo', 'administrator');
		const id = ada.operatorId ?? '';
		expect(admin().deactivate(id, ada, { endLogins: false })).toEqual({ result: 'yourself' });
		expect(admin().remove(id, ada)).toEqual({ result: 'yourself' });
	});

	test('A6 B7 a generated password lets in once: its owner chooses another; other logins end', async () => {
		const bo = await added('bo', 'reception');
		const token = await signedIn('bo');
		const generated = await admin().generatePassword(bo.operatorId, ada);
		if (generated.result !== 'password') throw new Error(generated.result);
		expect(stands(token)).toBe(false);
		expect(await login('bo@example.org')).toEqual({ result: 'refused' });
		const choice = await login('bo@example.org', generated.password);
		if (choice.result !== 'choosePassword') throw new Error(choice.result);
		expect(await activate(choice.code)).toMatchObject({ result: 'activated' });
		expect(await login('bo@example.org', generated.password)).toEqual({ result: 'refused' });
		expect(await login('bo@example.org', NEW_PASSWORD)).toMatchObject({ result: 'signedIn' });
		expect(JSON.stringify(bench.audits())).not.toContain(generated.password);
	});

	test('X12 one’s own password changes with the present one; this login goes on, others end', async () => {
		const bo = await added('bo', 'reception');
		const token = await signedIn('bo');
		const other = await signedIn('bo');
		const change = (present: string, password: string) =>
			bench.operators.passwords.change({ operatorId: bo.operatorId, present, password, token, remoteAddress: FROM });
		expect(await change('not the password', NEW_PASSWORD)).toEqual({ result: 'wrongPassword' });
		expect(await change(PASSWORD, 'short')).toMatchObject({ result: 'weakPassword' });
		expect(await change(PASSWORD, NEW_PASSWORD)).toEqual({ result: 'changed' });
		expect([stands(token), stands(other)]).toEqual([true, false]);
		expect(await login('bo@example.org', NEW_PASSWORD)).toMatchObject({ result: 'signedIn' });
	});
});

describe('roles', () => {
	test('A5 a role that is given or taken acts on the next request of who is signed in', async () => {
		const bo = await added('bo', 'reception');
		const token = await signedIn('bo');
		const may = () => bench.operators.session(token, 'person')?.access.may('lanes:close');
		expect(may()).toBe(false);
		const version = bench.operators.accessVersion();
		admin().update(bo.operatorId, { roles: [...RECEPTION, { roleId: 'security', scope: 'site' }] }, ada);
		expect(may()).toBe(true);
		expect(bench.operators.accessVersion()).not.toBe(version);
		admin().update(bo.operatorId, { denials: [{ permission: 'lanes:close', scope: 'area:A1' }] }, ada);
		expect(may()).toBe(false);
	});

	test('A9 the site’s own role gives what it says; changed, it acts at once; in use, it stays', async () => {
		const made = bench.operators.roles.add({ name: 'Night porter', permissions: ['lanes:read', 'lanes:vend'] }, ada);
		if (made.result !== 'done') throw new Error(made.result);
		const { id, version } = made.role;
		expect(bench.operators.roles.add({ name: 'night  PORTER', permissions: [] }, ada)).toEqual({ result: 'nameTaken' });
		const bo = await added('bo', 'user');
		admin().update(bo.operatorId, { roles: [{ roleId: id, scope: 'area:A1' }] }, ada);
		const vend = () => bench.operators.accessOf(bo.operatorId)?.may('lanes:vend', { kind: 'lane', id: 'L1' });
		expect(vend()).toBe(true);
		expect(
			bench.operators.roles.update(id, { name: 'Night porter', permissions: ['lanes:read'] }, ada, version),
		).toMatchObject({ result: 'done' });
		expect(vend()).toBe(false);
		expect(bench.operators.roles.update(id, { name: 'X', permissions: [] }, ada, version)).toEqual({
			result: 'changed',
		});
		expect(bench.operators.roles.remove(id, ada)).toEqual({ result: 'inUse', operators: 1 });
		expect(bench.operators.roles.update('reception', { name: 'X', permissions: [] }, ada)).toEqual({
			result: 'builtIn',
		});
	});

	test('nobody gives, resets or ends what is more than they have', async () => {
		const keeper = bench.operators.roles.add(
			{
				name: 'Keeper',
				permissions: ['operators:read', 'operators:write', 'roles:write', 'loginSessions:end', 'lanes:vend'],
			},
			ada,
		);
		if (keeper.result !== 'done') throw new Error(keeper.result);
		const bo = await added('bo', keeper.role.id);
		const refused = { result: 'notYours' };
		expect(admin().invite({ ...WISH, roles: [{ roleId: 'administrator', scope: 'site' }] }, bo)).toEqual(refused);
		expect(admin().update(bo.operatorId, { roles: [{ roleId: 'administrator', scope: 'site' }] }, bo)).toEqual(refused);
		expect(admin().newCode(ada.operatorId ?? '', bo)).toEqual(refused);
		expect(await admin().generatePassword(ada.operatorId ?? '', bo)).toEqual(refused);
		expect(admin().update(ada.operatorId ?? '', { email: 'bo2@example.org' }, bo)).toEqual(refused);
		expect(bench.operators.roles.add({ name: 'More', permissions: ['settings:write'] }, bo)).toEqual(refused);
		expect(bench.operators.roles.update(keeper.role.id, { name: 'Keeper', permissions: ['exits:close'] }, bo)).toEqual(
			refused,
		);
		expect(bench.operators.openSessions.endOf(ada.operatorId ?? '', bo)).toBe('notYours');
		expect(
			admin().invite({ ...WISH, email: 'cy@example.org', roles: [{ roleId: keeper.role.id, scope: 'site' }] }, bo),
		).toMatchObject({
			result: 'code',
		});
	});
});

test('A1 A2 operators are listed by name, found by name and address, and changed as they were read', async () => {
	for (const name of ['Zoë', 'anna', 'Bo', 'Émile']) {
		const wish = { email: `${name.normalize('NFD').replaceAll(/[^a-z]/gi, '')}@list.org`, name, roles: RECEPTION };
		expect(admin().invite(wish, ada)).toMatchObject({ result: 'code' });
	}
	const names = async (query: Parameters<ReturnType<typeof admin>['list']>[0]) =>
		(await admin().list(query)).items.map(({ name }) => name);
	expect(await names({ limit: 10, state: 'invited' })).toEqual(['anna', 'Bo', 'Émile', 'Zoë']);
	expect(await names({ limit: 10, q: 'emile' })).toEqual(['Émile']);
	expect(await names({ limit: 10, q: 'zoe@list' })).toEqual(['Zoë']);
	expect(await names({ limit: 10, role: 'administrator' })).toEqual(['The administrator']);
	const first = await admin().list({ limit: 2, state: 'invited' });
	expect(await names({ limit: 2, state: 'invited', cursor: first.nextCursor ?? '' })).toEqual(['Émile', 'Zoë']);
	await expect(admin().list({ limit: 2, cursor: 'x' })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
	const [anna] = first.items;
	if (anna === undefined) throw new Error('nobody');
	expect(admin().update(anna.id, { name: 'Anna' }, ada, anna.version)).toMatchObject({
		result: 'done',
		operator: { name: 'Anna' },
	});
	expect(admin().update(anna.id, { name: 'Ann' }, ada, anna.version)).toEqual({ result: 'changed' });
	expect(admin().update(anna.id, { email: 'BO@list.org' }, ada)).toEqual({ result: 'emailTaken' });
});

test('A1 whom few of thousands are like is found on the first page, wherever their names stand', async () => {
	const { store } = bench;
	const person = (n: number) =>
		operatorRow({ id: `many-${n}`, email: `p${n}@many.org`, name: `Person ${String(n).padStart(5, '0')}` });
	store.transaction(() => {
		for (let n = 0; n < 8_200; n += 1) store.operators.addOperator(person(n));
		for (const n of [7, 4_001, 8_199]) store.operators.setRoles(`many-${n}`, [{ roleId: 'security', scope: 'site' }]);
	});
	store.operators.updateOperator({ ...person(4_000), state: 'inactive' });
	const names = async (query: Partial<Parameters<ReturnType<typeof admin>['list']>[0]>) =>
		(await admin().list({ limit: 50, ...query })).items.map(({ name }) => name);
	expect(await names({ q: '819' })).toEqual([
		...['Person 00819', 'Person 01819', 'Person 02819', 'Person 03819', 'Person 04819', 'Person 05819'],
		...['Person 06819', 'Person 07819'],
		...Array.from({ length: 10 }, (_, n) => `Person 0819${n}`),
	]);
	expect(await names({ q: 'P8199@many' })).toEqual(['Person 08199']);
	expect(await names({ q: 'person', role: 'security' })).toEqual(['Person 00007', 'Person 04001', 'Person 08199']);
	expect(await names({ state: 'inactive' })).toEqual(['Person 04000']);
	expect(await names({ q: 'nobody of them' })).toEqual([]);
	const seen: string[] = [];
	for (let cursor: string | undefined; ; ) {
		const page = await admin().list({ limit: 5, q: '819', cursor });
		seen.push(...page.items.map(({ id }) => id));
		if (page.nextCursor === null) break;
		expect(page.items).toHaveLength(5);
		cursor = page.nextCursor;
	}
	expect(new Set(seen)).toHaveLength(18);
});
