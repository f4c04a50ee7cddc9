import { accessSync, closeSync, constants, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { GatewayError } from '../core/gateway-error.ts';
import type { WalPages } from './site-wal-messages.ts';
import { storeFailure } from './store-failure.ts';

export type Sqlite = Database.Database;

export interface OpenOptions {
	/** Only matters for a new file. Small pages write fewer bytes for small changes. */
	readonly pageSizeBytes: number;
	readonly cacheKib: number;
	/** Pages in the WAL before a commit also copies them back. */
	readonly walAutocheckpointPages: number;
	readonly readOnly?: boolean;
}

/** How long a statement waits for another program's lock (a command beside the running gateway). */
const BUSY_TIMEOUT_MS = 2_000;
const SYNCHRONOUS_FULL = 2;

/** Makes the store's directory, for its owner only. Throws GatewayError, STORE_READ_ONLY where nothing can be written. */
export function makeStoreDir(dir: string): void {
	try {
		makeDir(dir);
		accessSync(dir, constants.W_OK | constants.X_OK);
	} catch (error) {
		throw storeFailure(error, dir);
	}
}

/** With those above it. Node's own `recursive` never ends where an existing parent takes no directories, such as /proc. */
function makeDir(dir: string): void {
	if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return;
	makeDir(dirname(dir));
	mkdirSync(dir, { mode: 0o700 });
}

/** Opens or creates one database in WAL with every commit synced to the disk. Throws GatewayError. */
export function openDatabase(path: string, options: OpenOptions): Sqlite {
	let db: Sqlite | undefined;
	try {
		if (options.readOnly !== true) createPrivateFile(path);
		else if (!existsSync(path)) throw noDatabase(path);
		db = new Database(path, { readonly: options.readOnly === true, timeout: BUSY_TIMEOUT_MS });
		setUp(db, path, options);
		return db;
	} catch (error) {
		db?.close();
		throw storeFailure(error, path);
	}
}

function noDatabase(path: string): GatewayError {
	return new GatewayError('STORE_UNAVAILABLE', `${path}: no gateway has run here yet; start it, or correct store.dir`);
}

/** SQLite gives `-wal` and `-shm` the mode of the database, so the mode is set before it writes. */
export function createPrivateFile(path: string): void {
	if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
}

function setUp(db: Sqlite, path: string, options: OpenOptions): void {
	db.pragma(`cache_size = -${options.cacheKib}`);
	db.pragma('mmap_size = 0');
	db.pragma('foreign_keys = ON');
	db.pragma('temp_store = MEMORY');
	db.pragma('trusted_schema = OFF');
	if (options.readOnly === true) return;
	db.pragma(`page_size = ${options.pageSizeBytes}`);
	const before = db.pragma('journal_mode', { simple: true });
	requireValue(path, 'journal_mode', db.pragma('journal_mode = WAL', { simple: true }), 'wal');
	// The change itself is journalled the old way; should that file come back with the power, nobody could read without writing.
	if (before !== 'wal') syncName(path);
	db.pragma('synchronous = FULL');
	requireValue(path, 'synchronous', db.pragma('synchronous', { simple: true }), SYNCHRONOUS_FULL);
	// What is deleted or changed is overwritten at once: erased personal data must not lie on in the file.
	db.pragma('secure_delete = ON');
	db.pragma(`wal_autocheckpoint = ${options.walAutocheckpointPages}`);
}

/** A commit syncs what is in a file; its name, and that the file beside it is gone, are on the disk with its directory. */
export function syncName(file: string): void {
	const dir = openSync(dirname(file), 'r');
	fsyncSync(dir);
	closeSync(dir);
}

/** A build or file system that quietly gives less would lose decisions in a power cut. */
function requireValue(path: string, name: string, found: unknown, wanted: unknown): void {
	if (found === wanted) return;
	throw new GatewayError(
		'STORE_UNAVAILABLE',
		`${path}: ${name} is ${found} where ${wanted} is needed; put the store on a local disk (no network share)`,
	);
}

/** Copies the WAL into the file and empties it. @returns false: somebody is reading; it is not waited for. */
export function emptyWal(db: Sqlite): boolean {
	db.pragma('busy_timeout = 0');
	try {
		const [answer] = db.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[];
		return answer?.busy === 0;
	} finally {
		db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
	}
}

/** A second connection to a database that another one of this program keeps; it writes no row. */
export function openBeside(path: string): Sqlite {
	const db = new Database(path, { fileMustExist: true, timeout: 0 });
	// In this order: what is copied back is on the disk before the WAL may begin anew.
	db.pragma('synchronous = FULL');
	db.pragma('wal_autocheckpoint = 0');
	return db;
}

interface CheckpointRow {
	readonly busy: number;
	readonly log: number;
	readonly checkpointed: number;
}

/** Copies what no reader holds back, waiting for nobody. @returns what there was, and what is copied */
export function copyWalBack(db: Sqlite): WalPages {
	return walPages(db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(PASSIVE)').get());
}

/** How the WAL stands; copies nothing. */
export function createWalSight(db: Sqlite): () => WalPages {
	const look = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(NOOP)');
	return () => walPages(look.get());
}

function walPages(row: CheckpointRow | undefined): WalPages {
	// -1: not in WAL.
	return { written: Math.max(row?.log ?? 0, 0), copied: Math.max(row?.checkpointed ?? 0, 0) };
}

/** Loads SQLite's native part, which nothing before the first database does. @returns its version */
export function loadSqlite(): string {
	const db = new Database(':memory:');
	try {
		return String(db.prepare('SELECT sqlite_version()').pluck().get());
	} finally {
		db.close();
	}
}
