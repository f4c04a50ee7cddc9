import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import type { Actor } from '../../../src/gateway/services/operators/operators-deps.ts';
import { createOperatorsBench, type OperatorsBench, PASSWORD } from '../../support/operators.ts';

const EMAIL = 'bo@example.org';
const AT_THE_MACHINE: Actor = { operatorId: null, access: null };

let bench: OperatorsBench;
let operatorId: string;
beforeEach(async () => {
	bench = createOperatorsBench({ rules: null });
	operatorId = await bench.addOperator({ email: EMAIL, role: 'reception' });
});
afterEach(() => bench.close());

const login = (more: { takeOver?: true; replaces?: string } = {}) =>
	bench.operators.login({ email: EMAIL, password: PASSWORD, remoteAddress: '10.0.0.7', ...more });

async function signedIn(more: Parameters<typeof login>[0] = {}): Promise<string> {
	const answer = await login(more);
	if (answer.result !== 'signedIn') throw new Error(answer.result);
	return answer.token;
}

const stands = (token: string) => bench.operators.session(token, 'person') !== undefined;
const list = () => bench.operators.openSessions.list();
const change = (rules: Partial<ReturnType<typeof bench.operators.loginRules.get>>) =>
	bench.operators.loginRules.set({ ...bench.operators.loginRules.get(), ...rules }, null);

describe('B10 one login of an account', () => {
	test('a second one takes over when it is asked to, and is told of the first before', async () => {
		const first = await signedIn();
		bench.clock.advance(90_000);
		const second = await login();
		expect(second).toEqual({
			result: 'alreadySignedIn',
			mayTakeOver: true,
			sinceMs: bench.clock.nowMs() - 90_000,
			idleS: 90,
		});
		expect(stands(first)).toBe(true);
		const taken = await signedIn({ takeOver: true });
		expect([stands(first), stands(taken), list().length]).toEqual([false, true, 1]);
		expect(bench.audits().map(({ action }) => action)).toEqual(['login', 'loginTakenOver', 'login']);
	});

	test('or is refused by setting, until the first has ended', async () => {
		change({ secondLogin: 'refuse' });
		const first = await signedIn();
		expect(await login({ takeOver: true })).toMatchObject({ result: 'alreadySignedIn', mayTakeOver: false });
		bench.operators.logout(first);
		const again = await signedIn();
		bench.clock.advance(LIMITS.loginIdleMs);
		expect(stands(again)).toBe(false);
		await signedIn();
	});

	test('two at the same moment are one', async () => {
		const answers = await Promise.all([login(), login()]);
		expect(answers.map(({ result }) => result).sort()).toEqual(['alreadySignedIn', 'signedIn']);
		expect(list()).toHaveLength(1);
	});

	test('the same browser signs in again in place of its own', async () => {
		const first = await signedIn();
		const second = await signedIn({ replaces: first });
		expect([stands(first), stands(second)]).toEqual([false, true]);
	});
});

describe('B13 who is signed in', () => {
	test('is listed with since when and for how long they did nothing', async () => {
		const token = await signedIn();
		bench.clock.advance(30_000);
		stands(token);
		bench.clock.advance(7_000);
		expect(list()).toMatchObject([
			{
				operatorId,
				email: EMAIL,
				createdAtMs: bench.clock.nowMs() - 37_000,
				idleS: 7,
				isPageOpen: false,
				remoteAddress: '10.0.0.7',
			},
		]);
		bench.clock.advance(LIMITS.loginIdleMs);
		expect(list()).toEqual([]);
	});

	test('B14 B15 an abandoned one is closed at once; one whose page is open can’t be, and stays listed', async () => {
		const token = await signedIn();
		bench.operators.session(token, 'script');
		const [open] = list();
		const id = open?.id ?? '';
		expect(open).toMatchObject({ isPageOpen: true });
		expect(bench.operators.openSessions.close(id, AT_THE_MACHINE)).toEqual({ result: 'pageOpen' });
		expect(stands(token)).toBe(true);
		bench.clock.advance(LIMITS.pageSilentMs);
		expect(bench.operators.openSessions.close(id, AT_THE_MACHINE)).toEqual({ result: 'closed' });
		expect(stands(token)).toBe(false);
		expect(bench.operators.openSessions.close(id, AT_THE_MACHINE)).toEqual({ result: 'notFound' });
	});

	test('all of an operator end at once, open pages or not', async () => {
		change({ secondLogin: 'allow' });
		const tokens = [await signedIn(), await signedIn()];
		for (const token of tokens) bench.operators.session(token, 'script');
		expect(bench.operators.openSessions.endOf(operatorId, AT_THE_MACHINE)).toBe(2);
		expect(tokens.map(stands)).toEqual([false, false]);
		expect(bench.operators.openSessions.endOf('nobody', AT_THE_MACHINE)).toBeUndefined();
	});
});

test('B17 the limits are settings, act on present logins, and are audited', async () => {
	const token = await signedIn();
	change({ idleMs: LIMITS.loginIdleLeastMs });
	bench.clock.advance(LIMITS.loginIdleLeastMs);
	expect(stands(token)).toBe(false);
	const second = await signedIn();
	change({ idleMs: LIMITS.loginIdleMostMs, absoluteMs: LIMITS.loginAbsoluteLeastMs });
	bench.clock.advance(LIMITS.loginAbsoluteLeastMs);
	expect(stands(second)).toBe(false);
	expect(bench.audits().filter(({ action }) => action === 'loginRulesChanged')).toHaveLength(2);
});
