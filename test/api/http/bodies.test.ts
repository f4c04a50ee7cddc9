import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { type ConsoleSite, createConsoleSite } from '../../support/console-site.ts';
import { createHttpSite, type HttpSite, jsonPost } from '../../support/http-site.ts';

const FORM = 'application/x-www-form-urlencoded';

describe('a body', () => {
	let site: HttpSite;
	beforeEach(() => {
		site = createHttpSite();
	});
	afterEach(() => site.close());

	test('without a login is small: nobody unknown may keep the lanes busy with it', async () => {
		const over = 'x'.repeat(LIMITS.smallBodyBytes);
		for (const path of ['/api/v1/login', '/api/v1/claim', '/api/v1/decisions/check']) {
			const answer = await site.request(path, jsonPost({ email: over }));
			expect(answer.status, path).toBe(413);
			expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('16 kB') });
		}
	});

	test('of JSON from who is signed in may be large, a plain form less, one in parts never', async () => {
		const { cookie, csrf, post } = await site.signIn('technician');
		const proposed = '#'.repeat(LIMITS.proposedConfigLength);
		expect((await post('/api/v1/decisions/replay', { since: '2026-01-01T00:00:00Z', proposed })).status).toBe(422);
		const headers = { cookie, 'x-csrf-token': csrf, 'content-type': FORM };
		const form = { method: 'POST', headers, body: `a=${'x'.repeat(LIMITS.formBodyBytes)}` };
		expect((await site.request('/api/v1/logout', form)).status).toBe(413);
		const parts = { ...headers, 'content-type': 'multipart/form-data; boundary=b' };
		const inParts = { method: 'POST', headers: parts, body: 'x'.repeat(LIMITS.smallBodyBytes + 1) };
		expect((await site.request('/api/v1/logout', inParts)).status).toBe(413);
	});

	test('full of what it should not hold is answered in few words', async () => {
		const reception = await site.signIn('reception');
		const unknown = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`field-${n}`, n]));
		const named = await (await reception.post('/api/v1/decisions/check', unknown)).text();
		expect(named).toContain('field-0');
		expect(named).toContain('and 49980 more');
		expect(named.length).toBeLessThan(8_192);
		const holders = Array<number>(50_000).fill(1);
		const wrong = await reception.post('/api/v1/presence/reset', { holders, reason: 'all of them' });
		expect(wrong.status).toBe(400);
		expect((await wrong.text()).length).toBeLessThan(8_192);
		const longName = await reception.post('/api/v1/decisions/check', { ['x'.repeat(500_000)]: 1 });
		expect((await longName.text()).length).toBeLessThan(8_192);
	});
});

test('a moment to more digits of a second than anybody keeps is one all the same', async () => {
	const site = createHttpSite();
	const { get } = await site.signIn('reception');
	const answer = await get('/api/v1/decisions?from=2026-08-01T09:30:00.123456789012Z');
	expect(answer.status).toBe(200);
	site.close();
});

describe('a form that is none', () => {
	let site: ConsoleSite;
	beforeEach(() => {
		site = createConsoleSite();
	});
	afterEach(() => site.close());

	test.each(['/login', '/claim', '/preferences/theme'])(
		'at %s is the sender’s mistake, and no error of ours',
		async (path) => {
			const headers = { 'content-type': 'multipart/form-data' };
			const answer = await site.request(path, { method: 'POST', body: 'no parts', headers });
			expect(answer.status).toBe(400);
			expect(site.bench.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
		},
	);

	test('with the proof of a login missing is refused as one', async () => {
		const { cookie } = await site.signIn('reception');
		const headers = { cookie, 'content-type': 'multipart/form-data; boundary=x' };
		const answer = await site.request('/logout', { method: 'POST', body: '--x\r\nbroken', headers });
		expect(answer.status).toBe(400);
	});
});
