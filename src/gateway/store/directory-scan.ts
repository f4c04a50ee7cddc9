import { DIRECTORY_TABLES, type DirectoryTable, type StreamName } from '../core/directory.ts';
import { type BucketSums, decodeSums, noSums } from '../core/directory-digest.ts';
import { type SqlValue, STORED_TABLES } from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';
import { checkOf, rowHash } from './row-digests.ts';

/** The digest that is kept; undefined: never synced. */
export function readSums(db: Sqlite, stream: StreamName): BucketSums | undefined {
	const bytes = db.prepare<[string], Uint8Array>('SELECT sums FROM streams WHERE stream = ?').pluck().get(stream);
	return bytes === undefined ? undefined : (decodeSums(bytes) ?? noSums());
}

export interface ScannedRow {
	readonly table: string;
	readonly key: string;
	readonly digest: bigint;
	/** It is as it was stored. */
	readonly isIntact: boolean;
}

/** Read together: a few ms of the writing thread. */
const ROWS_PER_SLICE = 500;

/** Every row of a stream, the parked ones and those denied ahead of their turn last, in slices between which others work. */
export function* scanStream(db: Sqlite, stream: StreamName): Generator<readonly ScannedRow[]> {
	for (const table of Object.keys(DIRECTORY_TABLES) as DirectoryTable[])
		if (DIRECTORY_TABLES[table].stream === stream) yield* scanTable(db, table);
	yield* scanParked(db, stream);
	yield* scanDenied(db, stream);
}

function* scanTable(db: Sqlite, table: DirectoryTable): Generator<readonly ScannedRow[]> {
	const { sqlName, columns } = STORED_TABLES[table];
	const names = columns.map(({ name }) => name).join(', ');
	// As text: the digest has more bits than a number, the other columns are checked as the numbers they were.
	const select = db
		.prepare<[string], SqlValue[]>(
			`SELECT ${names}, CAST(digest AS TEXT), crc FROM ${sqlName} WHERE id > ? ORDER BY id LIMIT ${ROWS_PER_SLICE}`,
		)
		.raw();
	let after = '';
	for (let rows = select.all(after); rows.length > 0; rows = select.all(after)) {
		const slice = rows.map((row) => scanned(table, row, columns.length));
		after = slice.at(-1)?.key ?? after;
		yield slice;
	}
}

function scanned(table: string, row: readonly SqlValue[], width: number): ScannedRow {
	const values = row.slice(0, width);
	const digest = BigInt(row[width] ?? 0);
	return { table, key: String(values[0]), digest, isIntact: checkOf(values, digest) === row[width + 1] };
}

function* scanParked(db: Sqlite, stream: StreamName): Generator<readonly ScannedRow[]> {
	const select = db.prepare<[string, string, string], { table: string; key: string; raw: string; digest: string }>(
		`SELECT table_name AS "table", key, raw, CAST(digest AS TEXT) AS digest FROM parked
		WHERE stream = ? AND (table_name, key) > (?, ?) ORDER BY table_name, key LIMIT ${ROWS_PER_SLICE}`,
	);
	let after = { table: '', key: '' };
	for (;;) {
		const rows = select.all(stream, after.table, after.key);
		const last = rows.at(-1);
		if (last === undefined) return;
		after = last;
		yield rows.map(({ table, key, raw, digest }) => {
			const stored = BigInt(digest);
			return { table, key, digest: stored, isIntact: isHashOf(stored, raw) };
		});
	}
}

/** Rows that went before their turn still count. */
function* scanDenied(db: Sqlite, stream: StreamName): Generator<readonly ScannedRow[]> {
	const select = db.prepare<[string, string, string], { table: string; key: string; digest: string }>(
		`SELECT table_name AS "table", key, CAST(digest AS TEXT) AS digest FROM ahead
		WHERE stream = ? AND digest IS NOT NULL AND (table_name, key) > (?, ?) ORDER BY table_name, key LIMIT ${ROWS_PER_SLICE}`,
	);
	let after = { table: '', key: '' };
	for (;;) {
		const rows = select.all(stream, after.table, after.key);
		const last = rows.at(-1);
		if (last === undefined) return;
		after = last;
		yield rows.map(({ table, key, digest }) => ({ table, key, digest: BigInt(digest), isIntact: true }));
	}
}

function isHashOf(digest: bigint, raw: string): boolean {
	try {
		return rowHash(JSON.parse(raw)) === digest;
	} catch {
		// Not even JSON any more.
		return false;
	}
}
