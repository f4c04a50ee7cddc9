import { ACTIVITY_MIGRATION } from './activity-schema.ts';
import { ANALYTICS_MIGRATION } from './analytics.ts';
import { MARKETING_MIGRATION } from './campaigns.ts';
import { CENTRAL_ACCOUNTS_MIGRATION } from './central-accounts.ts';
import { CONSUMPTION_MIGRATION } from './consumption-schema.ts';
import { EVIDENCE_MIGRATION } from './evidence-schema.ts';
import { FIELD_WORK_MIGRATION } from './field-work.ts';
import { HAND_OVERS_MIGRATION } from './hand-overs.ts';
import { IMPORT_MAPPINGS_MIGRATION } from './import-mappings.ts';
import { MAINTENANCE_MIGRATION } from './interventions-schema.ts';
import { DEAD_LETTERS_MIGRATION, EPOCHS_MIGRATION, TELEMETRY_MIGRATION } from './journal-schema.ts';
import { LICENCES_MIGRATION } from './licences.ts';
import { MAIL_OUTBOX_MIGRATION } from './mail-outbox.ts';
import type { Migration } from './migrations.ts';
import { OPERATOR_GROUPS_MIGRATION } from './operator-groups-schema.ts';
import { OPERATOR_IMPORTS_MIGRATION } from './operator-imports.ts';
import { OPERATORS_MIGRATION } from './operators-schema.ts';
import { PRIVACY_MIGRATION } from './privacy-schema.ts';
import { REMOTE_COMMANDS_MIGRATION } from './remote-commands.ts';

/** `PKGs`. */
export const SITE_APPLICATION_ID = 0x50_4b_47_73;

/**
 * Schema of `site.db`. A journal row's `seq` is its position after the place its epoch begins at, so
 * rows of an earlier epoch keep theirs. `commitment` is computed from body and salt until they are erased.
 * A decision lists what followed from it (`sequel_positions`, JSON) because its row changes then anyway:
 * an index over the journal would be one more page written at every commit. For the same reason an open
 * vend of a grant is its decision's `sequel`, and only operators' vends have a table.
 */
export const SITE_MIGRATIONS: readonly Migration[] = [
	{
		name: 'journal, lanes, occupancy',
		sql: `
CREATE TABLE settings (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal_epochs (
	gateway_epoch TEXT PRIMARY KEY,
	before_position INTEGER NOT NULL UNIQUE,
	started_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
	position INTEGER PRIMARY KEY,
	salt BLOB,
	body TEXT,
	commitment BLOB,
	chain BLOB NOT NULL,
	CHECK ((body IS NULL) = (salt IS NULL)),
	CHECK ((body IS NULL) <> (commitment IS NULL))
) STRICT;

CREATE TABLE journal_texts (
	key TEXT PRIMARY KEY,
	text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE decisions (
	position INTEGER PRIMARY KEY REFERENCES journal,
	id TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	lane_id TEXT NOT NULL,
	direction TEXT NOT NULL,
	outcome TEXT NOT NULL,
	headline TEXT,
	subject TEXT,
	holder_id TEXT,
	holder_name TEXT,
	search TEXT,
	sequel INTEGER NOT NULL,
	sequel_positions TEXT
) STRICT;
CREATE UNIQUE INDEX decisions_by_id ON decisions (id);

CREATE TABLE decision_hours (
	position INTEGER PRIMARY KEY,
	hour INTEGER NOT NULL
) STRICT;

CREATE TABLE operator_vends (
	vend_id TEXT PRIMARY KEY,
	lane_id TEXT NOT NULL,
	decision_id TEXT,
	operator_id TEXT,
	requested_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reservations (
	id TEXT PRIMARY KEY,
	lane_id TEXT NOT NULL,
	holder_id TEXT,
	area_ids TEXT NOT NULL,
	at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE occupancy (
	area_id TEXT PRIMARY KEY,
	occupied INTEGER NOT NULL CHECK (occupied >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE occupancy_samples (
	area_id TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	occupied INTEGER NOT NULL,
	PRIMARY KEY (area_id, at_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE parking_sessions (
	id TEXT PRIMARY KEY,
	holder_id TEXT,
	credential_id TEXT,
	decision_id TEXT,
	area_id TEXT NOT NULL,
	counted INTEGER NOT NULL,
	lane_in_id TEXT,
	opened_at_ms INTEGER NOT NULL,
	lane_out_id TEXT,
	closed_at_ms INTEGER,
	closed_by TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX parking_sessions_open ON parking_sessions (holder_id, opened_at_ms) WHERE closed_at_ms IS NULL;
CREATE INDEX parking_sessions_open_since ON parking_sessions (opened_at_ms) WHERE closed_at_ms IS NULL;
CREATE INDEX parking_sessions_closed ON parking_sessions (closed_at_ms) WHERE closed_at_ms IS NOT NULL;

CREATE TABLE lane_modes (
	lane_id TEXT PRIMARY KEY,
	mode TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE neutral_holders (
	holder_id TEXT PRIMARY KEY,
	at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
	},
	{
		name: 'local edits of the directory',
		sql: `
CREATE TABLE local_edits (
	table_name TEXT NOT NULL,
	key TEXT NOT NULL,
	mutation_id TEXT NOT NULL,
	row TEXT,
	base_rev INTEGER NOT NULL,
	base_etag TEXT,
	seq INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	accepted_rev INTEGER,
	shown TEXT,
	PRIMARY KEY (table_name, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX local_edits_in_order ON local_edits (mutation_id);

CREATE TABLE edit_history (
	table_name TEXT NOT NULL,
	key TEXT NOT NULL,
	position INTEGER NOT NULL REFERENCES journal,
	batch_id TEXT NOT NULL,
	PRIMARY KEY (table_name, key, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX edit_history_by_batch ON edit_history (batch_id, position);
`,
	},
	CONSUMPTION_MIGRATION,
	PRIVACY_MIGRATION,
	REMOTE_COMMANDS_MIGRATION,
	FIELD_WORK_MIGRATION,
	EPOCHS_MIGRATION,
	DEAD_LETTERS_MIGRATION,
	TELEMETRY_MIGRATION,
	LICENCES_MIGRATION,
	EVIDENCE_MIGRATION,
	OPERATORS_MIGRATION,
	HAND_OVERS_MIGRATION,
	MAINTENANCE_MIGRATION,
	OPERATOR_GROUPS_MIGRATION,
	MARKETING_MIGRATION,
	ANALYTICS_MIGRATION,
	IMPORT_MAPPINGS_MIGRATION,
	ACTIVITY_MIGRATION,
	OPERATOR_IMPORTS_MIGRATION,
	CENTRAL_ACCOUNTS_MIGRATION,
	MAIL_OUTBOX_MIGRATION,
];
