import type { DirectoryTable } from '../core/directory.ts';
import type { EditHistory } from './edit-history.ts';
import type { JournalErasure, ReadableRow } from './journal-erasure.ts';
import type { Transactions } from './transactions.ts';

/** What was journalled of single rows of the directory, to be erased with them. */
export interface EditErasure {
	/** At most `limit`, the newest first. */
	ofRow(table: DirectoryTable, key: string, limit: number): readonly ReadableRow[];
}

export function createEditErasure(
	{ read }: Pick<Transactions, 'read'>,
	parts: {
		readonly editHistory: Pick<EditHistory, 'ofRow'>;
		readonly journalErasure: Pick<JournalErasure, 'after'>;
	},
): EditErasure {
	const { editHistory, journalErasure } = parts;
	return {
		ofRow: (table, key, limit) =>
			read(() =>
				editHistory
					.ofRow(table, key, limit)
					.flatMap((position) => journalErasure.after(position - 1, 1).rows.filter((row) => row.position === position)),
			),
	};
}
