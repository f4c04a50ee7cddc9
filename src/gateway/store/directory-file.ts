import { existsSync } from 'node:fs';
import type { StreamName } from '../core/directory.ts';
import {
	type DeltaAnswer,
	type DirectoryDelta,
	type DirectoryOp,
	type KeyedRow,
	type ParkedRow,
	STANDALONE_EPOCH,
} from '../core/directory-change.ts';
import { type BucketSums, changeSum, encodeSums, noSums } from '../core/directory-digest.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { ScannedRow } from './directory-scan.ts';
import { WRITER_OPTIONS } from './directory-schema.ts';
import { createDirectoryWriter, type DirectoryWriter, type WrittenState } from './directory-writer.ts';
import { openDatabase, type Sqlite } from './open-database.ts';
import { bucketOf, DAMAGED, rowHash } from './row-digests.ts';
import { createTransactions } from './transactions.ts';

/** A directory file open for writing, every change durable. */
export interface DirectoryFile {
	readonly path: string;
	applyDelta(delta: DirectoryDelta, atMs: number): DeltaAnswer;
	/** Of a delta that has not its turn yet: what it deletes or restricts is denied until the stream's rev passes it. */
	deny(delta: DirectoryDelta): void;
	/** Throws CONFLICT for a stream that was never synced. */
	digest(stream: StreamName): StreamDigest;
	/** Brings the digest in line with what a scan found; damaged rows make it differ unless they were written since. */
	correct(stream: StreamName, difference: BucketSums, damaged: readonly ScannedRow[]): StreamDigest;
	/** All of it or, with CONFLICT, nothing: the bucket must come to central's sum. */
	replaceBucket(replacement: BucketReplacement): MendedBucket;
	/** Copies the WAL back and empties it: the next start has nothing to recover, and what was deleted is gone. */
	checkpoint(): void;
	close(): void;
}

export interface StreamDigest extends Pick<WrittenState, 'centralEpoch' | 'rev' | 'root'> {
	readonly sums: Uint8Array;
}

export interface BucketReplacement {
	readonly stream: StreamName;
	readonly centralEpoch: string;
	/** That `theirs` are of. */
	readonly rev: number;
	readonly bucket: number;
	/** Of `theirs`. */
	readonly sum: bigint;
	readonly ours: readonly ScannedRow[];
	readonly theirs: readonly KeyedRow[];
	/** Rows of the bucket that deltas after `rev` changed. */
	readonly newer: readonly RowKey[];
}

interface RowKey {
	readonly table: string;
	readonly key: string;
}

export interface MendedBucket {
	readonly changed: readonly RowKey[];
	readonly parked: readonly ParkedRow[];
}

/** Only one that is there: an empty file in its place would look like a directory of nobody. */
export function openDirectoryFile(path: string): DirectoryFile {
	if (!existsSync(path)) throw new GatewayError('STORE_UNAVAILABLE', `${path}: the directory’s file is gone`);
	return createDirectoryFile(openDatabase(path, WRITER_OPTIONS), path);
}

export function createDirectoryFile(db: Sqlite, path: string): DirectoryFile {
	const transactions = createTransactions(db, path);
	const writer = createDirectoryWriter(db);
	transactions.onForget(writer.refresh);
	return {
		path,
		applyDelta: (delta, atMs) => transactions.run(() => applyDelta(writer, delta, atMs)),
		deny: (delta) =>
			transactions.run(() => {
				const state = writer.stream(delta.stream);
				if (state?.centralEpoch !== delta.centralEpoch || state.rev < delta.to) writer.deny(delta);
			}),
		digest: (stream) => transactions.read(() => digestOf(writer, stream)),
		correct: (stream, difference, damaged) => transactions.run(() => correct(writer, stream, difference, damaged)),
		replaceBucket: (replacement) => transactions.run(() => replaceBucket(writer, replacement)),
		checkpoint: () => {
			db.pragma('wal_checkpoint(TRUNCATE)');
		},
		close: () => {
			db.close();
		},
	};
}

