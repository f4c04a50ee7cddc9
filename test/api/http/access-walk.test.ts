import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GuardedRoute, mountedRoutes } from '../../../src/api/http/guarded.ts';
import { passes } from '../../../src/api/http/login-context.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { accessOfRole } from '../../../src/gateway/core/permission/access.ts';
import { ROLES, type Role } from '../../../src/gateway/core/permission.ts';
import { createWalkedConsole, NO_BUNDLES } from '../../support/console-walked.ts';
import { createHttpSite, type FakeSocket } from '../../support/http-site.ts';
import { makeLogin } from '../../support/logins-without-passwords.ts';

/** The API and the console as one app: what is mounted tomorrow is walked by itself. */
const site = createHttpSite({}, (deps) => createWalkedConsole(deps, { bundleApplication: NO_BUNDLES }));
const { bench } = site;
const BY_THE_MACHINE = { operatorId: null, access: null };
/** Stays, so that nobody else is the last. */
makeLogin(bench, { role: 'administrator' });
beforeAll(() => site.decide({ id: 'd-1' }));
afterAll(() => site.close());

const mounted = mountedRoutes(site.http.app).filter(({ method }) => method !== 'ALL');
const guarded = mounted.filter(({ guard }) => guard !== 'public');
const changing = mounted.filter(({ method }) => method !== 'GET');
const isApi = (path: string) => /^\/(api|scim|healthz|readyz|metrics)/.test(path);

const PRESENT: Readonly<Record<string, string>> = {
	...{ laneId: 'L1', areaId: 'A1', parkId: 'P1', deviceId: 'reader-1', decisionId: 'd-1' },
};

/** The path of something that is there, or of nothing. */
function urlOf({ path }: Pick<GuardedRoute, 'path'>, of: 'present' | 'unknown' = 'present'): string {
	return path.replaceAll(/:(\w+)(\{[^}]*\})?\??/g, (_all, name: string) =>
		of === 'present' ? (PRESENT[name] ?? 'nothing-1') : 'nothing-1',
	);
}

interface Answer {
	readonly status: number;
	/** What whoever asked is told, without what names the request. */
	readonly told: string;
	readonly hasBody: boolean;
	readonly headers: Headers;
}

interface Asked {
	readonly of?: 'present' | 'unknown';
	readonly headers?: Record<string, string>;
	readonly body?: string;
	readonly socket?: FakeSocket;
}

async function ask(route: GuardedRoute, cookie: string, asked: Asked = {}): Promise<Answer> {
	const { of = 'present', headers = {}, body = '{"reason":"walk"}', socket } = asked;
	const url = urlOf(route, of);
	const init: RequestInit = {
		method: route.method,
		headers: { 'content-type': 'application/json', ...(cookie !== '' && { cookie }), ...headers },
		...(route.method !== 'GET' && { body }),
	};
	const answer = await site.request(url, init, socket);
	const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
	if (isStream) await answer.body?.cancel();
	const text = isStream ? '' : await answer.text();
	const requestId = answer.headers.get('x-request-id') ?? '';
	const sent = [answer.headers.get('location') ?? '', text].join('\n').replaceAll(requestId, 'ID');
	const named = Object.values(PRESENT).reduce((told, id) => told.replaceAll(`\\"${id}\\"`, '\\"nothing-1\\"'), sent);
	const told = url === route.path ? named : named.replaceAll(encodeURIComponent(url), 'URL').replaceAll(url, 'URL');
	return {
		status: answer.status,
		told: told.replaceAll(/value="[\w-]{43}"/g, 'value="PROOF"'),
		hasBody: text !== '',
		headers: answer.headers,
	};
}

const CSP = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
const HEADERS: Readonly<Record<string, string>> = {
	'content-security-policy': CSP,
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY',
	'referrer-policy': 'same-origin',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'cache-control': 'no-store',
};

