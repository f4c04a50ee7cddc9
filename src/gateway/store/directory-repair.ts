import { setImmediate as turn } from 'node:timers/promises';
import type { StreamName } from '../core/directory.ts';
import type { DirectoryDelta, Mend, MendAnswer, ParkedRow, VerifyAnswer } from '../core/directory-change.ts';
import { type BucketSums, changeSum, noSums } from '../core/directory-digest.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { LIMITS } from '../core/limits.ts';
import type { DirectoryFile } from './directory-file.ts';
import { readSums, type ScannedRow, scanStream } from './directory-scan.ts';
import { READER_OPTIONS } from './directory-schema.ts';
import { openDatabase, type Sqlite } from './open-database.ts';
import { bucketOf, rowHash } from './row-digests.ts';

/**
 * Finds what is wrong with the rows of a stream, and puts central's in their place, while deltas go on. What deltas change
 * from the verification on is newer than what central answers to it, and stays.
 */
export interface DirectoryRepair {
	verify(stream: StreamName): Promise<VerifyAnswer>;
	mend(mend: Mend): Promise<MendAnswer>;
	/** A delta was applied to the live file. */
	applied(delta: DirectoryDelta): void;
}

interface Verified {
	readonly file: DirectoryFile;
	readonly stream: StreamName;
	readonly rev: number;
	/** By `table/key`, with the rev of the last delta that changed it since. */
	readonly changed: Map<string, { readonly table: string; readonly key: string; readonly rev: number }>;
}

/** `live`: undefined once the thread closes. */
export function createDirectoryRepair(live: () => DirectoryFile | undefined): DirectoryRepair {
	let verified: Verified | undefined;

	async function verify(stream: StreamName): Promise<VerifyAnswer> {
		verified = undefined;
		const file = live();
		if (file === undefined) return { result: 'unknown' };
		const found = await compare(file, stream, () => live() === file);
		if (found === undefined || live() !== file) return { result: 'unknown' };
		if (found.damaged.length > LIMITS.damagedRows) return { result: 'beyondRepair' };
		const digest = file.correct(stream, found.difference, found.damaged);
		verified = { file, stream, rev: digest.rev, changed: new Map() };
		return { result: 'verified', ...digest, damaged: found.damaged.length };
	}

	async function mend({ stream, centralEpoch, rev, buckets, rows }: Mend): Promise<MendAnswer> {
		const file = live();
		if (file === undefined || verified?.file !== file || verified.stream !== stream || rev < verified.rev) {
			return { result: 'refused', problem: 'the rows were not verified before' };
		}
		const since = verified.changed;
		const answered = byBucket(rows);
		const problem = problemOf(buckets, answered);
		if (problem !== undefined) return { result: 'refused', problem };
		const wanted = new Set(buckets.map(({ bucket }) => bucket));
		const ours = await rowsOf(file, stream, wanted, () => live() === file);
		const changed: { readonly table: string; readonly key: string }[] = [];
		const parked: ParkedRow[] = [];
		for (const { bucket, sum } of buckets) {
			if (live() !== file || verified?.changed !== since) {
				return { result: 'refused', problem: 'the file, or too much of it, changed meanwhile' };
			}
			const newer = [...since.values()].filter((row) => row.rev > rev && bucketOf(row.table, row.key) === bucket);
			const rowsOfBucket = { ours: ours.get(bucket) ?? [], theirs: answered.get(bucket) ?? [], newer };
			const mended = file.replaceBucket({ stream, centralEpoch, rev, bucket, sum: sumOf(sum), ...rowsOfBucket });
			changed.push(...mended.changed);
			parked.push(...mended.parked);
			await turn();
		}
		const { rev: reached, root, sums } = file.digest(stream);
		return { result: 'mended', rev: reached, root, sums, changed, parked };
	}

	return {
		verify,
		async mend(asked) {
			try {
				return await mend(asked);
			} catch (error) {
				if (error instanceof GatewayError && error.code === 'CONFLICT') {
					return { result: 'refused', problem: error.message };
				}
				throw error;
			}
		},
		applied({ stream, to, ops }) {
			if (verified?.stream !== stream) return;
			for (const { table, key } of ops) verified.changed.set(`${table}/${key}`, { table, key, rev: to });
			if (verified.changed.size > LIMITS.changedWhileMending) verified = undefined;
		},
	};
}

/** By what the digest differs from the rows, all at one state of the file. */
async function compare(file: DirectoryFile, stream: StreamName, isWanted: () => boolean) {
	return onReader(file, async (db) => {
		db.exec('BEGIN');
		const sums = readSums(db, stream);
		if (sums === undefined) return undefined;
		const difference = noSums();
		const damaged: ScannedRow[] = [];
		for (const slice of scanStream(db, stream)) {
			for (const row of slice) {
				changeSum(difference, bucketOf(row.table, row.key), 0n, row.digest);
				if (!row.isIntact) damaged.push(row);
			}
			await turn();
			if (!isWanted() || damaged.length > LIMITS.damagedRows) break;
		}
		sums.forEach((sum, bucket) => {
			changeSum(difference, bucket, sum, 0n);
		});
		return { difference, damaged };
	});
}

/** Ours of these buckets. One that changes while the others are read is known to be newer. */
async function rowsOf(
	file: DirectoryFile,
	stream: StreamName,
	wanted: ReadonlySet<number>,
	isWanted: () => boolean,
): Promise<ReadonlyMap<number, readonly ScannedRow[]>> {
	const found = new Map<number, ScannedRow[]>([...wanted].map((bucket) => [bucket, []]));
	await onReader(file, async (db) => {
		for (const slice of scanStream(db, stream)) {
			for (const row of slice) found.get(bucketOf(row.table, row.key))?.push(row);
			await turn();
			if (!isWanted()) return;
		}
	});
	return found;
}

async function onReader<T>({ path }: DirectoryFile, work: (db: Sqlite) => Promise<T>): Promise<T> {
	const db = openDatabase(path, READER_OPTIONS);
	try {
		return await work(db);
	} finally {
		db.close();
	}
}

function byBucket(rows: Mend['rows']): ReadonlyMap<number, Mend['rows']> {
	return Map.groupBy(rows, ({ table, key }) => bucketOf(table, key));
}

/** Nothing is replaced by rows that do not add up to what central says they are. */
function problemOf(buckets: Mend['buckets'], answered: ReadonlyMap<number, Mend['rows']>): string | undefined {
	const sums: BucketSums = noSums();
	for (const [bucket, rows] of answered) {
		if (!buckets.some((told) => told.bucket === bucket)) return `rows of bucket ${bucket} came unasked`;
		if (new Set(rows.map(({ table, key }) => `${table}/${key}`)).size < rows.length) return 'a row came twice';
		for (const { row } of rows) changeSum(sums, bucket, 0n, rowHash(row));
	}
	const wrong = buckets.find(({ bucket, sum }) => sums[bucket] !== sumOf(sum));
	return wrong && `the rows of bucket ${wrong.bucket} are not those that its sum says`;
}

function sumOf(hex: string): bigint {
	return BigInt(`0x${hex}`);
}
