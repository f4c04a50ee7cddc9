import { closeSync, fdatasyncSync, fsyncSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { DIRECTORY_TABLES, type DirectoryTable, type StreamName } from '../core/directory.ts';
import type { ParkedRow, SnapshotRow, SnapshotStart } from '../core/directory-change.ts';
import { noSums } from '../core/directory-digest.ts';
import { DIRECTORY_INDEXES, STAGED_SCHEMA, WRITER_OPTIONS } from './directory-schema.ts';
import { STORED_TABLES } from './directory-tables.ts';
import { createDirectoryWriter, type DirectoryWriter } from './directory-writer.ts';
import { migrate } from './migrations.ts';
import { openDatabase, type Sqlite } from './open-database.ts';
import { rootOf } from './row-digests.ts';
import { storeFailure } from './store-failure.ts';

/**
 * A directory file being made from a snapshot: rows without indexes and without a journal (a crash
 * throws the file away), then the other streams copied from the live file, then indexes, then synced to
 * the disk. Every method throws GatewayError; `discard` afterwards.
 */
export interface DirectoryStaging {
	readonly path: string;
	readonly start: SnapshotStart;
	/** A delta of another stream that comes meanwhile; it was applied to the live file before. */
	follow(change: (writer: DirectoryWriter) => void): void;
	push(rows: readonly SnapshotRow[]): void;
	/** undefined: all rows came, and they are central's; else what is wrong. */
	problem(): string | undefined;
	parked(): readonly ParkedRow[];
	/** Digest of the rows that came. */
	root(): string;
	/** Copies the next rows of the other streams, then makes one index after the other. @returns false when all is done. */
	completeSlice(): boolean;
	/** Syncs the file. @returns it opened durably, as the live file will be. */
	seal(): Sqlite;
	discard(): void;
}

const ROWS_PER_SLICE = 500;
/** Rows between two syncs: the disk is given small pieces, so that a decision's own sync does not wait behind 70 MB. */
const ROWS_PER_SYNC = 10_000;
const PARKED_TOLD = 100;

export function createDirectoryStaging(
	file: string,
	livePath: string,
	start: SnapshotStart,
	startedAtMs: number,
): DirectoryStaging {
	const staged = openUnjournalled(file, livePath);
	const { db } = staged;
	const writer = createDirectoryWriter(db, { staged: true });
	const parked: ParkedRow[] = [];
	const sums = noSums();
	const copies = createCopies(db, start.stream);
	const indexes = [...DIRECTORY_INDEXES];
	let pushed = 0;
	let written = 0;

	/** No roll-back without a journal: after a failure the file is discarded. */
	function inTransaction<T>(work: () => T): T {
		return mapped(file, () => {
			db.exec('BEGIN');
			const result = work();
			db.exec('COMMIT');
			return result;
		});
	}

	function syncAfter(rows: number): void {
		const before = written;
		written += rows;
		if (Math.floor(before / ROWS_PER_SYNC) !== Math.floor(written / ROWS_PER_SYNC)) mapped(file, staged.sync);
	}

	function copySlice(): boolean {
		const copied = inTransaction(copies.next);
		syncAfter(copied);
		return copied > 0;
	}

	function indexSlice(): boolean {
		const sql = indexes.shift();
		if (sql === undefined) return false;
		inTransaction(() => db.exec(sql));
		mapped(file, staged.sync);
		return true;
	}

	return {
		path: file,
		start,
		follow(change) {
			if (copies.hasBegun()) inTransaction(() => change(writer));
		},
		push(chunk) {
			const ops = chunk.map(({ table, row }) => ({ op: 'put', table, key: idOf(row), row }) as const);
			inTransaction(() => {
				const refused = writer.apply(start.stream, start.rev, ops, sums);
				parked.push(...refused.slice(0, Math.max(0, PARKED_TOLD - parked.length)));
			});
			pushed += chunk.length;
			syncAfter(chunk.length);
		},
		problem() {
			if (pushed !== start.rows) return `${pushed} rows came, ${start.rows} were announced`;
			const kept = copies.countStaged();
			if (kept !== pushed) return `${pushed} rows came, but only ${kept} different keys`;
			const root = rootOf(sums);
			if (start.root === undefined || start.root === null || start.root === root) return undefined;
			return `the rows that came are not central’s: their digest is ${root}, not ${start.root}`;
		},
		parked: () => parked,
		root: () => rootOf(sums),
		completeSlice: () => copySlice() || indexSlice(),
		seal() {
			const { stream, centralEpoch, rev } = start;
			inTransaction(() => {
				// Last, and without a pause before the file is closed: `follow` leaves the words alone.
				writer.indexWords();
				copies.finish();
				writer.setStream({ stream, centralEpoch, rev, syncedAtMs: startedAtMs }, sums);
			});
			mapped(file, staged.finish);
			return openDatabase(file, WRITER_OPTIONS);
		},
		discard() {
			staged.close();
			removeDatabase(file);
		},
	};
}

function mapped<T>(file: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw storeFailure(error, file);
	}
}

