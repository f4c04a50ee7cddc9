import { statfsSync } from 'node:fs';

/** What this process may still write on the disk of that directory. */
export function freeBytes(dir: string): number {
	const { bavail, bsize } = statfsSync(dir);
	return bavail * bsize;
}
