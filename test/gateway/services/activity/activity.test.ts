import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../../../src/gateway/core/journal.ts';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import { createActivityExports } from '../../../../src/gateway/services/activity/activity-exports.ts';
import { createActivityTold } from '../../../../src/gateway/services/activity/tell-activity.ts';
import { createFeed, type FeedEvent } from '../../../../src/gateway/services/feed.ts';
import { createOperatorsBench, type OperatorsBench, PASSWORD } from '../../../support/operators.ts';

const DAY_MS = 86_400_000;
const FROM_HERE = { remoteAddress: '10.0.0.9' };

let bench: OperatorsBench;
let anna: string;
beforeEach(async () => {
	bench = createOperatorsBench();
	anna = await bench.addOperator({ email: 'anna@example.org', role: 'administrator' });
});
afterEach(() => bench.close());

function done(operatorId: string | null, action: string, more: Partial<AuditEntry> = {}): void {
	bench.store.journal.append({
		...{ type: 'audit', class: 'audit', id: randomUUID(), atMs: bench.clock.nowMs(), operatorId, action },
		...{ target: null, detail: {}, ...more },
	});
}

const list = (query: object = {}) => bench.operators.audit.list({ limit: 50, personal: true, ...query });
const report = (query: object = {}) => bench.operators.activity.report({ limit: 50, ...query });
const rowOf = (id: string, query: object = {}) => report(query).items.find((row) => row.id === id);

describe('the audit', () => {
	test('is found by who, record, kind, action, period and words, the newest first', () => {
		done(anna, 'roleChanged', { target: 'r-1', detail: { name: 'Night shift', before: 'a', after: 'b' } });
		bench.clock.advance(2 * 3_600_000);
		done('o-2', 'operatorChanged', { target: anna, detail: { rolesBefore: 'x', roles: 'Élodie y' } });
		expect(list().items.map(({ action }) => action)).toEqual(['operatorChanged', 'roleChanged']);
		expect(list({ operatorId: anna }).items).toMatchObject([{ action: 'roleChanged', kind: 'roles', verb: 'changed' }]);
		expect(list({ target: anna }).items).toMatchObject([{ action: 'operatorChanged', module: 'system' }]);
		expect(list({ kinds: ['roles'] }).items).toHaveLength(1);
		expect(list({ action: 'operatorChanged' }).items).toHaveLength(1);
		expect(list({ q: 'elodie' }).items).toMatchObject([
			{ changes: [{ field: 'roles', before: 'x', after: 'Élodie y' }] },
		]);
		expect(list({ q: 'night nobody' }).items).toEqual([]);
		const hourAgo = bench.clock.nowMs() - 3_600_000;
		expect(list({ fromMs: hourAgo }).items).toMatchObject([{ action: 'operatorChanged' }]);
		expect(list({ toMs: hourAgo }).items).toMatchObject([{ action: 'roleChanged' }]);
	});

	test('is paged by cursor without a gap, and refuses a cursor that is not its own', () => {
		bench.store.transaction(() => {
			for (let n = 0; n < 25; n += 1) done(anna, 'roleChanged', { target: `r-${n}` });
		});
		const seen: (string | null)[] = [];
		for (let cursor: string | null = ''; cursor !== null; ) {
			const page = list({ limit: 10, ...(cursor !== '' && { cursor }) });
			seen.push(...page.items.map(({ target }) => target));
			cursor = page.nextCursor;
		}
		expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `r-${24 - n}`));
		expect(() => list({ cursor: 'x' })).toThrow(/cursor/);
	});

	test('keeps that something was done when its row is erased, and not to what', () => {
		done(anna, 'personExported', { target: 'h-1', detail: { reason: 'asked for it' } });
		const { rows } = bench.store.journalErasure.after(0, 10);
		bench.store.journalErasure.erase(rows);
		expect(list().items).toMatchObject([{ action: 'personExported', target: null, id: null, facts: {} }]);
		expect(list({ target: 'h-1' }).items).toEqual([]);
	});

	test('exports a row for each field that changed, safe from formulas, and journals who took it', async () => {
		done(anna, 'operatorChanged', { target: 't-1', detail: { rolesBefore: '=1+1', roles: 'b' } });
		const exports = createActivityExports({
			...{ operators: bench.operators, timeZone: 'Europe/Brussels', nowMs: bench.clock.nowMs, newId: randomUUID },
			operatorName: () => '=cmd()',
			audit: (entry) => void bench.store.journal.append(entry),
		});
		const file = exports.audit({ format: 'csv', language: 'en', filter: { personal: true } }, anna);
		const chunks = await Array.fromAsync(file.bytes);
		const text = Buffer.concat(chunks).toString();
		expect(text).toContain('roles');
		expect(text).not.toMatch(/(^|,)"?[=]/m);
		expect(list({ limit: 1 }).items).toMatchObject([
			{ action: 'auditExported', operatorId: anna, facts: { format: 'csv', isWhole: true } },
		]);
	});
});

