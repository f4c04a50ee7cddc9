import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { madePasskeySchema, parsePasskeyJson, usedPasskeySchema } from '../../../src/gateway/core/passkey-response.ts';
import { createPasskeyChallenges } from '../../../src/gateway/services/operators/passkey-challenges.ts';
import { createOperatorsBench, type OperatorsBench, PASSWORD } from '../../support/operators.ts';
import {
	createSoftwareAuthenticator,
	encodeCbor,
	type SoftwareAuthenticator,
	type Told,
} from '../../support/software-authenticator.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const ORIGIN = 'https://gate.example.org';
const PLACE = { origin: ORIGIN, rpId: 'gate.example.org' };
const ADDRESS = '10.0.0.7';
const EMAIL = 'ada@example.org';
const BY_MACHINE = { operatorId: null, access: null };

let bench: OperatorsBench;
let adaId: string;
let key: SoftwareAuthenticator;
beforeEach(async () => {
	bench = createOperatorsBench({ consoleAddress: ORIGIN, rules: { secondLogin: 'allow' } });
	await bench.addOperator({ email: 'admin@example.org', role: 'administrator' });
	adaId = await bench.addOperator({ email: EMAIL, role: 'reception' });
	key = createSoftwareAuthenticator(PLACE);
});
afterEach(() => bench.close());

const asked = (change: { password?: string; code?: string; operatorId?: string } = {}) => ({
	...{ operatorId: adaId, password: PASSWORD, code: '', remoteAddress: ADDRESS },
	...change,
});
const actions = () => bench.audits().map(({ action }) => action);

async function begin(loginId = 'login-1', operatorId = adaId) {
	const begun = await bench.operators.passkeys.begin({ ...asked({ operatorId }), loginId });
	if (begun.result !== 'begun') throw new Error(begun.result);
	return begun.options;
}

function finish(response: unknown, { loginId = 'login-1', operatorId = adaId, token = '' } = {}) {
	const who = { operatorId, loginId, token, remoteAddress: ADDRESS };
	return bench.operators.passkeys.finish({ ...who, name: 'Phone', response: madePasskeySchema.parse(response) });
}

async function make(authenticator = key, operatorId = adaId) {
	const made = await finish(authenticator.make(await begin('login-1', operatorId)), { operatorId });
	if (made.result !== 'made') throw new Error(made.result);
	return made;
}

async function ask(step?: string) {
	const options = await bench.operators.passkeyOptions(step);
	if (options === undefined) throw new Error('no options');
	return options;
}

function enter(response: unknown, more: { step?: string; takeOver?: boolean; remoteAddress?: string } = {}) {
	const from = { remoteAddress: ADDRESS, ...more };
	return bench.operators.loginByPasskey({ ...from, response: usedPasskeySchema.parse(response) });
}

async function firstStep() {
	const answer = await bench.operators.login({ email: EMAIL, password: PASSWORD, remoteAddress: ADDRESS });
	if (answer.result !== 'secondFactor') throw new Error(answer.result);
	return answer;
}

const WRONG = { result: 'wrongPasskey' };

