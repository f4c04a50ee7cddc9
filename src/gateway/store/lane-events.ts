import type { LaneEvent, LaneEventEntry } from '../core/journal.ts';
import { createJournalPages, type JournalPage, type JournalPageQuery } from './journal-pages.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

export interface LaneEventQuery extends JournalPageQuery {
	/** Absent: all of them. */
	readonly events?: ReadonlySet<LaneEvent>;
}

/** What happened at lanes besides decisions and passages, newest first. */
export interface LaneEventStore {
	page(query: LaneEventQuery): JournalPage<LaneEventEntry>;
}

export function createLaneEventStore(db: Sqlite, transactions: Transactions): LaneEventStore {
	const page = createJournalPages(db, transactions, 'lane');
	return {
		page({ events, ...query }) {
			const [only, another] = events ?? [];
			const fits = ({ event }: LaneEventEntry) => events === undefined || events.has(event);
			return page(query, { text: another === undefined ? only : undefined, fits });
		},
	};
}
