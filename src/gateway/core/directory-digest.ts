import { canonicalJson } from './canonical-json.ts';

/** Parts of a stream's digest: one differing row of 1,000,000 costs some 1,000 rows to mend. */
export const DIGEST_BUCKETS = 1_024;
/** The sums of a stream as bytes: 1,024 times 8, big-endian. */
export const SUMS_BYTES = DIGEST_BUCKETS * 8;

/** A stream's digest by buckets. Arithmetic on it is modulo 2^64 by itself. */
export type BucketSums = BigUint64Array;

/** SHA-256 of text (as UTF-8) or bytes, lower-case hex. */
export type Sha256Hex = (data: string | Uint8Array) => string;

/**
 * Whether a site's rows of a stream are central's, said in 32 bytes (SYNC.md, digests). It is kept op by op: a row's hash
 * leaves its bucket's sum and the next one enters. Rows count in the form in which central sent them, whatever this
 * version makes of them.
 */
export interface DirectoryDigest {
	/** First 8 bytes, big-endian, of the SHA-256 of the row's canonical JSON; signed, as SQLite keeps integers. */
	rowHash(row: unknown): bigint;
	/** First 10 bits of the SHA-256 of the canonical JSON of `[table, key]`. */
	bucketOf(table: string, key: string): number;
	/** SHA-256 of the sums as bytes, lower-case hex. */
	rootOf(sums: BucketSums): string;
}

export function createDirectoryDigest(sha256: Sha256Hex): DirectoryDigest {
	return {
		rowHash: (row) => firstBytes(sha256(canonicalJson(row))),
		// Text in a list is canonical as JSON writes it.
		bucketOf: (table, key) =>
			Number.parseInt(sha256(`[${JSON.stringify(table)},${JSON.stringify(key)}]`).slice(0, 3), 16) >> 2,
		rootOf: (sums) => sha256(encodeSums(sums)),
	};
}

const FIRST_BYTES = new DataView(new ArrayBuffer(8));

/** Of hex, as a signed number; half the time of reading it as one BigInt. */
function firstBytes(hex: string): bigint {
	FIRST_BYTES.setUint32(0, Number.parseInt(hex.slice(0, 8), 16));
	FIRST_BYTES.setUint32(4, Number.parseInt(hex.slice(8, 16), 16));
	return FIRST_BYTES.getBigInt64(0);
}

/** Of a stream without rows. */
export function noSums(): BucketSums {
	return new BigUint64Array(DIGEST_BUCKETS);
}

/** A row's hash in its bucket's sum: `after` takes the place of `before`; 0 stands for no row. */
export function changeSum(sums: BucketSums, bucket: number, before: bigint, after: bigint): void {
	sums[bucket] = (sums[bucket] ?? 0n) - before + after;
}

export function encodeSums(sums: BucketSums): Uint8Array {
	const bytes = new Uint8Array(SUMS_BYTES);
	const view = new DataView(bytes.buffer);
	sums.forEach((sum, bucket) => {
		view.setBigUint64(bucket * 8, sum);
	});
	return bytes;
}

/** undefined: not as many bytes as sums take. */
export function decodeSums(bytes: Uint8Array): BucketSums | undefined {
	if (bytes.length !== SUMS_BYTES) return undefined;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return noSums().map((_, bucket) => view.getBigUint64(bucket * 8));
}

/** Buckets in which two streams differ, in order. */
export function differingBuckets(ours: BucketSums, theirs: BucketSums): number[] {
	return Array.from({ length: DIGEST_BUCKETS }, (_, bucket) => bucket).filter(
		(bucket) => ours[bucket] !== theirs[bucket],
	);
}
