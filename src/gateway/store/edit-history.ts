import type { DirectoryTable } from '../core/directory.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { Sqlite } from './open-database.ts';

/** Where the journal tells of a row's changes. */
export interface EditHistory {
	/** With every entry, in its transaction. */
	follow(position: number, entry: JournalEntry): void;
	/** Newest first. */
	ofRow(table: DirectoryTable, key: string, limit: number): readonly number[];
	/** In the order they were made. */
	ofBatch(batchId: string, limit: number): readonly number[];
	/** The entry is erased: that there was a change stays, of which row does not. */
	forgetKey(table: DirectoryTable, key: string, position: number): void;
}

export function createEditHistory(db: Sqlite): EditHistory {
	const insert = db.prepare<[string, string, number, string]>(
		'INSERT INTO edit_history (table_name, key, position, batch_id) VALUES (?, ?, ?, ?)',
	);
	const ofRow = db
		.prepare<[string, string, number], number>(
			'SELECT position FROM edit_history WHERE table_name = ? AND key = ? ORDER BY position DESC LIMIT ?',
		)
		.pluck();
	const ofBatch = db
		.prepare<[string, number], number>('SELECT position FROM edit_history WHERE batch_id = ? ORDER BY position LIMIT ?')
		.pluck();
	const forgetKey = db.prepare<[string, string, number]>(
		"UPDATE edit_history SET key = '' WHERE table_name = ? AND key = ? AND position = ?",
	);
	return {
		follow(position, entry) {
			if (entry.type === 'edit') insert.run(entry.table, entry.key, position, entry.batchId);
		},
		ofRow: (table, key, limit) => ofRow.all(table, key, limit),
		ofBatch: (batchId, limit) => ofBatch.all(batchId, limit),
		forgetKey(table, key, position) {
			forgetKey.run(table, key, position);
		},
	};
}
