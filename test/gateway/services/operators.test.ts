import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createOperatorsBench, type OperatorsBench, PASSWORD } from '../../support/operators.ts';

const ADDRESS = '10.0.0.7';
const EMAIL = 'ada@example.org';

let bench: OperatorsBench;
beforeEach(() => {
	bench = createOperatorsBench();
});
afterEach(() => bench.close());

function claim(changes: Partial<Parameters<OperatorsBench['operators']['claim']>[0]> & { code: string }) {
	return bench.operators.claim({ email: EMAIL, name: 'Ada', password: PASSWORD, remoteAddress: ADDRESS, ...changes });
}

function login(changes: Partial<Parameters<OperatorsBench['operators']['login']>[0]> = {}) {
	return bench.operators.login({ email: EMAIL, password: PASSWORD, remoteAddress: ADDRESS, ...changes });
}

async function signedIn() {
	const answer = await login();
	if (answer.result !== 'signedIn') throw new Error(`login: ${answer.result}`);
	return answer;
}

describe('claiming a new gateway', () => {
	test('a code in any case and spacing makes its bearer the administrator, once', async () => {
		expect(bench.operators.unclaimed()).toBe(true);
		const code = bench.operators.newClaimCode();
		const answer = await claim({ code: ` ${code.toLowerCase().replaceAll('-', ' ')} `, email: ' Ada@Example.ORG ' });
		expect(answer).toMatchObject({
			result: 'claimed',
			operator: { email: EMAIL, name: 'Ada', roles: [{ id: 'administrator' }] },
		});
		expect(bench.operators.unclaimed()).toBe(false);
		expect(await claim({ code })).toEqual({ result: 'alreadyClaimed' });
		expect(() => bench.operators.newClaimCode()).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
		expect(bench.audits()).toMatchObject([{ action: 'claim', detail: { remoteAddress: ADDRESS } }]);
	});

	test('X18 of fifty simultaneous claimants one wins and one operator exists', async () => {
		const code = bench.operators.newClaimCode();
		const claims = Array.from({ length: 50 }, (_, n) => claim({ code, email: `person${n}@example.org` }));
		const results = (await Promise.all(claims)).map(({ result }) => result);
		expect(results.filter((result) => result === 'claimed')).toHaveLength(1);
		expect(new Set(results)).toEqual(new Set(['claimed', 'alreadyClaimed', 'backOff']));
		expect(bench.store.operators.operatorCount()).toBe(1);
		expect(bench.audits().filter(({ action }) => action === 'claim')).toHaveLength(1);
	});

	test('a code ends when it is replaced and after an hour', async () => {
		const first = bench.operators.newClaimCode();
		const second = bench.operators.newClaimCode();
		expect(await claim({ code: first })).toEqual({ result: 'wrongCode' });
		bench.clock.advance(LIMITS.claimCodeMs);
		expect(await claim({ code: second })).toEqual({ result: 'wrongCode' });
		expect(await claim({ code: bench.operators.newClaimCode() })).toMatchObject({ result: 'claimed' });
	});

	test('the code is kept as a hash only', () => {
		const code = bench.operators.newClaimCode();
		const kept = bench.store.operators.openClaimCode()?.codeHash ?? '';
		expect(kept).toMatch(/^[0-9a-f]{64}$/);
		expect(kept).not.toContain(code);
		expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/);
	});

	test('guessing codes is slowed, while the right code still works from elsewhere', async () => {
		const code = bench.operators.newClaimCode();
		for (let n = 0; n < LIMITS.loginFreeTries; n++) {
			expect(await claim({ code: 'WRNG-WRNG-WRNG' })).toEqual({ result: 'wrongCode' });
		}
		expect(await claim({ code: 'WRNG-WRNG-WRNG' })).toEqual({ result: 'backOff', retryAfterS: 1 });
		expect(await claim({ code })).toMatchObject({ result: 'claimed' });
	});

	test('a weak password is told and costs neither the code nor a try', async () => {
		const code = bench.operators.newClaimCode();
		expect(await claim({ code, password: 'short' })).toMatchObject({ result: 'weakPassword', because: 'tooShort' });
		expect(await claim({ code })).toMatchObject({ result: 'claimed' });
	});
});

