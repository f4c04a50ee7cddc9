import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mountedRoutes } from '../../../src/api/http/guarded.ts';
import { passes, type RouteGuard } from '../../../src/api/http/login-context.ts';
import { accessOfRole } from '../../../src/gateway/core/permission/access.ts';
import { ROLES, type Role } from '../../../src/gateway/core/permission.ts';
import { createCentralBench } from '../../support/central-bench.ts';

const bench = createCentralBench();
const routes = mountedRoutes(bench.http.app);
const isApi = (path: string) => /^\/(api|healthz|readyz|metrics)\b/.test(path);
const urlOf = (path: string) =>
	path
		.replace(/:site\b/, 'north')
		.replace(/:stream\b/, 'people')
		.replaceAll(/:\w+/g, 'x1');
const body = (method: string, path: string) =>
	method === 'GET' || method === 'HEAD' ? {} : { body: isApi(path) ? '{}' : new URLSearchParams({ odd: 'field' }) };
const ended = new Map<string, string>();
const cookies = new Map<Role, string>();

beforeAll(async () => {
	bench.central.start();
	await bench.settle();
	ended.set('a made-up token', 'parkgate-central-guess');
	const short = bench.central.tokens.add({
		name: 'short',
		role: 'administrator',
		expiresAtMs: bench.clock.nowMs() + 1,
	});
	const gone = bench.central.tokens.add({ name: 'gone', role: 'administrator', expiresAtMs: null });
	bench.clock.advance(1);
	bench.central.tokens.remove('gone');
	ended.set('an expired token', short.text).set('a token that was taken back', gone.text);
	for (const role of ROLES) cookies.set(role, (await bench.browser(role)).cookie);
});
afterAll(() => bench.end());

function mayPass(guard: Exclude<RouteGuard, 'public'>, role: Role): boolean {
	return guard === 'signedIn' || passes(guard, accessOfRole(role), () => '');
}

/** @param as what signs the request in, as a program or as a browser */
async function ask(method: string, path: string, as: { readonly token?: string; readonly cookie?: string }) {
	const headers: Record<string, string> = { ...(isApi(path) && { 'content-type': 'application/json' }) };
	if (as.token !== undefined) headers['authorization'] = `Bearer ${as.token}`;
	if (as.cookie !== undefined) headers['cookie'] = as.cookie;
	const asked = bench.request(urlOf(path), { method, headers, ...body(method, path) });
	// Digests are worked out in slices, with rests in between.
	await Promise.race([asked, bench.settle()]);
	return asked;
}

describe('a walk over every route of central (N11)', () => {
	test('finds its routes, and public are only what signs in, probes and appearance', () => {
		expect(routes.length).toBeGreaterThan(30);
		const open = routes.filter(({ guard }) => guard === 'public').map(({ method, path }) => `${method} ${path}`);
		expect(open.sort()).toEqual([
			'ALL /api/*',
			'ALL /scim/*',
			'GET /*',
			'GET /api/docs',
			'GET /api/docs.css',
			'GET /api/openapi.json',
			'GET /healthz',
			'GET /login',
			'GET /readyz',
			'POST /login',
			'POST /preferences/language',
			'POST /preferences/theme',
		]);
	});

	for (const { method, path, guard } of routes) {
		if (guard === 'public' || guard === undefined || method === 'ALL') continue;

		test(`${method} ${path} is nobody's without a token that holds`, async () => {
			const ways = [{}, ...[...ended.values()].map((token) => ({ token })), { cookie: 'parkgate-central=guess' }];
			for (const way of ways) {
				const answer = await ask(method, path, way);
				expect(answer.status).toBe(isApi(path) ? 401 : 303);
				expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
				expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
				expect(answer.headers.get('cache-control')).toBe('no-store');
			}
		});

		test(`${method} ${path} lets each role do what the table of roles says`, async () => {
			for (const role of ROLES) {
				const signedIn = isApi(path) ? { token: bench.tokenOf(role) } : { cookie: cookies.get(role) ?? '' };
				const { status } = await ask(method, path, signedIn);
				// A form without the proof of the login is refused, whoever sends it.
				const isForged = !isApi(path) && method === 'POST';
				expect(status === 403, role).toBe(isForged || !mayPass(guard, role));
				expect(status, role).not.toBe(401);
				expect(status, role).toBeLessThan(500);
			}
		});
	}
});
