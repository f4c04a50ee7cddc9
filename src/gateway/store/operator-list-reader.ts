import { READER_OPTIONS } from './directory-schema.ts';
import { openDatabase } from './open-database.ts';
import { createOperatorSearch, type FoundOperator, type OperatorQuery } from './operator-search.ts';
import { createTransactions } from './transactions.ts';

/** Searches operators by a connection of its own; for a thread: among 100,000 a short word takes a tenth of a second. */
export interface OperatorListReader {
	/** Opens the store if need be. Throws GatewayError. */
	page(query: OperatorQuery): readonly FoundOperator[];
	close(): void;
}

export function createOperatorListReader(siteFile: string): OperatorListReader {
	let open: { readonly page: OperatorListReader['page']; readonly close: () => void } | undefined;
	return {
		page(query) {
			open ??= openReader(siteFile);
			return open.page(query);
		},
		close() {
			open?.close();
			open = undefined;
		},
	};
}

function openReader(siteFile: string) {
	const db = openDatabase(siteFile, READER_OPTIONS);
	const { page } = createOperatorSearch(db, createTransactions(db, siteFile));
	return { page, close: () => void db.close() };
}