function idOf(row: unknown): string {
	return row !== null && typeof row === 'object' && 'id' in row && typeof row.id === 'string'
		? row.id.slice(0, 64)
		: '';
}

function openUnjournalled(file: string, livePath: string) {
	let db: Sqlite | undefined;
	try {
		removeDatabase(file);
		closeSync(openSync(file, 'w', 0o600));
		db = new Database(file);
		db.pragma(`page_size = ${WRITER_OPTIONS.pageSizeBytes}`);
		db.pragma('journal_mode = OFF');
		db.pragma('synchronous = OFF');
		db.pragma(`cache_size = -${WRITER_OPTIONS.cacheKib}`);
		db.pragma('temp_store = FILE');
		migrate(db, { path: file, ...STAGED_SCHEMA });
		db.prepare('ATTACH ? AS live').run(livePath);
		return { db, ...syncedClosing(db, file) };
	} catch (error) {
		db?.close();
		removeDatabase(file);
		throw storeFailure(error, file);
	}
}

function syncedClosing(db: Sqlite, file: string) {
	// Opened after SQLite's own and closed after it: closing another descriptor of a file drops SQLite's locks on it.
	const descriptor = openSync(file, 'r');
	let open = true;
	function close(): void {
		if (!open) return;
		open = false;
		db.close();
		closeSync(descriptor);
	}
	return {
		sync: () => fdatasyncSync(descriptor),
		close,
		/** All of it on the disk, its name too. */
		finish() {
			fsyncSync(descriptor);
			close();
			const dir = openSync(path.dirname(file), 'r');
			fsyncSync(dir);
			closeSync(dir);
		},
	};
}

/** Row by row in key order, so that rows changed meanwhile are copied as they are now. */
function createCopies(db: Sqlite, stream: StreamName) {
	const all = Object.keys(DIRECTORY_TABLES) as DirectoryTable[];
	const others = all.filter((table) => DIRECTORY_TABLES[table].stream !== stream);
	const pending = others.map((table) => {
		const { sqlName, columns } = STORED_TABLES[table];
		const names = [...columns.map(({ name }) => name), 'digest', 'crc'].join(', ');
		return {
			lastOf: db
				.prepare<[string], string | null>(
					`SELECT max(id) FROM (SELECT id FROM live.${sqlName} WHERE id > ? ORDER BY id LIMIT ${ROWS_PER_SLICE})`,
				)
				.pluck(),
			copy: db.prepare<[string, string]>(
				`INSERT OR REPLACE INTO main.${sqlName} (${names}) SELECT ${names} FROM live.${sqlName} WHERE id > ? AND id <= ?`,
			),
		};
	});
	const beside = ['streams', 'parked'].flatMap((table) => [
		db.prepare<[string]>(`DELETE FROM main.${table} WHERE stream <> ?`),
		db.prepare<[string]>(`INSERT INTO main.${table} SELECT * FROM live.${table} WHERE stream <> ?`),
	]);
	const counts = all
		.filter((table) => DIRECTORY_TABLES[table].stream === stream)
		.map((table) => db.prepare<[], number>(`SELECT count(*) FROM main.${STORED_TABLES[table].sqlName}`).pluck());
	const countParked = db.prepare<[string], number>('SELECT count(*) FROM main.parked WHERE stream = ?').pluck();
	let after = '';
	let hasBegun = false;
	return {
		/** Until then nothing need be followed: it is copied as it is by then. */
		hasBegun: () => hasBegun,
		/** @returns rows copied; 0 when nothing is left. */
		next(): number {
			hasBegun = true;
			for (let table = pending[0]; table !== undefined; table = pending[0]) {
				const last = table.lastOf.get(after) ?? null;
				if (last !== null) {
					const { changes } = table.copy.run(after, last);
					after = last;
					return changes;
				}
				pending.shift();
				after = '';
			}
			return 0;
		},
		/** What stands beside the rows: revs, digests, parked rows. */
		finish() {
			for (const statement of beside) statement.run(stream);
		},
		/** Rows of the staged stream, with the parked ones. */
		countStaged: () => counts.reduce((sum, count) => sum + (count.get() ?? 0), countParked.get(stream) ?? 0),
	};
}

/** With its WAL and shared memory; nothing may have it open that still needs it. */
export function removeDatabase(file: string): void {
	for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true });
}
