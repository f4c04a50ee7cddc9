import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClockTrust } from '../../../src/gateway/core/clock.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { totpStep, totpUri } from '../../../src/gateway/services/operators/totp.ts';
import { createOperatorsBench, type OperatorsBench, PASSWORD } from '../../support/operators.ts';

const ADDRESS = '10.0.0.7';
const EMAIL = 'ada@example.org';

let bench: OperatorsBench;
let trust: ClockTrust;
let adminId: string;
let adaId: string;
beforeEach(async () => {
	trust = 'synced';
	bench = createOperatorsBench({ clockTrust: () => trust });
	adminId = await bench.addOperator({ email: 'admin@example.org', role: 'administrator' });
	adaId = await bench.addOperator({ email: EMAIL, role: 'reception' });
});
afterEach(() => bench.close());

const digits = (key: string, aheadS = 0) =>
	TOTP.generate({ secret: Secret.fromBase32(key), timestamp: bench.clock.nowMs() + aheadS * 1_000 });

function login(password = PASSWORD, remoteAddress = ADDRESS) {
	return bench.operators.login({ email: EMAIL, password, remoteAddress });
}

async function step(wanted: 'code' | 'enrolment' = 'code') {
	const answer = await login();
	if (answer.result !== 'secondFactor') throw new Error(answer.result);
	expect(answer.wanted).toBe(wanted);
	return answer.step;
}

function proceed(at: string, code: string, more: { takeOver?: boolean; remoteAddress?: string } = {}) {
	return bench.operators.continueLogin({ step: at, code, remoteAddress: ADDRESS, ...more });
}

const asked = (change: { password?: string; code?: string } = {}) => ({
	...{ operatorId: adaId, password: PASSWORD, code: '', remoteAddress: ADDRESS },
	...change,
});

async function enrol() {
	const { secondFactors } = bench.operators;
	const begun = await secondFactors.begin(asked());
	if (begun.result !== 'begun') throw new Error(begun.result);
	const confirmed = secondFactors.confirm({
		...{ operatorId: adaId, code: digits(begun.key), token: undefined, remoteAddress: ADDRESS },
	});
	if (confirmed.result !== 'codes') throw new Error(confirmed.result);
	// The digits it was confirmed with are used.
	bench.clock.advance(LIMITS.totpPeriodS * 1_000);
	return { key: begun.key, recoveryCodes: confirmed.recoveryCodes };
}

const actions = () => bench.audits().map(({ action }) => action);

describe('time-based one-time passwords (RFC 6238)', () => {
	// RFC 6238, appendix B, SHA-1, the last six digits.
	const KEY = new Secret({ buffer: new TextEncoder().encode('12345678901234567890').buffer }).base32;
	test.each([
		[59, '287082'],
		[1_111_111_109, '081804'],
		[1_111_111_111, '050471'],
		[1_234_567_890, '005924'],
		[2_000_000_000, '279037'],
		[20_000_000_000, '353130'],
	])('at %i s %s is of that step, and taken one step before and after only', (atS, code) => {
		const at = Math.floor(atS / 30);
		expect(totpStep(KEY, code, atS * 1_000)).toBe(at);
		expect([-30, 30].map((s) => totpStep(KEY, code, (atS + s) * 1_000))).toEqual([at, at]);
		expect([-60, 60].map((s) => totpStep(KEY, code, (atS + s) * 1_000))).toEqual([undefined, undefined]);
	});

	test('the address for authenticators names site and account, whatever is in their names', () => {
		const uri = totpUri(KEY, { issuer: 'Parkgate A:B&secret=x', account: 'a:b@example.org?x' });
		const { protocol, searchParams, pathname } = new URL(uri);
		expect(protocol).toBe('otpauth:');
		expect(searchParams.get('secret')).toBe(KEY);
		expect(searchParams.get('issuer')).toBe('Parkgate A B&secret=x');
		expect(decodeURIComponent(pathname)).toContain('a b@example.org?x');
	});
});