/** Ops and rev together, or an answer why not. A stream never synced takes central's history from its first change on. */
function applyDelta(writer: DirectoryWriter, delta: DirectoryDelta, atMs: number): DeltaAnswer {
	const { stream, centralEpoch, from, to, ops } = delta;
	const state = writer.stream(stream) ?? { stream, centralEpoch, rev: 0, syncedAtMs: 0 };
	if (state.centralEpoch !== centralEpoch && centralEpoch !== STANDALONE_EPOCH)
		return { result: 'otherEpoch', rev: state.rev };
	if (to <= state.rev) return { result: 'older', rev: state.rev };
	if (from !== state.rev) return { result: 'gap', rev: state.rev };
	const sums = writer.sums(stream);
	const at = { stream, centralEpoch, rev: to };
	const parked = writer.apply(at, ops, sums);
	writer.pass(at, ops, sums);
	const root = writer.setStream({ ...at, syncedAtMs: atMs }, sums);
	return { result: 'applied', rev: to, root, parked };
}

/** Brings the rows of a staged file along with what the live one just took; its revs and digests are copied at the end. */
export function followDelta(writer: DirectoryWriter, { stream, centralEpoch, to, ops }: DirectoryDelta): void {
	const at = { stream, centralEpoch, rev: to };
	writer.apply(at, ops, noSums());
	writer.pass(at, ops, noSums());
}

function stateOf(writer: DirectoryWriter, stream: StreamName): WrittenState {
	const state = writer.stream(stream);
	if (state === undefined) throw new GatewayError('CONFLICT', `the stream ${stream} was never synced`);
	return state;
}

function digestOf(writer: DirectoryWriter, stream: StreamName): StreamDigest {
	const { centralEpoch, rev, root } = stateOf(writer, stream);
	return { centralEpoch, rev, root, sums: encodeSums(writer.sums(stream)) };
}

function correct(
	writer: DirectoryWriter,
	stream: StreamName,
	difference: BucketSums,
	damaged: readonly ScannedRow[],
): StreamDigest {
	const sums = writer.sums(stream);
	difference.forEach((sum, bucket) => {
		changeSum(sums, bucket, 0n, sum);
	});
	for (const { table, key, digest } of damaged) {
		if (digest === DAMAGED || writer.digestOf(stream, table, key) !== digest) continue;
		writer.disown(stream, table, key);
		changeSum(sums, bucketOf(table, key), digest, DAMAGED);
	}
	writer.setStream(stateOf(writer, stream), sums);
	return digestOf(writer, stream);
}

function replaceBucket(writer: DirectoryWriter, replacement: BucketReplacement): MendedBucket {
	const { stream, centralEpoch, rev, bucket, sum, ours, theirs, newer } = replacement;
	const state = stateOf(writer, stream);
	if (state.centralEpoch !== centralEpoch || state.rev < rev) throw new GatewayError('CONFLICT', 'not of this history');
	const hashes = new Map(theirs.map((row) => [nameOf(row), rowHash(row.row)]));
	const known = new Map(ours.map((row) => [nameOf(row), row.digest]));
	const isNewer = new Set(newer.map(nameOf));
	const ops: DirectoryOp[] = [
		...theirs
			.filter((row) => known.get(nameOf(row)) !== hashes.get(nameOf(row)))
			.map(({ table, key, row }) => ({ op: 'put', table, key, row }) as const),
		...ours.filter((row) => !hashes.has(nameOf(row))).map(({ table, key }) => ({ op: 'delete', table, key }) as const),
	].filter((op) => !isNewer.has(nameOf(op)));
	const sums = writer.sums(stream);
	const parked = writer.apply({ stream, centralEpoch, rev }, ops, sums);
	const theirNewer = newer.reduce((total, row) => total + (hashes.get(nameOf(row)) ?? 0n), 0n);
	const ourNewer = newer.reduce((total, { table, key }) => total + writer.digestOf(stream, table, key), 0n);
	if (sums[bucket] !== BigInt.asUintN(64, sum - theirNewer + ourNewer))
		throw new GatewayError('CONFLICT', `bucket ${bucket} does not come to central’s sum`);
	writer.setStream(state, sums);
	return { changed: ops.map(({ table, key }) => ({ table, key })), parked };
}

function nameOf({ table, key }: RowKey): string {
	return `${table}/${key}`;
}
