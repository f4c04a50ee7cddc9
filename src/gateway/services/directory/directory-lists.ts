import type { DirectoryTable } from '../../core/directory.ts';
import type { RowScope } from '../../core/permission/row-scope.ts';
import type { AnyRow } from './directory-edits.ts';

/** What of a table is asked for. */
export interface ListQuery {
	readonly table: DirectoryTable;
	/** Words that a row is found by, in any order, accent- and case-insensitive, from their beginnings; empty: all rows. */
	readonly q?: string;
	/** Field → values of which the row has one (a list field: holds one). */
	readonly where?: Readonly<Record<string, readonly string[]>>;
	/** Field with whole numbers, such as an instant → only those from one value to below another. */
	readonly between?: Readonly<Record<string, { readonly from: number; readonly below: number }>>;
	/** The table's own order, or from its end. */
	readonly descending?: boolean;
	/** Only rows of all of these; absent: all rows. */
	readonly scopes?: readonly RowScope[];
}

export interface ListPage {
	readonly items: readonly AnyRow[];
	/** Give it back for the next page; null: this is the last. Opaque. */
	readonly next: string | null;
}

/**
 * Lists of the directory as it is now, local edits included. They are read in a thread of their own: whatever is asked,
 * no decision waits for it. Rejects with GatewayError: INVALID_REQUEST for a cursor that is not ours, STORE_* when the
 * file can't be read. A search takes the first `LIMITS.searchWords` words; text without a letter or a digit finds nothing.
 * What belongs to a holder is found by the holder's words too, a credential by the beginning of its value or its label.
 * In `where` an empty text stands for none (`null`, or an empty list), a flag is `true` or `false`.
 */
export interface DirectoryLists {
	page(query: ListQuery, place: { readonly cursor?: string; readonly limit: number }): Promise<ListPage>;
	/** At most `LIMITS.countedRows`; that number: there are more. */
	count(query: ListQuery): Promise<number>;
	/**
	 * Every row, in batches; for exports. Each batch is of one state of the directory, none is held while they are taken: a
	 * row that stays as it is comes exactly once, one whose place in the order changes meanwhile may come twice or not.
	 */
	rows(query: ListQuery): AsyncIterable<readonly AnyRow[]>;
	/** Id → what names the row to people; rows that are not there are left out. */
	titles(
		table: DirectoryTable,
		ids: readonly string[],
		scopes?: readonly RowScope[],
	): Promise<ReadonlyMap<string, string>>;
}