describe('signing in', () => {
	beforeEach(() => bench.addOperator({ email: EMAIL, role: 'reception' }));

	test('gives a login that stands until it ends, found by its token alone', async () => {
		const { token, csrf, operator, expiresAtMs } = await signedIn();
		expect(operator).toMatchObject({ email: EMAIL, roles: [{ id: 'reception' }] });
		expect(expiresAtMs).toBe(bench.clock.nowMs() + LIMITS.loginAbsoluteMs);
		expect(bench.operators.session(token, 'person')).toMatchObject({ operator, csrf });
		expect(bench.operators.session(`${token}x`, 'person')).toBeUndefined();
		bench.operators.logout(token);
		expect(bench.operators.session(token, 'person')).toBeUndefined();
		expect(bench.audits().map(({ action }) => action)).toEqual(['login', 'logout']);
		expect(bench.grown, 'sync is told once a row is committed').toEqual([1, 2]);
	});

	test('a wrong password and an unknown e-mail get one and the same answer', async () => {
		expect(await login({ password: 'not the password' })).toEqual({ result: 'refused' });
		expect(await login({ email: 'nobody@example.org' })).toEqual({ result: 'refused' });
	});

	test('an unknown e-mail takes a hash of the same cost as a wrong password', async () => {
		const cost = async (email: string) => {
			const times: number[] = [];
			for (let n = 0; n < 7; n++) {
				const start = performance.now();
				await login({ email, password: 'not the password', remoteAddress: `10.1.${email.length}.${n}` });
				times.push(performance.now() - start);
				bench.clock.advance(LIMITS.loginFailuresForgottenMs);
			}
			return Math.min(...times);
		};
		const known = await cost(EMAIL);
		const unknown = await cost('nobody@example.org');
		// Without the hash it would be well under a millisecond; with it, tens of them.
		expect(unknown).toBeGreaterThan(known / 4);
	});

	test('neither the token nor the password is in the store', async () => {
		const { token } = await signedIn();
		const { passwordHash } = bench.store.operators.operatorByEmail(EMAIL) ?? { passwordHash: '' };
		expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
		expect(bench.store.operators.loginSession(token)).toBeUndefined();
		const refusal = await login({ email: PASSWORD, password: 'x' });
		expect(refusal).toEqual({ result: 'refused' });
		expect(JSON.stringify(bench.audits())).not.toContain(PASSWORD);
	});

	test('B17 a login ends after 30 minutes unused, and after 12 hours whatever it does', async () => {
		const idle = (await signedIn()).token;
		bench.clock.advance(LIMITS.loginIdleMs - 1);
		expect(bench.operators.session(idle, 'script')).toBeDefined();
		bench.clock.advance(1);
		expect(bench.operators.session(idle, 'person')).toBeUndefined();

		const busy = (await signedIn()).token;
		const stepMs = 10 * 60_000;
		for (let spent = stepMs; spent < LIMITS.loginAbsoluteMs; spent += stepMs) {
			bench.clock.advance(stepMs);
			expect(bench.operators.session(busy, 'person')).toBeDefined();
		}
		bench.clock.advance(stepMs);
		expect(bench.operators.session(busy, 'person')).toBeUndefined();
	});

	test('what a page fetches by itself does not keep a login from going idle', async () => {
		const { token } = await signedIn();
		for (let n = 0; n < 3; n++) {
			bench.clock.advance(LIMITS.loginIdleMs / 3);
			bench.operators.session(token, 'script');
		}
		expect(bench.operators.session(token, 'person')).toBeUndefined();
	});

	test('logins outlive a restart of the program', async () => {
		const { token } = await signedIn();
		const row = bench.store.operators.operatorByEmail(EMAIL);
		expect(bench.operators.session(token, 'person')?.operator.id).toBe(row?.id);
	});

	test('a role this version does not know allows nothing', async () => {
		await bench.addOperator({ email: 'later@example.org', role: 'emperor' });
		const answer = await login({ email: 'later@example.org' });
		expect(answer.result === 'signedIn' && answer.access.everywhere()).toEqual([]);
	});

	test('the language is remembered', async () => {
		const { token, operator } = await signedIn();
		bench.operators.setLanguage(operator.id, 'nl');
		expect(bench.operators.session(token, 'person')?.operator.language).toBe('nl');
	});
});

