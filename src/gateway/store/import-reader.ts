import { aggregateOf, type DirectoryTable } from '../core/directory.ts';
import { attachOverlay } from './directory-overlay.ts';
import { createDirectoryReader, type DirectoryReader } from './directory-reader.ts';
import { READER_OPTIONS } from './directory-schema.ts';
import { columnName, type SqlValue } from './directory-tables.ts';
import { openDatabase } from './open-database.ts';

/** The directory as it is now, local edits included, for a thread that compares a file with it. */
export interface ImportReader extends Pick<DirectoryReader, 'row' | 'find'> {
	/** One pass over all rows of a table, of each its id and these fields; one at a time, so that memory does not fill. */
	scan(table: DirectoryTable, fields: readonly string[]): Iterable<Readonly<Record<string, unknown>>>;
	close(): void;
}

/** Reads beside whoever writes. Throws GatewayError. */
export function openImportReader(directoryFile: string, siteFile: string): ImportReader {
	const db = openDatabase(directoryFile, READER_OPTIONS);
	try {
		// What is edited meanwhile is seen too, and told when the import is applied.
		const overlay = attachOverlay(db, siteFile, { any: () => true, version: () => 0 });
		const reader = createDirectoryReader(db, directoryFile, overlay);
		return {
			row: reader.row,
			find: reader.find,
			*scan(table, names) {
				const { fields, sqlName } = aggregateOf(table);
				const columns = ['id', ...names].map((name) => `${columnName(name)} AS "${name}"`).join(', ');
				const rows = db.prepare<[], Record<string, SqlValue>>(`SELECT ${columns} FROM ${overlay.source(sqlName)}`);
				for (const row of rows.iterate()) {
					const entries = Object.entries(row);
					yield Object.fromEntries(entries.map(([name, value]) => [name, fields[name]?.fromColumn(value) ?? null]));
				}
			},
			close: () => db.close(),
		};
	} catch (error) {
		db.close();
		throw error;
	}
}