describe('a second factor', () => {
	test('issue 9: counts once its first digits are right, and is kept sealed', async () => {
		const begun = await bench.operators.secondFactors.begin(asked());
		if (begun.result !== 'begun') throw new Error(begun.result);
		expect(await login()).toMatchObject({ result: 'signedIn' });
		const confirm = (code: string) =>
			bench.operators.secondFactors.confirm({ operatorId: adaId, code, token: undefined, remoteAddress: ADDRESS });
		expect(confirm('000000')).toEqual({ result: 'wrongCode', because: 'wrong' });
		const confirmed = confirm(digits(begun.key));
		expect(confirmed).toMatchObject({ result: 'codes' });
		expect(confirm(digits(begun.key))).toEqual({ result: 'notBegun' });
		expect(await login()).toMatchObject({ result: 'secondFactor', wanted: 'code' });
		const kept = JSON.stringify([bench.store.operators.secondFactorOf(adaId), bench.audits()]);
		expect(kept).not.toContain(begun.key);
		expect(bench.operators.secondFactors.standing(adaId)).toEqual({
			...{ sinceMs: bench.clock.nowMs(), recoveryCodesLeft: LIMITS.recoveryCodes, isRequired: false },
		});
	});

	test('issue 9: setting it up ends the account’s other logins, and takes the password', async () => {
		const before = await login();
		if (before.result !== 'signedIn') throw new Error(before.result);
		expect(await bench.operators.secondFactors.begin(asked({ password: 'wrong' }))).toEqual({
			result: 'wrongPassword',
		});
		await enrol();
		expect(bench.operators.session(before.token, 'person')).toBeUndefined();
	});

	test('issue 9: digits sign in once; those of before and of too long ago do not', async () => {
		const { key } = await enrol();
		const code = digits(key);
		expect(proceed(await step(), `${code.slice(0, 3)} ${code.slice(3)}`)).toMatchObject({
			...{ result: 'signedIn', operator: { id: adaId }, recoveryCodes: null },
		});
		expect(proceed(await step(), code), 'again').toEqual({ result: 'wrongCode', because: 'wrong' });
		expect(proceed(await step(), digits(key, -30)), 'of before').toEqual({ result: 'wrongCode', because: 'wrong' });
		expect(proceed(await step(), digits(key, 30)), 'of a clock that is ahead').toMatchObject({ result: 'signedIn' });
		bench.clock.advance(300_000);
		expect(proceed(await step(), digits(key, -90))).toMatchObject({ result: 'wrongCode' });
	});

	test('issue 9: of three who send the same digits at once one signs in', async () => {
		const { key } = await enrol();
		const open = [await step(), await step(), await step()];
		const results = open.map((one) => proceed(one, digits(key)).result);
		expect(results.filter((result) => result === 'signedIn')).toHaveLength(1);
	});

	test('issue 9: who does not know the password learns nothing, and is answered as if there were none', async () => {
		await enrol();
		expect(await login('wrong')).toEqual({ result: 'refused' });
		const nobody = { email: 'nobody@example.org', password: PASSWORD, remoteAddress: ADDRESS };
		expect(await bench.operators.login(nobody)).toEqual({ result: 'refused' });
	});

	test('issue 9: wrong codes and wrong passwords wait together, and five end the step', async () => {
		const { key } = await enrol();
		const [at, other] = [await step(), await step()];
		for (let n = 0; n < LIMITS.loginStepTries; n++) expect(proceed(at, '000000').result).toBe('wrongCode');
		expect(proceed(at, digits(key))).toEqual({ result: 'stepEnded' });
		expect(proceed(other, digits(key)), 'the right one, too').toEqual({ result: 'backOff', retryAfterS: 1 });
		expect(await login()).toMatchObject({ result: 'backOff' });
		bench.clock.advance(LIMITS.accountBackOffMs);
		expect(await login('wrong')).toEqual({ result: 'refused' });
		expect(await login()).toMatchObject({ result: 'backOff' });
		expect(actions()).toContain('secondFactorRefused');
	});

	test('issue 9: a step ends in time, with a reset of the password and with the account; a made-up one is none', async () => {
		const { key } = await enrol();
		const late = await step();
		bench.clock.advance(LIMITS.loginStepMs);
		expect(proceed(late, digits(key))).toEqual({ result: 'stepEnded' });
		const reset = await step();
		await bench.operators.administration.generatePassword(adaId, { operatorId: adminId, access: null });
		expect(proceed(reset, digits(key))).toEqual({ result: 'stepEnded' });
		expect(proceed('made-up', digits(key))).toEqual({ result: 'stepEnded' });
	});

	test('B10 who is signed in elsewhere takes over without another code', async () => {
		const { key } = await enrol();
		bench.store.settings.set('loginRules', JSON.stringify({ secondLogin: 'takeOver' }));
		expect(proceed(await step(), digits(key))).toMatchObject({ result: 'signedIn' });
		bench.clock.advance(LIMITS.totpPeriodS * 1_000);
		const at = await step();
		expect(proceed(at, digits(key))).toMatchObject({ result: 'alreadySignedIn', mayTakeOver: true });
		expect(proceed(at, '', { takeOver: true })).toMatchObject({ result: 'signedIn' });
		expect(proceed(at, '', { takeOver: true })).toEqual({ result: 'stepEnded' });
	});
});