describe('a flood of sign-ins', () => {
	beforeEach(() => bench.addOperator({ email: EMAIL, role: 'administrator' }));

	test('guesses wait longer and longer, never for good, and a right password starts anew', async () => {
		const waits: number[] = [];
		for (let n = 0; n < 30; n++) {
			const answer = await login({ password: 'not the password' });
			if (answer.result !== 'backOff') continue;
			waits.push(answer.retryAfterS);
			bench.clock.advance(answer.retryAfterS * 1_000);
		}
		expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8]);
		expect(Math.max(...waits)).toBeLessThanOrEqual(LIMITS.loginBackOffMs / 1_000);
		const last = await login();
		if (last.result === 'backOff') bench.clock.advance(last.retryAfterS * 1_000);
		expect(await login()).toMatchObject({ result: 'signedIn' });
		expect(await login({ password: 'not the password' })).toEqual({ result: 'refused' });
	});

	test('many guesses at once get no more free tries than one after the other', async () => {
		const answers = await Promise.all(Array.from({ length: 60 }, () => login({ password: 'not the password' })));
		const looked = answers.filter(({ result }) => result === 'refused');
		expect(looked.length).toBeLessThanOrEqual(LIMITS.loginFreeTries);
	});

	test('an attack from many addresses does not keep the owner out for more than a minute', async () => {
		for (let n = 0; n < 40; n++) await login({ password: 'not the password', remoteAddress: `10.9.0.${n}` });
		const answer = await login();
		expect(answer).toMatchObject({ result: 'backOff' });
		expect(answer.result === 'backOff' && answer.retryAfterS).toBeLessThanOrEqual(LIMITS.accountBackOffMs / 1_000);
		bench.clock.advance(LIMITS.accountBackOffMs);
		expect(await login()).toMatchObject({ result: 'signedIn' });
		for (let n = 0; n < 40; n++) await login({ password: 'not the password', remoteAddress: `10.9.1.${n}` });
		expect(await login(), 'signed in from this address before').toMatchObject({ result: 'signedIn' });
	});

	test('who signs in between guesses at another account gains none by it, though its owner came from the same address', async () => {
		await bench.addOperator({ email: 'bo@example.org', role: 'reception' });
		await signedIn();
		let looked = 0;
		for (let n = 0; n < 20; n++) {
			const { result } = await login({ password: 'not the password' });
			if (result === 'refused') looked += 1;
			expect(await login({ email: 'bo@example.org' }), 'nobody else is held up').toMatchObject({ result: 'signedIn' });
		}
		expect(looked).toBe(LIMITS.loginFreeTries);
		bench.clock.advance(LIMITS.accountBackOffMs);
		expect(await login()).toMatchObject({ result: 'signedIn' });
	});

	test('one IPv6 network and an IPv4 address in IPv6 clothes count as one address each', async () => {
		const guess = (remoteAddress: string, n: number) => login({ email: `x${n}@example.org`, remoteAddress });
		for (let n = 0; n < LIMITS.loginFreeTries; n++) await guess(`2001:db8:1:2::${n + 1}`, n);
		expect(await guess('2001:db8:1:2:ffff::9', 99)).toMatchObject({ result: 'backOff' });
		expect(await guess('2001:db8:1:3::1', 99)).toEqual({ result: 'refused' });
		for (let n = 0; n < LIMITS.loginFreeTries; n++) await guess(n % 2 === 0 ? '::ffff:10.7.7.7' : '10.7.7.7', n + 200);
		expect(await guess('10.7.7.7', 300)).toMatchObject({ result: 'backOff' });
	});

	test('a hundred sign-ins at once wait in a bounded queue; the rest is told to come back', async () => {
		const all = Array.from({ length: 100 }, (_, n) =>
			login({ email: `x${n}@example.org`, remoteAddress: `10.8.0.${n}` }),
		);
		const answers = await Promise.all(all);
		const hashed = answers.filter(({ result }) => result === 'refused');
		expect(hashed).toHaveLength(LIMITS.passwordHashesAtOnce + LIMITS.passwordHashesWaiting);
		expect(await login({ email: 'x99@example.org', remoteAddress: '10.8.0.99' }), 'was never looked at').toEqual({
			result: 'refused',
		});
	});

	test('refusals fill neither journal nor disk: one row each up to the hourly allowance, then counted', async () => {
		for (let n = 0; n < LIMITS.loginRefusalsPerHour + 10; n++) {
			await bench.operators.claim({ code: 'x', email: EMAIL, name: 'x', password: 'x', remoteAddress: ADDRESS });
			await login({ email: `x${n}@example.org`, password: 'no', remoteAddress: `10.${n}.0.1` });
		}
		expect(bench.audits()).toHaveLength(LIMITS.loginRefusalsPerHour);
		bench.clock.advance(3_600_000);
		await login({ email: 'late@example.org', password: 'no', remoteAddress: '10.200.0.1' });
		expect(bench.audits().at(-1)).toMatchObject({ action: 'loginRefused', detail: { notWrittenBefore: 10 } });
	}, 180_000);
});
