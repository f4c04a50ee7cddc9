import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createDirectoryDigest } from '../core/directory-digest.ts';
import type { SqlValue } from './directory-tables.ts';

/** The digest of `core/directory-digest.ts` with this machine's SHA-256. */
export const { rowHash, bucketOf, rootOf } = createDirectoryDigest((data) => hash('sha256', data));

/** Stands for a damaged row's hash: whether central has such a row or none, the bucket's sum is not central's. */
export const DAMAGED = 1n;

/**
 * Of a row as it is stored, its digest included: a row that was changed past us (a damaged disk, somebody's SQL) still
 * carries the digest of what central sent, and only this tells.
 */
export function checkOf(values: readonly SqlValue[], digest: bigint): number {
	let text = '';
	for (const [place, value] of values.entries()) text += `${place === 0 ? '' : SEPARATOR}${value ?? NOTHING}`;
	return crc32(text, Number(BigInt.asUintN(32, digest)));
}

/** Half a surrogate pair reads back from UTF-8 as U+FFFD; here both come to the same bytes. */
const SEPARATOR = '\u0000';
const NOTHING = '\u0001';
