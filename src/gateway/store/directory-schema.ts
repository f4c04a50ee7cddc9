import type { MigrateOptions } from './migrations.ts';
import type { OpenOptions } from './open-database.ts';

/** `PKGd`. */
const DIRECTORY_APPLICATION_ID = 0x50_4b_47_64;

/**
 * Central's rows. Enumerations are stored as the place in their list (`directory-tables.ts`), lists as
 * JSON. `holder_words` is made from the holders' names and addresses. `parked` rows fit no table.
 */
const TABLES = `
CREATE TABLE streams (
	stream TEXT PRIMARY KEY,
	central_epoch TEXT NOT NULL,
	rev INTEGER NOT NULL,
	synced_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE holders (
	id TEXT PRIMARY KEY,
	kind INTEGER NOT NULL,
	name TEXT NOT NULL,
	email TEXT,
	status INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE holder_words (
	word TEXT NOT NULL,
	holder_id TEXT NOT NULL,
	PRIMARY KEY (word, holder_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE credentials (
	id TEXT PRIMARY KEY,
	holder_id TEXT NOT NULL,
	kind INTEGER NOT NULL,
	value TEXT NOT NULL,
	skeleton TEXT,
	label TEXT,
	state INTEGER NOT NULL,
	valid_from_ms INTEGER,
	valid_to_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE right_specifications (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	strategy TEXT NOT NULL,
	area_ids TEXT NOT NULL,
	schedule_id TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE assigned_rights (
	id TEXT PRIMARY KEY,
	holder_id TEXT NOT NULL,
	specification_id TEXT NOT NULL,
	state INTEGER NOT NULL,
	valid_from_ms INTEGER,
	valid_to_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE schedules (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	periods TEXT NOT NULL,
	special_days TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE parked (
	stream TEXT NOT NULL,
	table_name TEXT NOT NULL,
	key TEXT NOT NULL,
	rev INTEGER NOT NULL,
	raw TEXT NOT NULL,
	problem TEXT NOT NULL,
	PRIMARY KEY (stream, table_name, key)
) STRICT, WITHOUT ROWID;
`;

/**
 * Made after the rows of a snapshot are in: sorting once is several times quicker than inserting at random.
 * What a decision looks up stands in its index as a whole, so that it costs one way down a tree, not two.
 */
export const DIRECTORY_INDEXES: readonly string[] = [
	'CREATE INDEX credentials_by_value ON credentials (value, kind, id, holder_id, label, state, valid_from_ms, valid_to_ms);',
	'CREATE INDEX credentials_by_skeleton ON credentials (skeleton) WHERE skeleton IS NOT NULL;',
	'CREATE INDEX credentials_by_holder ON credentials (holder_id);',
	'CREATE INDEX assigned_rights_by_holder ON assigned_rights (holder_id, id, specification_id, state, valid_from_ms, valid_to_ms);',
];

/** Without `DIRECTORY_INDEXES`. */
export const STAGED_SCHEMA = {
	applicationId: DIRECTORY_APPLICATION_ID,
	migrations: [{ name: 'directory', sql: TABLES }],
} satisfies Omit<MigrateOptions, 'path'>;

export const DIRECTORY_SCHEMA = {
	applicationId: DIRECTORY_APPLICATION_ID,
	migrations: [{ name: 'directory', sql: TABLES + DIRECTORY_INDEXES.join('\n') }],
} satisfies Omit<MigrateOptions, 'path'>;

const PAGE_SIZE_BYTES = 2_048;

/** The main thread's connection; the rest of the file is in the system's cache, not in this process. */
export const READER_OPTIONS: OpenOptions = {
	pageSizeBytes: PAGE_SIZE_BYTES,
	cacheKib: 2_048,
	walAutocheckpointPages: 0,
	readOnly: true,
};

/** The worker's: copying pages back seldom makes random changes twice as fast; up to 64 MB of WAL. */
export const WRITER_OPTIONS: OpenOptions = {
	pageSizeBytes: PAGE_SIZE_BYTES,
	cacheKib: 4_096,
	walAutocheckpointPages: 16_000,
};

/** `directory-3.db` → 3; undefined for other files. */
export function directoryNumber(fileName: string): number | undefined {
	const [, number] = /^directory-(\d{1,9})\.db$/.exec(fileName) ?? [];
	return number === undefined ? undefined : Number(number);
}

export function directoryFileName(number: number): string {
	return `directory-${number}.db`;
}
