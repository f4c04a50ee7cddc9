import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import type { Permission } from '../../../src/gateway/core/permission.ts';
import type { Actor } from '../../../src/gateway/services/operators/operators-deps.ts';
import { createOperatorsBench, type OperatorsBench, PASSWORD } from '../../support/operators.ts';

const ADDRESS = '10.0.0.7';

let bench: OperatorsBench;
let adminId: string;
let adaId: string;
beforeEach(async () => {
	bench = createOperatorsBench();
	adminId = await bench.addOperator({ email: 'admin@example.org', role: 'administrator' });
	adaId = await bench.addOperator({ email: 'ada@example.org', role: 'reception' });
});
afterEach(() => bench.close());

const actor = (operatorId: string): Actor => ({ operatorId, access: bench.operators.accessOf(operatorId) ?? null });

function make(
	operatorId: string,
	permissions: readonly Permission[],
	change: { password?: string; lastsMs?: number } = {},
) {
	const access = bench.operators.accessOf(operatorId);
	if (access === undefined) throw new Error('nobody');
	const of = { operatorId, access, remoteAddress: ADDRESS };
	return bench.operators.apiTokens.make({
		...{ ...of, name: 'exporter', permissions, password: PASSWORD, lastsMs: LIMITS.apiTokenMs },
		...change,
	});
}

async function made(operatorId: string, permissions: readonly Permission[], lastsMs?: number) {
	const answer = await make(operatorId, permissions, lastsMs === undefined ? {} : { lastsMs });
	if (answer.result !== 'made') throw new Error(answer.result);
	return answer;
}

function loginOf(secret: string) {
	const login = bench.operators.apiTokens.login(secret, ADDRESS);
	return login !== undefined && 'access' in login ? login : undefined;
}

