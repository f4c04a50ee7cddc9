import { SqliteError } from 'better-sqlite3';
import { GatewayError, type GatewayErrorCode } from '../core/gateway-error.ts';

/** @returns the GatewayError that says what is wrong with `path` and how to mend it; errors that are not SQLite's come back unchanged. */
export function storeFailure(error: unknown, path: string): unknown {
	if (error instanceof GatewayError) return error;
	const code = codeOf(error);
	if (code === undefined) return error;
	const found = FAILURES.find(({ prefix }) => code.startsWith(prefix));
	if (found === undefined) return error;
	return new GatewayError(found.code, `${path}: ${found.says} (${code})`, { cause: error });
}

/** True when a unique or foreign key stands in the way, for callers to whom that is an answer. */
function isConstraint(error: unknown): boolean {
	return error instanceof SqliteError && error.code.startsWith('SQLITE_CONSTRAINT');
}

/** Writes, unless a unique or foreign key stands in the way. @returns whether it was written. */
export function writtenUnlessTaken(write: () => unknown): boolean {
	try {
		write();
		return true;
	} catch (error) {
		if (isConstraint(error)) return false;
		throw error;
	}
}

function codeOf(error: unknown): string | undefined {
	if (error instanceof SqliteError) return error.code;
	if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
	return undefined;
}

interface Failure {
	/** Of SQLite's or the system's error code; the first that fits. */
	readonly prefix: string;
	readonly code: GatewayErrorCode;
	readonly says: string;
}

const READ_ONLY =
	'the store can not be written; give the gateway’s account write access to the file and its directory, or mount the disk read-write';
const FULL = 'the disk is full; free space or enlarge it, the gateway writes again by itself';

const FAILURES: readonly Failure[] = [
	{ prefix: 'SQLITE_FULL', code: 'STORE_FULL', says: FULL },
	{ prefix: 'SQLITE_IOERR_SHMSIZE', code: 'STORE_FULL', says: FULL },
	{ prefix: 'ENOSPC', code: 'STORE_FULL', says: FULL },
	{ prefix: 'EDQUOT', code: 'STORE_FULL', says: FULL },
	{ prefix: 'SQLITE_READONLY', code: 'STORE_READ_ONLY', says: READ_ONLY },
	{ prefix: 'SQLITE_PERM', code: 'STORE_READ_ONLY', says: READ_ONLY },
	{ prefix: 'EACCES', code: 'STORE_READ_ONLY', says: READ_ONLY },
	{ prefix: 'EPERM', code: 'STORE_READ_ONLY', says: READ_ONLY },
	{ prefix: 'EROFS', code: 'STORE_READ_ONLY', says: READ_ONLY },
	{
		prefix: 'SQLITE_CORRUPT',
		code: 'STORE_CORRUPT',
		says: 'the database is damaged; stop the gateway, keep the file for salvage and restore the last backup',
	},
	{
		prefix: 'SQLITE_NOTADB',
		code: 'STORE_CORRUPT',
		says: 'this is no SQLite database; move it away (a new store is made) or restore the last backup',
	},
	{
		prefix: 'SQLITE_BUSY',
		code: 'STORE_UNAVAILABLE',
		says: 'another program holds the database; stop it (is a second gateway running on this store?)',
	},
	{
		prefix: 'SQLITE_IOERR',
		code: 'STORE_UNAVAILABLE',
		says: 'the disk failed to read or write; look at the system log (dmesg) and at the disk’s health',
	},
	{ prefix: 'EIO', code: 'STORE_UNAVAILABLE', says: 'the disk failed; look at the system log (dmesg)' },
	{
		prefix: 'SQLITE_CANTOPEN',
		code: 'STORE_UNAVAILABLE',
		says: 'the database can not be opened; check that the directory exists and that the gateway’s account may write in it',
	},
	{
		prefix: 'ENOTDIR',
		code: 'STORE_UNAVAILABLE',
		says: 'a part of this path is a file, not a directory; correct store.dir',
	},
	{
		prefix: 'EEXIST',
		code: 'STORE_UNAVAILABLE',
		says: 'there is a file where a directory is needed; correct store.dir',
	},
	{ prefix: 'ENOENT', code: 'STORE_UNAVAILABLE', says: 'there is no such file; check store.dir' },
];
