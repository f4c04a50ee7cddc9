import type { StreamName } from '../core/directory.ts';
import type { ParkedRow } from '../core/directory-change.ts';
import type { Sqlite } from './open-database.ts';
import { DAMAGED } from './row-digests.ts';

export interface RawRow extends ParkedRow {
	readonly stream: StreamName;
	/** JSON as it came. */
	readonly raw: string;
	readonly digest: bigint;
}

/** Rows that can't be used, as they came. */
export function createParking(db: Sqlite) {
	const insert = db.prepare<[RawRow]>(
		`INSERT OR REPLACE INTO parked (stream, table_name, key, rev, raw, digest, code, problem)
		VALUES (:stream, :table, :key, :rev, :raw, :digest, :code, :problem)`,
	);
	const remove = db.prepare<[string, string, string]>(
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
	const count = db.prepare<[], number>('SELECT count(*) FROM parked').pluck();
	// Rare: without this every op would look for a parked row that is not there. undefined: to be looked up.
	let known: boolean | undefined;
	const any = () => {
		known ??= (count.get() ?? 0) > 0;
		return known;
	};
	return {
		park(row: RawRow) {
			insert.run(row);
			known = true;
		},
		unpark(stream: StreamName, table: string, key: string) {
			if (any()) remove.run(stream, table, key);
		},
		/** 0: nothing is parked there. */
		digestOf: (stream: StreamName, table: string, key: string) =>
			(any() ? selectDigest.get(stream, table, key) : undefined) ?? 0n,
		disown(stream: StreamName, table: string, key: string) {
			if (any()) disown.run(DAMAGED, stream, table, key);
		},
		/** After the table was written past this, or a transaction was rolled back. */
		refresh() {
			known = undefined;
		},
	};
}

/** The first of a stream's parked rows. */
export function prepareParkedRows(db: Sqlite) {
	return db.prepare<[string, number], ParkedRow>(
		'SELECT table_name AS "table", key, rev, code, problem FROM parked WHERE stream = ? ORDER BY table_name, key LIMIT ?',
	);
}