describe('recovery codes', () => {
	test('issue 9: ten, each signs in once however it is typed; kept as hashes', async () => {
		const { recoveryCodes } = await enrol();
		expect(new Set(recoveryCodes).size).toBe(LIMITS.recoveryCodes);
		const [first = ''] = recoveryCodes;
		expect(proceed(await step(), first.toLowerCase().replaceAll('-', ' '))).toMatchObject({ result: 'signedIn' });
		expect(proceed(await step(), first)).toMatchObject({ result: 'wrongCode' });
		expect(bench.operators.secondFactors.standing(adaId).recoveryCodesLeft).toBe(LIMITS.recoveryCodes - 1);
		expect(actions()).toContain('recoveryCodeUsed');
		expect(JSON.stringify(bench.audits())).not.toContain(first);
	});

	test('issue 9: new ones take the password and a code, and end the earlier ones', async () => {
		const { key, recoveryCodes } = await enrol();
		const { secondFactors } = bench.operators;
		expect(await secondFactors.newRecoveryCodes(asked())).toMatchObject({ result: 'wrongCode' });
		const made = await secondFactors.newRecoveryCodes(asked({ code: digits(key) }));
		if (made.result !== 'codes') throw new Error(made.result);
		expect(proceed(await step(), recoveryCodes[0] ?? '')).toMatchObject({ result: 'wrongCode' });
		expect(proceed(await step(), made.recoveryCodes[0] ?? '')).toMatchObject({ result: 'signedIn' });
	});

	test('issue 9: while the clock can’t be trusted digits are not taken, and recovery codes are', async () => {
		const { key, recoveryCodes } = await enrol();
		trust = 'untrusted';
		expect(proceed(await step(), digits(key))).toEqual({ result: 'wrongCode', because: 'clockUntrusted' });
		expect(proceed(await step(), recoveryCodes[0] ?? '')).toMatchObject({ result: 'signedIn' });
		trust = 'held';
		expect(proceed(await step(), digits(key))).toMatchObject({ result: 'signedIn' });
	});
});

describe('asking for and taking away second factors', () => {
	const require = (...secondFactorRoles: string[]) =>
		bench.operators.loginRules.set({ ...bench.operators.loginRules.get(), secondFactorRoles }, adminId);

	test('issue 9: who has a role that asks for one sets it up as they sign in, and gets its codes once', async () => {
		require('reception');
		const at = await step('enrolment');
		expect(proceed(at, '000000'), 'before it was begun').toMatchObject({ result: 'wrongCode' });
		const key = bench.operators.enrolAtLogin(at)?.key ?? '';
		expect(bench.operators.enrolAtLogin(at)?.key, 'the same when the page is loaded again').toBe(key);
		const answer = proceed(at, digits(key));
		expect(answer).toMatchObject({ result: 'signedIn' });
		expect(answer.result === 'signedIn' && answer.recoveryCodes?.length).toBe(LIMITS.recoveryCodes);
		await step('code');
		expect(await bench.operators.secondFactors.remove(asked())).toEqual({ result: 'required' });
	});

	test('issue 9: of two who set one up in logins of the same account one does, the other is asked for it', async () => {
		require('reception');
		const [first, second] = [await step('enrolment'), await step('enrolment')];
		const keys = [first, second].map((one) => bench.operators.enrolAtLogin(one)?.key ?? '');
		expect(proceed(first, digits(keys[0] ?? ''))).toMatchObject({ result: 'signedIn' });
		expect(proceed(second, digits(keys[1] ?? ''))).toEqual({ result: 'stepEnded' });
		expect(bench.operators.enrolAtLogin(await step('code'))).toBeUndefined();
	});

	test('issue 9: taken away by oneself with password and code, and by an administrator, whose reach it must be in', async () => {
		const { key } = await enrol();
		const { secondFactors } = bench.operators;
		expect(await secondFactors.remove(asked({ code: '000000' }))).toMatchObject({ result: 'wrongCode' });
		expect(await secondFactors.remove(asked({ code: digits(key) }))).toEqual({ result: 'removed' });
		expect(await login()).toMatchObject({ result: 'signedIn' });
		await enrol();
		const techId = await bench.addOperator({ email: 'tech@example.org', role: 'user' });
		const tech = { operatorId: techId, access: bench.operators.accessOf(techId) ?? null };
		expect(secondFactors.reset(adaId, tech)).toBe('notYours');
		const admin = { operatorId: adminId, access: bench.operators.accessOf(adminId) ?? null };
		expect(secondFactors.reset(adaId, admin)).toBe('reset');
		expect(secondFactors.reset(adaId, admin)).toBe('none');
		expect(await login()).toMatchObject({ result: 'signedIn' });
		expect(actions()).toContain('secondFactorReset');
	});
});
