import process from 'node:process';

/**
 * What stands before a program so that it runs with mounts of its own: they end with it and nobody else
 * sees them. `script` is sh. Where mounts are not permitted the program fails with unshare's words.
 */
export function inMountNamespace(script: string): readonly string[] {
	// An ordinary user gets a user namespace, in which mounts are permitted.
	const user = process.getuid?.() === 0 ? [] : ['--map-root-user'];
	return ['unshare', ...user, '--mount', '--propagation', 'private', 'sh', '-c', `set -e; ${script}; exec "$0" "$@"`];
}

/** A file as that program sees it, mounts included. */
export function pathInNamespace(pid: number, file: string): string {
	return `/proc/${pid}/root${file}`;
}
