import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, fsyncSync, lstatSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';

const READ_BYTES = 1_048_576;

/** Hex; reads it piece by piece, whatever its size. */
export function sha256OfFile(file: string): string {
	const sum = createHash('sha256');
	const piece = Buffer.allocUnsafe(READ_BYTES);
	const descriptor = openSync(file, 'r');
	try {
		for (let read = readSync(descriptor, piece); read > 0; read = readSync(descriptor, piece)) {
			sum.update(piece.subarray(0, read));
		}
		return sum.digest('hex');
	} finally {
		closeSync(descriptor);
	}
}

/** Its directory is made; the copy is on the disk when it returns. */
export function copyFileDurably(from: string, to: string): void {
	mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
	copyFileSync(from, to);
	const descriptor = openSync(to, 'r');
	try {
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
}

/** All pages of one moment, beside whoever writes it; what its WAL holds is in the copy's one file. */
export async function copyDatabase(from: string, to: string): Promise<void> {
	const source = new Database(from, { readonly: true, fileMustExist: true });
	try {
		// In one step: a copy in several begins anew whenever somebody writes.
		await source.backup(to, { progress: () => 0x7f_ff_ff_ff });
	} finally {
		source.close();
	}
	const copy = new Database(to, { fileMustExist: true });
	try {
		// It stands alone, and is read without leaving anything beside it.
		copy.pragma('journal_mode = DELETE');
	} finally {
		copy.close();
	}
}

/** Regular files below a directory, by their paths with `/`; a directory that is not there has none. Links are no files. */
export function filesBelow(dir: string, below = ''): readonly string[] {
	const here = path.join(dir, below);
	if (lstatSync(here, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
	return readdirSync(here, { withFileTypes: true }).flatMap((entry) => {
		const name = below === '' ? entry.name : `${below}/${entry.name}`;
		if (entry.isDirectory()) return filesBelow(dir, name);
		return entry.isFile() ? [name] : [];
	});
}