describe('issue 9: passkeys', () => {
	test('are made by who gives their password, sign in alone, and are told with their last use', async () => {
		expect(await bench.operators.passkeys.begin({ ...asked({ password: 'wrong' }), loginId: 'x' })).toEqual({
			result: 'wrongPassword',
		});
		const options = await begin();
		expect(options).toMatchObject({
			rp: { id: 'gate.example.org' },
			user: { name: EMAIL, id: Buffer.from(adaId).toString('base64url') },
			authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
			attestation: 'none',
		});
		const made = await finish(key.make(options));
		expect(made).toMatchObject({
			result: 'made',
			passkey: { name: 'Phone', host: 'gate.example.org', lastUsedMs: null },
		});
		bench.clock.advance(60_000);
		const wanted = await ask();
		expect(wanted['allowCredentials'], 'nobody is named to who only asks').toBeUndefined();
		expect(wanted).toMatchObject({ rpId: 'gate.example.org', userVerification: 'required' });
		expect(await enter(key.use(wanted))).toMatchObject({ result: 'signedIn', operator: { id: adaId } });
		expect(bench.operators.passkeys.list(adaId)).toMatchObject([{ lastUsedMs: bench.clock.nowMs() }]);
		expect(bench.audits().at(-1)).toMatchObject({ action: 'login', target: adaId, detail: { by: 'passkey' } });
		expect(actions()).toContain('passkeyMade');
		const again = createSoftwareAuthenticator(PLACE);
		expect((await begin())['excludeCredentials'], 'one of each authenticator').toMatchObject([
			{ id: key.credentialId },
		]);
		expect(await make(again)).toMatchObject({ recoveryCodes: null });
		expect(bench.operators.passkeys.list(adaId)).toHaveLength(2);
	});

	test('are asked for after the password; recovery codes of the first one are for who lost it', async () => {
		const { recoveryCodes } = await make();
		expect(recoveryCodes).toHaveLength(LIMITS.recoveryCodes);
		const { step, wanted, passkey } = await firstStep();
		expect([wanted, passkey]).toEqual(['code', true]);
		const options = await ask(step);
		expect(options['allowCredentials']).toMatchObject([{ id: key.credentialId }]);
		expect(await enter(key.use(options, { userHandle: null }), { step })).toMatchObject({ result: 'signedIn' });
		expect(await enter(key.use(options), { step }), 'the step is used').toEqual({ result: 'stepEnded' });
		const second = await firstStep();
		const lost = { step: second.step, code: recoveryCodes?.[0] ?? '', remoteAddress: ADDRESS };
		expect(bench.operators.continueLogin(lost)).toMatchObject({ result: 'signedIn' });
	});

	test('signed for one login are worth nothing in another, nor twice, nor too late', async () => {
		await make();
		const { step } = await firstStep();
		const alone = await ask();
		expect(await enter(key.use(alone), { step }), 'for a sign-in without a password').toEqual(WRONG);
		expect(await enter(key.use(await ask(step))), 'for a step').toEqual(WRONG);
		const signed = key.use(alone);
		expect(await enter(signed)).toMatchObject({ result: 'signedIn' });
		expect(await enter(signed), 'replayed').toEqual(WRONG);
		const late = key.use(await ask());
		bench.clock.advance(LIMITS.passkeyChallengeMs);
		expect(await enter(late), 'too late').toEqual(WRONG);
		expect(await enter(key.use({ challenge: Buffer.alloc(64).toString('base64url') })), 'not ours').toEqual(WRONG);
	});

	test('of three who send the same signature at once one gets in', async () => {
		await make();
		const signed = key.use(await ask());
		const answers = await Promise.all([enter(signed), enter(signed), enter(signed)]);
		expect(answers.map(({ result }) => result).sort()).toEqual(['signedIn', 'wrongPasskey', 'wrongPasskey']);
	});

	const LIES: readonly (readonly [string, Told])[] = [
		['another site’s page', { origin: 'https://gate.example.org.evil.example' }],
		['the same host without TLS', { origin: 'http://gate.example.org' }],
		['another port', { origin: 'https://gate.example.org:8443' }],
		['a page in a frame', { crossOrigin: true }],
		['a passkey for another name', { rpId: 'evil.example' }],
		['an authenticator that looked at nobody', { isVerified: false }],
		['an authenticator that nobody touched', { isPresent: false }],
		['a signature for making one', { type: 'webauthn.create' }],
		['somebody else’s name', { userHandle: Buffer.from('somebody').toString('base64url') }],
		['nobody’s name', { userHandle: null }],
		['a credential that is not known', { id: Buffer.alloc(32).toString('base64url') }],
	];
	test('are not taken from another site or name, nor from who looked at nobody, lies or is not known', async () => {
		await make();
		for (const [who, told] of LIES) {
			expect([who, await enter(key.use(await ask(), told))]).toEqual([who, WRONG]);
			bench.clock.advance(LIMITS.loginFailuresForgottenMs);
		}
		expect(actions().filter((action) => action === 'passkeyRefused')).toHaveLength(LIES.length);
		expect(bench.store.operators.loginSessionsOf(adaId)).toEqual([]);
	});

	test('are not made for another site or name, nor by who looked at nobody', async () => {
		for (const [who, told] of LIES.slice(0, 7)) {
			expect([who, await finish(key.make(await begin(), told))]).toEqual([who, { result: 'refused' }]);
		}
		expect(bench.operators.passkeys.list(adaId)).toEqual([]);
	});

	test('of somebody else do not finish a login, and a signature of another key none at all', async () => {
		await make();
		const eve = createSoftwareAuthenticator(PLACE);
		const eveId = await bench.addOperator({ email: 'eve@example.org', role: 'security' });
		await make(eve, eveId);
		const { step } = await firstStep();
		expect(await enter(eve.use(await ask(step)), { step })).toEqual(WRONG);
		const forged = eve.use(await ask(), { id: key.credentialId, userHandle: Buffer.from(adaId).toString('base64url') });
		expect(await enter(forged)).toEqual(WRONG);
	});

	test('take no part of another login or account: neither options nor the answer to them', async () => {
		const response = key.make(await begin('login-1'));
		expect(await finish(response, { loginId: 'login-2' }), 'another login').toEqual({ result: 'refused' });
		const eveId = await bench.addOperator({ email: 'eve@example.org', role: 'security' });
		expect(await finish(response, { operatorId: eveId }), 'another account').toEqual({ result: 'refused' });
		expect(await finish(response)).toMatchObject({ result: 'made' });
		expect(await finish(response), 'twice').toEqual({ result: 'refused' });
		const copied = key.make(await begin('login-1', eveId), { id: key.credentialId });
		expect(await finish(copied, { operatorId: eveId }), 'an id that is not what was attested').toEqual({
			result: 'refused',
		});
	});

	test('bring no certificates of their makers, which would be asked about where they say', async () => {
		const statement = new Map<string, unknown>([
			['alg', -7],
			['sig', Buffer.alloc(70)],
			['x5c', [Buffer.alloc(300)]],
		]);
		for (const fmt of ['packed', 'fido-u2f', 'tpm', 'apple', 'android-key', 'made up']) {
			const attestation = new Map<string, unknown>([
				['fmt', fmt],
				['attStmt', statement],
			]);
			expect([fmt, await finish(key.make(await begin(), { attestation }))]).toEqual([fmt, { result: 'refused' }]);
		}
	});

	test('that are broken, nested without end or huge are refused, and change nothing', async () => {
		const response = key.make(await begin());
		const withObject = (bytes: Buffer) => ({
			...response,
			response: { ...response.response, attestationObject: bytes.toString('base64url') },
		});
		const nested = Buffer.concat([Buffer.alloc(5_000, 0x81), Buffer.of(0)]);
		for (const bytes of [
			Buffer.of(0xff),
			Buffer.of(0xbf),
			Buffer.of(0x5b, ...Buffer.alloc(8, 0xff)),
			nested,
			encodeCbor(7),
		]) {
			expect(await finish(withObject(bytes))).toEqual({ result: 'refused' });
		}
		expect(parsePasskeyJson(madePasskeySchema, JSON.stringify(withObject(Buffer.alloc(100_000))))).toBeUndefined();
		for (const text of ['', 'null', '[]', '{', '{"id":1}', '"a"', JSON.stringify({ ...response, id: '<b>' })]) {
			expect(parsePasskeyJson(madePasskeySchema, text)).toBeUndefined();
			expect(parsePasskeyJson(usedPasskeySchema, text)).toBeUndefined();
		}
		expect(await finish(response), 'after all that the right one is taken').toMatchObject({ result: 'made' });
		const used = key.use(await ask());
		const broken = { ...used, response: { ...used.response, clientDataJSON: 'AAAA' } };
		expect(await enter(broken)).toEqual(WRONG);
		expect(await enter({ ...used, response: { ...used.response, authenticatorData: 'AAAA' } })).toEqual(WRONG);
		expect(await enter(used)).toMatchObject({ result: 'signedIn' });
	});

	test('that count backwards are refused and reported; those that count nothing are taken', async () => {
		await make();
		expect(await enter(key.use(await ask(), { counter: 50 }))).toMatchObject({ result: 'signedIn' });
		for (const counter of [50, 49, 0]) expect(await enter(key.use(await ask(), { counter }))).toEqual(WRONG);
		expect(actions().filter((action) => action === 'passkeyCountedBack')).toHaveLength(3);
		expect(await enter(key.use(await ask(), { counter: 51 }))).toMatchObject({ result: 'signedIn' });
		const plain = createSoftwareAuthenticator(PLACE);
		await finish(plain.make(await begin(), { counter: 0 }));
		for (let n = 0; n < 3; n += 1) expect(await enter(plain.use(await ask()))).toMatchObject({ result: 'signedIn' });
		const signed = plain.use(await ask());
		const answers = await Promise.all([enter(signed), enter(signed)]);
		expect(answers.map(({ result }) => result).sort(), 'what it signed, twice').toEqual(['signedIn', 'wrongPasskey']);
		expect(await enter(signed)).toEqual(WRONG);
	});

	test('wait with passwords when they are guessed, also where nobody is named', async () => {
		await make();
		const wrong = () => ask().then((options) => enter(key.use(options, { isVerified: false })));
		for (let n = 0; n < LIMITS.loginFreeTries; n += 1) expect(await wrong()).toEqual(WRONG);
		expect(await wrong()).toMatchObject({ result: 'backOff' });
		const login = { email: EMAIL, password: PASSWORD, remoteAddress: ADDRESS };
		expect(await bench.operators.login(login), 'the password waits too').toMatchObject({ result: 'backOff' });
		const unknown = async () => enter(key.use(await ask(), { id: 'AAAA' }), { remoteAddress: '10.9.9.9' });
		for (let n = 0; n < LIMITS.loginFreeTries; n += 1) expect(await unknown()).toEqual(WRONG);
		expect(await unknown()).toMatchObject({ result: 'backOff' });
	});

	test('wrong ones end a step as wrong codes do', async () => {
		await make();
		const { step } = await firstStep();
		for (let n = 0; n < LIMITS.loginStepTries; n += 1) {
			const options = await ask(step);
			expect(await enter(key.use(options, { isVerified: false }), { step, remoteAddress: `10.1.1.${n}` })).toEqual(
				WRONG,
			);
			bench.clock.advance(LIMITS.accountBackOffMs);
		}
		expect(await bench.operators.passkeyOptions(step)).toBeUndefined();
	});

	test('B10 take over the account’s other login only when asked to, with nothing signed again', async () => {
		await make();
		bench.store.settings.set('loginRules', JSON.stringify({ secondLogin: 'takeOver' }));
		expect(await enter(key.use(await ask()))).toMatchObject({ result: 'signedIn' });
		const inTheWay = await enter(key.use(await ask()));
		expect(inTheWay).toMatchObject({ result: 'alreadySignedIn', mayTakeOver: true, step: expect.any(String) });
		const step = 'step' in inTheWay ? (inTheWay.step ?? '') : '';
		const over = bench.operators.continueLogin({ step, code: '', takeOver: true, remoteAddress: ADDRESS });
		expect(over).toMatchObject({ result: 'signedIn' });
		expect(bench.store.operators.loginSessionsOf(adaId)).toHaveLength(1);
		bench.store.settings.set('loginRules', JSON.stringify({ secondLogin: 'refuse' }));
		expect(await enter(key.use(await ask()))).toMatchObject({ result: 'alreadySignedIn', mayTakeOver: false });
	});

	test('B8 of who was deactivated or offboarded open nothing, and do again once that is undone', async () => {
		await make();
		const { administration, leaving } = bench.operators;
		administration.deactivate(adaId, BY_MACHINE, { endLogins: false });
		expect(await enter(key.use(await ask()))).toEqual(WRONG);
		administration.activate(adaId, BY_MACHINE);
		expect(await enter(key.use(await ask()))).toMatchObject({ result: 'signedIn' });
		leaving.leave(adaId, BY_MACHINE, 'batch-1');
		expect(await enter(key.use(await ask()))).toEqual(WRONG);
		leaving.comeBack(adaId, BY_MACHINE);
		expect(await enter(key.use(await ask()))).toMatchObject({ result: 'signedIn' });
		administration.remove(adaId, BY_MACHINE);
		expect(await enter(key.use(await ask()))).toEqual(WRONG);
		expect(bench.store.operators.passkeyByCredential(key.credentialId)).toBeUndefined();
	});

	test('are not copied with an operator', async () => {
		await make();
		const copy = bench.operators.cloning.operator(adaId, { email: 'copy@example.org', name: 'Copy' }, BY_MACHINE);
		if (copy.result !== 'code') throw new Error(copy.result);
		expect(copy.operator).toMatchObject({ hasSecondFactor: false, passkeys: [] });
	});

	test('are taken away by their owner with the password, and the last one only where no role asks for it', async () => {
		const { passkey } = await make();
		const { passkeys } = bench.operators;
		expect(await passkeys.remove({ ...asked({ password: 'wrong' }), id: passkey.id })).toEqual({
			result: 'wrongPassword',
		});
		expect(await passkeys.remove({ ...asked(), id: 'another' })).toEqual({ result: 'none' });
		const rules = bench.operators.loginRules;
		rules.set({ ...rules.get(), secondFactorRoles: ['reception'] }, null);
		expect(await passkeys.remove({ ...asked(), id: passkey.id })).toEqual({ result: 'required' });
		const other = await make(createSoftwareAuthenticator(PLACE));
		expect(await passkeys.remove({ ...asked(), id: other.passkey.id })).toEqual({ result: 'removed' });
		rules.set({ ...rules.get(), secondFactorRoles: [] }, null);
		expect(await passkeys.remove({ ...asked(), id: passkey.id })).toEqual({ result: 'removed' });
		expect(bench.store.operators.recoveryCodesLeft(adaId), 'codes go with the last factor').toBe(0);
		expect(await enter(key.use(await ask()))).toEqual(WRONG);
		expect(await bench.operators.login({ email: EMAIL, password: PASSWORD, remoteAddress: ADDRESS })).toMatchObject({
			result: 'signedIn',
		});
		expect(actions().filter((action) => action === 'passkeyRemoved')).toHaveLength(2);
	});

	test('stand beside an authenticator: its code is asked for before one is made, and either signs in', async () => {
		const { secondFactors } = bench.operators;
		const begun = await secondFactors.begin(asked());
		if (begun.result !== 'begun') throw new Error(begun.result);
		const code = () => TOTP.generate({ secret: Secret.fromBase32(begun.key), timestamp: bench.clock.nowMs() });
		secondFactors.confirm({ operatorId: adaId, code: code(), token: undefined, remoteAddress: ADDRESS });
		bench.clock.advance(LIMITS.totpPeriodS * 1_000);
		const { passkeys } = bench.operators;
		expect(await passkeys.begin({ ...asked(), loginId: 'login-1' })).toMatchObject({ result: 'wrongCode' });
		const options = await passkeys.begin({ ...asked({ code: code() }), loginId: 'login-1' });
		if (options.result !== 'begun') throw new Error(options.result);
		expect(await finish(key.make(options.options))).toMatchObject({ result: 'made', recoveryCodes: null });
		const first = await firstStep();
		expect(await enter(key.use(await ask(first.step)), { step: first.step })).toMatchObject({ result: 'signedIn' });
		bench.clock.advance(LIMITS.totpPeriodS * 1_000);
		const second = await firstStep();
		const byCode = { step: second.step, code: code(), remoteAddress: ADDRESS };
		expect(bench.operators.continueLogin(byCode)).toMatchObject({ result: 'signedIn' });
		bench.clock.advance(LIMITS.totpPeriodS * 1_000);
		expect(await secondFactors.remove(asked({ code: code() }))).toEqual({ result: 'removed' });
		expect(bench.store.operators.recoveryCodesLeft(adaId), 'the passkey keeps them').toBe(LIMITS.recoveryCodes);
	});

	test('all go with a reset, as do logins and recovery codes; setting one up ends the account’s other logins', async () => {
		const login = await bench.operators.login({ email: EMAIL, password: PASSWORD, remoteAddress: ADDRESS });
		if (login.result !== 'signedIn') throw new Error(login.result);
		const other = await bench.operators.login({ email: EMAIL, password: PASSWORD, remoteAddress: ADDRESS });
		expect(await finish(key.make(await begin()), { token: login.token })).toMatchObject({ result: 'made' });
		expect(bench.operators.session(login.token, 'person')).toBeDefined();
		expect(other.result === 'signedIn' && bench.operators.session(other.token, 'person')).toBeUndefined();
		expect(bench.operators.secondFactors.reset(adaId, BY_MACHINE)).toBe('reset');
		expect(bench.operators.passkeys.list(adaId)).toEqual([]);
		expect(bench.store.operators.recoveryCodesLeft(adaId)).toBe(0);
		expect(bench.operators.session(login.token, 'person')).toBeUndefined();
		expect(bench.operators.secondFactors.reset(adaId, BY_MACHINE)).toBe('none');
	});

	test('are as many as somebody has devices', async () => {
		for (let n = 0; n < LIMITS.passkeysOfOperator; n += 1) await make(createSoftwareAuthenticator(PLACE));
		expect(await bench.operators.passkeys.begin({ ...asked(), loginId: 'login-1' })).toEqual({ result: 'tooMany' });
	});

	test('are not offered where the console has no name, and those that were made ask for a recovery code', async () => {
		const { recoveryCodes } = await make();
		const { createOperators } = await import('../../../src/gateway/services/operators.ts');
		const { rememberingHasher } = await import('../../support/operators.ts');
		const nameless = createOperators({
			...bench,
			newId: () => 'x',
			journalGrew: () => undefined,
			hasher: rememberingHasher,
		});
		expect(nameless.passkeys.address).toBeNull();
		expect(await nameless.passkeys.begin({ ...asked(), loginId: 'l' })).toEqual({ result: 'noAddress' });
		expect(await nameless.passkeyOptions()).toBeUndefined();
		const answer = await nameless.login({ email: EMAIL, password: PASSWORD, remoteAddress: ADDRESS });
		expect(answer).toMatchObject({ result: 'secondFactor', passkey: false });
		const step = answer.result === 'secondFactor' ? answer.step : '';
		const code = recoveryCodes?.[0] ?? '';
		expect(nameless.continueLogin({ step, code, remoteAddress: ADDRESS })).toMatchObject({ result: 'signedIn' });
	});
});

