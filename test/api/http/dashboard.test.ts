import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DecisionEntry } from '../../../src/gateway/core/journal.ts';
import { aPlateRead, facts } from '../../support/access-facts.ts';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';
import { makeLogin } from '../../support/logins-without-passwords.ts';
import { askedOf, settleTwoParks, TWO_PARKS } from '../../support/two-parks.ts';

let site: HttpSite;
let admin: SignedIn;
beforeAll(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
});
afterAll(() => site.close());

interface Shown {
	readonly widgets: readonly string[];
	readonly available: readonly string[];
	readonly version: number;
	readonly data: Readonly<Record<string, unknown>>;
}

const PATH = '/api/v1/me/dashboard';
const dashboardOf = async (who: SignedIn) => (await (await who.get(PATH)).json()) as Shown;

async function tasksOf(who: SignedIn) {
	const { items } = (await (await who.get('/api/v1/me/tasks')).json()) as { items: { kind: string; count: number }[] };
	return Object.fromEntries(items.map(({ kind, count }) => [kind, count]));
}

function report(people: readonly string[]) {
	const answer = site.services.maintenance.interventions.report(
		{
			...{ kind: 'repair', target: { kind: 'site' }, title: 'Loop', description: '', priority: 'normal' },
			...{ plan: null, people },
		},
		admin.operatorId,
	);
	expect(answer.result).toBe('done');
}

describe('the dashboard (Z13)', () => {
	test('shows each operator the widgets that they may have, with what those say (Z13)', async () => {
		const all = await dashboardOf(admin);
		expect(all.widgets).toEqual(all.available);
		expect(Object.keys(all.data).toSorted()).toEqual([...all.widgets].toSorted());
		expect(all.data).toMatchObject({
			lanes: [{ id: 'L1', phase: 'idle', problems: 0 }],
			devices: { total: 1, troubled: [] },
			sync: { configured: true, connected: true, outboxDepth: 4, deadLetters: 1 },
		});
		const user = await site.signIn('user');
		expect((await dashboardOf(user)).available).toEqual(['tasks', 'ownActivity']);
		const support = await site.signIn('support');
		expect((await dashboardOf(support)).available).not.toContain('signedIn');
	});

	test('counts the refused of today with their reasons, as far as decisions may be seen (Z13)', async () => {
		site.decide({ id: 'd-today', atMs: site.bench.clock.nowMs() });
		expect((await dashboardOf(admin)).data['refused']).toEqual({
			...{ count: 1, isMore: false },
			reasons: [{ reason: 'NO_RIGHT', count: 1 }],
		});
	});

	test('keeps with the operator which widgets are shown and in which order; the version is checked (Z13)', async () => {
		const guard = await site.signIn('security');
		const first = await guard.get(PATH);
		const widgets = ['ownActivity', 'lanes', 'lanes'];
		const put = (ifMatch: string) => guard.send('PUT', PATH, { widgets }, { 'if-match': ifMatch });
		const answer = await put(first.headers.get('etag') ?? '');
		expect(answer.status).toBe(200);
		expect((await dashboardOf(guard)).widgets).toEqual(['ownActivity', 'lanes']);
		expect(Object.keys((await dashboardOf(guard)).data).toSorted()).toEqual(['lanes', 'ownActivity']);
		expect((await put(first.headers.get('etag') ?? '')).status).toBe(412);
		expect((await put(answer.headers.get('etag') ?? '')).status).toBe(200);
		expect((await guard.send('PUT', PATH, { widgets: ['everything'] })).status).toBe(400);
		expect((await dashboardOf(admin)).widgets.length).toBeGreaterThan(2);
		expect(site.bench.audits().filter(({ action }) => action === 'dashboardChanged')).toMatchObject([
			{ operatorId: guard.operatorId, detail: { widgetsBefore: null, widgets: 'ownActivity lanes' } },
			{ detail: { widgetsBefore: 'ownActivity lanes', widgets: 'ownActivity lanes' } },
		]);
	});

	test('a widget that was chosen is gone with the permission, and back with it (Z13)', async () => {
		const support = await site.signIn('support');
		await support.send('PUT', PATH, { widgets: ['lanes', 'tasks'] });
		const { operators } = site.bench.store;
		operators.setRoles(support.operatorId, [{ roleId: 'user', scope: 'site' }]);
		expect((await dashboardOf(support)).widgets).toEqual(['tasks']);
		operators.setRoles(support.operatorId, [{ roleId: 'support', scope: 'site' }]);
		expect((await dashboardOf(support)).widgets).toEqual(['lanes', 'tasks']);
	});
});

