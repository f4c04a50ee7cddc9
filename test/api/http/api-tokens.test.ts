import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mountedRoutes } from '../../../src/api/http/guarded.ts';
import { PERMISSIONS } from '../../../src/gateway/core/permission.ts';
import { createHttpSite, type HttpSite, jsonPost, type SignedIn } from '../../support/http-site.ts';
import { PASSWORD } from '../../support/operators.ts';

let site: HttpSite;
let admin: SignedIn;
beforeAll(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
});
afterAll(() => site.close());

async function newToken(by: SignedIn, permissions: readonly string[]): Promise<{ secret: string; id: string }> {
	const answer = await by.post('/api/v1/me/tokens', { name: 'exporter', permissions, password: PASSWORD });
	const { secret, token } = (await answer.json()) as { secret: string; token: { id: string } };
	return { secret, id: token.id };
}

const as = (secret: string, headers: Record<string, string> = {}) => ({
	authorization: `Bearer ${secret}`,
	...headers,
});

describe('API tokens over HTTP', () => {
	test('issue 9: made, used without cookie and proof, listed and revoked', async () => {
		const made = await admin.post('/api/v1/me/tokens', {
			...{ name: ' exporter ', permissions: ['lanes:read', 'lanes:vend'], days: 30, password: PASSWORD },
		});
		const { secret, token } = (await made.json()) as { secret: string; token: { id: string } };
		expect(token).toMatchObject({ name: 'exporter', permissions: ['lanes:read', 'lanes:vend'], lastUsed: null });
		const me = await site.request('/api/v1/me', { headers: as(secret) });
		expect(await me.json()).toMatchObject({
			...{ operator: { id: admin.operatorId }, permissions: ['lanes:read', 'lanes:vend'] },
		});
		const vend = await site.request('/api/v1/lanes/L1/vend', jsonPost({ reason: 'delivery' }, as(secret)));
		expect(vend.status).toBe(200);
		const acts = site.bench.audits().filter(({ action }) => action === 'apiTokenUsed');
		expect(acts).toMatchObject([
			{
				...{ operatorId: admin.operatorId, target: token.id },
				detail: { token: 'exporter', method: 'POST', route: '/api/v1/lanes/:laneId/vend', status: 200 },
			},
		]);
		expect(await (await admin.get('/api/v1/me/tokens')).json()).toMatchObject({ items: [{ id: token.id }] });
		const others = `/api/v1/operators/${admin.operatorId}/tokens`;
		expect(await (await admin.get(others)).text()).not.toContain(secret);
		expect((await admin.send('DELETE', `${others}/${token.id}`)).status).toBe(200);
		expect((await site.request('/api/v1/me', { headers: as(secret) })).status).toBe(401);
	});

	test('issue 9: RFC 6750: what is wrong stands in WWW-Authenticate', async () => {
		const from = { remoteAddress: '10.7.0.2' };
		const ask = async (headers: Record<string, string>, path = '/api/v1/devices') => {
			const { status, headers: told } = await site.request(path, { headers }, from);
			return [status, told.get('www-authenticate')];
		};
		expect(await ask({})).toEqual([401, 'Bearer realm="parkgate"']);
		for (const authorization of ['Bearer pgt_guess', 'bearer  ', 'Bearer two words', `Bearer ${'x'.repeat(5_000)}`]) {
			expect(await ask({ authorization })).toEqual([401, 'Bearer realm="parkgate", error="invalid_token"']);
		}
		const { secret } = await newToken(admin, ['lanes:read']);
		expect(await ask(as(secret))).toEqual([403, 'Bearer realm="parkgate", error="insufficient_scope"']);
		expect(await ask(as('pgt_guess', { cookie: admin.cookie })), 'no cookie in its place').toEqual([
			...[401, 'Bearer realm="parkgate", error="invalid_token"'],
		]);
		expect(await ask(as('pgt_guess'))).toEqual([429, null]);
		expect(await ask(as('pgt_guess'), '/healthz'), 'what is public needs none').toEqual([200, null]);
		expect(await ask(as(secret), '/metrics')).toEqual([403, 'Bearer realm="parkgate", error="insufficient_scope"']);
		const metrics = await newToken(admin, ['metrics:read']);
		expect(await ask(as(metrics.secret), '/metrics')).toEqual([200, null]);
	});

	test('issue 9: no token, whatever was lent to it, hands out anything to sign in with', async () => {
		const { secret } = await newToken(admin, PERMISSIONS);
		const closed = mountedRoutes(site.http.app).filter(({ guard }) => typeof guard === 'object' && 'byPerson' in guard);
		const handsOut = [
			'DELETE /api/v1/me/tokens/:tokenId',
			'DELETE /api/v1/me/account/address',
			'POST /api/v1/me/account/address',
			'POST /api/v1/me/account/address/confirm',
			'GET /api/v1/me/second-factor',
			'GET /api/v1/me/tokens',
			'POST /api/v1/logout',
			'POST /api/v1/me/password',
			'POST /api/v1/me/second-factor',
			'POST /api/v1/me/second-factor/confirm',
			'POST /api/v1/me/second-factor/recovery-codes',
			'POST /api/v1/me/second-factor/remove',
			'POST /api/v1/me/tokens',
			'POST /api/v1/operators',
			'POST /api/v1/operators/:operatorId/code',
			'POST /api/v1/operators/:operatorId/generate-password',
			'POST /api/v1/operators/:operatorId/reset-second-factor',
		];
		expect(closed.map(({ method, path }) => `${method} ${path}`)).toEqual(expect.arrayContaining(handsOut));
		const before = site.bench.store.operators.apiTokensOf(admin.operatorId).length;
		for (const { method, path } of closed) {
			const url = path.replace(':operatorId', admin.operatorId).replace(':tokenId', 'any');
			const asked = { name: 'more', permissions: [], password: PASSWORD, present: PASSWORD, email: 'x@example.org' };
			// A cookie beside it counts for nothing.
			const headers = as(secret, { cookie: admin.cookie, 'x-csrf-token': admin.csrf });
			const init = method === 'GET' ? { headers } : { ...jsonPost(asked, headers), method };
			expect((await site.request(url, init)).status, url).toBe(403);
		}
		expect(site.bench.store.operators.apiTokensOf(admin.operatorId)).toHaveLength(before);
		expect((await admin.get('/api/v1/me')).status, 'still signed in').toBe(200);
	});

	test('issue 9: it is no cookie, and a login’s cookie is no token', async () => {
		const { secret } = await newToken(admin, ['lanes:read']);
		expect((await site.request('/api/v1/lanes', { headers: { cookie: `parkgate=${secret}` } })).status).toBe(401);
		const cookie = admin.cookie.split('=')[1] ?? '';
		const answer = await site.request('/api/v1/lanes', { headers: as(cookie) }, { remoteAddress: '10.7.0.1' });
		expect(answer.status).toBe(401);
	});

	test('issue 9: an answer kept for its owner’s Idempotency-Key is not the token’s', async () => {
		const { secret } = await newToken(admin, ['lanes:vend']);
		const key = { 'idempotency-key': 'same' };
		const vends = site.lanes.vends.length;
		await admin.post('/api/v1/lanes/L1/vend', { reason: 'one' }, key);
		await site.request('/api/v1/lanes/L1/vend', jsonPost({ reason: 'one' }, as(secret, key)));
		await site.request('/api/v1/lanes/L1/vend', jsonPost({ reason: 'one' }, as(secret, key)));
		expect(site.lanes.vends).toHaveLength(vends + 2);
	});

	test('issue 9: a stream that it listens to ends when it is revoked', async () => {
		const { secret, id } = await newToken(admin, ['lanes:read']);
		const answer = await site.request('/api/v1/events', { headers: as(secret) });
		expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
		await admin.send('DELETE', `/api/v1/me/tokens/${id}`);
		const text = answer.text();
		site.bench.clock.advance(60_000);
		expect(await text).toContain('retry:');
	});

	test('issue 9: what is asked for is checked by name', async () => {
		const ask = async (body: object) => (await admin.post('/api/v1/me/tokens', body)).status;
		const good = { name: 'x', permissions: [], password: PASSWORD };
		expect(await ask({ ...good, permissions: ['everything'] })).toBe(400);
		expect(await ask({ ...good, days: 367 })).toBe(400);
		expect(await ask({ ...good, days: 0 })).toBe(400);
		expect(await ask({ ...good, name: ' ' })).toBe(400);
		expect(await ask({ ...good, password: 'wrong' })).toBe(409);
		const reception = await site.signIn('reception');
		const beyond = await reception.post('/api/v1/me/tokens', { ...good, permissions: ['operators:write'] });
		expect([beyond.status, await beyond.json()]).toEqual([403, expect.objectContaining({ because: 'notYours' })]);
	});
});
