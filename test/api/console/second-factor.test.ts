import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, form, type Visitor } from '../../support/console-site.ts';
import { PASSWORD } from '../../support/operators.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeAll(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
});
afterAll(() => site.close());

const digits = (key: string) => TOTP.generate({ secret: Secret.fromBase32(key), timestamp: site.bench.clock.nowMs() });
const keyOn = (page: string) => />((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})</.exec(page)?.[1]?.replaceAll(' ', '') ?? '';
const codesOn = (page: string) => page.match(/(?<=<code>)[2-9A-Z]{4}(-[2-9A-Z]{4}){2}(?=<)/g) ?? [];
const stepOn = (page: string) => /name="step" value="([\w-]+)"/.exec(page)?.[1] ?? '';
const login = (role: string) =>
	site.request('/login', form({ email: `${role}@example.org`, password: PASSWORD, next: '/log' }));
const second = (fields: Record<string, string>) =>
	site.request('/login/second-factor', form({ next: '/log', ...fields }));

describe('a second factor on its pages', () => {
	test('issue 9: set up by QR code or typed key, asked for at the next sign-in, with codes for who lost it', async () => {
		const guard = await site.signIn('security');
		const begun = await (await guard.post('/account/second-factor', { present: PASSWORD })).text();
		expect(begun).toContain('role="img"');
		const key = keyOn(begun);
		const wrong = await guard.post('/account/second-factor/confirm', { code: '000000' });
		expect([wrong.status, keyOn(await wrong.text())], 'the same key is still there').toEqual([422, key]);
		const codes = codesOn(await (await guard.post('/account/second-factor/confirm', { code: digits(key) })).text());
		expect(codes).toHaveLength(10);
		expect(codesOn(await guard.page('/account')), 'shown once').toEqual([]);

		const asked = await login('security');
		const step = stepOn(await asked.text());
		expect([asked.status, asked.headers.get('set-cookie')]).toEqual([200, null]);
		expect((await second({ step, code: '000000' })).status).toBe(401);
		const entered = await second({ step, code: codes[0] ?? '' });
		expect([entered.status, entered.headers.get('location')]).toEqual([303, '/log']);
		expect(entered.headers.get('set-cookie')).toMatch(/^parkgate=/);
		expect((await second({ step, code: codes[1] ?? '' })).status, 'the step is used').toBe(401);

		const operator = await admin.page(`/operators/${guard.operatorId}`);
		expect(operator).toContain('Has a second factor.');
		expect((await admin.post(`/operators/${guard.operatorId}/reset-second-factor`, {})).status).toBe(303);
		expect((await login('security')).status).toBe(303);
	});

	test('issue 9: a role that asks for one has it set up as they sign in, and hands out recovery codes', async () => {
		await site.signIn('reception');
		const rules = { secondLogin: 'allow', idleMinutes: '30', absoluteMinutes: '720' };
		await admin.post('/login-sessions/rules', { ...rules, secondFactorRoles: 'reception' });
		expect(await admin.page('/login-sessions')).toMatch(/value="reception" checked/);
		const page = await (await login('reception')).text();
		expect(page).toContain('Your role asks for a second factor');
		const done = await second({ step: stepOn(page), code: digits(keyOn(page)) });
		expect(done.headers.get('set-cookie')).toMatch(/^parkgate=/);
		const text = await done.text();
		expect(codesOn(text)).toHaveLength(10);
		expect(text).toContain('href="/log"');
		await admin.post('/login-sessions/rules', rules);
		expect(await (await login('reception')).text(), 'it stays').toContain('name="step"');
	});

	test('issue 9: a made-up step leads back to the password, and nowhere else', async () => {
		const answer = await second({ step: '<script>', code: '123456' });
		expect([answer.status, await answer.text()]).toEqual([401, expect.stringContaining('Begin again.')]);
		const offSite = await second({ step: 'x', code: '1', next: '//evil.example' });
		expect(await offSite.text()).not.toContain('evil.example');
	});
});
