import type { Migration } from './migrations.ts';

/**
 * What rights cost here: consumption belongs to the site where it happens. `reservations.terms` and what follows from
 * them are JSON of `StayTerms`; a stay lists the rights it stays by and the shared places it holds as JSON. Uses that no
 * longer tell when they were stand at the beginning of their period, without a stay, `times` of them.
 */
export const CONSUMPTION_MIGRATION: Migration = {
	name: 'what rights cost',
	sql: `
ALTER TABLE reservations ADD COLUMN right_id TEXT;
ALTER TABLE reservations ADD COLUMN credential_id TEXT;
ALTER TABLE reservations ADD COLUMN terms TEXT;
ALTER TABLE parking_sessions ADD COLUMN right_ids TEXT;
ALTER TABLE parking_sessions ADD COLUMN shared TEXT;

CREATE TABLE right_uses (
	right_id TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	stay_id TEXT NOT NULL,
	times INTEGER NOT NULL DEFAULT 1,
	PRIMARY KEY (right_id, at_ms, stay_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX right_uses_in_time ON right_uses (at_ms) WHERE stay_id <> '';

CREATE TABLE booking_uses (
	booking_id TEXT PRIMARY KEY,
	state TEXT NOT NULL,
	stay_id TEXT,
	at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX booking_uses_in_time ON booking_uses (at_ms);

CREATE TABLE wallets (
	right_id TEXT PRIMARY KEY,
	balance INTEGER NOT NULL,
	refilled_ms INTEGER,
	lines INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger (
	right_id TEXT NOT NULL,
	line INTEGER NOT NULL,
	key TEXT NOT NULL,
	kind INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	balance INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	stay_id TEXT,
	PRIMARY KEY (right_id, line)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX ledger_once ON ledger (right_id, key);
CREATE INDEX ledger_in_time ON ledger (at_ms) WHERE stay_id IS NOT NULL;

CREATE TABLE stay_charges (
	stay_id TEXT NOT NULL,
	right_id TEXT NOT NULL,
	segment INTEGER NOT NULL,
	holder_id TEXT,
	at_ms INTEGER NOT NULL,
	price_minor INTEGER,
	currency TEXT,
	credits INTEGER NOT NULL,
	PRIMARY KEY (stay_id, right_id, segment)
) STRICT, WITHOUT ROWID;
CREATE INDEX stay_charges_in_time ON stay_charges (at_ms);
CREATE INDEX stay_charges_of_holder ON stay_charges (holder_id, at_ms) WHERE holder_id IS NOT NULL;

CREATE TABLE stay_deadlines (
	stay_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	right_id TEXT NOT NULL,
	due_at_ms INTEGER,
	times INTEGER NOT NULL,
	detail TEXT NOT NULL,
	PRIMARY KEY (stay_id, kind, right_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stay_deadlines_due ON stay_deadlines (due_at_ms) WHERE due_at_ms IS NOT NULL;
`,
};
