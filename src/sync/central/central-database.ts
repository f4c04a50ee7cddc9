import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { COMMANDS_SQL } from './command-records.ts';
import { EVENTS_AHEAD_SQL } from './event-store.ts';
import { MAILS_SQL } from './mail-records.ts';
import { TOLD_AGAIN_SQL } from './told-again.ts';

export type CentralSqlite = Database.Database;

export const CENTRAL_FILE = 'central.db';
const SYNCHRONOUS_FULL = 2;

/**
 * `histories`: one for each site and gatewayEpoch, with its cursor. `marks`: journal hashes at the ends of batches.
 * `changes`: the streams' newest ops, for sites that were away. `snapshots`: finished ones; chunks stand encoded.
 */
const SCHEMA = `
CREATE TABLE identity (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sites (
	site TEXT PRIMARY KEY,
	gateway_epoch TEXT NOT NULL,
	birth_link TEXT,
	will_link TEXT,
	version TEXT,
	seen_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE histories (
	history INTEGER PRIMARY KEY,
	site TEXT NOT NULL,
	gateway_epoch TEXT NOT NULL,
	up_to INTEGER NOT NULL,
	UNIQUE (site, gateway_epoch)
) STRICT;

CREATE TABLE events (
	history INTEGER NOT NULL REFERENCES histories,
	seq INTEGER NOT NULL,
	id TEXT NOT NULL,
	type TEXT NOT NULL,
	time TEXT,
	data TEXT NOT NULL,
	received_at_ms INTEGER NOT NULL,
	rejected TEXT,
	PRIMARY KEY (history, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE marks (
	history INTEGER NOT NULL REFERENCES histories,
	seq INTEGER NOT NULL,
	chain TEXT NOT NULL,
	PRIMARY KEY (history, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE streams (
	stream TEXT PRIMARY KEY,
	rev INTEGER NOT NULL,
	floor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stream_rows (
	stream TEXT NOT NULL REFERENCES streams,
	table_name TEXT NOT NULL,
	key TEXT NOT NULL,
	row TEXT NOT NULL,
	PRIMARY KEY (stream, table_name, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
	stream TEXT NOT NULL REFERENCES streams,
	rev INTEGER NOT NULL,
	op TEXT NOT NULL,
	PRIMARY KEY (stream, rev)
) STRICT, WITHOUT ROWID;

CREATE TABLE snapshots (
	snapshot_id TEXT PRIMARY KEY,
	stream TEXT NOT NULL REFERENCES streams,
	rev INTEGER NOT NULL,
	manifest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE snapshot_chunks (
	snapshot_id TEXT NOT NULL,
	place INTEGER NOT NULL,
	content_type TEXT NOT NULL,
	payload BLOB NOT NULL,
	PRIMARY KEY (snapshot_id, place)
) STRICT, WITHOUT ROWID;
`;

/** `mutations`: the word on each local edit of a site. `commands`: what was asked of sites. `edits_to`: events of the history looked at for edits. `origin`: the site whose edit a change was. */
const SECOND = `
CREATE TABLE mutations (
	site TEXT NOT NULL,
	id TEXT NOT NULL,
	stream TEXT,
	rev INTEGER,
	code TEXT,
	problem TEXT,
	PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE commands (
	id TEXT PRIMARY KEY,
	site TEXT NOT NULL,
	op TEXT NOT NULL,
	target TEXT NOT NULL,
	by TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	outcome TEXT,
	because TEXT
) STRICT, WITHOUT ROWID;

ALTER TABLE histories ADD COLUMN edits_to INTEGER NOT NULL DEFAULT 0;
ALTER TABLE changes ADD COLUMN origin TEXT;
`;

/**
 * Digests of the streams (docs/sync.md): `bucket` and `digest` of each row, `shift` of a bucket's sum by each change.
 * `unusable_rows`: what sites could not use. Snapshots are made again with their root.
 */
