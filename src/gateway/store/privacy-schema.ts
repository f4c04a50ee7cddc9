import type { Migration } from './migrations.ts';

/**
 * What keeps personal data beyond its time, and which persons are being erased. `person` is JSON of what they are found
 * by; it goes with the last of them.
 */
export const PRIVACY_MIGRATION: Migration = {
	name: 'retention holds and erasures',
	sql: `
CREATE TABLE retention_holds (
	id TEXT PRIMARY KEY,
	decision_id TEXT,
	from_ms INTEGER,
	to_ms INTEGER,
	reason TEXT NOT NULL,
	operator_id TEXT NOT NULL,
	created_at_ms INTEGER NOT NULL,
	until_ms INTEGER NOT NULL,
	CHECK ((decision_id IS NULL) = (from_ms IS NOT NULL)),
	CHECK ((from_ms IS NULL) = (to_ms IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE erasures (
	id TEXT PRIMARY KEY,
	requested_at_ms INTEGER NOT NULL,
	operator_id TEXT NOT NULL,
	person TEXT,
	position INTEGER NOT NULL,
	erased INTEGER NOT NULL,
	done_at_ms INTEGER,
	CHECK ((person IS NULL) = (done_at_ms IS NOT NULL))
) STRICT, WITHOUT ROWID;
`,
};