describe('API tokens', () => {
	test('issue 9: shown once with its prefix and 256 random bits, kept as a hash only', async () => {
		const { secret, token } = await made(adaId, ['lanes:read']);
		expect(secret).toMatch(/^pgt_[\w-]{43}$/);
		const kept = JSON.stringify(bench.store.operators.apiTokensOf(adaId));
		expect(kept).not.toContain(secret.slice(4));
		expect(bench.operators.apiTokens.list(adaId)).toEqual([token]);
		expect(JSON.stringify(bench.audits())).not.toContain(secret.slice(4));
		expect(bench.audits()).toMatchObject([{ action: 'apiTokenMade', operatorId: adaId, detail: { name: 'exporter' } }]);
	});

	test('issue 9: takes the owner’s password again, and what they may not do is not lent', async () => {
		expect(await make(adaId, [], { password: 'wrong' })).toEqual({ result: 'wrongPassword' });
		expect(await make(adaId, ['lanes:vend', 'configuration:write'])).toEqual({
			...{ result: 'notYours', permission: 'configuration:write' },
		});
		expect(bench.operators.apiTokens.list(adaId)).toEqual([]);
	});

	test('issue 9: tries of the password wait as those to sign in do, counted together', async () => {
		for (let n = 0; n < LIMITS.loginFreeTries; n++) await make(adaId, [], { password: 'wrong' });
		expect(await make(adaId, [])).toEqual({ result: 'backOff', retryAfterS: 1 });
		const login = { email: 'ada@example.org', password: PASSWORD, remoteAddress: '10.9.9.9' };
		expect(await bench.operators.login(login)).toMatchObject({ result: 'backOff' });
	});

	test('A5 A9 it narrows with its owner at once, and never widens beyond what was lent', async () => {
		const { secret } = await made(adaId, ['lanes:read', 'lanes:vend']);
		expect(loginOf(secret)?.access.everywhere()).toEqual(['lanes:read', 'lanes:vend']);
		bench.operators.administration.update(
			adaId,
			{ denials: [{ permission: 'lanes:vend', scope: 'site' }] },
			actor(adminId),
		);
		expect(loginOf(secret)?.access.everywhere()).toEqual(['lanes:read']);
		const roles = [{ roleId: 'administrator', scope: 'site' }];
		bench.operators.administration.update(adaId, { roles, denials: [] }, actor(adminId));
		expect(loginOf(secret)?.access.everywhere()).toEqual(['lanes:read', 'lanes:vend']);
		expect(loginOf(secret)?.access.covers({ grants: [], denials: [] })).toBe(true);
	});

	test('B8 ends for good when its owner is deactivated, while their present login goes on', async () => {
		const { secret } = await made(adaId, ['lanes:read']);
		const login = await bench.operators.login({ email: 'ada@example.org', password: PASSWORD, remoteAddress: ADDRESS });
		if (login.result !== 'signedIn') throw new Error(login.result);
		bench.operators.administration.deactivate(adaId, actor(adminId), { endLogins: false });
		expect(loginOf(secret)).toBeUndefined();
		expect(bench.operators.session(login.token, 'person')).toBeDefined();
		expect(await make(adaId, []), 'nor do they lend another').toEqual({ result: 'notActive' });
		bench.operators.administration.activate(adaId, actor(adminId));
		expect(loginOf(secret)).toBeUndefined();
		expect(bench.audits().map(({ action }) => action)).toContain('apiTokensEnded');
	});

	test('B8 is nobody’s while its owner is not active, whoever made them so', async () => {
		const { secret } = await made(adaId, ['lanes:read']);
		const row = bench.store.operators.operatorById(adaId);
		if (row === undefined) throw new Error('nobody');
		bench.store.operators.updateOperator({ ...row, state: 'inactive' });
		expect(loginOf(secret)).toBeUndefined();
		bench.store.operators.updateOperator(row);
		expect(loginOf(secret)).toBeDefined();
	});

	test('issue 9: ends at its time, when it is revoked and with its owner', async () => {
		const short = await made(adaId, ['lanes:read'], 1_000);
		const long = await made(adaId, ['lanes:read']);
		bench.clock.advance(1_000);
		expect([loginOf(short.secret), loginOf(long.secret)?.id]).toEqual([undefined, long.token.id]);
		const version = bench.operators.accessVersion();
		expect(bench.operators.apiTokens.revoke(adaId, long.token.id, actor(adaId))).toBe('revoked');
		expect(loginOf(long.secret)).toBeUndefined();
		expect(bench.operators.accessVersion(), 'streams look again').toBeGreaterThan(version);
		const last = await made(adaId, ['lanes:read']);
		bench.operators.administration.remove(adaId, actor(adminId));
		expect(loginOf(last.secret)).toBeUndefined();
	});

	test('issue 9: an administrator revokes anybody’s, others only those of who can do no more than they', async () => {
		const { token } = await made(adminId, ['lanes:read']);
		const { apiTokens } = bench.operators;
		expect(apiTokens.revoke(adminId, token.id, actor(adaId))).toBe('notYours');
		expect(apiTokens.revoke(adaId, token.id, actor(adminId)), 'under another’s name').toBe('notFound');
		expect(apiTokens.revoke(adminId, token.id, actor(adminId))).toBe('revoked');
	});

	test('issue 9: wrong tokens make their address wait; right ones, other addresses and passwords do not wait for them', async () => {
		const { secret } = await made(adaId, ['lanes:read']);
		const { apiTokens } = bench.operators;
		for (let n = 0; n < LIMITS.loginFreeTries; n++) expect(apiTokens.login('pgt_guess', ADDRESS)).toBeUndefined();
		expect(apiTokens.login('pgt_guess', ADDRESS)).toEqual({ retryAfterS: 1 });
		expect(apiTokens.login('pgt_guess', '10.0.0.8')).toBeUndefined();
		expect(loginOf(secret)?.operator.id).toBe(adaId);
		const login = { email: 'ada@example.org', password: PASSWORD, remoteAddress: ADDRESS };
		expect(await bench.operators.login(login)).toMatchObject({ result: 'signedIn' });
		expect(bench.audits().filter(({ action }) => action === 'apiTokenRefused')).toHaveLength(LIMITS.loginFreeTries + 1);
	});

	test('issue 9: the last use is told to the hour and from where; a store that can’t be written stops no program', async () => {
		const { secret } = await made(adaId, ['lanes:read']);
		loginOf(secret);
		const first = bench.clock.nowMs();
		bench.clock.advance(LIMITS.apiTokenTouchMs - 1);
		loginOf(secret);
		expect(bench.operators.apiTokens.list(adaId)).toMatchObject([{ lastUsedMs: first, lastUsedFrom: ADDRESS }]);
		bench.clock.advance(1);
		loginOf(secret);
		expect(bench.operators.apiTokens.list(adaId)).toMatchObject([{ lastUsedMs: bench.clock.nowMs() }]);
	});

	test('issue 9: an operator has a bounded number; those that ended make place', async () => {
		for (let n = 1; n < LIMITS.apiTokensOfOperator; n++) await made(adaId, []);
		await made(adaId, [], 1_000);
		expect(await make(adaId, [])).toEqual({ result: 'tooMany' });
		bench.clock.advance(1_000);
		expect(await make(adaId, [])).toMatchObject({ result: 'made' });
	});
});
