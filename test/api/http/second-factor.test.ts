import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpSite, type HttpSite, jsonPost, type SignedIn } from '../../support/http-site.ts';
import { PASSWORD } from '../../support/operators.ts';

let site: HttpSite;
let guard: SignedIn;
beforeAll(async () => {
	site = createHttpSite();
	guard = await site.signIn('security');
});
afterAll(() => site.close());

const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
const digits = (key: unknown) =>
	TOTP.generate({ secret: Secret.fromBase32(String(key)), timestamp: site.bench.clock.nowMs() });
const login = async () =>
	json(await site.request('/api/v1/login', jsonPost({ email: 'security@example.org', password: PASSWORD })));
const post = (path: string, body: object) => site.request(path, jsonPost(body));

test('issue 9: a second factor over HTTP, from setting it up to taking it away', async () => {
	const own = '/api/v1/me/second-factor';
	expect(await json(await guard.get(own))).toEqual({ since: null, recoveryCodesLeft: 0, isRequired: false });
	expect((await guard.post(own, { password: 'wrong' })).status).toBe(409);
	const { key, uri } = await json(await guard.post(own, { password: PASSWORD }));
	expect(uri).toContain(`secret=${key}`);
	const confirmed = await json(await guard.post(`${own}/confirm`, { code: digits(key) }));
	expect(confirmed['recoveryCodes']).toHaveLength(10);

	site.bench.clock.advance(30_000);
	const wanted = await login();
	expect(wanted).toMatchObject({ status: 403, code: 'SECOND_FACTOR', because: 'code', step: expect.any(String) });
	const { step } = wanted;
	expect((await post('/api/v1/login/second-factor/enrol', { step })).status, 'there is one').toBe(401);
	const wrong = await post('/api/v1/login/second-factor', { step, code: '000000' });
	expect([wrong.status, await json(wrong)]).toEqual([
		...[401, expect.objectContaining({ code: 'CODE_WRONG', because: 'wrong' })],
	]);
	const entered = await post('/api/v1/login/second-factor', { step, code: digits(key) });
	expect(entered.headers.get('set-cookie')).toMatch(/^parkgate=/);
	expect(await json(entered)).toMatchObject({ operator: { id: guard.operatorId }, recoveryCodes: null });
	expect(await json(await post('/api/v1/login/second-factor', { step, code: digits(key) }))).toMatchObject({
		...{ status: 401, code: 'STEP_ENDED' },
	});

	site.bench.clock.advance(30_000);
	// Confirming it ended the login it was not confirmed in, and none else.
	expect((await guard.post(`${own}/remove`, { password: PASSWORD })).status, 'without a code').toBe(409);
	expect((await guard.post(`${own}/remove`, { password: PASSWORD, code: digits(key) })).status).toBe(200);
	expect(await login()).toMatchObject({ operator: { id: guard.operatorId } });
});

test('issue 9: an administrator says which roles; whoever has one sets it up at their next sign-in', async () => {
	const admin = await site.signIn('administrator');
	const set = await admin.send('PATCH', '/api/v1/settings', { logins: { secondFactorRoles: ['security'] } });
	expect(await json(set)).toMatchObject({ logins: { secondFactorRoles: ['security'], secondLogin: 'allow' } });
	expect((await guard.get('/api/v1/me')).status, 'who is signed in stays').toBe(200);
	const { step, because } = await login();
	expect(because).toBe('enrolment');
	const { key } = await json(await post('/api/v1/login/second-factor/enrol', { step }));
	const done = await json(await post('/api/v1/login/second-factor', { step, code: digits(key) }));
	expect(done['recoveryCodes']).toHaveLength(10);
	const account = `/api/v1/operators/${guard.operatorId}`;
	expect(await json(await admin.get(account))).toMatchObject({ hasSecondFactor: true });
	expect(await json(await admin.post(`${account}/reset-second-factor`, {}))).toEqual({ result: 'reset' });
	expect(await json(await admin.get(account))).toMatchObject({ hasSecondFactor: false });
	expect((await admin.post('/api/v1/operators/nobody/reset-second-factor', {})).status).toBe(404);
});