describe('the activity report (Z15)', () => {
	test('counts sign-ins, refused ones, active days and changes by module, in a period (Z15)', async () => {
		await bench.operators.login({ email: 'anna@example.org', password: 'wrong password here', ...FROM_HERE });
		await bench.operators.login({ email: 'anna@example.org', password: PASSWORD, ...FROM_HERE });
		done(anna, 'occupancyAdjusted');
		bench.clock.advance(DAY_MS);
		done(anna, 'roleChanged');
		expect(rowOf(anna)).toMatchObject({ days: 2, logins: 1, refused: 1, operations: 1, system: 1, access: 0 });
		const today = new Date(bench.clock.nowMs()).toISOString().slice(0, 10);
		expect(rowOf(anna, { fromDay: today, toDay: today })).toMatchObject({ days: 1, logins: 0, system: 1 });
		expect(rowOf(anna)?.lastActiveMs).toBe(bench.clock.nowMs());
	});

	test('a line is counted once, however often reports are asked for (Z15)', () => {
		done(anna, 'roleChanged');
		for (let n = 0; n < 3; n += 1) report();
		expect(rowOf(anna)).toMatchObject({ days: 1, system: 1 });
	});

	test('finds who did nothing for 30 or 90 days or ever, by role, group, state and name (Z15)', async () => {
		const idle = await bench.addOperator({ email: 'idle@example.org', role: 'reception' });
		done(anna, 'roleChanged');
		report();
		bench.clock.advance(40 * DAY_MS);
		const ids = (query: object) => report(query).items.map(({ id }) => id);
		expect(ids({ inactive: 'never' })).toEqual([idle]);
		expect(ids({ inactive: '30' }).toSorted()).toEqual([anna, idle].toSorted());
		expect(ids({ inactive: '90' })).toEqual([idle]);
		expect(ids({ roleId: 'administrator' })).toEqual([anna]);
		expect(ids({ q: 'IDLE@' })).toEqual([idle]);
		expect(ids({ state: 'inactive' })).toEqual([]);
		const { operators } = bench.store;
		operators.addGroup({ id: 'g-1', kind: 'company', name: 'Acme', tags: [], parentId: null });
		operators.addGroupMember('g-1', idle);
		expect(ids({ groupId: 'g-1' })).toEqual([idle]);
	});

	test('is paged by name, and refuses a period that is too long or ends before it begins (Z15)', async () => {
		for (let n = 0; n < 4; n += 1) await bench.addOperator({ email: `o${n}@example.org`, role: 'security' });
		const first = report({ limit: 3 });
		expect(first.items).toHaveLength(3);
		const rest = report({ limit: 3, cursor: first.nextCursor });
		expect([...first.items, ...rest.items].map(({ id }) => id)).toHaveLength(5);
		expect(rest.nextCursor).toBeNull();
		expect(() => report({ fromDay: '2020-01-01', toDay: '2025-01-01' })).toThrow(/days/);
		expect(() => report({ fromDay: '2026-02-01', toDay: '2026-01-01' })).toThrow(/days/);
		expect(() => report({ fromDay: 'soon' })).toThrow(/day/);
	});

	test('days end when they were kept long enough, and with the operator (Z15)', () => {
		done(anna, 'roleChanged');
		report();
		bench.clock.advance(LIMITS.activityKeptMs + 3 * DAY_MS);
		const { activity } = bench.operators;
		while (activity.endOld(bench.clock.nowMs()));
		expect(bench.store.operatorDays.days(anna, 0, Number.MAX_SAFE_INTEGER)).toEqual([]);
		bench.store.operators.removeOperator(anna);
		expect(report().items).toEqual([]);
	});
});

describe('who is doing what now (Z4)', () => {
	test('tells who is signed in, since when, idle how long, where, and what they changed last (Z4)', async () => {
		await bench.operators.login({ email: 'anna@example.org', password: PASSWORD, ...FROM_HERE });
		bench.clock.advance(5_000);
		const [login] = bench.operators.openSessions.list();
		bench.operators.activity.went(login?.id ?? '', 'rules');
		done(anna, 'roleChanged', { target: 'r-1' });
		expect(bench.operators.activity.live()).toMatchObject([
			{ operatorId: anna, remoteAddress: '10.0.0.9', idleS: 5, module: 'rules', last: { action: 'roleChanged' } },
		]);
	});

	test('live pages are told of what is done once it is committed, bounded, and nothing while nobody listens (Z4)', () => {
		const told: FeedEvent[] = [];
		const feed = createFeed(() => undefined);
		const waiting: (() => void)[] = [];
		const grew = createActivityTold({
			...{ audit: bench.operators.audit, feed, soon: (run) => void waiting.push(run) },
			onError: (error) => {
				throw error;
			},
		});
		const settle = () => {
			for (const run of waiting.splice(0)) run();
		};
		done(anna, 'roleAdded');
		grew();
		settle();
		feed.subscribe((event) => void told.push(event));
		done(anna, 'roleChanged', { target: 'r-1', detail: { name: 'not told' } });
		grew();
		grew();
		settle();
		expect(told).toMatchObject([
			{ type: 'activity', done: { action: 'roleChanged', operatorId: anna, module: 'system' } },
		]);
		expect(JSON.stringify(told)).not.toContain('not told');
		bench.store.transaction(() => {
			for (let n = 0; n < 3 * LIMITS.activityTold; n += 1) done(anna, 'roleChanged');
		});
		grew();
		settle();
		expect(told).toHaveLength(1 + LIMITS.activityTold);
	});
});
