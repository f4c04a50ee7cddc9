import type { Migration } from './migrations.ts';

/**
 * `carried_from`: see `Epoch`; NULL where no row is told again. `journal_carried`: the hashes of a new epoch's chain over the
 * rows that it tells again, now and then and after the last: their own rows keep the chain they were written in. `journal_acks`:
 * see `createAckMarks`.
 */
export const EPOCHS_MIGRATION: Migration = {
	name: 'epochs of the journal and what central has of each',
	sql: `
ALTER TABLE journal_epochs ADD COLUMN reason TEXT NOT NULL DEFAULT 'new';
ALTER TABLE journal_epochs ADD COLUMN carried_from INTEGER;
ALTER TABLE journal_epochs ADD COLUMN acked_seq INTEGER NOT NULL DEFAULT 0;
UPDATE journal_epochs SET acked_seq = coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'ackedSeq'), 0)
	WHERE before_position = (SELECT max(before_position) FROM journal_epochs);
DELETE FROM settings WHERE key = 'ackedSeq';

CREATE TABLE journal_carried (
	gateway_epoch TEXT NOT NULL,
	seq INTEGER NOT NULL,
	chain BLOB NOT NULL,
	PRIMARY KEY (gateway_epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal_acks (
	at_ms INTEGER PRIMARY KEY,
	position INTEGER NOT NULL
) STRICT;
`,
};

/** Events that central refused, in the order in which it did. */
export const DEAD_LETTERS_MIGRATION: Migration = {
	name: 'dead letters',
	sql: `
CREATE TABLE dead_letters (
	number INTEGER PRIMARY KEY,
	gateway_epoch TEXT NOT NULL,
	seq INTEGER NOT NULL,
	code TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	UNIQUE (gateway_epoch, seq)
) STRICT;
`,
};

/** Telemetry rows of the journal that are not erased; see `createTelemetryRows`. */
export const TELEMETRY_MIGRATION: Migration = {
	name: 'telemetry of the journal',
	sql: `
CREATE TABLE journal_telemetry (
	position INTEGER PRIMARY KEY REFERENCES journal,
	bytes INTEGER NOT NULL
) STRICT;
`,
};