function missingHeaders({ headers, hasBody }: Answer, isSecure = false): readonly string[] {
	const wrong = Object.entries(HEADERS).filter(([name, value]) => headers.get(name) !== value);
	const hsts = isSecure ? 'max-age=31536000; includeSubDomains' : null;
	const type = headers.get('content-type');
	return [
		...wrong.map(([name]) => name),
		...(headers.get('strict-transport-security') === hsts ? [] : ['strict-transport-security']),
		...(headers.has('access-control-allow-origin') ? ['tells other origins'] : []),
		...(hasBody && !isTyped(type) ? [`content-type ${type}`] : []),
	];
}

/** Text says in which characters it is written; JSON needs not to (RFC 8259). */
function isTyped(type: string | null): boolean {
	return type !== null && (!type.startsWith('text/') || /; ?charset=utf-8(;|$)/i.test(type));
}

/** Asks for all of them, and tells which did not answer as they must. */
async function offenders(
	routes: readonly GuardedRoute[],
	check: (route: GuardedRoute) => Promise<readonly string[]>,
): Promise<readonly string[]> {
	const found: string[] = [];
	for (const route of routes) {
		for (const what of await check(route)) found.push(`${route.method} ${route.path}: ${what}`);
	}
	return found;
}

/** As who is not signed in is answered. */
function turnedAway({ path }: GuardedRoute, answer: Answer): readonly string[] {
	const isRight = isApi(path)
		? answer.status === 401 &&
			answer.told.includes(path.startsWith('/scim') ? '"status":"401"' : '"code":"UNAUTHENTICATED"')
		: answer.status === 303 && /^\/login(\?next=|\n)/.test(answer.told);
	return isRight ? missingHeaders(answer) : [`answered ${answer.status}`];
}

function refused(answer: Answer): readonly string[] {
	return answer.status === 403 ? missingHeaders(answer) : [`answered ${answer.status}`];
}

/** Ways in which a login is none, made for a role. */
const NO_LOGINS: Readonly<Record<string, (role: Role) => string>> = {
	'the cookie of a login that was signed out': (role) => {
		const { cookie, token } = makeLogin(bench, { role });
		bench.operators.logout(token);
		return cookie;
	},
	'a login that an administrator ended': (role) => {
		const { cookie, operatorId } = makeLogin(bench, { role });
		bench.operators.openSessions.endOf(operatorId, BY_THE_MACHINE);
		return cookie;
	},
	'a login unused for too long': (role) => makeLogin(bench, { role, unusedMs: LIMITS.loginIdleMs }).cookie,
	'a login of yesterday, used all the time': (role) =>
		makeLogin(bench, { role, madeMs: LIMITS.loginAbsoluteMs, unusedMs: 1 }).cookie,
	'a deactivated operator whose logins were ended': (role) => {
		const { cookie, operatorId } = makeLogin(bench, { role });
		bench.operators.administration.deactivate(operatorId, BY_THE_MACHINE, { endLogins: true });
		return cookie;
	},
	'a removed operator': (role) => {
		const { cookie, operatorId } = makeLogin(bench, { role });
		bench.operators.administration.remove(operatorId, BY_THE_MACHINE);
		return cookie;
	},
	'an operator who was only invited': (role) => makeLogin(bench, { role, state: 'invited' }).cookie,
	'the code of an invitation, expired, in place of a login': (role) => {
		const roles = [{ roleId: role, scope: 'site' }];
		const wish = { email: `invited-${role}@example.org`, name: 'Invited', roles };
		const answer = bench.operators.administration.invite(wish, BY_THE_MACHINE);
		if (answer.result !== 'code') throw new Error(answer.result);
		bench.store.operators.removeActivationCodeOf(answer.operator.id);
		return `parkgate=${answer.code}`;
	},
};

/** What who is not signed in is told. */
const toldNobody = new Map<GuardedRoute, string>();

