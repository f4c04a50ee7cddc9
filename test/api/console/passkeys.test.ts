import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, form, type Visitor } from '../../support/console-site.ts';
import { PASSWORD } from '../../support/operators.ts';
import { type Asked, createSoftwareAuthenticator } from '../../support/software-authenticator.ts';

let site: ConsoleSite;
let guard: Visitor;
beforeAll(async () => {
	site = createConsoleSite({ consoleAddress: 'http://gate.example' });
	guard = await site.signIn('security');
});
afterAll(() => site.close());

const key = createSoftwareAuthenticator({ origin: 'http://gate.example', rpId: 'gate.example' });
const codesOn = (page: string) => page.match(/(?<=<code>)[2-9A-Z]{4}(-[2-9A-Z]{4}){2}(?=<)/g) ?? [];
const stepOn = (page: string) => /data-step="([\w-]+)"/.exec(page)?.[1] ?? '';

/** What a page's script is given for the authenticator. */
function optionsOn(page: string): Asked {
	const text = /data-options="([^"]*)"/.exec(page)?.[1]?.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
	return JSON.parse(text ?? '');
}

async function sent(fields: Record<string, string>) {
	return site.request('/login/passkey', form({ next: '/log', ...fields }));
}

async function used(step?: string) {
	const options = await site.bench.operators.passkeyOptions(step);
	if (options === undefined) throw new Error('no options');
	return JSON.stringify(key.use(options));
}

test('issue 9: a passkey is made on one’s own page with the password, and signs in from there on', async () => {
	expect(await guard.page('/account')).toContain('Add a passkey');
	expect((await guard.post('/account/passkeys/begin', { name: 'Phone', present: 'wrong' })).status).toBe(422);
	const begun = await (await guard.post('/account/passkeys/begin', { name: '<b>Phone', present: PASSWORD })).text();
	expect(begun).toMatch(/assets\/[^"]*passkeys\.js/);
	const response = JSON.stringify(key.make(optionsOn(begun)));
	expect((await guard.post('/account/passkeys', { name: '<b>Phone', response: '{}' })).status).toBe(422);
	const made = await (await guard.post('/account/passkeys', { name: '<b>Phone', response })).text();
	expect(codesOn(made)).toHaveLength(10);
	expect(made).toContain('&lt;b&gt;Phone');
	expect(made).not.toContain('<b>Phone');
	expect(await guard.page('/account'), 'codes are shown once').not.toContain(codesOn(made)[0]);

	expect(await (await site.request('/login')).text()).toContain('data-passkey="use"');
	const alone = await sent({ response: await used() });
	expect([alone.status, alone.headers.get('location')]).toEqual([303, '/log']);
	expect(alone.headers.get('set-cookie')).toMatch(/^parkgate=/);

	const asked = await site.request('/login', form({ email: 'security@example.org', password: PASSWORD, next: '/log' }));
	const step = stepOn(await asked.text());
	const wrong = await sent({ step, response: await used() });
	expect([wrong.status, stepOn(await wrong.text())], 'the step is still there').toEqual([401, step]);
	expect((await sent({ step, response: await used(step) })).status).toBe(303);
	expect((await sent({ step, response: '{"a":' })).status).toBe(401);

	const admin = await site.signIn('administrator');
	const operator = await admin.page(`/operators/${guard.operatorId}`);
	expect(operator).toContain('&lt;b&gt;Phone');
	expect(operator).toContain('Has a second factor.');
	const [{ id } = { id: '' }] = site.bench.operators.passkeys.list(guard.operatorId);
	expect((await guard.post(`/account/passkeys/${id}/remove`, { present: PASSWORD })).status).toBe(303);
	expect((await guard.post(`/account/passkeys/${id}/remove`, { present: PASSWORD })).status).toBe(422);
});

test('issue 9: B10 a passkey takes over the account’s other login by the form, without being asked again', async () => {
	const reception = await site.signIn('reception');
	const begun = await (await reception.post('/account/passkeys/begin', { name: 'K', present: PASSWORD })).text();
	await reception.post('/account/passkeys', { name: 'K', response: JSON.stringify(key.make(optionsOn(begun))) });
	site.bench.store.settings.set('loginRules', JSON.stringify({ secondLogin: 'takeOver' }));
	const inTheWay = await sent({ response: await used() });
	const page = await inTheWay.text();
	expect(inTheWay.status).toBe(409);
	const step = /name="step" value="([\w-]+)"/.exec(page)?.[1] ?? '';
	const over = await site.request('/login/second-factor', form({ step, takeOver: 'yes', next: '/log' }));
	expect([over.status, over.headers.get('location')]).toEqual([303, '/log']);
	expect((await reception.get('/api/v1/me')).status, 'that login ended').toBe(401);
	site.bench.store.settings.set('loginRules', JSON.stringify({ secondLogin: 'allow' }));
});

test('issue 9: where passkeys can’t work the page says so in words, and offers none', async () => {
	const admin = await site.signIn('administrator');
	const elsewhere = await admin.page('/account', { host: '10.0.0.5' });
	expect(elsewhere).toContain('href="http://gate.example/account"');
	expect(elsewhere).not.toContain('Add a passkey');
	const login = await site.request('/login', { headers: { host: '10.0.0.5' } });
	expect(await login.text()).not.toContain('data-passkey');
	const nameless = createConsoleSite();
	try {
		const page = await (await nameless.signIn('administrator')).page('/account');
		expect(page).toContain('this console has no name');
		expect(page).not.toContain('Add a passkey');
	} finally {
		await nameless.close();
	}
});
