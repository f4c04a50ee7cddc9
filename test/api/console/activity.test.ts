import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeAll(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
});
afterAll(() => site.close());

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

/** As services write what somebody did. */
function done(action: string, target: string, detail: Record<string, string | number> = {}): void {
	site.bench.store.journal.append({
		...{ type: 'audit', class: 'audit', id: crypto.randomUUID(), atMs: site.bench.clock.nowMs() },
		...{ operatorId: admin.operatorId, action, target, detail },
	});
}

describe('the audit page', () => {
	test('tells who did what, with what was before and after, and is searched by record, kind, person and words', async () => {
		done('roleChanged', 'r-1', { name: 'Night shift', before: 'holders:read', after: 'holders:write' });
		done('evidenceDeleted', 'p-1', { reason: '<b>asked</b>' });
		const all = textOf(await admin.page('/audit'));
		expect(all).toContain('Role: changed');
		expect(all).toContain('holders:read → holders:write');
		expect(all).toContain('&lt;b&gt;asked');
		const only = async (query: string) => {
			const html = textOf(await admin.page(`/audit?${query}`));
			return { role: html.includes('roleChanged'), picture: html.includes('evidenceDeleted') };
		};
		expect(await only('target=r-1')).toEqual({ role: true, picture: false });
		expect(await only('kind=evidence')).toEqual({ role: false, picture: true });
		expect(await only('q=asked')).toEqual({ role: false, picture: true });
		expect(await only('who=administrator%40example.org')).toEqual({ role: true, picture: true });
		expect(await only('to=2000-01-01T00:00')).toEqual({ role: false, picture: false });
		expect(textOf(await admin.page('/audit?who=nobody%20at%20all'))).toContain('Nobody is called that');
	});

	test('a wrong cursor, kind or time leads to the newest, and says so', async () => {
		done('roleChanged', 'r-1');
		const html = textOf(await admin.page('/audit?cursor=zzz&kind=nothing&from=soon'));
		expect(html).toContain('roleChanged');
		expect(html).toContain('This place in the list is gone');
	});

	test('is linked from records and operators, for who may see it', async () => {
		expect(await admin.page(`/operators/${admin.operatorId}`)).toContain(`href="/audit?target=${admin.operatorId}"`);
		const guard = await site.signIn('security');
		expect((await guard.get('/audit')).status).toBe(403);
		expect((await guard.get('/activity')).status).toBe(403);
		expect((await guard.get('/activity/report')).status).toBe(403);
	});
});

describe('live activity (Z4)', () => {
	test('shows who is signed in, since when, from where and in which part of the console, and what is done (Z4)', async () => {
		const guard = await site.signIn('security');
		await guard.page('/log');
		done('roleChanged', 'r-1');
		const html = await admin.page('/activity');
		const text = textOf(html);
		expect(text).toContain('The security');
		expect(text).toMatch(/The security .* Operations/);
		expect(text).toContain('Role: changed');
		expect(html).toContain('parkgate:activity from:body');
		expect(textOf(await admin.page('/live/activity/logins'))).toContain('The security');
		expect(textOf(await admin.page('/live/activity/feed'))).toContain('Role: changed');
	});

	test('pages that fetch themselves do not say where somebody is (Z4)', async () => {
		const support = await site.signIn('support');
		await support.page('/live/problems');
		const login = site.bench.operators.activity.live().find(({ operatorId }) => operatorId === support.operatorId);
		expect(login?.module).toBeNull();
	});
});

describe('the activity report (Z15)', () => {
	test('shows each operator’s days, narrows to who is inactive, and deactivates those that are ticked (Z15)', async () => {
		const idle = await site.bench.addOperator({ email: 'idle@example.org', role: 'reception' });
		expect(textOf(await admin.page('/activity/report'))).toMatch(/The administrator.*The reception/);
		const never = await admin.page('/activity/report?inactive=never');
		expect(never).toContain(`value="${idle}"`);
		expect(never).not.toContain(`value="${admin.operatorId}"`);
		const answer = await admin.post('/operators/bulk', { operators: idle, action: 'deactivate', sure: 'yes' });
		expect(answer.status).toBe(200);
		expect(site.bench.store.operators.operatorById(idle)?.state).toBe('inactive');
	});

	test('a period that can’t be is told, and an unknown group too (Z15)', async () => {
		const html = textOf(await admin.page('/activity/report?from=2030-01-01&to=2020-01-01&group=nobody'));
		expect(html).toContain('too long a time');
		expect(html).toContain('No group is called that');
	});
});
