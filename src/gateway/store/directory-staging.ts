import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { ParkedRow, SnapshotRow, SnapshotStart } from '../core/directory-change.ts';
import { noSums } from '../core/directory-digest.ts';
import { LIMITS } from '../core/limits.ts';
import { prepareParkedRows } from './directory-parking.ts';
import { DIRECTORY_INDEXES, STAGED_SCHEMA, WRITER_OPTIONS } from './directory-schema.ts';
import { createDirectoryWriter, type DirectoryWriter } from './directory-writer.ts';
import { migrate } from './migrations.ts';
import { openDatabase, type Sqlite, syncName } from './open-database.ts';
import { rootOf } from './row-digests.ts';
import { countStaged, createStagedCopies } from './staged-copies.ts';
import { createStagingState, NOTHING_STAGED, type StagingState } from './staging-state.ts';
import { storeFailure } from './store-failure.ts';

/**
 * A directory file being made from a snapshot: rows without indexes, then the other streams copied from the live file,
 * then indexes. What was pushed is on the disk some 10,000 rows later, and after a restart goes on from there when the
 * snapshot has an id. Every method throws GatewayError; `discard` afterwards.
 */
export interface DirectoryStaging {
	readonly path: string;
	readonly start: SnapshotStart;
	/** Calls of `push` that are in. */
	chunks(): number;
	/** A change of another stream that comes meanwhile; it was applied to the live file before. */
	follow(change: (writer: DirectoryWriter) => void): void;
	push(rows: readonly SnapshotRow[]): void;
	/** undefined: all rows came, and they are central's; else what is wrong. */
	problem(): string | undefined;
	/** The first of them. */
	parked(): readonly ParkedRow[];
	/** Digest of the rows that came. */
	root(): string;
	/** Copies the next rows of the other streams, then makes one index after the other. @returns false when all is done. */
	completeSlice(): boolean;
	/** Syncs the file. @returns it opened durably, as the live file will be. */
	seal(): Sqlite;
	/** The file stays, to go on with. */
	pause(): void;
	discard(): void;
}

/** The disk is given small pieces, so that a decision's own sync does not wait behind 70 MB. */
const ROWS_PER_COMMIT = 10_000;

