import process from 'node:process';
import type { JournalEntry } from '../../src/gateway/core/journal.ts';
import type { SiteStore } from '../../src/gateway/store/site-store.ts';
import { createConsoleSite } from '../support/console-site.ts';
import { createOperatorsBench } from '../support/operators.ts';
import { type Figure, percentile } from './figure.ts';
import { addGroups, addOperators, fillSite, joinGroups } from './operators-bench.ts';

const OPERATORS = 100_000;
const GROUPS = 10_000;
const DEPTH = 20;
const SIGNED_IN = 500;
const AUDIT_LINES = 100_000;
const DAYS = 90;
const DAY_MS = 86_400_000;
const ASKED = 40;
/** Before any is measured: a gateway that has run for some hours has its machine code. */
const BEFORE = 5;

export async function measureOperatorPages(): Promise<readonly Figure[]> {
	const bench = createOperatorsBench();
	const site = createConsoleSite({ bench });
	try {
		fill(bench.store, bench.dir, bench.clock.nowMs());
		return await measure(site);
	} finally {
		await site.close();
	}
}

function fill(store: SiteStore, dir: string, nowMs: number): void {
	addOperators(dir, OPERATORS);
	addGroups(store, GROUPS, DEPTH);
	joinGroups(dir, GROUPS);
	for (let from = 0; from < AUDIT_LINES; from += 2_000)
		store.transaction(() => {
			for (let n = from; n < from + 2_000; n += 1) store.journal.append(auditLine(n, nowMs));
		});
	const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
	fillSite(
		dir,
		`INSERT INTO login_sessions (token_hash, operator_id, csrf, remote_address, created_at_ms, last_seen_at_ms)
			SELECT hex(randomblob(32)), operator_id, 'c', '10.0.0.7', ${nowMs} - number, ${nowMs} - number FROM operator_activity LIMIT ${SIGNED_IN};
		UPDATE operators SET state = 'inactive' WHERE id GLOB 'op-*' AND substr(id, 4) % 500 = 1;
		WITH RECURSIVE n (day) AS (SELECT 0 UNION ALL SELECT day + 1 FROM n WHERE day < ${DAYS - 1})
			INSERT OR IGNORE INTO operator_days (number, day_ms, logins, refused, operations, ground, access, rules, system)
			SELECT number, ${today} - (${DAYS - 1} - day) * ${DAY_MS}, 1, 0, day % 9, 0, day % 3, 0, 0
			FROM operator_activity CROSS JOIN n WHERE (number + day) % 7 = 0;
		INSERT OR REPLACE INTO settings (key, value) SELECT 'activity.position', max(position) FROM audit_rows`,
	);
}

function auditLine(n: number, nowMs: number): JournalEntry {
	const operatorId = `op-${(n * 7) % OPERATORS}`;
	return {
		type: 'audit',
		class: 'audit',
		...{ id: `audit-${n}`, atMs: nowMs - (AUDIT_LINES - n) * 10_000, operatorId },
		...{ action: n % 3 === 0 ? 'operatorChanged' : 'login', target: `op-${(n * 11) % OPERATORS}` },
		detail: { nameBefore: `P… ${n % 997}`, name: `Q… ${n % 991}`, roles: 'user', rolesBefore: 'reception' },
	};
}

async function measure(site: ReturnType<typeof createConsoleSite>): Promise<readonly Figure[]> {
	const admin = await site.signIn('administrator');
	const page = async (what: string, pathOf: (turn: number) => string): Promise<Figure> => {
		const tookMs: number[] = [];
		let processorMs = 0;
		for (let turn = -BEFORE; turn < ASKED; turn += 1) {
			const [startedMs, startedUs] = [performance.now(), process.threadCpuUsage()];
			await admin.page(pathOf(turn + BEFORE));
			const { user, system } = process.threadCpuUsage(startedUs);
			if (turn < 0) continue;
			tookMs.push(performance.now() - startedMs);
			processorMs += (user + system) / 1_000;
		}
		return {
			...{ what: `${what}, p95`, measured: percentile(tookMs, 0.95), unit: 'ms', target: { atMost: 150 } },
			note: `p50 ${percentile(tookMs, 0.5).toFixed(1)} ms; ${(processorMs / ASKED).toFixed(1)} ms of processor time of the main thread each`,
		};
	};
	const turning = (path: string) => {
		let next = path;
		return async () => {
			const html = await admin.page(next);
			next = /href="([^"]*cursor=[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? path;
			return html;
		};
	};
	const turned = async (what: string, path: string): Promise<Figure> => {
		const turn = turning(path);
		const tookMs: number[] = [];
		for (let asked = 0; asked < ASKED; asked += 1) {
			const startedMs = performance.now();
			await turn();
			tookMs.push(performance.now() - startedMs);
		}
		return { what: `${what}, p95`, measured: percentile(tookMs, 0.95), unit: 'ms', target: { atMost: 150 } };
	};
	return [
		await page('home', () => '/home'),
		await turned('operators, page by page', '/operators'),
		await page('operators by name', (turn) => `/operators?q=person+9${turn}`),
		await page('operators by address', (turn) => `/operators?q=son${90_000 + turn}%40acme`),
		await page('operators that nobody fits', () => '/operators?q=zzz'),
		await page('operators of a rare state', () => '/operators?state=inactive'),
		await page('operators of a rare role', () => '/api/v1/operators?role=technician'),
		await page('operators of a common role', () => '/api/v1/operators?role=user&limit=50'),
		await page('operators of a group', (turn) => `/api/v1/operators?group=g-${turn * 97}`),
		await page('one operator', (turn) => `/operators/op-${turn * 991}`),
		await turned('uppermost groups, page by page', '/operator-groups'),
		await page('groups by name', (turn) => `/operator-groups?q=group+${turn}`),
		await page('groups by tag', (turn) => `/operator-groups?tag=t${turn}`),
		await page('one group', (turn) => `/operator-groups/g-${turn * 97}`),
		await page(
			'a group with a search of members and groups',
			(turn) => `/operator-groups/g-${turn}?member=n+9${turn}&into=9${turn}`,
		),
		await page(`live activity of ${SIGNED_IN}`, () => '/activity'),
		await page('logins', () => '/login-sessions'),
		await turned('activity report, page by page', '/activity/report'),
		await page('activity report by name', (turn) => `/activity/report?q=person+9${turn}`),
		await page('activity report of a rare role', () => '/activity/report?role=technician'),
		await page('activity report of the inactive', () => '/activity/report?inactive=90'),
		await turned('audit, page by page', '/audit'),
		await page('audit searched', (turn) => `/audit?q=${turn * 7 + 1}`),
		await page('audit searched in vain', () => '/audit?q=zzz'),
		await page('audit of one operator', (turn) => `/audit?who=op-${turn * 7}`),
		await page('audit of one operator by name', (turn) => `/audit?who=person+9${turn}`),
		await page('my account', () => '/account'),
		await page('my access', () => '/my-access'),
		await page('roles', () => '/roles'),
		await page('roster', () => '/roster'),
	];
}
