import { DIRECTORY_TABLES, isDirectoryTable, type StreamName } from '../core/directory.ts';
import type { DirectoryOp, ParkedRow } from '../core/directory-change.ts';
import { type BucketSums, changeSum, decodeSums, encodeSums, noSums } from '../core/directory-digest.ts';
import type { StreamState } from './directory-reader.ts';
import { createTableWriter } from './directory-table-writer.ts';
import { type AcceptedRow, STORED_TABLES } from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';
import { bucketOf, DAMAGED, rootOf, rowHash } from './row-digests.ts';

/** What is written of a stream's state. */
export type WrittenState = Omit<StreamState, 'parked'>;

/** Changes one directory file, in the caller's transaction. */
export interface DirectoryWriter {
	stream(name: StreamName): WrittenState | undefined;
	/** A stream's digest by buckets, zeros where it was never synced. */
	sums(name: StreamName): BucketSums;
	/** @returns its root. */
	setStream(state: Omit<WrittenState, 'root'>, sums: BucketSums): string;
	/**
	 * Rows and their part of `sums`. A row that fits no table, or not its own, is parked raw and whatever stood under its key
	 * is removed: denied until central mends it.
	 */
	apply(stream: StreamName, rev: number, ops: readonly DirectoryOp[], sums: BucketSums): ParkedRow[];
	/** Of what stands under the key, usable or not; 0: nothing. */
	digestOf(stream: StreamName, table: string, key: string): bigint;
	/** The row stays, and its digest says that it is not what central sent. */
	disown(stream: StreamName, table: string, key: string): void;
	/** Makes the search words of every row anew. */
	indexWords(): void;
}

/** `staged`: the file has no indexes yet, rows no search words until `indexWords`, and each key comes once. */
export function createDirectoryWriter(db: Sqlite, { staged = false } = {}): DirectoryWriter {
	const tables = Object.fromEntries(
		Object.entries(STORED_TABLES).map(([name, table]) => [
			name,
			createTableWriter(db, table, { staged, digested: true }),
		]),
	);
	const parking = createParking(db);
	const streams = prepareStreams(db);

	/** Whatever stood under the key goes; @returns what is wrong with the op. */
	function applyOne(stream: StreamName, { op, table, key, row }: DirectoryOp, digest: bigint): string | undefined {
		const target = tables[table];
		if (op === 'delete' && !isDirectoryTable(table)) return undefined;
		if (target === undefined || !isDirectoryTable(table)) return `table: ${table} is not known to this version`;
		const owner = DIRECTORY_TABLES[table].stream;
		if (owner !== stream) return op === 'delete' ? undefined : `table: ${table} belongs to the stream ${owner}`;
		target.forgetWords(key);
		const accepted = op === 'put' ? acceptedAs(key, target.accept(row)) : undefined;
		if (accepted === undefined || 'problem' in accepted) {
			target.remove(key);
			return accepted?.problem;
		}
		target.put(accepted.values, digest);
		return undefined;
	}

	function tableOf(stream: StreamName, table: string) {
		return isDirectoryTable(table) && DIRECTORY_TABLES[table].stream === stream ? tables[table] : undefined;
	}

	function digestOf(stream: StreamName, table: string, key: string): bigint {
		return tableOf(stream, table)?.digestOf(key) ?? parking.digestOf(stream, table, key);
	}

	return {
		stream: (name) => streams.select.get(name),
		sums(name) {
			const bytes = streams.selectSums.get(name);
			return (bytes === undefined ? undefined : decodeSums(bytes)) ?? noSums();
		},
		setStream(state, sums) {
			const root = rootOf(sums);
			streams.put.run({ ...state, root, sums: encodeSums(sums) });
			return root;
		},
		apply(stream, rev, ops, sums) {
			const parked: ParkedRow[] = [];
			for (const op of ops) {
				const { table, key } = op;
				const digest = op.op === 'put' ? rowHash(op.row) : 0n;
				changeSum(sums, bucketOf(table, key), staged ? 0n : digestOf(stream, table, key), digest);
				const problem = applyOne(stream, op, digest);
				if (problem === undefined) parking.unpark(stream, table, key);
				else {
					parking.park({ stream, table, key, rev, raw: JSON.stringify(op.row ?? null), digest, problem });
					parked.push({ table, key, problem });
				}
			}
			return parked;
		},
		digestOf,
		disown(stream, table, key) {
			tableOf(stream, table)?.disown(key);
			parking.disown(stream, table, key);
		},
		indexWords() {
			for (const table of Object.values(tables)) table.indexWords();
		},
	};
}

function prepareStreams(db: Sqlite) {
	return {
		select: db.prepare<[string], WrittenState>(
			'SELECT stream, central_epoch AS centralEpoch, rev, root, synced_at_ms AS syncedAtMs FROM streams WHERE stream = ?',
		),
		selectSums: db.prepare<[string], Uint8Array>('SELECT sums FROM streams WHERE stream = ?').pluck(),
		put: db.prepare<[WrittenState & { readonly sums: Uint8Array }]>(
			`INSERT OR REPLACE INTO streams (stream, central_epoch, rev, synced_at_ms, root, sums)
			VALUES (:stream, :centralEpoch, :rev, :syncedAtMs, :root, :sums)`,
		),
	};
}

interface RawRow {
	readonly stream: StreamName;
	readonly table: string;
	readonly key: string;
	readonly rev: number;
	readonly raw: string;
	readonly digest: bigint;
	readonly problem: string;
}

/** Rows that can't be used, as they came. */
function createParking(db: Sqlite) {
	const park = db.prepare<[RawRow]>(
		`INSERT OR REPLACE INTO parked (stream, table_name, key, rev, raw, digest, problem)
		VALUES (:stream, :table, :key, :rev, :raw, :digest, :problem)`,
	);
	const unpark = db.prepare<[string, string, string]>(
		'DELETE FROM parked WHERE stream = ? AND table_name = ? AND key = ?',
	);
	const selectDigest = db
		.prepare<[string, string, string], bigint>(
			'SELECT digest FROM parked WHERE stream = ? AND table_name = ? AND key = ?',
		)
		.pluck()
		.safeIntegers();
	const disown = db.prepare<[bigint, string, string, string]>(
		'UPDATE parked SET digest = ? WHERE stream = ? AND table_name = ? AND key = ?',
	);
	const countParked = db.prepare<[], number>('SELECT count(*) FROM parked').pluck();
	// Rare: without this every op would look for a parked row that is not there.
	let any = (countParked.get() ?? 0) > 0;
	return {
		park(row: RawRow) {
			park.run(row);
			any = true;
		},
		unpark(stream: StreamName, table: string, key: string) {
			if (any) unpark.run(stream, table, key);
		},
		disown(stream: StreamName, table: string, key: string) {
			if (any) disown.run(DAMAGED, stream, table, key);
		},
		digestOf: (stream: StreamName, table: string, key: string) =>
			(any ? selectDigest.get(stream, table, key) : undefined) ?? 0n,
	};
}

function acceptedAs(key: string, accepted: AcceptedRow): AcceptedRow {
	if ('problem' in accepted || accepted.values[0] === key) return accepted;
	return { problem: 'id: differs from the key of the change' };
}
