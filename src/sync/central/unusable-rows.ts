import type { Body, StreamPosition } from '../envelope.ts';
import type { CentralSqlite } from './central-database.ts';

type NackedRow = Body<'nack'>['rows'][number];

/** A row of central that a site can not use. */
export interface UnusableRow extends NackedRow {
	readonly stream: string;
}

/** Kept on the disk: a site tells of them once a connection, and may be away when central starts again. */
export interface UnusableRows {
	/** All there are of a stream at that site, as far as they are told one by one. */
	told(site: string, nack: Pick<Body<'nack'>, 'stream' | 'rows'>): void;
	/** Where nothing is parked any more, what was is mended. */
	mended(site: string, streams: readonly Pick<StreamPosition, 'stream' | 'parked'>[]): void;
	of(site: string): readonly UnusableRow[];
}

export function createUnusableRows(db: CentralSqlite): UnusableRows {
	const select = db.prepare<[string], UnusableRow>(
		`SELECT stream, table_name AS "table", key, rev, code, problem FROM unusable_rows
		WHERE site = ? ORDER BY stream, table_name, key`,
	);
	const remove = db.prepare<[string, string]>('DELETE FROM unusable_rows WHERE site = ? AND stream = ?');
	const insert = db.prepare<[UnusableRow & { readonly site: string }]>(
		`INSERT OR REPLACE INTO unusable_rows (site, stream, table_name, key, rev, code, problem)
		VALUES (:site, :stream, :table, :key, :rev, :code, :problem)`,
	);
	const replace = db.transaction((site: string, stream: string, rows: readonly NackedRow[]) => {
		remove.run(site, stream);
		for (const row of rows) insert.run({ site, stream, ...row });
	});

	return {
		told(site, { stream, rows }) {
			// Said again at every connection: nearly always what is known.
			const known = select.all(site).filter((row) => row.stream === stream);
			if (namesOf(known) !== namesOf(rows)) replace.immediate(site, stream, rows);
		},
		mended(site, streams) {
			const known = select.all(site);
			if (known.length === 0) return;
			for (const { stream, parked } of streams)
				if (parked === 0 && known.some((row) => row.stream === stream)) remove.run(site, stream);
		},
		of: (site) => select.all(site),
	};
}

function namesOf(rows: readonly NackedRow[]): string {
	const told = rows.map(({ table, key, rev, code, problem }) => [table, key, rev, code, problem].join('\n'));
	return told.toSorted().join('\n\n');
}
