import { createHash } from 'node:crypto';
import type { AnyRow } from './directory-edits.ts';

/** The same for the same row, whatever the order of its fields. */
export function etagOf(row: AnyRow): string {
	const text = JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)));
	return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}
