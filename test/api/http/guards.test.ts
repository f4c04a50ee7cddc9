import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mountedRoutes } from '../../../src/api/http/guarded.ts';
import { type HttpEnv, passes, type RouteGuard, requirePermission } from '../../../src/api/http/login-context.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { accessOfRole } from '../../../src/gateway/core/permission/access.ts';
import { PERMISSIONS, ROLES } from '../../../src/gateway/core/permission.ts';
import { createHttpSite, type HttpSite, jsonPost, type SignedIn } from '../../support/http-site.ts';
import { createMemoryImports } from '../../support/memory-imports.ts';
import { PASSWORD } from '../../support/operators.ts';
import { createRouteSamples } from '../../support/route-samples.ts';

const page = new Hono<HttpEnv>()
	.get('/', requirePermission('lanes:read'), (c) => c.html(`<p>${c.get('login')?.operator.roles[0]?.id}</p>`))
	.post('/lanes/:laneId/vend', requirePermission('lanes:vend'), async (c) =>
		c.text(String((await c.req.parseBody())['reason'])),
	)
	.get('*', requirePermission('public'), (c) => c.text('No such page', 404));

describe('a walk over every route', () => {
	const walked = createHttpSite({ console: page, imports: createMemoryImports('import-1') });
	const logins = new Map<string, SignedIn>();
	const { fill, prepare, setUpNone } = createRouteSamples(walked);
	beforeAll(async () => {
		await fill();
		for (const role of ROLES) logins.set(role, await walked.signIn(role));
		for (const role of ['administrator', 'technician']) {
			walked.services.licenceGrants.set(logins.get(role)?.operatorId ?? '', ['signature'], { operatorId: null });
		}
	});
	afterAll(() => walked.close());
	const mounted = mountedRoutes(walked.http.app).filter(({ method }) => method !== 'ALL');

	test('finds the routes of the contract', () => {
		const names = mounted.map(({ method, path }) => `${method} ${path}`);
		for (const name of [
			'GET /healthz',
			'GET /readyz',
			'GET /metrics',
			'GET /api/openapi.json',
			'GET /api/docs',
			'POST /api/v1/claim',
			'POST /api/v1/login',
			'POST /api/v1/login/passkey',
			'POST /api/v1/login/passkey/options',
			'POST /api/v1/logout',
			'GET /api/v1/me',
			'GET /api/v1/lanes',
			'GET /api/v1/lanes/:laneId',
			'POST /api/v1/lanes/:laneId/vend',
			'POST /api/v1/lanes/:laneId/hold',
			'POST /api/v1/lanes/:laneId/release',
			'POST /api/v1/lanes/:laneId/close',
			'POST /api/v1/lanes/:laneId/lockdown',
			'POST /api/v1/lanes/:laneId/confirm-hold',
			'GET /api/v1/devices',
			'GET /api/v1/devices/:deviceId',
			'GET /api/v1/decisions',
			'GET /api/v1/decisions/:decisionId',
			'POST /api/v1/decisions/check',
			'POST /api/v1/decisions/replay',
			'GET /api/v1/passages',
			'GET /api/v1/parking-sessions',
			'GET /api/v1/occupancy',
			'GET /api/v1/occupancy/:areaId/history',
			'POST /api/v1/occupancy/:areaId/adjust',
			'POST /api/v1/presence/reset',
			'GET /api/v1/events',
			'GET /api/v1/imports',
			'POST /api/v1/imports',
			'GET /api/v1/imports/:importId',
			'DELETE /api/v1/imports/:importId',
			'GET /api/v1/imports/:importId/changes',
			'PUT /api/v1/imports/:importId/mapping',
			'POST /api/v1/imports/:importId/apply',
			'POST /api/v1/imports/:importId/undo',
			'GET /api/v1/licences/overview',
			'GET /api/v1/licences/request',
			'POST /api/v1/licences/product',
			'POST /api/v1/licences/park-statements',
			'GET /api/v1/licences/equipment',
			'PUT /api/v1/licences/equipment/:cameraId',
			'GET /api/v1/licences/parks',
			'GET /api/v1/licences/kinds',
			'GET /api/v1/licences/grants',
			'PUT /api/v1/licences/grants/:operatorId',
			'GET /api/v1/licences/statistics',
			'GET /api/v1/licences/history',
			'GET /api/v1/operators',
			'POST /api/v1/operators',
			'PATCH /api/v1/operators/:operatorId',
			'GET /api/v1/operators/:operatorId/access',
			'GET /api/v1/operator-groups',
			'PATCH /api/v1/operator-groups/:groupId',
			'PUT /api/v1/operator-groups/:groupId/members/:operatorId',
			'GET /api/v1/roles',
			'POST /api/v1/roles',
			'GET /api/v1/login-sessions',
			'POST /api/v1/login-sessions/:sessionId/close',
			'GET /api/v1/settings',
			'GET /api/v1/sync',
			'GET /api/v1/configuration',
			'POST /api/v1/configuration/versions',
			'POST /api/v1/configuration/versions/:version/apply',
			'GET /api/v1/clock',
			'POST /api/v1/clock/confirm',
			'GET /api/v1/parks',
			'GET /api/v1/visitors',
			'POST /api/v1/visitors',
			'GET /api/v1/enrolments',
			'POST /api/v1/enrolments',
			'GET /api/v1/areas',
			'GET /api/v1/scan',
			'POST /api/v1/parking-sessions/:stayId/move',
			'GET /api/v1/parking-sessions/:stayId/duration',
			'POST /api/v1/parking-sessions/:stayId/duration',
			'GET /api/v1/review-queue',
			'POST /api/v1/review-queue/:decisionId',
			'GET /api/v1/interventions',
			'POST /api/v1/interventions',
			'PATCH /api/v1/interventions/:number',
			'POST /api/v1/interventions/:number/status',
			'POST /api/v1/interventions/:number/photos',
			'GET /api/v1/roster',
			'GET /api/v1/evidence',
			'GET /api/v1/evidence/:imageId',
			'GET /api/v1/evidence/:imageId/image',
			'GET /api/v1/evidence/:imageId/thumbnail',
			'POST /api/v1/evidence/:imageId/blur',
			'POST /api/v1/evidence/:imageId/hold',
			'POST /api/v1/evidence/:imageId/release',
			'DELETE /api/v1/evidence/:imageId',
			...['holders', 'vehicles', 'credentials', 'right-specifications', 'rights', 'pools', 'bundles', 'planned-uses']
				.concat('groups', 'schedules')
				.flatMap((path) => [
					`GET /api/v1/${path}`,
					`POST /api/v1/${path}`,
					`POST /api/v1/${path}/batch`,
					`GET /api/v1/${path}/:id`,
					`PATCH /api/v1/${path}/:id`,
					`DELETE /api/v1/${path}/:id`,
					`GET /api/v1/${path}/:id/history`,
					`GET /api/v1/${path}/export`,
				]),
			'POST /api/v1/edits/:batchId/undo',
			'GET /api/v1/rights/:id/standing',
			'GET /api/v1/rights/:id/ledger',
			'POST /api/v1/rights/:id/ledger',
			'GET /api/v1/areas/:areaId/availability',
			'GET /api/v1/availability',
			'GET /api/v1/charges',
			'GET /api/v1/vehicles/:id/availability',
			'GET /',
			'POST /lanes/:laneId/vend',
		]) {
			expect(names).toContain(name);
		}
	});

	test('public are only those that must be', () => {
		const open = mounted.filter(({ guard }) => guard === 'public').map(({ method, path }) => `${method} ${path}`);
		expect(open.sort()).toEqual([
			'GET /*',
			'GET /api/docs',
			'GET /api/docs.css',
			'GET /api/openapi.json',
			'GET /healthz',
			'GET /readyz',
			'POST /api/v1/activate',
			'POST /api/v1/claim',
			'POST /api/v1/login',
			'POST /api/v1/login/passkey',
			'POST /api/v1/login/passkey/options',
			'POST /api/v1/login/second-factor',
			'POST /api/v1/login/second-factor/enrol',
		]);
	});

	for (const { method, path, guard } of mounted) {
		const name = `${method} ${path}`;
		const changing = method !== 'GET';

		test(`${name} carries the security headers, also when it refuses`, async () => {
			const ask = prepare(method, path);
			for (const headers of [{}, { cookie: logins.get('reception')?.cookie ?? '' }]) {
				const answer = await ask(headers);
				const isPicture = answer.ok && method === 'GET' && /\/(image|thumbnail|picture)$/.test(path);
				expect(answer.headers.get('content-security-policy')).toBe(
					isPicture
						? "default-src 'none'; sandbox; frame-ancestors 'none'"
						: "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
				);
				expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
				expect(answer.headers.get('x-frame-options')).toBe('DENY');
				expect(answer.headers.get('referrer-policy')).toBe('same-origin');
				expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin');
				expect(answer.headers.get('cache-control')).toBe(isPicture ? 'private, no-cache' : 'no-store');
				expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
				expect(answer.headers.get('strict-transport-security'), 'only over TLS').toBeNull();
				await answer.body?.cancel();
			}
		});

		if (guard === 'public') continue;

		test(`${name} without a login is 401, whatever is sent`, async () => {
			const ask = prepare(method, path);
			for (const cookie of [
				'',
				'parkgate=',
				'parkgate=forged',
				'__Host-parkgate=forged',
				`other=${'x'.repeat(4_000)}`,
			]) {
				const answer = await ask({ cookie });
				expect(answer.status).toBe(401);
				expect(await answer.json()).toMatchObject(
					path.startsWith('/scim/') ? { status: '401' } : { code: 'UNAUTHENTICATED' },
				);
			}
		});

		test.each(ROLES)(`${name} answers the role %s as the table of roles says`, async (role) => {
			const login = logins.get(role);
			const ask = prepare(method, path, login?.operatorId);
			if (NOT_SET_UP.has(path)) setUpNone(login?.operatorId ?? '');
			const answer = await ask({ cookie: login?.cookie ?? '', 'x-csrf-token': login?.csrf ?? '' });
			if (mayPass(guard, role)) {
				expectAnswered(answer, method, path);
				await answer.body?.cancel();
			} else {
				const told = path.startsWith('/scim/') ? { status: '403' } : { status: 403, code: 'FORBIDDEN' };
				expect(await answer.json()).toMatchObject(told);
			}
			if (path === '/api/v1/logout' || path.endsWith('/view-as')) logins.set(role, await walked.signIn(role));
		});

		if (!changing) continue;

		test.each([
			['no proof', undefined],
			['an empty proof', ''],
			['another login’s proof', 'other'],
		])(`${name} with %s is 403 and changes nothing`, async (_what, proof) => {
			const login = logins.get('administrator');
			const other = logins.get('technician')?.csrf ?? '';
			const sent = proof === 'other' ? other : proof;
			const ask = prepare(method, path);
			const before = walked.bench.store.journal.lastSeq() + walked.lanes.vends.length + walked.lanes.changes.length;
			const answer = await ask({ cookie: login?.cookie ?? '', ...(sent !== undefined && { 'x-csrf-token': sent }) });
			expect(answer.status).toBe(403);
			const after = walked.bench.store.journal.lastSeq() + walked.lanes.vends.length + walked.lanes.changes.length;
			expect(after).toBe(before);
			expect((await login?.get('/api/v1/me'))?.status, 'still signed in').toBe(200);
		});
	}
});

