import path from 'node:path';
import Database from 'better-sqlite3';
import type { ActivityReportQuery } from '../../../src/gateway/services/activity/operator-activity.ts';
import { SITE_FILE } from '../../../src/gateway/store/site-store.ts';
import { type Figure, type Part, percentile } from '../figure.ts';
import { addOperators, openOperators, withOperators } from '../operators-bench.ts';

const OPERATORS = 100_000;
/** Days of the year on which each did something; one in ten did every day. */
const DAYS = 365;
const EVERY = 7;
const ASKED = 100;
const DAY_MS = 86_400_000;

/** The activity report of 100,000 operators over a year: pages, with all of its filters. */
export const activity: Part = {
	name: 'activity',
	limitS: 300,
	run: () =>
		withOperators('activity', (dir) => {
			fill(dir);
			return measure(dir);
		}),
};

function fill(dir: string): void {
	openOperators(dir).store.close();
	addOperators(dir, OPERATORS);
	const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
	const db = new Database(path.join(dir, SITE_FILE));
	db.pragma('synchronous = OFF');
	db.exec(`WITH RECURSIVE n (day) AS (SELECT 0 UNION ALL SELECT day + 1 FROM n WHERE day < ${DAYS - 1})
		INSERT INTO operator_days (number, day_ms, logins, refused, operations, ground, access, rules, system)
		SELECT number, ${today} - (${DAYS - 1} - day) * ${DAY_MS}, 1, 0, day % 9, 0, day % 3, 0, 0
		FROM operator_activity CROSS JOIN n WHERE (number + day) % ${EVERY} = 0 OR number % 10 = 0;
		UPDATE operator_activity SET last_at_ms = CASE number % 4 WHEN 0 THEN 0 ELSE ${today} - (number % 200) * ${DAY_MS} END;
		UPDATE operators SET state = 'inactive' WHERE substr(id, 4) % 500 = 0;
		INSERT INTO operator_roles (operator_id, role_id, scope)
		SELECT operator_id, CASE WHEN number % 300 = 0 THEN 'security' ELSE 'user' END, 'site' FROM operator_activity`);
	db.close();
}

function measure(dir: string): readonly Figure[] {
	const { store, operators } = openOperators(dir);
	const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
	const year = { fromDay: day(DAYS - 1), toDay: day(0) };
	const figure = (what: string, query: (turn: number) => Omit<ActivityReportQuery, 'limit'>): Figure => {
		let cursor: string | null = null;
		const spread = Array.from({ length: ASKED }, (_, turn) => {
			const startedMs = performance.now();
			const page = operators.activity.report({ ...year, ...query(turn), ...(cursor && { cursor }), limit: 50 });
			cursor = page.nextCursor;
			return performance.now() - startedMs;
		});
		return { what: `${what}, p95`, measured: percentile(spread, 0.95), unit: 'ms', target: { atMost: 150 } };
	};
	const figures = [
		figure('report of a year, page by page', () => ({})),
		figure('those of a role', () => ({ roleId: 'user' })),
		figure('those of a rare role', () => ({ roleId: 'security' })),
		figure('the deactivated', () => ({ state: 'inactive' })),
		figure('nothing heard of for 90 days', () => ({ inactive: '90' })),
		figure('never heard of', () => ({ inactive: 'never' })),
		figure('inactive ones of a rare role', () => ({ inactive: '30', roleId: 'security', state: 'active' })),
		figure('nobody fits', () => ({ q: 'zzz' })),
	];
	store.close();
	return figures;
}
