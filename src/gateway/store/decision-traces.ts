import type { Sqlite } from './open-database.ts';

/** Decisions on either side of an erased one that are written anew: more than a page holds. */
const MARGIN = 8;

type Row = Readonly<Record<string, string | number | null>>;

/**
 * A decision's row grows with what follows it. When it no longer fits its page, SQLite moves rows to another page and
 * leaves copies of them in the free space of the first, which `secure_delete` does not overwrite. Rows deleted together
 * with all that stand on the same page give the page back, overwritten; written again they leave nothing of what was erased.
 */
export function createDecisionTraces(db: Sqlite) {
	const first = db
		.prepare<[number, number], number | null>(
			'SELECT min(position) FROM (SELECT position FROM decisions WHERE position <= ? ORDER BY position DESC LIMIT ?)',
		)
		.pluck();
	const last = db
		.prepare<[number, number], number | null>(
			'SELECT max(position) FROM (SELECT position FROM decisions WHERE position >= ? ORDER BY position LIMIT ?)',
		)
		.pluck();
	const select = db.prepare<[number, number], Row>('SELECT * FROM decisions WHERE position BETWEEN ? AND ?');
	const remove = db.prepare<[number, number]>('DELETE FROM decisions WHERE position BETWEEN ? AND ?');
	const columns = db.prepare<[], string>("SELECT name FROM pragma_table_info('decisions')").pluck().all();
	const insert = db.prepare<[Row]>(
		`INSERT INTO decisions (${columns.join(', ')}) VALUES (${columns.map((name) => `:${name}`).join(', ')})`,
	);

	function rewrite(from: number, to: number): void {
		const rows = select.all(from, to);
		remove.run(from, to);
		for (const row of rows) insert.run(row);
	}

	return {
		/** @param positions of decisions that were erased, ascending. */
		clear(positions: readonly number[]): void {
			let range: { from: number; to: number } | undefined;
			for (const position of positions) {
				const from = first.get(position, MARGIN) ?? position;
				const to = last.get(position, MARGIN) ?? position;
				if (range !== undefined && from <= range.to) {
					range.to = Math.max(range.to, to);
					continue;
				}
				if (range !== undefined) rewrite(range.from, range.to);
				range = { from, to };
			}
			if (range !== undefined) rewrite(range.from, range.to);
		},
	};
}