const passesAs = (role: Role, { guard }: GuardedRoute): boolean => {
	if (guard === undefined || guard === 'public' || guard === 'signedIn') return guard !== undefined;
	return passes(guard, accessOfRole(role), () => '');
};

describe('A9 X11 a walk over every route of API and console', () => {
	test('finds them all, and each says who may use it', () => {
		expect(mounted.length).toBeGreaterThan(300);
		expect(mounted.filter(({ guard }) => guard === undefined)).toEqual([]);
		expect(mounted.filter(({ path }) => isApi(path)).length).toBeGreaterThan(150);
		expect(mounted.map(({ path }) => path)).toEqual(
			expect.arrayContaining(['/api/v1/events', '/api/v1/holders/export', '/api/v1/charges/export']),
		);
	});

	test('without a login, with an empty and with a forged cookie all of them lead to the sign-in', async () => {
		const cookies = ['', 'parkgate=', 'parkgate=forged', '__Host-parkgate=forged', `other=${'x'.repeat(4_000)}`];
		const found = await offenders(guarded, async (route) => {
			const answers = await Promise.all(cookies.map((cookie) => ask(route, cookie)));
			toldNobody.set(route, answers[0]?.told ?? '');
			return answers.flatMap((answer) => turnedAway(route, answer));
		});
		expect(found).toEqual([]);
	});

	test.each(Object.entries(NO_LOGINS))(
		'%s opens nothing to any role, and all are told the same',
		async (_how, make) => {
			const cookies = ROLES.map(make);
			const found = await offenders(guarded, async (route) => {
				const nobody = await ask(route, '');
				const answers = await Promise.all(cookies.map((cookie) => ask(route, cookie)));
				const different = answers.filter(({ told }) => told !== nobody.told).map(() => 'told apart from nobody');
				return [...answers.flatMap((answer) => turnedAway(route, answer)), ...different];
			});
			expect(found).toEqual([]);
		},
	);

	test.each(ROLES)('the role %s is refused what it does not give, and not told whether that exists', async (role) => {
		const { cookie, csrf } = makeLogin(bench, { role });
		const closed = guarded.filter((route) => !passesAs(role, route));
		const headers = { 'x-csrf-token': csrf };
		const found = await offenders(closed, async (route) => {
			const present = await ask(route, cookie, { headers });
			const unknown = await ask(route, cookie, { headers, of: 'unknown' });
			return [...refused(present), ...(present.told === unknown.told ? [] : ['tells what exists'])];
		});
		expect(found).toEqual([]);
		if (role !== 'administrator') expect(closed.length).toBeGreaterThan(50);
	});

	test.each(ROLES)('the role %s for another park is refused all that is not of it', async (role) => {
		const { cookie, csrf } = makeLogin(bench, { role, scope: 'park:P9' });
		const headers = { 'x-csrf-token': csrf };
		const found = await offenders(guarded, async (route) => {
			if (isEverybodys(route)) return [];
			const answer = await ask(route, cookie, { headers });
			if (isInParts(route) && passesAs(role, route) && answer.status < 300) return seesOthers(answer);
			const unknown = await ask(route, cookie, { headers, of: 'unknown' });
			const isNothing = isInParts(route) && passesAs(role, route) && answer.status < 500;
			const told = answer.told === unknown.told ? [] : ['tells what exists'];
			return [...(isNothing ? missingHeaders(answer) : refused(answer)), ...told];
		});
		expect(found).toEqual([]);
	});

	test.each(ROLES)(
		'the role %s changes nothing without the proof of its login, or from another site’s page',
		async (role) => {
			const { cookie, csrf } = makeLogin(bench, { role });
			const other = makeLogin(bench, { role }).csrf;
			const seqBefore = bench.store.journal.lastSeq();
			const form = { 'content-type': 'application/x-www-form-urlencoded' };
			const unproved: readonly Asked[] = [
				{},
				{ headers: { 'x-csrf-token': '' } },
				{ headers: { 'x-csrf-token': other } },
				{ headers: form, body: `_csrf=${other}` },
			];
			const proof = { 'x-csrf-token': csrf };
			const foreign: readonly Asked[] = [
				{ headers: { ...proof, origin: 'https://evil.example' } },
				{ headers: { ...proof, origin: 'null' } },
				{ headers: { ...proof, 'sec-fetch-site': 'cross-site' } },
				{ headers: { ...proof, 'sec-fetch-site': 'same-site' } },
			];
			const found = await offenders(changing, async (route) => {
				const tried = route.guard === 'public' ? foreign : [...unproved, ...foreign];
				const answers = await Promise.all(tried.map((asked) => ask(route, cookie, asked)));
				return answers.flatMap(refused);
			});
			expect(found).toEqual([]);
			expect(bench.store.journal.lastSeq()).toBe(seqBefore);
			expect(site.lanes.vends).toEqual([]);
			expect((await site.request('/api/v1/me', { headers: { cookie } })).status, 'still signed in').toBe(200);
		},
	);

	test('every page and answer over TLS pins its cookies, asks for TLS, and has no script or style of its own inside', async () => {
		const { token } = makeLogin(bench, { role: 'administrator' });
		const reads = mounted.filter(({ method }) => method === 'GET');
		const found = await offenders(reads, async (route) => {
			const answer = await ask(route, `__Host-parkgate=${token}`, { socket: { encrypted: true } });
			const loose = answer.headers.getSetCookie().filter((cookie) => !PINNED.test(cookie));
			if (answer.status >= 500) return [`answered ${answer.status}`];
			return [...missingHeaders(answer, true), ...loose, ...inlineParts(answer)];
		});
		expect(found).toEqual([]);
	});

	test('B8 who is deactivated without ending their login keeps exactly what they had', async () => {
		const kept = makeLogin(bench, { role: 'reception' });
		bench.operators.administration.deactivate(kept.operatorId, BY_THE_MACHINE, { endLogins: false });
		const active = makeLogin(bench, { role: 'reception' });
		const closed = guarded.filter((route) => !passesAs('reception', route));
		const found = await offenders(closed, async (route) => {
			const headers = (csrf: string) => ({ headers: { 'x-csrf-token': csrf } });
			const [as, was] = [
				await ask(route, kept.cookie, headers(kept.csrf)),
				await ask(route, active.cookie, headers(active.csrf)),
			];
			return as.told === was.told ? [] : ['told apart'];
		});
		expect(found).toEqual([]);
		expect((await site.request('/api/v1/lanes', { headers: { cookie: kept.cookie } })).status).toBe(200);
	});
});

