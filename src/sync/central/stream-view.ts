import { hash } from 'node:crypto';
import { DIRECTORY_TABLES, type DirectoryTable, STREAMS } from '../../gateway/core/directory.ts';
import { createListCursor } from '../../gateway/services/list-cursor.ts';
import type { CentralSqlite } from './central-database.ts';

/** Rows that one page looks through for those that fit. */
const LOOKED_AT = 10_000;
/** Rows are counted bucket by bucket, so that events are stored in between. */
const BUCKETS = 1_024;
const BUCKETS_AT_ONCE = 64;

const rowCursor = createListCursor('rows');

export interface RowQuery {
	/** Somewhere in the row, in any case. */
	readonly q?: string | undefined;
	readonly cursor?: string | undefined;
	readonly limit: number;
}

/** The rows that central publishes, to be looked at. */
export function createStreamView(db: CentralSqlite, { soon }: { readonly soon: () => Promise<void> }) {
	const selectRows = db.prepare<[string, string, string], { key: string; row: string }>(
		'SELECT key, row FROM stream_rows WHERE stream = ? AND table_name = ? AND key > ? ORDER BY key',
	);
	const selectRow = db
		.prepare<[string, string, string], string>(
			'SELECT row FROM stream_rows WHERE stream = ? AND table_name = ? AND key = ?',
		)
		.pluck();
	const countRows = db.prepare<[string, number, number], { table: string; rows: number }>(
		`SELECT table_name AS "table", count(*) AS rows FROM stream_rows INDEXED BY stream_rows_by_bucket
		WHERE stream = ? AND bucket >= ? AND bucket < ? GROUP BY table_name`,
	);
	const selectRev = db.prepare<[string], number>('SELECT rev FROM streams WHERE stream = ?').pluck();
	const counted = new Map<string, { readonly rev: number; readonly rows: ReadonlyMap<string, number> }>();

	async function count(stream: string): Promise<ReadonlyMap<string, number>> {
		const rev = selectRev.get(stream) ?? 0;
		const known = counted.get(stream);
		if (known?.rev === rev) return known.rows;
		const rows = new Map<string, number>();
		for (let bucket = 0; bucket < BUCKETS; bucket += BUCKETS_AT_ONCE) {
			for (const found of countRows.all(stream, bucket, bucket + BUCKETS_AT_ONCE))
				rows.set(found.table, (rows.get(found.table) ?? 0) + found.rows);
			await soon();
		}
		counted.set(stream, { rev, rows });
		return rows;
	}

	return {
		/** Of each table; rows that change while they are counted may be missed. */
		async tables() {
			const all: { readonly stream: string; readonly table: DirectoryTable; readonly rows: number }[] = [];
			for (const stream of STREAMS) {
				const rows = await count(stream);
				for (const table of Object.keys(DIRECTORY_TABLES) as DirectoryTable[])
					if (DIRECTORY_TABLES[table].stream === stream) all.push({ stream, table, rows: rows.get(table) ?? 0 });
			}
			return all;
		},
		/** By key; pages of a search may be short, or empty with a cursor: they looked far enough. */
		rows(table: DirectoryTable, { q, cursor, limit }: RowQuery) {
			const after = cursor === undefined ? '' : rowCursor.decode(cursor).id;
			const items: { readonly key: string; readonly row: Readonly<Record<string, unknown>> }[] = [];
			let looked = 0;
			for (const { key, row } of selectRows.iterate(DIRECTORY_TABLES[table].stream, table, after)) {
				looked += 1;
				if (q === undefined || row.toLowerCase().includes(q.toLowerCase())) items.push({ key, row: JSON.parse(row) });
				if (items.length === limit || looked === LOOKED_AT) return { items, nextCursor: rowCursor.encode(0, key) };
			}
			return { items, nextCursor: null };
		},
		/** With its tag: another one after every change. */
		row(table: DirectoryTable, key: string) {
			const text = selectRow.get(DIRECTORY_TABLES[table].stream, table, key);
			if (text === undefined) return undefined;
			const row: Readonly<Record<string, unknown>> = JSON.parse(text);
			return { row, tag: hash('sha256', text, 'base64url').slice(0, 22) };
		},
	};
}
