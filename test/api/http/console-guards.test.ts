import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mountedRoutes } from '../../../src/api/http/guarded.ts';
import { passes, type RouteGuard } from '../../../src/api/http/login-context.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { accessOfRole } from '../../../src/gateway/core/permission/access.ts';
import { ROLES, type Role } from '../../../src/gateway/core/permission.ts';
import { createWalkedConsole, NO_BUNDLES } from '../../support/console-walked.ts';
import { createHttpSite, type SignedIn } from '../../support/http-site.ts';

const site = createHttpSite({}, (deps) => createWalkedConsole(deps, { bundleApplication: NO_BUNDLES }));
const logins = new Map<Role, SignedIn>();
beforeAll(async () => {
	site.decide({ id: 'd-1' });
	for (const role of ROLES) logins.set(role, await site.signIn(role));
});
afterAll(() => site.close());

const pages = mountedRoutes(site.http.app).filter(
	({ method, path }) => method !== 'ALL' && !/^\/(api|scim|healthz|readyz|metrics)\b/.test(path),
);

describe('a walk over every page of the console', () => {
	test('finds pages and forms; public are only the way in, appearance, and what tells that there is no such page', () => {
		expect(pages.length).toBeGreaterThan(15);
		const open = pages.filter(({ guard }) => guard === 'public').map(({ method, path }) => `${method} ${path}`);
		expect(open.sort()).toEqual([
			'GET /*',
			'GET /activate',
			'GET /claim',
			'GET /login',
			'POST /activate',
			'POST /claim',
			'POST /login',
			'POST /login/passkey',
			'POST /login/second-factor',
			'POST /preferences/language',
			'POST /preferences/theme',
		]);
	});

	for (const { method, path, guard } of pages) {
		if (guard === 'public') continue;
		const url = path
			.replace(':laneId', 'L1')
			.replace(':areaId', 'A1')
			.replace(':deviceId', 'reader-1')
			.replace(':decisionId', 'd-1');
		const ask = (login: SignedIn | undefined, form: Record<string, string> = {}) =>
			site.request(url, {
				method,
				headers: { cookie: login?.cookie ?? '' },
				...(method === 'POST' && { body: new URLSearchParams({ reason: 'walk', ...form }) }),
			});

		test(`${method} ${path} without a login leads to the sign-in`, async () => {
			const answer = await ask(undefined);
			expect(answer.status).toBe(303);
			expect(answer.headers.get('location')).toMatch(/^\/login(\?|$)/);
			expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
		});

		test.each(ROLES)(`${method} ${path} answers the role %s as the table of roles says`, async (role) => {
			const login = logins.get(role);
			const answer = await ask(login, { _csrf: login?.csrf ?? '' });
			if (mayPass(guard, role)) expect(answer.status).not.toBe(403);
			else expect(answer.status).toBe(403);
			expect(answer.status).toBeLessThan(500);
			expect(answer.headers.get('cache-control')).toBe('no-store');
			if (path === '/logout') logins.set(role, await site.signIn(role));
		});

		if (method !== 'POST') continue;

		test(`POST ${path} without the proof of the login is 403 and changes nothing`, async () => {
			const login = logins.get('administrator');
			const vends = site.lanes.vends.length;
			for (const form of [{}, { _csrf: '' }, { _csrf: logins.get('technician')?.csrf ?? '' }]) {
				expect((await ask(login, form)).status).toBe(403);
			}
			expect(site.lanes.vends).toHaveLength(vends);
			expect((await login?.get('/api/v1/me'))?.status, 'still signed in').toBe(200);
		});
	}
});

function mayPass(guard: RouteGuard | undefined, role: Role): boolean {
	if (guard === undefined || guard === 'public') return false;
	return guard === 'signedIn' || passes(guard, accessOfRole(role), () => '');
}

test('B17 a live page left open signs itself out after 30 minutes; one that is used does not', async () => {
	// The walk typed wrong passwords for everybody's own.
	site.bench.clock.advance(LIMITS.loginFailuresForgottenMs);
	const left = await site.signIn('reception');
	const used = await site.signIn('technician');
	for (let minutes = 0; minutes < 40; minutes += 5) {
		site.bench.clock.advance(5 * 60_000);
		await left.get('/live/decisions');
		await used.get('/');
	}
	expect((await left.get('/')).headers.get('location')).toMatch(/^\/login/);
	expect((await used.get('/')).status).toBe(200);
});