describe('issue 9: challenges for passkeys', () => {
	test('are for one purpose, once and for a while, with no bit turned over; asking for many takes no other’s away', () => {
		const clock = createVirtualClock();
		const challenges = createPasskeyChallenges(clock);
		const first = challenges.issue('a');
		for (let n = 0; n < LIMITS.passkeyChallengesUsed + 1; n += 1) challenges.issue('a');
		expect([challenges.isOpen(first, 'a'), challenges.isOpen(first, 'b')]).toEqual([true, false]);
		const bytes = Buffer.from(first, 'base64url');
		for (let at = 0; at < bytes.length; at += 1) {
			const turned = Buffer.from(bytes);
			turned.writeUInt8((bytes[at] ?? 0) ^ 1, at);
			expect(challenges.isOpen(turned.toString('base64url'), 'a')).toBe(false);
		}
		expect(challenges.isOpen(`${first}=`, 'a')).toBe(false);
		expect([challenges.use(first), challenges.use(first), challenges.isOpen(first, 'a')]).toEqual([true, false, false]);
		const late = challenges.issue('a');
		clock.advance(LIMITS.passkeyChallengeMs);
		expect(challenges.isOpen(late, 'a')).toBe(false);
	});

	test('that were used are remembered in a bounded number, and nobody gets in past it until they are too old', () => {
		const clock = createVirtualClock();
		const challenges = createPasskeyChallenges(clock);
		for (let n = 0; n < LIMITS.passkeyChallengesUsed; n += 1) expect(challenges.use(challenges.issue('a'))).toBe(true);
		expect(challenges.use(challenges.issue('a'))).toBe(false);
		clock.advance(LIMITS.passkeyChallengeMs);
		expect(challenges.use(challenges.issue('a'))).toBe(true);
	});
});