export function createDirectoryStaging(
	file: string,
	livePath: string,
	start: SnapshotStart,
	startedAtMs: number,
): DirectoryStaging {
	const { db, stored, found } = openStaged(file, livePath, start);
	const begin = db.prepare('BEGIN');
	const commit = db.prepare('COMMIT');
	const writer = createDirectoryWriter(db, { staged: true });
	const selectParked = prepareParkedRows(db);
	const copies = createStagedCopies(db, livePath, start.stream);
	const indexes = [...DIRECTORY_INDEXES];
	const sums = found?.sums ?? noSums();
	let { chunks, rows, isCompleting }: Omit<StagingState, 'sums'> = found ?? NOTHING_STAGED;
	let uncommitted = 0;

	/** Committed with what comes until enough rows are together. */
	function inTransaction<T>(work: () => T): T {
		return mapped(file, () => {
			if (!db.inTransaction) begin.run();
			const result = work();
			if (uncommitted >= ROWS_PER_COMMIT) settle();
			return result;
		});
	}

	function settle(): void {
		if (!db.inTransaction) return;
		stored.write({ chunks, rows, sums, isCompleting });
		commit.run();
		uncommitted = 0;
	}

	/** A transaction of its own. */
	function committed<T>(work: () => T): T {
		return mapped(file, () => {
			settle();
			begin.run();
			const result = work();
			settle();
			return result;
		});
	}

	function copySlice(): boolean {
		return inTransaction(() => {
			const copied = copies.next();
			uncommitted += copied;
			return copied > 0;
		});
	}

	function completeSlice(): boolean {
		if (!isCompleting) {
			isCompleting = true;
			committed(() => undefined);
		}
		if (copySlice()) return true;
		const sql = indexes.shift();
		if (sql === undefined) return false;
		// Most tables are small: together they cost the disk one commit, not one each.
		if (isLarge(db, sql)) committed(() => db.exec(sql));
		else inTransaction(() => db.exec(sql));
		return true;
	}

	if (isCompleting) {
		isCompleting = false;
		committed(copies.undo);
	}

	function close(): void {
		copies.close();
		db.close();
	}

	return {
		path: file,
		start,
		chunks: () => chunks,
		follow(change) {
			if (copies.hasBegun()) inTransaction(() => change(writer));
		},
		push(chunk) {
			const ops = chunk.map(({ table, row }) => ({ op: 'put', table, key: idOf(row), row }) as const);
			const at = { stream: start.stream, centralEpoch: start.centralEpoch, rev: start.rev };
			inTransaction(() => {
				writer.apply(at, ops, sums);
				chunks += 1;
				rows += chunk.length;
				uncommitted += chunk.length;
			});
		},
		problem() {
			if (rows !== start.rows) return `${rows} rows came, ${start.rows} were announced`;
			const kept = countStaged(db, start.stream);
			if (kept !== rows) return `${rows} rows came, but only ${kept} different keys`;
			const root = rootOf(sums);
			if (start.root === undefined || start.root === null || start.root === root) return undefined;
			return `the rows that came are not central’s: their digest is ${root}, not ${start.root}`;
		},
		parked: () => selectParked.all(start.stream, LIMITS.parkedTold),
		root: () => rootOf(sums),
		completeSlice,
		seal() {
			const { stream, centralEpoch, rev } = start;
			mapped(file, () => {
				settle();
				begin.run();
				// Last, and without a pause before the file is closed: `follow` leaves the words alone.
				copies.besideRows();
				copies.carryAhead(centralEpoch, rev);
				writer.enforceAhead(stream);
				writer.indexWords();
				writer.setStream({ stream, centralEpoch, rev, syncedAtMs: startedAtMs }, sums);
				stored.remove();
				commit.run();
				// Takes the rollback journal's file away.
				db.pragma('main.journal_mode = DELETE');
				close();
				syncName(file);
			});
			return openDatabase(file, WRITER_OPTIONS);
		},
		pause() {
			mapped(file, settle);
			close();
		},
		discard() {
			close();
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

/** What an earlier run left of the same snapshot is gone on with; anything else at that place goes. */
function openStaged(file: string, livePath: string, start: SnapshotStart) {
	if (start.snapshotId !== undefined && existsSync(file)) {
		const opened = tryOpen(file, livePath, start);
		if (opened !== undefined) return opened;
	}
	return mapped(file, () => {
		removeDatabase(file);
		closeSync(openSync(file, 'w', 0o600));
		return openFile(file, livePath, start);
	});
}

function tryOpen(file: string, livePath: string, start: SnapshotStart) {
	try {
		const opened = openFile(file, livePath, start);
		if (opened.found !== undefined) return opened;
		opened.db.close();
		return undefined;
	} catch {
		// Whatever is wrong with it, a new one takes its place.
		return undefined;
	}
}

function openFile(file: string, livePath: string, start: SnapshotStart) {
	const db = new Database(file);
	try {
		db.pragma(`page_size = ${WRITER_OPTIONS.pageSizeBytes}`);
		// Rows come at the end of their tables: a journal of what was there before stays small, a WAL would hold them all twice.
		// Its file stays between commits: to make and delete one is work for the file system's journal, which decisions wait for.
		db.pragma('journal_mode = PERSIST');
		db.pragma('synchronous = FULL');
		db.pragma(`cache_size = -${WRITER_OPTIONS.cacheKib}`);
		db.pragma('temp_store = FILE');
		migrate(db, { path: file, ...STAGED_SCHEMA });
		db.prepare('ATTACH ? AS live').run(livePath);
		const stored = createStagingState(db, start);
		return { db, stored, found: stored.read() };
	} catch (error) {
		db.close();
		throw error;
	}
}

/** The table that the index is of has more rows than are committed together. */
function isLarge(db: Sqlite, sql: string): boolean {
	const [, table = ''] = / ON (\S+)/.exec(sql) ?? [];
	return db.prepare(`SELECT 1 FROM main.${table} LIMIT 1 OFFSET ${ROWS_PER_COMMIT}`).get() !== undefined;
}

/** With its WAL and shared memory; nothing may have it open that still needs it. */
export function removeDatabase(file: string): void {
	for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true });
}