/** Whoever is signed in has it, for themselves. */
function isEverybodys({ guard }: GuardedRoute): boolean {
	return guard === 'signedIn' || (typeof guard === 'object' && 'byPerson' in guard && guard.byPerson === 'signedIn');
}

const PINNED = /^__Host-[^;]+; .*Path=\/; .*Secure/;

function isInParts({ guard }: GuardedRoute): boolean {
	return typeof guard === 'object' && ('inParts' in guard || 'anyInParts' in guard);
}

/** Names of what only the park P1 has. */
function seesOthers(answer: Answer): readonly string[] {
	const seen = ['North entry', 'Ground floor', '"L1"', '"A1"', 'reader-1', '1-ABC-123'];
	return [...seen.filter((text) => answer.told.includes(text)), ...missingHeaders(answer)];
}

/** What the policy would keep from running, were it there. */
function inlineParts({ told, headers }: Answer): readonly string[] {
	if (headers.get('content-type')?.startsWith('text/html') !== true) return [];
	const inline = [/<script(?![^>]*\bsrc=)[^>]*>/i, /<style\b/i, /<[^>]+\sstyle=/i, /<[^>]+\son\w+=/i, /javascript:/i];
	return inline.flatMap((pattern) => pattern.exec(told)?.[0] ?? []);
}
