import type { DirectoryTable } from '../core/directory.ts';
import { STORED_TABLES } from './directory-tables.ts';
import { EDITED, type LocalEditStore } from './local-edits.ts';
import type { Sqlite } from './open-database.ts';

/** The local edits over a connection's directory. */
export interface Overlay {
	readonly edits: Pick<LocalEditStore, 'any' | 'version'>;
	/** `holders` → the view of the rows as they are now, for people and for decisions. */
	source(table: string): string;
	/** Edited rows by themselves, for who reads thousands: the view looks for an edit of each. */
	apart(table: DirectoryTable): EditedApart;
}

export interface EditedApart {
	/** The rows as they were edited. */
	readonly source: string;
	/** SQL: keys of all rows that were edited, deleted ones too. */
	readonly keys: string;
}

/** Shared pages of `site.db` that this connection keeps, KiB: a few edits. */
const CACHE_KIB = 512;

export function attachOverlay(db: Sqlite, siteFile: string, edits: Overlay['edits']): Overlay {
	attachEdits(db, siteFile);
	return {
		edits,
		source: (table) => `effective_${table}`,
		apart: (table) => ({
			source: `site.${EDITED}${STORED_TABLES[table].sqlName}`,
			keys: `SELECT key FROM site.local_edits WHERE table_name = '${table}'`,
		}),
	};
}

/**
 * Puts the edits of `site.db` over the directory that `db` has open: `effective_holders` and so on, each central's rows
 * without those that were edited, and the edited ones. Reads of both files see the last commits of both.
 */
export function attachEdits(db: Sqlite, siteFile: string): void {
	db.prepare('ATTACH ? AS site').run(siteFile);
	db.pragma(`site.cache_size = -${CACHE_KIB}`);
	for (const { table, sqlName, columns, hasWords } of Object.values(STORED_TABLES)) {
		const names = columns.map(({ name }) => name).join(', ');
		const unedited = `NOT EXISTS (SELECT 1 FROM site.local_edits WHERE table_name = '${table}' AND key = id)`;
		db.exec(`CREATE TEMP VIEW effective_${sqlName} AS SELECT ${names} FROM main.${sqlName} WHERE ${unedited}
			UNION ALL SELECT ${names} FROM site.${EDITED}${sqlName};`);
		if (!hasWords) continue;
		db.exec(`CREATE TEMP VIEW effective_${sqlName}_words AS SELECT word, id FROM main.${sqlName}_words WHERE ${unedited}
			UNION ALL SELECT word, id FROM site.${EDITED}${sqlName}_words;`);
	}
}
