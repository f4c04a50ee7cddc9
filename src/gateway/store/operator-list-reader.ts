import type { ScimListPage, ScimListQuery } from '../core/scim/scim-list.ts';
import { READER_OPTIONS } from './directory-schema.ts';
import { openDatabase } from './open-database.ts';
import { createOperatorSearch, type FoundOperator, type OperatorQuery } from './operator-search.ts';
import { createScimLists } from './scim-lists.ts';
import { createTransactions } from './transactions.ts';

/** Searches operators by a connection of its own; for a thread: among 100,000 a short word takes a tenth of a second. */
export interface OperatorListReader {
	/** Opens the store if need be. Throws GatewayError. */
	page(query: OperatorQuery): readonly FoundOperator[];
	/** Of what identity providers ask for. */
	scim(query: ScimListQuery): ScimListPage;
	close(): void;
}

export function createOperatorListReader(siteFile: string): OperatorListReader {
	let open: ReturnType<typeof openReader> | undefined;
	return {
		page(query) {
			open ??= openReader(siteFile);
			return open.page(query);
		},
		scim(query) {
			open ??= openReader(siteFile);
			return open.scim(query);
		},
		close() {
			open?.close();
			open = undefined;
		},
	};
}

function openReader(siteFile: string) {
	const db = openDatabase(siteFile, READER_OPTIONS);
	const transactions = createTransactions(db, siteFile);
	const { page } = createOperatorSearch(db, transactions);
	return { page, scim: createScimLists(db, transactions).page, close: () => void db.close() };
}
