import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GuardedRoute, mountedRoutes } from '../../../src/api/http/guarded.ts';
import { passes } from '../../../src/api/http/login-context.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { type Access, accessOfRole } from '../../../src/gateway/core/permission/access.ts';
import { narrowAccess } from '../../../src/gateway/core/permission/narrow-access.ts';
import { PERMISSIONS, type Permission } from '../../../src/gateway/core/permission.ts';
import { createHttpSite } from '../../support/http-site.ts';
import { PASSWORD } from '../../support/operators.ts';

const site = createHttpSite();
const { bench } = site;
const { apiTokens, administration, accessOf } = bench.operators;
const BY_THE_MACHINE = { operatorId: null, access: null };
let made = 0;
beforeAll(async () => {
	await bench.addOperator({ email: 'stays@example.org', role: 'administrator' });
	site.decide({ id: 'd-1' });
});
afterAll(() => site.close());

const guarded = mountedRoutes(site.http.app).filter(
	({ method, guard, path }) => method !== 'ALL' && guard !== 'public' && path.startsWith('/api/'),
);

const PRESENT: Readonly<Record<string, string>> = {
	...{ laneId: 'L1', areaId: 'A1', parkId: 'P1', deviceId: 'reader-1', decisionId: 'd-1' },
};

interface Owned {
	readonly operatorId: string;
	readonly id: string;
	readonly secret: string;
}

/** Of an administrator of its own. */
async function makeToken(permissions: readonly Permission[], lastsMs = LIMITS.apiTokenMs): Promise<Owned> {
	made += 1;
	const operatorId = await bench.addOperator({ email: `owner-${made}@example.org`, role: 'administrator' });
	const access = accessOf(operatorId);
	if (access === undefined) throw new Error('no owner');
	const asked = { operatorId, password: PASSWORD, remoteAddress: `10.1.0.${made}`, access };
	const answer = await apiTokens.make({ ...asked, name: 'Walker', permissions, lastsMs });
	if (answer.result !== 'made') throw new Error(answer.result);
	return { operatorId, id: answer.token.id, secret: answer.secret };
}

async function ask({ method, path }: GuardedRoute, secret: string, of: 'present' | 'unknown' = 'present') {
	made += 1;
	const url = path.replaceAll(/:(\w+)(\{[^}]*\})?\??/g, (_all, name: string) =>
		of === 'present' ? (PRESENT[name] ?? 'nothing-1') : 'nothing-1',
	);
	const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
	const init = { method, headers, ...(method !== 'GET' && { body: '{"reason":"walk"}' }) };
	// From another address each time: wrong ones wait.
	const answer = await site.request(url, init, {
		remoteAddress: `10.${(made >> 16) & 255}.${(made >> 8) & 255}.${made & 255}`,
	});
	const { requestId: _id, ...told } = (await answer.json()) as Record<string, unknown>;
	return { status: answer.status, told: JSON.stringify(told), asks: answer.headers.get('www-authenticate') };
}

/** Those that a program with this access does not pass; what passes is not asked for. */
const closedTo = (access: Access) =>
	guarded.filter(({ guard }) => {
		if (guard === undefined || guard === 'public' || guard === 'signedIn') return false;
		if (typeof guard === 'object' && 'byPerson' in guard) return true;
		return !passes(guard, access, (name) => PRESENT[name] ?? 'nothing-1');
	});

async function offenders(routes: readonly GuardedRoute[], secret: string) {
	const found: string[] = [];
	for (const route of routes) {
		const [there, nowhere] = [await ask(route, secret), await ask(route, secret, 'unknown')];
		const isRefused = there.status === 403 && /insufficient_scope/.test(there.asks ?? '');
		if (!isRefused || there.told !== nowhere.told)
			found.push(`${route.method} ${route.path}: ${there.status} ${there.told}`);
	}
	return found;
}

describe('issue 9: a walk over every route with API tokens', () => {
	test('that are made up, too old, revoked, or whose owner was deactivated or removed open none, and all are told the same', async () => {
		const [old, revoked, deactivated, removed] = [
			await makeToken(['lanes:read'], 60_000),
			await makeToken(PERMISSIONS),
			await makeToken(PERMISSIONS),
			await makeToken(PERMISSIONS),
		];
		apiTokens.revoke(revoked.operatorId, revoked.id, BY_THE_MACHINE);
		administration.deactivate(deactivated.operatorId, BY_THE_MACHINE, { endLogins: false });
		administration.remove(removed.operatorId, BY_THE_MACHINE);
		bench.clock.advance(60_000);
		const secrets = ['pgt_made-up', old.secret, revoked.secret, deactivated.secret, removed.secret];
		const answers = new Map<string, string>();
		for (const route of guarded) {
			const open = typeof route.guard === 'object' && 'loopbackOr' in route.guard;
			const all = open ? [] : await Promise.all(secrets.map((secret) => ask(route, secret)));
			for (const { status, told, asks } of all)
				answers.set(`${status} ${asks} ${told}`, `${route.method} ${route.path}`);
		}
		expect(guarded.length).toBeGreaterThan(150);
		expect([...answers.keys()]).toEqual([expect.stringMatching(/^401 .*invalid_token.*UNAUTHENTICATED/)]);
	});

	test('of an administrator, narrowed to one permission, open what that is for and nothing else, there or not', async () => {
		const { operatorId, secret } = await makeToken(['lanes:read']);
		const access = accessOf(operatorId);
		if (access === undefined) throw new Error('no owner');
		const closed = closedTo(narrowAccess(access, new Set<Permission>(['lanes:read'])));
		expect(closed.length).toBeGreaterThan(100);
		expect(await offenders(closed, secret)).toEqual([]);
		expect((await site.request('/api/v1/lanes', { headers: { authorization: `Bearer ${secret}` } })).status).toBe(200);
	});

	test('lent everything open no more than their owner may do now, once a role is taken away', async () => {
		const { operatorId, secret } = await makeToken(PERMISSIONS);
		administration.update(operatorId, { roles: [{ roleId: 'reception', scope: 'site' }] }, BY_THE_MACHINE);
		const closed = closedTo(accessOfRole('reception'));
		expect(closed.length).toBeGreaterThan(50);
		expect(await offenders(closed, secret)).toEqual([]);
	});
});
