import { AUDIT_ROWS_SQL } from './audit-rows.ts';
import type { Migration } from './migrations.ts';

/**
 * What operators did, as reports and pages find it again. A day is that of the site, by its beginning, UTC epoch ms; one row for
 * each operator and day on which they did anything. `number` stands for an operator's id: rows of a year stay small.
 * `last_at_ms` 0: they never did anything.
 */
export const ACTIVITY_MIGRATION: Migration = {
	name: 'lines of the audit, days of operators, dashboards',
	sql: `${AUDIT_ROWS_SQL}
CREATE TABLE operator_activity (
	number INTEGER PRIMARY KEY,
	operator_id TEXT NOT NULL UNIQUE REFERENCES operators ON DELETE CASCADE,
	last_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX operator_activity_by_last ON operator_activity (last_at_ms, operator_id);
INSERT INTO operator_activity (operator_id, last_at_ms) SELECT id, coalesce(last_login_at_ms, 0) FROM operators;

CREATE TABLE operator_days (
	number INTEGER NOT NULL REFERENCES operator_activity ON DELETE CASCADE,
	day_ms INTEGER NOT NULL,
	logins INTEGER NOT NULL,
	refused INTEGER NOT NULL,
	operations INTEGER NOT NULL,
	ground INTEGER NOT NULL,
	access INTEGER NOT NULL,
	rules INTEGER NOT NULL,
	system INTEGER NOT NULL,
	PRIMARY KEY (number, day_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE operator_dashboards (
	operator_id TEXT PRIMARY KEY REFERENCES operators ON DELETE CASCADE,
	widgets TEXT NOT NULL,
	version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
