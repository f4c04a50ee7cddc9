import { hash } from 'node:crypto';
import {
	type BucketSums,
	changeSum,
	createDirectoryDigest,
	decodeSums,
	encodeSums,
	noSums,
} from '../../gateway/core/directory-digest.ts';
import type { CentralSqlite } from './central-database.ts';

/** The digest of `core/directory-digest.ts` with this machine's SHA-256. */
export const { rowHash, bucketOf, rootOf } = createDirectoryDigest((data) => hash('sha256', data));

export interface StoredRow {
	readonly table: string;
	readonly key: string;
	/** JSON. */
	readonly row: string;
}

/** Digests of the streams' rows, kept with every change, in the caller's transaction. */
export interface StreamDigests {
	/** At the newest rev. */
	sums(stream: string): BucketSums;
	/** As they were at an earlier rev; undefined: the changes since are no longer known. */
	sumsAt(stream: string, rev: number): BucketSums | undefined;
	/** @returns the root. */
	write(stream: string, sums: BucketSums): string;
	rowsOf(stream: string, bucket: number): readonly StoredRow[];
	/** Several reads of one moment, whoever writes meanwhile. */
	atOneState<T>(run: () => T): T;
}

export function createStreamDigests(db: CentralSqlite): StreamDigests {
	const selectSums = db.prepare<[string], Uint8Array | null>('SELECT sums FROM streams WHERE stream = ?').pluck();
	const setSums = db.prepare<[Uint8Array, string, string]>('UPDATE streams SET sums = ?, root = ? WHERE stream = ?');
	const selectRev = db
		.prepare<[string], { rev: number; floor: number }>('SELECT rev, floor FROM streams WHERE stream = ?')
		.safeIntegers(false);
	const selectShifts = db
		.prepare<[string, number], { bucket: bigint | null; shift: bigint | null }>(
			'SELECT bucket, shift FROM changes WHERE stream = ? AND rev > ?',
		)
		.safeIntegers();
	const selectRows = db.prepare<[string, number], StoredRow>(
		'SELECT table_name AS "table", key, row FROM stream_rows WHERE stream = ? AND bucket = ? ORDER BY table_name, key',
	);

	function sums(stream: string): BucketSums {
		const bytes = selectSums.get(stream);
		return (bytes === null || bytes === undefined ? undefined : decodeSums(bytes)) ?? noSums();
	}

	function write(stream: string, changed: BucketSums): string {
		const root = rootOf(changed);
		setSums.run(encodeSums(changed), root, stream);
		return root;
	}

	const digests: StreamDigests = {
		sums,
		write,
		sumsAt(stream, rev) {
			const head = selectRev.get(stream);
			if (head === undefined || rev > head.rev || rev < head.floor) return undefined;
			const then = sums(stream);
			for (const { bucket, shift } of selectShifts.iterate(stream, rev)) {
				if (bucket === null || shift === null) return undefined;
				changeSum(then, Number(bucket), shift, 0n);
			}
			return then;
		},
		rowsOf: (stream, bucket) => selectRows.all(stream, bucket),
		atOneState: (run) => db.transaction(run)(),
	};
	completeDigests(db, digests);
	return digests;
}

/** Of rows that an earlier version stored. */
function completeDigests(db: CentralSqlite, digests: StreamDigests): void {
	const without = db.prepare<[], string>('SELECT stream FROM streams WHERE sums IS NULL').pluck().all();
	const rows = db.prepare<[string], StoredRow>(
		'SELECT table_name AS "table", key, row FROM stream_rows WHERE stream = ?',
	);
	const setDigest = db.prepare<[number, bigint, string, string, string]>(
		'UPDATE stream_rows SET bucket = ?, digest = ? WHERE stream = ? AND table_name = ? AND key = ?',
	);
	db.transaction(() => {
		for (const stream of without) {
			const sums = noSums();
			for (const { table, key, row } of rows.all(stream)) {
				const digest = rowHash(JSON.parse(row));
				const bucket = bucketOf(table, key);
				setDigest.run(bucket, digest, stream, table, key);
				changeSum(sums, bucket, 0n, digest);
			}
			digests.write(stream, sums);
		}
	}).immediate();
}
