import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, form } from '../../support/console-site.ts';
import { PASSWORD } from '../../support/operators.ts';

let site: ConsoleSite;
beforeEach(() => {
	site = createConsoleSite();
});
afterEach(() => site.close());

const cookieOf = (answer: Response) => answer.headers.getSetCookie().find((cookie) => cookie.startsWith('parkgate='));

describe('claiming', () => {
	const claim = (change: Record<string, string> = {}) =>
		site.request(
			'/claim',
			form({
				code: site.bench.operators.newClaimCode(),
				name: 'Ada Admin',
				email: 'ada@example.org',
				password: PASSWORD,
				...change,
			}),
		);

	test('is where a new gateway leads to, with the code of the link filled in', async () => {
		expect((await site.request('/')).headers.get('location')).toBe('/claim');
		expect((await site.request('/login')).headers.get('location')).toBe('/claim');
		const html = await (await site.request('/claim?code=ABCD-1234')).text();
		expect(html).toContain('value="ABCD-1234"');
		expect(html).toContain('At least 12 characters.');
	});

	test('makes the administrator and signs in', async () => {
		const answer = await claim();
		expect(answer.status).toBe(303);
		expect(answer.headers.get('location')).toBe('/');
		const cookie = cookieOf(answer)?.split(';')[0] ?? '';
		expect((await site.request('/', { headers: { cookie } })).status).toBe(200);
		expect((await site.request('/claim')).headers.get('location')).toBe('/login');
	});

	test('says beside each field what is wrong, and keeps what was typed except the password', async () => {
		const answer = await claim({ code: '', name: ' ', email: 'nowhere' });
		expect(answer.status).toBe(422);
		const html = await answer.text();
		expect(html.match(/class="field__error"/g)).toHaveLength(3);
		expect(html).toContain('This is not an e-mail address.');
		expect(html).toContain('value="nowhere"');
		expect(html).not.toContain(PASSWORD);
	});

	test('tells a wrong code and a weak password in the reader’s language', async () => {
		const french = { 'accept-language': 'fr-BE' };
		const wrong = await site.request(
			'/claim',
			form({ code: 'nope', name: 'Ada', email: 'a@b.be', password: PASSWORD }, french),
		);
		expect(await wrong.text()).toContain('Ce code n’est pas valable');
		const weak = await claim({ password: 'password1234' });
		expect(weak.status).toBe(422);
		expect(await weak.text()).toContain('among those tried first');
	});

	test('waits when codes are guessed', async () => {
		site.bench.operators.newClaimCode();
		let answer = await site.request('/claim', form({ code: 'a', name: 'Ada', email: 'a@b.be', password: PASSWORD }));
		for (let n = 0; n < 10 && answer.status === 422; n += 1) {
			answer = await site.request('/claim', form({ code: `a${n}`, name: 'Ada', email: 'a@b.be', password: PASSWORD }));
		}
		expect(answer.status).toBe(429);
		expect(await answer.text()).toMatch(/Wait \d+ seconds?/);
	});
});

describe('signing in', () => {
	beforeEach(async () => {
		await site.bench.addOperator({ email: 'rita@example.org', role: 'reception' });
	});
	const signIn = (change: Record<string, string> = {}) =>
		site.request('/login', form({ email: 'rita@example.org', password: PASSWORD, ...change }));

	test('leads to where one wanted to go', async () => {
		const answer = await signIn({ next: '/log?q=abc' });
		expect(answer.status).toBe(303);
		expect(answer.headers.get('location')).toBe('/log?q=abc');
		expect(cookieOf(answer)).toMatch(/HttpOnly.*SameSite=Strict/);
	});

	test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/\t/evil.example'])(
		'never leads to another site: %s',
		async (next) => {
			const answer = await signIn({ next });
			expect(answer.headers.get('location')).toMatch(/^\/(?![/\\])/);
			expect(answer.headers.get('location')).not.toMatch(/^\/\/|evil\.example$/);
		},
	);

	test('gives one answer for a wrong password and an unknown address, and keeps the address', async () => {
		const wrong = await signIn({ password: 'something else' });
		const unknown = await signIn({ email: 'nobody@example.org' });
		expect([wrong.status, unknown.status]).toEqual([401, 401]);
		const html = await wrong.text();
		expect(html).toContain('E-mail address or password is wrong.');
		expect(html).toContain('value="rita@example.org"');
		expect(html.replaceAll('rita@', 'nobody@')).toBe(await unknown.text());
	});

	test('ends with signing out: the cookie opens nothing any more', async () => {
		const reception = await site.signIn('reception');
		const out = await reception.post('/logout', {});
		expect(out.headers.get('location')).toBe('/login?after=logout');
		expect((await reception.get('/')).headers.get('location')).toBe('/login');
		expect(await (await site.request('/login?after=logout')).text()).toContain('You are signed out.');
	});
});

describe('language and appearance', () => {
	beforeEach(async () => {
		await site.bench.addOperator({ email: 'rita@example.org', role: 'reception' });
	});

	test('before signing in stay with the browser', async () => {
		const answer = await site.request('/preferences/language', form({ language: 'fr', back: '/login' }));
		expect(answer.headers.get('location')).toBe('/login');
		const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
		const html = await (await site.request('/login', { headers: { cookie, 'accept-language': 'nl' } })).text();
		expect(html).toContain('<html lang="fr"');
	});

	test('the language of an operator goes with the operator', async () => {
		const reception = await site.signIn('reception');
		const answer = await reception.post('/account/language', { language: 'nl', back: '/log?q=1' });
		expect(answer.headers.get('location')).toBe('/log?q=1');
		expect(await reception.page('/', { 'accept-language': 'fr' })).toContain('<html lang="nl"');
	});

	test('the appearance is part of the page from its first byte', async () => {
		const answer = await site.request('/preferences/theme', form({ theme: 'dark', back: '//evil.example/' }));
		expect(answer.headers.get('location')).toBe('/');
		const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
		const html = await (await site.request('/login', { headers: { cookie } })).text();
		expect(html).toContain('data-theme="dark"');
		expect(html).toMatch(/value="dark"[^>]*aria-pressed="true"/);
	});

	test('what is no language or theme changes nothing', async () => {
		const answer = await site.request('/preferences/theme', form({ theme: '"><b>', back: '/' }));
		expect(answer.headers.getSetCookie()).toEqual([]);
	});
});
