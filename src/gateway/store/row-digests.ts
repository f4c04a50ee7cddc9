import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createDirectoryDigest } from '../core/directory-digest.ts';
import type { SqlValue } from './directory-tables.ts';

/** The digest of `core/directory-digest.ts` with this machine's SHA-256. */
export const { rowHash, bucketOf, rootOf } = createDirectoryDigest((data) => hash('sha256', data));

/**
 * Of a row as it is stored, its digest included: a row that was changed past us (a damaged disk, somebody's SQL) still
 * carries the digest of what central sent, and only this tells.
 */
export function checkOf(values: readonly SqlValue[], digest: bigint): number {
	return crc32(JSON.stringify(values), Number(BigInt.asUintN(32, digest)));
}
