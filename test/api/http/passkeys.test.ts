import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpSite, type HttpSite, jsonPost, type SignedIn } from '../../support/http-site.ts';
import { PASSWORD } from '../../support/operators.ts';
import { type Asked, createSoftwareAuthenticator } from '../../support/software-authenticator.ts';

let site: HttpSite;
let guard: SignedIn;
beforeAll(async () => {
	site = createHttpSite();
	guard = await site.signIn('security');
});
afterAll(() => site.close());

const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
const post = (path: string, body: object) => site.request(path, jsonPost(body));
const key = createSoftwareAuthenticator({ origin: 'http://gate.example', rpId: 'gate.example' });
const optionsOf = async (answer: Response) => (await json(answer))['options'] as Asked;
const options = async (body: object = {}) => optionsOf(await post('/api/v1/login/passkey/options', body));
const enter = (body: object) => post('/api/v1/login/passkey', body);

test('issue 9: a passkey over HTTP, from making it to removing it', async () => {
	const own = '/api/v1/me/passkeys';
	expect(await json(await guard.get(own))).toEqual({ items: [], address: 'http://gate.example' });
	expect((await guard.post(`${own}/options`, { password: 'wrong' })).status).toBe(409);
	const response = key.make(await optionsOf(await guard.post(`${own}/options`, { password: PASSWORD })));
	const made = await guard.post(own, { name: ' Phone ', response });
	const said = await json(made);
	expect([made.status, said]).toMatchObject([201, { passkey: { name: 'Phone', lastUsed: null } }]);
	expect(said['recoveryCodes']).toHaveLength(10);
	expect(await json(await guard.post(own, { name: 'Again', response })), 'once').toMatchObject({ because: 'refused' });

	const entered = await enter({ response: key.use(await options()) });
	expect(entered.headers.get('set-cookie')).toMatch(/^parkgate=/);
	expect(await json(entered)).toMatchObject({ operator: { id: guard.operatorId }, csrf: expect.any(String) });

	const asked = await json(await post('/api/v1/login', { email: 'security@example.org', password: PASSWORD }));
	expect(asked).toMatchObject({ code: 'SECOND_FACTOR', because: 'code' });
	const step = String(asked['step']);
	const second = await enter({ step, response: key.use(await options({ step })) });
	expect(second.status).toBe(200);
	expect(await json(await post('/api/v1/login/passkey/options', { step })), 'the step is used').toMatchObject({
		...{ status: 409, code: 'STEP_ENDED' },
	});

	const admin = await site.signIn('administrator');
	const seen = await json(await admin.get(`/api/v1/operators/${guard.operatorId}`));
	expect(seen).toMatchObject({ hasSecondFactor: true, passkeys: [{ name: 'Phone' }] });
	expect(JSON.stringify(seen)).not.toContain(key.credentialId);
	const [{ id } = { id: '' }] = seen['passkeys'] as { id: string }[];
	expect((await guard.post(`${own}/none/remove`, { password: PASSWORD })).status).toBe(409);
	expect((await guard.post(`${own}/${id}/remove`, { password: PASSWORD })).status).toBe(200);
	expect((await enter({ response: key.use(await options()) })).status).toBe(401);
});

test('issue 9: who is no one is told what anyone is told, whatever they send', async () => {
	const refused = await enter({ response: key.use(await options(), { id: Buffer.alloc(32).toString('base64url') }) });
	const forged = await enter({ response: key.use(await options(), { origin: 'http://evil.example' }) });
	const told = await Promise.all([refused, forged].map(json));
	expect(told.map(({ requestId, ...rest }) => rest)).toEqual(
		[told[0], told[0]].map(({ requestId, ...rest } = {}) => rest),
	);
	expect(told[0]).toMatchObject({ status: 401, code: 'PASSKEY_REFUSED' });
	for (const response of [{}, null, 'x', { ...key.use(await options()), id: 'x'.repeat(2_000) }]) {
		expect((await enter({ response })).status).toBe(400);
	}
	const huge = { ...key.use(await options()), authenticatorAttachment: 'x'.repeat(20_000) };
	expect((await enter({ response: huge })).status).toBe(413);
	expect((await post('/api/v1/login/passkey/options', { step: 'made up' })).status).toBe(409);
});