describe('own tasks (Z13)', () => {
	test('are what waits for somebody, each only where they may do it (Z13)', async () => {
		expect(await tasksOf(admin)).toMatchObject({ deadLetters: 1 });
		report([]);
		site.bench.operators.leaving.leave(
			await site.bench.addOperator({ email: 'gone@example.org', role: 'reception' }),
			{ operatorId: null, access: null },
			crypto.randomUUID(),
		);
		site.bench.store.journal.append({
			...{ type: 'audit', class: 'audit', id: crypto.randomUUID(), atMs: site.bench.clock.nowMs() },
			...{ operatorId: admin.operatorId, action: 'editRejected', target: 'h-1', detail: { table: 'holders' } },
		});
		expect(await tasksOf(admin)).toMatchObject({
			...{ openInterventions: 1, offboardings: 1, rejectedEdits: 1, ownRejectedEdits: 1 },
		});
		const reception = await site.signIn('reception');
		const theirs = await tasksOf(reception);
		for (const kind of ['openInterventions', 'offboardings', 'rejectedEdits', 'ownRejectedEdits', 'deadLetters'])
			expect(theirs).not.toHaveProperty(kind);
	});

	test('begin with what waits longest (Z13)', async () => {
		const { items } = (await (await admin.get('/api/v1/me/tasks')).json()) as { items: { oldest: string | null }[] };
		const times = items.flatMap(({ oldest }) => (oldest === null ? [] : Date.parse(oldest)));
		expect(times).toEqual(times.toSorted((a, b) => a - b));
		expect(items.findIndex(({ oldest }) => oldest === null)).toBeOneOf([-1, times.length]);
	});
});

describe('own activity (Z13)', () => {
	test('is what one did oneself, and nobody else’s (Z13)', async () => {
		const user = await site.signIn('user');
		const { items } = (await (await user.get('/api/v1/me/activity')).json()) as {
			items: { action: string; target: string }[];
		};
		expect(items.length).toBeGreaterThan(0);
		expect(items.every(({ action, target }) => action === 'login' && target === user.operatorId)).toBe(true);
	});
});

describe('the audit by API', () => {
	test('is for audit:read, narrowed and paged, with before and after and without secrets (Z4)', async () => {
		const changed = await admin.send('PATCH', '/api/v1/settings', { idleMinutes: 31 });
		expect([200, 400]).toContain(changed.status);
		const page = await admin.get('/api/v1/audit?kind=operators&limit=1');
		const { items, nextCursor } = (await page.json()) as { items: unknown[]; nextCursor: string };
		expect(items).toHaveLength(1);
		expect((await admin.get(`/api/v1/audit?kind=operators&limit=1&cursor=${nextCursor}`)).status).toBe(200);
		expect((await admin.get('/api/v1/audit?cursor=zzz')).status).toBe(400);
		const guard = await site.signIn('security');
		expect((await guard.get('/api/v1/audit')).status).toBe(403);
		expect((await guard.get('/api/v1/activity')).status).toBe(403);
		const csv = await admin.get('/api/v1/audit/export?format=csv');
		expect(await csv.text()).toContain('dashboardChanged');
		const report = await (await admin.get('/api/v1/activity/export?format=jsonl')).text();
		expect(report).toContain('"email":"user@example.org"');
	});
});

test('A9 of parts of the site each is told what waits, comes and stands there (Z13)', async () => {
	const parks = createHttpSite({}, undefined, TWO_PARKS);
	try {
		settleTwoParks(parks);
		const { itemsOf, get } = askedOf(parks);
		const atMs = parks.bench.clock.nowMs();
		for (const [id, laneId] of [
			['north-1', 'L1'],
			['south-1', 'M1'],
			['south-2', 'M1'],
		] as const) {
			const decision: DecisionEntry['decision'] = {
				...{ outcome: 'refused', headline: 'LOW_CONFIDENCE', verdicts: [], holderId: null, credentialId: null },
				...{ rightId: null, reserve: [], counted: true },
			};
			const presented = [aPlateRead({ value: '9ZZZ999', confidence: 0.4, match: { how: 'none' } })];
			parks.decide({ id, laneId, atMs, decision, facts: facts({ presented, atMs }) });
		}
		const counts = async (scope: string, denied?: 'review:write') => {
			const login = makeLogin(parks.bench, { role: 'security', scope });
			if (denied !== undefined) {
				parks.bench.store.operators.setDenials(login.operatorId, [{ permission: denied, scope: 'site' }]);
			}
			const tasks = await itemsOf<{ kind: string; count: number }>('me/tasks', login);
			const { available, data } = (await (await get('me/dashboard', login)).json()) as Shown;
			return { reviews: tasks.find(({ kind }) => kind === 'reviews')?.count, available, refused: data['refused'] };
		};
		expect(await counts('site')).toMatchObject({ reviews: 3, refused: { count: 3 } });
		expect(await counts('park:P1')).toMatchObject({ reviews: 1, refused: { count: 1 } });
		expect(await counts('park:P2')).toMatchObject({ reviews: 2, refused: { count: 2 } });
		expect((await counts('park:P1')).available).toEqual(expect.arrayContaining(['visitors', 'bookings', 'lanes']));
		expect((await counts('group:tenants')).reviews).toBeUndefined();
		expect((await counts('park:P2', 'review:write')).reviews).toBeUndefined();
	} finally {
		parks.close();
	}
});
