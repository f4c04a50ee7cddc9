import { closedRow } from '../core/directory/deny-ahead.ts';
import { DIRECTORY_TABLES, type DirectoryTable, isDirectoryTable, type StreamName } from '../core/directory.ts';
import type { DirectoryDelta, DirectoryOp, ParkedRow } from '../core/directory-change.ts';
import { type BucketSums, changeSum, decodeSums, encodeSums, noSums } from '../core/directory-digest.ts';
import { createDirectoryAhead, type StreamRev } from './directory-ahead.ts';
import { createParking } from './directory-parking.ts';
import type { StreamState } from './directory-reader.ts';
import { createTableWriter, type StoredRow, type TableWriter } from './directory-table-writer.ts';
import { STORED_TABLES } from './directory-tables.ts';
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
	apply(at: StreamRev, ops: readonly DirectoryOp[], sums: BucketSums): ParkedRow[];
	/** What a change deletes or restricts that has not its turn yet, is denied at once (`directory-ahead.ts`). */
	deny(delta: DirectoryDelta): void;
	/** The stream is at this rev by these ops: what was denied ahead of them is as they say. */
	pass(at: StreamRev, ops: readonly DirectoryOp[], sums: BucketSums): void;
	/** Acts on the stream's rows by what is known ahead. */
	enforceAhead(stream: StreamName): void;
	/** Of what stands under the key, usable or not; 0: nothing. */
	digestOf(stream: StreamName, table: string, key: string): bigint;
	/** The row stays, and its digest says that it is not what central sent. */
	disown(stream: StreamName, table: string, key: string): void;
	/** Makes the search words of every row anew. */
	indexWords(): void;
	/** After tables were written past this writer, or a transaction was rolled back. */
	refresh(): void;
}

type Problem = Pick<ParkedRow, 'code' | 'problem'>;

/** `staged`: the file has no indexes yet, rows no search words until `indexWords`, and each key comes once. */
export function createDirectoryWriter(db: Sqlite, { staged = false } = {}): DirectoryWriter {
	const tables = Object.fromEntries(
		Object.entries(STORED_TABLES).map(([name, table]) => [
			name,
			createTableWriter(db, table, { staged, digested: true }),
		]),
	) as Readonly<Record<DirectoryTable, TableWriter>>;
	const parking = createParking(db);
	const ahead = createDirectoryAhead(db, tables);
	const streams = prepareStreams(db);

	function tableOf(stream: StreamName, table: string): TableWriter | undefined {
		return isDirectoryTable(table) && DIRECTORY_TABLES[table].stream === stream ? tables[table] : undefined;
	}

	function digestOf(stream: StreamName, table: string, key: string): bigint {
		return digestBeside(stream, table, key, tableOf(stream, table)?.read(key));
	}

	function digestBeside(stream: StreamName, table: string, key: string, stored: StoredRow | undefined): bigint {
		// A row that stands in for a parked one has none.
		return stored?.digest || parking.digestOf(stream, table, key) || ahead.digestOf(stream, table, key);
	}

	/** Whatever stood under the key goes; @returns what is wrong with the op. */
	function applyOne(
		target: TableWriter | undefined,
		{ op, table, key, row }: DirectoryOp,
		digest: bigint,
		before: StoredRow | undefined,
	): Problem | undefined {
		if (target === undefined) return op === 'delete' ? undefined : strangeTable(table);
		const accepted = op === 'put' ? target.accept(row) : undefined;
		if (accepted !== undefined && 'values' in accepted && accepted.values[0] === key) {
			target.put(accepted.values, digest, before);
			return undefined;
		}
		target.remove(key, before);
		if (accepted === undefined) return undefined;
		close(table as DirectoryTable, key);
		return 'problem' in accepted
			? { code: 'invalid', problem: accepted.problem }
			: { code: 'otherKey', problem: 'id: differs from the key of the change' };
	}

	/** Where no row would mean no limit, one that lets nobody in stands in its place. */
	function close(table: DirectoryTable, key: string): void {
		const closed = closedRow(table, key);
		const accepted = closed === null ? undefined : tables[table].accept(closed);
		if (accepted !== undefined && 'values' in accepted) tables[table].put(accepted.values, 0n, undefined);
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
		apply(at, ops, sums) {
			const { stream, rev } = at;
			const parked: ParkedRow[] = [];
			for (const op of ops) {
				const { table, key } = op;
				const digest = op.op === 'put' ? rowHash(op.row) : 0n;
				const target = tableOf(stream, table);
				const before = staged ? undefined : target?.read(key);
				const digestBefore = staged ? 0n : digestBeside(stream, table, key, before);
				changeSum(sums, bucketOf(table, key), digestBefore, digest);
				const problem = applyOne(target, op, digest, before);
				ahead.rewritten(at, table, key);
				if (problem === undefined) parking.unpark(stream, table, key);
				else {
					parking.park({ stream, table, key, rev, raw: JSON.stringify(op.row ?? null), digest, ...problem });
					parked.push({ table, key, rev, ...problem });
				}
			}
			return parked;
		},
		deny: ahead.deny,
		pass(at, ops, sums) {
			const passed = ahead.pass(at);
			if (passed.length === 0) return;
			const written = new Set(ops.map(({ table, key }) => `${table}/${key}`));
			for (const { table, key } of passed) {
				if (written.has(`${table}/${key}`)) continue;
				// Its change never came with the deltas: what is left of the row is not central's.
				changeSum(sums, bucketOf(table, key), digestOf(at.stream, table, key), DAMAGED);
				tables[table].disown(key);
			}
		},
		enforceAhead(stream) {
			ahead.refresh();
			ahead.enforceAll(stream);
		},
		digestOf,
		disown(stream, table, key) {
			tableOf(stream, table)?.disown(key);
			parking.disown(stream, table, key);
		},
		indexWords() {
			for (const table of Object.values(tables)) table.indexWords();
		},
		refresh() {
			parking.refresh();
			ahead.refresh();
		},
	};
}

function strangeTable(table: string): Problem {
	return isDirectoryTable(table)
		? { code: 'otherStream', problem: `table: ${table} belongs to the stream ${DIRECTORY_TABLES[table].stream}` }
		: { code: 'unknownTable', problem: `table: ${table.slice(0, 64)} is not known to this version` };
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
