import type { Migration } from './migrations.ts';

/**
 * Work on the equipment. A number is never given twice, also after the row is gone. Everything that was done stands in
 * `intervention_entries`, comments too: nothing of it changes. Photos are files, named by their id.
 */
export const MAINTENANCE_MIGRATION: Migration = {
	name: 'interventions',
	sql: `
CREATE TABLE interventions (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE,
	kind TEXT NOT NULL,
	target_kind TEXT NOT NULL,
	target_id TEXT NOT NULL,
	title TEXT NOT NULL,
	description TEXT NOT NULL,
	priority TEXT NOT NULL,
	status TEXT NOT NULL,
	plan_start_ms INTEGER,
	plan_end_ms INTEGER,
	opened_at_ms INTEGER NOT NULL,
	opened_by TEXT,
	changed_at_ms INTEGER NOT NULL,
	closed_at_ms INTEGER,
	version INTEGER NOT NULL DEFAULT 1,
	CHECK ((plan_start_ms IS NULL) = (plan_end_ms IS NULL)),
	CHECK ((closed_at_ms IS NULL) = (status NOT IN ('done', 'cancelled')))
) STRICT;
CREATE INDEX interventions_unfinished ON interventions (number) WHERE closed_at_ms IS NULL;
CREATE INDEX interventions_by_status ON interventions (status, number);
CREATE INDEX interventions_of_target ON interventions (target_kind, target_id, number);
CREATE INDEX interventions_closed ON interventions (closed_at_ms) WHERE closed_at_ms IS NOT NULL;
CREATE INDEX interventions_planned ON interventions (plan_start_ms) WHERE plan_start_ms IS NOT NULL;

CREATE TABLE intervention_people (
	number INTEGER NOT NULL REFERENCES interventions ON DELETE CASCADE,
	operator_id TEXT NOT NULL,
	PRIMARY KEY (number, operator_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX intervention_people_by_operator ON intervention_people (operator_id, number);

CREATE TABLE intervention_entries (
	entry INTEGER PRIMARY KEY AUTOINCREMENT,
	number INTEGER NOT NULL REFERENCES interventions ON DELETE CASCADE,
	at_ms INTEGER NOT NULL,
	operator_id TEXT,
	what TEXT NOT NULL,
	detail TEXT NOT NULL
) STRICT;
CREATE INDEX intervention_entries_of ON intervention_entries (number, entry);

CREATE TABLE intervention_parts (
	id TEXT PRIMARY KEY,
	number INTEGER NOT NULL REFERENCES interventions ON DELETE CASCADE,
	name TEXT NOT NULL,
	reference TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	operator_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX intervention_parts_of ON intervention_parts (number, at_ms);

CREATE TABLE intervention_photos (
	id TEXT PRIMARY KEY,
	number INTEGER NOT NULL REFERENCES interventions ON DELETE CASCADE,
	content_type TEXT NOT NULL,
	width_px INTEGER NOT NULL,
	height_px INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	operator_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX intervention_photos_of ON intervention_photos (number, at_ms);
`,
};