/** Who may ask is answered; where there is nothing yet to ask about, with what is missing. */
function expectAnswered(answer: Response, method: string, path: string): void {
	const address = '/api/v1/me/account/address';
	if (`${method} ${path}` === `DELETE ${address}`) expect(answer.status, 'none waits').toBe(404);
	// So many wrong codes from one address are put off.
	else if (path === `${address}/confirm`) expect([409, 429]).toContain(answer.status);
	else if (isNotSetUp(method, path)) expect(answer.status).toBe(409);
	else expect(answer.ok, `${answer.status}`).toBe(true);
}

const isNotSetUp = (method: string, path: string) =>
	NOT_SET_UP.has(path) && (method === 'POST' || !READ_BY_ANYBODY.has(path));

const READ_BY_ANYBODY: ReadonlySet<string> = new Set([
	...['/api/v1/holders/:id/login', '/api/v1/me/passkeys', '/api/v1/me/account/address'],
]);

/** Nobody who walks has a second factor to change, or is a person of the directory. */
const NOT_SET_UP: ReadonlySet<string> = new Set([
	...['log', 'charges', 'check', 'bookings', 'give-ups', 'visits', 'spaces'].map((path) => `/api/v1/me/access/${path}`),
	...['bookings/:bookingId/release', 'bookings/:bookingId/move', 'visits/:visitId/end'].map(
		(path) => `/api/v1/me/access/${path}`,
	),
	// Whom the walk makes has no e-mail address to sign in by.
	'/api/v1/holders/:id/login',
	'/api/v1/me/account/address',
	'/api/v1/me/second-factor/confirm',
	'/api/v1/me/second-factor/recovery-codes',
	'/api/v1/me/second-factor/remove',
	'/api/v1/me/passkeys',
	'/api/v1/me/passkeys/:id/remove',
]);

