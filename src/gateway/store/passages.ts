import type { PassageEntry } from '../core/journal.ts';
import { createJournalPages, type JournalPage, type JournalPageQuery } from './journal-pages.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

export interface PassageQuery extends JournalPageQuery {
	readonly holderId?: string;
}

/** The passages of the journal, newest first. */
export interface PassageStore {
	page(query: PassageQuery): JournalPage<PassageEntry>;
}

export function createPassageStore(db: Sqlite, transactions: Transactions): PassageStore {
	const page = createJournalPages(db, transactions, 'passage');
	return {
		page: ({ holderId, ...query }) =>
			page(query, { text: holderId, fits: (entry) => holderId === undefined || entry.holderId === holderId }),
	};
}
