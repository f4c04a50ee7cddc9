import { aggregateOf, type DirectoryTable } from '../core/directory.ts';
import { STORED_TABLES, type StoredTable } from './directory-tables.ts';
import type { MigrateOptions } from './migrations.ts';
import type { OpenOptions } from './open-database.ts';

/** `PKGd`. */
const DIRECTORY_APPLICATION_ID = 0x50_4b_47_64;

/** Beside a row: the hash of what central sent (`core/directory-digest.ts`), and a check of what is stored. */
const DIGEST_COLUMNS = ['digest INTEGER NOT NULL', 'crc INTEGER NOT NULL'];

/**
 * Central's rows: the tables of the declarations (`core/directory/`). Choices are stored as the place in their list, lists
 * as JSON. A `_words` table is made from the rows. `parked` rows fit no table, those `ahead` are of a later rev than the
 * stream's. A stream's digest stands beside its rev.
 */
const TABLES = `
CREATE TABLE streams (
	stream TEXT PRIMARY KEY,
	central_epoch TEXT NOT NULL,
	rev INTEGER NOT NULL,
	synced_at_ms INTEGER NOT NULL,
	root TEXT NOT NULL,
	sums BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE parked (
	stream TEXT NOT NULL,
	table_name TEXT NOT NULL,
	key TEXT NOT NULL,
	rev INTEGER NOT NULL,
	raw TEXT NOT NULL,
	digest INTEGER NOT NULL,
	code TEXT NOT NULL,
	problem TEXT NOT NULL,
	PRIMARY KEY (stream, table_name, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE ahead (
	stream TEXT NOT NULL,
	table_name TEXT NOT NULL,
	key TEXT NOT NULL,
	central_epoch TEXT NOT NULL,
	rev INTEGER NOT NULL,
	row TEXT,
	digest INTEGER,
	PRIMARY KEY (stream, table_name, key)
) STRICT, WITHOUT ROWID;

${Object.values(STORED_TABLES)
	.map((table) => tableSql(table, '', DIGEST_COLUMNS))
	.join('\n')}`;

/** One table of rows, and its words; `prefix` tells a second one in another file apart. */
export function tableSql(
	{ sqlName, columns, hasWords }: StoredTable,
	prefix = '',
	beside: readonly string[] = [],
): string {
	const lines = columns.map(({ name, type, nullable }) =>
		name === 'id' ? '\tid TEXT PRIMARY KEY' : `\t${name} ${type}${nullable ? '' : ' NOT NULL'}`,
	);
	lines.push(...beside.map((column) => `\t${column}`));
	const rows = `CREATE TABLE ${prefix}${sqlName} (\n${lines.join(',\n')}\n) STRICT, WITHOUT ROWID;\n`;
	return hasWords
		? `${rows}CREATE TABLE ${prefix}${sqlName}_words (word TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (word, id)) STRICT, WITHOUT ROWID;\n`
		: rows;
}

/** Made after the rows of a snapshot are in: sorting once is several times quicker than inserting at random. */
export function indexesSql(table: DirectoryTable, prefix = ''): readonly string[] {
	const { sqlName, indexes } = aggregateOf(table);
	return indexes.map(
		({ name, columns, where }) =>
			`CREATE INDEX ${prefix}${name} ON ${prefix}${sqlName} (${columns.join(', ')})${where === undefined ? '' : ` WHERE ${where}`};`,
	);
}

export const DIRECTORY_INDEXES: readonly string[] = Object.values(STORED_TABLES).flatMap(({ table }) =>
	indexesSql(table),
);

/** What a file of an earlier version holds; central sends it again. A later column takes a migration of its own, with what its rows get. */
const EARLIER_VERSIONS = [
	...['streams', 'parked', 'holder_words'],
	...Object.values(STORED_TABLES).flatMap(({ sqlName }) => [sqlName, `${sqlName}_words`]),
]
	.map((name) => `DROP TABLE IF EXISTS ${name};`)
	.join('\n');

const BEFORE = [
	{ name: 'first version', sql: '' },
	{ name: 'without digests', sql: '' },
	{ name: 'without rows ahead', sql: '' },
];

/** Without `DIRECTORY_INDEXES`. */
export const STAGED_SCHEMA = {
	applicationId: DIRECTORY_APPLICATION_ID,
	migrations: [...BEFORE, { name: 'directory', sql: TABLES }],
} satisfies Omit<MigrateOptions, 'path'>;

export const DIRECTORY_SCHEMA = {
	applicationId: DIRECTORY_APPLICATION_ID,
	migrations: [...BEFORE, { name: 'directory', sql: [EARLIER_VERSIONS, TABLES, ...DIRECTORY_INDEXES].join('\n') }],
} satisfies Omit<MigrateOptions, 'path'>;

const PAGE_SIZE_BYTES = 2_048;

/** The main thread's connection; the rest of the file is in the system's cache, not in this process. */
export const READER_OPTIONS: OpenOptions = {
	pageSizeBytes: PAGE_SIZE_BYTES,
	cacheKib: 2_048,
	walAutocheckpointPages: 0,
	readOnly: true,
};

/**
 * The worker's, for as long as it runs. Random changes to a million rows: the upper pages of their trees stay in the cache,
 * and copying pages back seldom writes a page that changed often once (2.5 times less on the disk); some 100 MB of WAL.
 */
export const WRITER_OPTIONS: OpenOptions = {
	pageSizeBytes: PAGE_SIZE_BYTES,
	cacheKib: 24_576,
	walAutocheckpointPages: 48_000,
};

/** `directory-3.db` → 3; undefined for other files. */
export function directoryNumber(fileName: string): number | undefined {
	const [, number] = /^directory-(\d{1,9})\.db$/.exec(fileName) ?? [];
	return number === undefined ? undefined : Number(number);
}

export function directoryFileName(number: number): string {
	return `directory-${number}.db`;
}