const DIGESTS = `
ALTER TABLE streams ADD COLUMN sums BLOB;
ALTER TABLE streams ADD COLUMN root TEXT;
ALTER TABLE stream_rows ADD COLUMN bucket INTEGER;
ALTER TABLE stream_rows ADD COLUMN digest INTEGER;
ALTER TABLE changes ADD COLUMN bucket INTEGER;
ALTER TABLE changes ADD COLUMN shift INTEGER;
CREATE INDEX stream_rows_by_bucket ON stream_rows (stream, bucket);

CREATE TABLE unusable_rows (
	site TEXT NOT NULL,
	stream TEXT NOT NULL,
	table_name TEXT NOT NULL,
	key TEXT NOT NULL,
	rev INTEGER NOT NULL,
	code TEXT NOT NULL,
	problem TEXT NOT NULL,
	PRIMARY KEY (site, stream, table_name, key)
) STRICT, WITHOUT ROWID;

DELETE FROM snapshot_chunks;
DELETE FROM snapshots;
`;

/** `tokens`: who may use the API and the pages. `leases`: which of several centrals tells what changed. */
const SERVICE = `
CREATE TABLE tokens (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	role TEXT NOT NULL,
	digest BLOB NOT NULL UNIQUE,
	created_at_ms INTEGER NOT NULL,
	expires_at_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE leases (
	name TEXT PRIMARY KEY,
	holder TEXT NOT NULL,
	until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX edit_events ON events (history, seq) WHERE type = 'parkgate.edit';
CREATE INDEX rejected_events ON events (history, seq) WHERE rejected IS NOT NULL;
CREATE INDEX commands_by_site ON commands (site, at_ms);
`;

/** Each brings the schema from the version before to the next; published ones never change. */
const STEPS = [SCHEMA, SECOND, DIGESTS, SERVICE, TOLD_AGAIN_SQL, COMMANDS_SQL, EVENTS_AHEAD_SQL, MAILS_SQL];

/** Central's own database, `central.db`; every commit is on the disk before anything is acknowledged. */
export function openCentralDatabase(dir: string): CentralSqlite {
	mkdirSync(dir, { recursive: true, mode: 0o700 });
	const path = join(dir, CENTRAL_FILE);
	// SQLite gives its other files the mode of this one.
	closeSync(openSync(path, 'a', 0o600));
	const db = new Database(path);
	db.pragma('journal_mode = WAL');
	db.pragma('synchronous = FULL');
	db.pragma('foreign_keys = ON');
	if (Number(db.pragma('synchronous', { simple: true })) !== SYNCHRONOUS_FULL)
		throw new GatewayError('STORE_UNAVAILABLE', `${path}: commits are not synced to the disk; use a local disk`);
	const found = Number(db.pragma('user_version', { simple: true }));
	if (found > STEPS.length)
		throw new GatewayError(
			'STORE_NEWER',
			`${path}: its schema is version ${found}, this program knows ${STEPS.length}`,
		);
	const steps = STEPS.slice(found);
	if (steps.length > 0)
		db.transaction(() => db.exec(steps.join('\n')).pragma(`user_version = ${STEPS.length}`)).immediate();
	return db;
}

/** A second connection that sees one moment of the database while the first goes on writing. */
export function openCentralReader(db: CentralSqlite): CentralSqlite {
	return new Database(db.name, { readonly: true });
}

/** Reads a value of central's identity, or makes and keeps it. */
export function keepIdentity(db: CentralSqlite, key: 'centralEpoch', make: () => string): string {
	db.prepare('INSERT OR IGNORE INTO identity (key, value) VALUES (?, ?)').run(key, make());
	const value = db.prepare<[string], string>('SELECT value FROM identity WHERE key = ?').pluck().get(key);
	if (value === undefined) throw new GatewayError('INTERNAL', `central.db: identity ${key} was not kept`);
	return value;
}