function mayPass(guard: RouteGuard | undefined, role: (typeof ROLES)[number]): boolean {
	if (guard === undefined) return false;
	// What is undone in the walk is a holder's making.
	if (typeof guard === 'object' && 'anyOf' in guard) return accessOfRole(role).may('holders:write');
	return guard === 'public' || guard === 'signedIn' || passes(guard, accessOfRole(role), () => '');
}

describe('roles', () => {
	test('X11 the administrator may do everything, reception works the lanes and reads the log', () => {
		expect(accessOfRole('administrator').everywhere()).toEqual(PERMISSIONS);
		const reception = accessOfRole('reception').everywhere();
		expect(reception).toEqual(expect.arrayContaining(['lanes:vend', 'decisions:read', 'occupancy:adjust']));
		expect(reception).not.toContain('lanes:close');
		expect(accessOfRole('security').may('lanes:close')).toBe(true);
		expect(ROLES.filter((role) => accessOfRole(role).may('exits:close'))).toEqual(['administrator']);
		expect(accessOfRole('technician').may('devices:test')).toBe(true);
		expect(accessOfRole('reception').may('devices:read')).toBe(false);
	});
});

describe('requests that change something', () => {
	let site: HttpSite;
	beforeEach(() => {
		site = createHttpSite({ console: page });
	});
	afterEach(() => site.close());

	test.each([
		[{ origin: 'https://evil.example' }],
		[{ origin: 'null' }],
		[{ origin: 'http://gate.example.evil.example' }],
		[{ 'sec-fetch-site': 'cross-site' }],
		[{ 'sec-fetch-site': 'same-site' }],
	])('from a page of another origin (%o) are refused, also sign-in and claim', async (headers) => {
		const admin = await site.signIn('administrator');
		expect((await admin.post('/api/v1/lanes/L1/vend', { reason: 'test' }, headers)).status).toBe(403);
		const code = 'XXXX-XXXX-XXXX';
		const claim = { code, email: 'ada@example.org', name: 'Ada', password: PASSWORD };
		expect((await site.request('/api/v1/claim', jsonPost(claim, headers))).status).toBe(403);
		expect(
			(await site.request('/api/v1/login', jsonPost({ email: 'a@example.org', password: 'x' }, headers))).status,
		).toBe(403);
		expect(site.lanes.vends).toEqual([]);
	});

	test('from our own pages are taken', async () => {
		const admin = await site.signIn('administrator');
		const headers = { origin: 'http://gate.example', 'sec-fetch-site': 'same-origin' };
		expect((await admin.post('/api/v1/lanes/L1/vend', { reason: 'test' }, headers)).status).toBe(200);
	});

	test('a form of the console proves itself by its hidden field, and its handler still reads the form', async () => {
		const admin = await site.signIn('administrator');
		const send = (form: Record<string, string>) =>
			site.request('/lanes/L1/vend', {
				method: 'POST',
				body: new URLSearchParams(form),
				headers: { cookie: admin.cookie },
			});
		const answer = await send({ reason: 'visitor', _csrf: admin.csrf });
		expect(await answer.text()).toBe('visitor');
		expect((await send({ reason: 'visitor' })).status).toBe(403);
		expect((await send({ reason: 'visitor', _csrf: `${admin.csrf}x` })).status).toBe(403);
	});
});

