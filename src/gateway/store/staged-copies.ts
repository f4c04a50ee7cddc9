import { DIRECTORY_TABLES, type DirectoryTable, isDirectoryTable, type StreamName } from '../core/directory.ts';
import { DIRECTORY_INDEXES, READER_OPTIONS } from './directory-schema.ts';
import { STORED_TABLES } from './directory-tables.ts';
import { openDatabase, type Sqlite } from './open-database.ts';

/** Rows copied in one go: a revocation that comes meanwhile waits for one of them. */
const ROWS_PER_SLICE = 500;

/**
 * The other streams, from the live file into a staged one (which has it attached as `live`): row by row in key order, so
 * that rows changed meanwhile are copied as they are now.
 */
export function createStagedCopies(db: Sqlite, livePath: string, stream: StreamName) {
	const all = Object.keys(DIRECTORY_TABLES) as DirectoryTable[];
	const others = all.filter((table) => DIRECTORY_TABLES[table].stream !== stream);
	const beside = ['streams', 'parked', 'ahead'].flatMap((table) => [
		db.prepare<[string]>(`DELETE FROM main.${table} WHERE stream <> ?`),
		db.prepare<[string]>(`INSERT INTO main.${table} SELECT * FROM live.${table} WHERE stream <> ?`),
	]);
	const carryAhead = db.prepare<[string, string, number]>(
		`INSERT OR REPLACE INTO main.ahead (stream, table_name, key, central_epoch, rev, row, digest)
		SELECT stream, table_name, key, central_epoch, rev, row, NULL FROM live.ahead
		WHERE stream = ? AND central_epoch = ? AND rev > ?`,
	);
	// By itself: within a transaction of the staged file the attached one stays as it was at its beginning.
	const live = openDatabase(livePath, READER_OPTIONS);
	let slices: Iterator<number> | undefined;

	/** Revs, digests, parked rows, those ahead. */
	function besideRows(): void {
		for (const statement of beside) statement.run(stream);
	}

	function* copyAll(): Generator<number> {
		for (const table of others) yield* copyTable(live, db, table);
	}

	return {
		/** Until then nothing need be followed: it is copied as it is by then. */
		hasBegun: () => slices !== undefined,
		/** @returns rows copied; 0 when nothing is left. */
		next(): number {
			// What is denied ahead acts on what is followed, too.
			if (slices === undefined) besideRows();
			slices ??= copyAll();
			return slices.next().value ?? 0;
		},
		besideRows,
		/** What is known of the staged stream beyond the snapshot. */
		carryAhead(centralEpoch: string, rev: number) {
			carryAhead.run(stream, centralEpoch, rev);
		},
		/** Of a run that ended while it copied. */
		undo() {
			for (const table of all) {
				const { sqlName, hasWords } = STORED_TABLES[table];
				if (others.includes(table)) db.exec(`DELETE FROM main.${sqlName}`);
				if (hasWords) db.exec(`DELETE FROM main.${sqlName}_words`);
			}
			for (const table of ['streams', 'ahead']) db.exec(`DELETE FROM main.${table}`);
			db.prepare<[string]>('DELETE FROM main.parked WHERE stream <> ?').run(stream);
			for (const [, name = ''] of DIRECTORY_INDEXES.map((sql) => /INDEX (\S+)/.exec(sql) ?? []))
				db.exec(`DROP INDEX IF EXISTS main.${name}`);
		},
		close: () => live.close(),
	};
}

/** Rows of the staged stream, with the parked ones. */
export function countStaged(db: Sqlite, stream: StreamName): number {
	const own = (Object.keys(DIRECTORY_TABLES) as DirectoryTable[])
		.filter((table) => DIRECTORY_TABLES[table].stream === stream)
		.map((table) => STORED_TABLES[table].sqlName);
	const rows = own.map((name) => db.prepare<[], number>(`SELECT count(*) FROM main.${name}`).pluck().get() ?? 0);
	const parked = db
		.prepare<[string], { table: DirectoryTable; key: string }>(
			'SELECT table_name AS "table", key FROM main.parked WHERE stream = ?',
		)
		.all(stream);
	// One that lets nobody in may stand in for it.
	const without = parked.filter(({ table, key }) => !hasRow(db, table, key));
	return rows.reduce((sum, count) => sum + count, without.length);
}

function hasRow(db: Sqlite, table: string, key: string): boolean {
	if (!isDirectoryTable(table)) return false;
	return db.prepare(`SELECT 1 FROM main.${STORED_TABLES[table].sqlName} WHERE id = ?`).get(key) !== undefined;
}

function* copyTable(from: Sqlite, to: Sqlite, table: DirectoryTable): Generator<number> {
	const { sqlName, columns } = STORED_TABLES[table];
	const names = [...columns.map(({ name }) => name), 'digest', 'crc'];
	const select = from
		.prepare<[string], (string | bigint | null)[]>(
			`SELECT ${names.join(', ')} FROM ${sqlName} WHERE id > ? ORDER BY id LIMIT ${ROWS_PER_SLICE}`,
		)
		.raw()
		.safeIntegers();
	const insert = to.prepare<(string | bigint | null)[]>(
		`INSERT OR REPLACE INTO main.${sqlName} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
	);
	let after = '';
	for (let rows = select.all(after); rows.length > 0; rows = select.all(after)) {
		for (const row of rows) insert.run(...row);
		after = String(rows.at(-1)?.[0]);
		yield rows.length;
	}
}
