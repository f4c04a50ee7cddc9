import { restrictedBy } from '../core/directory/deny-ahead.ts';
import { DIRECTORY_TABLES, type DirectoryTable, isDirectoryTable, type StreamName } from '../core/directory.ts';
import type { DirectoryDelta, DirectoryOp } from '../core/directory-change.ts';
import { LIMITS } from '../core/limits.ts';
import type { TableWriter } from './directory-table-writer.ts';
import type { Sqlite } from './open-database.ts';

/** Central's word on a row at a rev that is not ours yet. */
interface LaterRow {
	readonly centralEpoch: string;
	readonly rev: number;
	/** JSON; null: deleted, or of no use to this version. */
	readonly row: string | null;
	/** Of our row that went because of it; it still counts, as its delta has not come. */
	readonly digest: bigint | null;
}

/**
 * Rows of changes that came before their turn, while one before them is missing or a snapshot is under way: what they
 * delete or restrict is denied at once and stays so until our rev passes them. The digest does not notice.
 */
export interface DirectoryAhead {
	deny(delta: DirectoryDelta): void;
	/** Our row was written by a change up to this rev: what is known of later acts again. */
	rewritten(at: StreamRev, table: string, key: string): void;
	/** Of our row that went before its turn. */
	digestOf(stream: StreamName, table: string, key: string): bigint;
	/** Ends what our rev has passed. @returns those rows. */
	pass(at: StreamRev): readonly RowKey[];
	/** Acts on every row of a stream again: the file's rows are other ones. */
	enforceAll(stream: StreamName): void;
	/** After the table was written past this. */
	refresh(): void;
}

/** A place in central's history of a stream. */
export interface StreamRev {
	readonly stream: StreamName;
	readonly centralEpoch: string;
	readonly rev: number;
}

interface RowKey {
	readonly table: DirectoryTable;
	readonly key: string;
}

export function createDirectoryAhead(
	db: Sqlite,
	tables: Readonly<Record<DirectoryTable, TableWriter>>,
): DirectoryAhead {
	const { select, insert, setDigest, selectPassed, removePassed, selectStream, count } = prepareStatements(db);
	// Rare: without this every op would look for a later row that is not there. undefined: to be counted.
	let counted: number | undefined;
	const known = () => {
		counted ??= count.get() ?? 0;
		return counted;
	};

	function enforce(stream: StreamName, table: DirectoryTable, key: string, later: LaterRow): void {
		const target = tables[table];
		const stored = target.read(key);
		if (stored === undefined) return;
		const ours = target.toRow(stored);
		const left = restrictedBy(table, ours, later.row === null ? null : JSON.parse(later.row));
		if (left !== null && JSON.stringify(left) === JSON.stringify(ours)) return;
		const accepted = left === null ? undefined : target.accept(left);
		if (accepted !== undefined && 'values' in accepted) {
			target.put(accepted.values, stored.digest, stored);
			return;
		}
		target.remove(key, stored);
		setDigest.run(stored.digest, stream, table, key);
	}

	function denyOne({ stream, centralEpoch, rev }: StreamRev, { op, table, key, row }: DirectoryOp): void {
		if (!isDirectoryTable(table) || DIRECTORY_TABLES[table].stream !== stream) return;
		const before = select.get(stream, table, key);
		if (before === undefined ? known() >= LIMITS.rowsAhead : before.centralEpoch === centralEpoch && before.rev >= rev)
			return;
		const accepted = op === 'put' ? tables[table].accept(row) : undefined;
		const text = accepted !== undefined && 'row' in accepted ? JSON.stringify(accepted.row) : null;
		const later = { centralEpoch, rev, row: text, digest: before?.digest ?? null };
		insert.run({ stream, table, key, ...later });
		if (before === undefined) counted = known() + 1;
		enforce(stream, table, key, later);
	}

	return {
		deny({ stream, centralEpoch, from, to, ops }) {
			// Where each op has a rev of its own, the deltas that bring it in its turn may be cut in other places.
			const isOneEach = to - from === ops.length;
			// The last word on a row first: what it gives back is not taken away before.
			for (const [place, op] of [...ops.entries()].toReversed())
				denyOne({ stream, centralEpoch, rev: isOneEach ? from + place + 1 : to }, op);
		},
		rewritten({ stream, centralEpoch, rev }, table, key) {
			if (known() === 0 || !isDirectoryTable(table)) return;
			const later = select.get(stream, table, key);
			if (later === undefined) return;
			setDigest.run(null, stream, table, key);
			if (later.centralEpoch !== centralEpoch || later.rev > rev) enforce(stream, table, key, later);
		},
		digestOf: (stream, table, key) => (known() === 0 ? undefined : select.get(stream, table, key)?.digest) ?? 0n,
		pass({ stream, centralEpoch, rev }) {
			if (known() === 0) return [];
			const passed = selectPassed.all(stream, centralEpoch, rev);
			removePassed.run(stream, centralEpoch, rev);
			counted = known() - passed.length;
			return passed;
		},
		enforceAll(stream) {
			for (const { table, key } of selectStream.all(stream)) {
				const later = select.get(stream, table, key);
				if (later !== undefined) enforce(stream, table, key, later);
			}
		},
		refresh() {
			counted = undefined;
		},
	};
}

function prepareStatements(db: Sqlite) {
	const select = db
		.prepare<[string, string, string], Omit<LaterRow, 'rev'> & { readonly rev: bigint }>(
			`SELECT central_epoch AS centralEpoch, rev, row, digest FROM ahead WHERE stream = ? AND table_name = ? AND key = ?`,
		)
		.safeIntegers();
	return {
		select: {
			get(stream: string, table: string, key: string): LaterRow | undefined {
				const found = select.get(stream, table, key);
				return found && { ...found, rev: Number(found.rev) };
			},
		},
		insert: db.prepare<[LaterRow & { readonly stream: string; readonly table: string; readonly key: string }]>(
			`INSERT OR REPLACE INTO ahead (stream, table_name, key, central_epoch, rev, row, digest)
			VALUES (:stream, :table, :key, :centralEpoch, :rev, :row, :digest)`,
		),
		setDigest: db.prepare<[bigint | null, string, string, string]>(
			'UPDATE ahead SET digest = ? WHERE stream = ? AND table_name = ? AND key = ?',
		),
		selectPassed: db.prepare<[string, string, number], RowKey>(
			'SELECT table_name AS "table", key FROM ahead WHERE stream = ? AND central_epoch = ? AND rev <= ?',
		),
		removePassed: db.prepare<[string, string, number]>(
			'DELETE FROM ahead WHERE stream = ? AND central_epoch = ? AND rev <= ?',
		),
		selectStream: db.prepare<[string], RowKey>('SELECT table_name AS "table", key FROM ahead WHERE stream = ?'),
		count: db.prepare<[], number>('SELECT count(*) FROM ahead').pluck(),
	};
}