describe('the login cookie', () => {
	let site: HttpSite;
	beforeEach(async () => {
		site = createHttpSite({ console: page });
		await site.bench.addOperator({ email: 'ada@example.org', role: 'administrator' });
	});
	afterEach(() => site.close());
	const good = jsonPost({ email: 'ada@example.org', password: PASSWORD });

	test('over TLS is pinned to this host and secure', async () => {
		const answer = await site.request('/api/v1/login', good, { remoteAddress: '10.0.0.9', encrypted: true });
		expect(answer.headers.get('set-cookie')).toMatch(
			/^__Host-parkgate=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
		);
		expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
	});

	test('over plain http on this machine has a plain name', async () => {
		const answer = await site.request('/api/v1/login', good);
		expect(answer.headers.get('set-cookie')).toMatch(/^parkgate=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
	});

	test('a plain cookie is not taken over TLS', async () => {
		const admin = await site.signIn('administrator');
		const answer = await site.request('/api/v1/me', { headers: { cookie: admin.cookie } }, { encrypted: true });
		expect(answer.status).toBe(401);
	});

	test('the console finds who is signed in', async () => {
		const admin = await site.signIn('administrator');
		expect(await (await admin.get('/')).text()).toBe('<p>administrator</p>');
	});
});

describe('a route that says nothing about who may use it', () => {
	test.each([
		['has no guard', new Hono<HttpEnv>().get('/open', (c) => c.text('x'))],
		[
			'has its guard after the handler',
			new Hono<HttpEnv>().get('/open', (c) => c.text('x'), requirePermission('lanes:read')),
		],
		['answers every method', new Hono<HttpEnv>().all('/open', (c) => c.text('x'))],
		['looks like a middleware', new Hono<HttpEnv>().get('/open', async (c, next) => next().then(() => c.text('x')))],
		[
			'stands beside a guarded one',
			new Hono<HttpEnv>()
				.get('/open', requirePermission('lanes:read'), (c) => c.text('x'))
				.post('/open', (c) => c.text('x')),
		],
	])('keeps the program from starting: it %s', (_how, open) => {
		expect(() => createHttpSite({ console: open })).toThrow(/say nothing about who may use them.*\/open/);
	});
});

describe('what does not fit', () => {
	let site: HttpSite;
	beforeEach(() => {
		site = createHttpSite({ console: page });
	});
	afterEach(() => site.close());

	test('unknown paths are 404 problems, known ones with another method 405 with Allow', async () => {
		const missing = await site.request('/api/v1/nothing');
		expect(missing.status).toBe(404);
		expect(missing.headers.get('content-type')).toBe('application/problem+json');
		expect(await missing.json()).toMatchObject({
			type: 'about:blank',
			status: 404,
			title: 'Not Found',
			code: 'NOT_FOUND',
		});
		expect((await site.request('/api/v1/nothing', { method: 'POST' })).status).toBe(404);
		const wrong = await site.request('/api/v1/lanes', { method: 'DELETE' });
		expect(wrong.status).toBe(405);
		expect(wrong.headers.get('allow')).toContain('GET');
		expect(wrong.headers.get('content-security-policy')).toContain("default-src 'self'");
	});

	test('a body that is no JSON or another type, and one too large, are refused with what to send', async () => {
		const post = (body: string, type: string) =>
			site.request('/api/v1/login', { method: 'POST', body, headers: { 'content-type': type } });
		const broken = await post('{"email": "secret-password', 'application/json');
		expect(broken.status).toBe(400);
		expect(await broken.text()).not.toContain('secret-password');
		expect((await post('email=a', 'application/x-www-form-urlencoded')).status).toBe(415);
		expect((await post('', 'application/json')).status).toBe(400);
		const large = await post(JSON.stringify({ email: 'x'.repeat(LIMITS.requestBodyBytes) }), 'application/json');
		expect(large.status).toBe(413);
		expect(await large.json()).toMatchObject({ status: 413 });
	});

	test('what breaks inside is in the log under the request’s id, and told to nobody', async () => {
		const broken = createHttpSite({
			sync: () => {
				throw new Error('secret detail of /var/lib');
			},
		});
		const admin = await broken.signIn('administrator');
		const answer = await admin.get('/api/v1/sync');
		expect(answer.status).toBe(500);
		const text = await answer.text();
		expect(text).not.toContain('secret detail');
		const { requestId, code } = JSON.parse(text);
		expect(code).toBe('INTERNAL');
		const logged = broken.bench.log.lines.find(({ level }) => level === 'error');
		expect(logged?.fields).toMatchObject({
			requestId,
			path: '/api/v1/sync',
			err: { message: 'secret detail of /var/lib' },
		});
		broken.close();
	});

	test('untrusted text in a path stays in a field of the log, never in its message', async () => {
		await site.request('/api/v1/%0aERROR%20forged');
		for (const { message } of site.bench.log.lines) expect(message).not.toContain('forged');
	});
});
