import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

/** The file is the old one or the new one, also after a power cut; only its owner may read it. Throws what the system says. */
export function writeFileAtomically(file: string, content: string | Uint8Array): void {
	const unfinished = `${file}.part`;
	rmSync(unfinished, { force: true });
	const descriptor = openSync(unfinished, 'wx', 0o600);
	try {
		const bytes = Buffer.from(content);
		for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
		fsyncSync(descriptor);
	} catch (error) {
		// On a full disk half a file is what others lack.
		rmSync(unfinished, { force: true });
		throw error;
	} finally {
		closeSync(descriptor);
	}
	renameSync(unfinished, file);
	syncDirectory(path.dirname(file));
}

/** What was renamed or removed in it is on the disk. */
export function syncDirectory(dir: string): void {
	const descriptor = openSync(dir, 'r');
	try {
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
}
