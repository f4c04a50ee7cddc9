import { describe, expect, test } from 'vitest';
import type { OperatorRow } from '../../../src/gateway/store/operators.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

const operator = (id: string, email = `${id}@example.org`): OperatorRow => ({
	id,
	email,
	name: id,
	language: null,
	state: 'active',
	passwordHash: 'hash',
	passwordOnce: false,
	createdAtMs: 1,
	lastLoginAtMs: null,
	version: 1,
});

describe('operators', () => {
	test('are found by e-mail in any case, and each e-mail once', () => {
		const { operators } = openTempStore();
		expect(operators.addOperator(operator('a', 'Anna@Example.org'))).toBe(true);
		expect(operators.addOperator(operator('b', 'ANNA@example.ORG'))).toBe(false);
		expect(operators.operatorByEmail('anna@EXAMPLE.org')).toEqual({ ...operator('a'), email: 'anna@example.org' });
		expect(operators.operatorCount()).toBe(1);
	});

	test('keep their language and a new password', () => {
		const { operators } = openTempStore();
		operators.addOperator(operator('a'));
		expect(operators.setLanguage('a', 'nl')).toBe(true);
		expect(operators.setPasswordHash('a', 'other')).toBe(true);
		expect(operators.setLanguage('nobody', 'nl')).toBe(false);
		expect(operators.operatorById('a')).toMatchObject({ language: 'nl', passwordHash: 'other' });
	});
});

describe('login sessions', () => {
	const session = (tokenHash: string, operatorId = 'a', seen = 10) => ({
		tokenHash,
		operatorId,
		csrf: 'c',
		remoteAddress: '10.0.0.9',
		createdAtMs: 5,
		lastSeenAtMs: seen,
	});

	test('live from login to logout, and end when idle or old', () => {
		const { operators } = openTempStore();
		operators.addOperator(operator('a'));
		for (const [hash, seen] of [
			['t1', 10],
			['t2', 100],
			['t3', 100],
		] as const)
			operators.addLoginSession(session(hash, 'a', seen));
		operators.touchLoginSession('t2', 200);
		expect(operators.loginSession('t2')).toEqual(session('t2', 'a', 200));
		expect(operators.removeStaleLoginSessions({ unusedSinceMs: 50, createdByMs: 1 })).toBe(1);
		expect(operators.loginSession('t1')).toBeUndefined();
		expect(operators.removeLoginSession('t2')).toBe(true);
		expect(operators.removeLoginSession('t2')).toBe(false);
		expect(operators.removeLoginSessionsOf('a')).toBe(1);
	});

	test('belong to an operator who exists', () => {
		const { operators } = openTempStore();
		expect(() => operators.addLoginSession(session('t1', 'nobody'))).toThrow();
	});
});

describe('claiming', () => {
	test('one of two programs with the same code wins', () => {
		const dir = tempDir();
		const [first, second] = [openTempStore(dir).operators, openTempStore(dir).operators];
		first.replaceClaimCode({ codeHash: 'code', createdAtMs: 1 });
		expect(first.claim({ codeHash: 'wrong', atMs: 2, operator: operator('a') })).toBe('wrongCode');
		expect(second.claim({ codeHash: 'code', atMs: 2, operator: operator('b') })).toBe('claimed');
		expect(first.claim({ codeHash: 'code', atMs: 2, operator: operator('a') })).toBe('alreadyClaimed');
		expect([first.operatorCount(), first.operatorById('b')?.id]).toEqual([1, 'b']);
	});

	test('a newer code ends the one before', () => {
		const { operators } = openTempStore();
		operators.replaceClaimCode({ codeHash: 'old', createdAtMs: 1 });
		operators.replaceClaimCode({ codeHash: 'new', createdAtMs: 2 });
		expect(operators.openClaimCode()).toEqual({ codeHash: 'new', createdAtMs: 2 });
		expect(operators.claim({ codeHash: 'old', atMs: 3, operator: operator('a') })).toBe('wrongCode');
		expect(operators.claim({ codeHash: 'new', atMs: 3, operator: operator('a') })).toBe('claimed');
		expect(operators.openClaimCode()).toBeUndefined();
	});
});
