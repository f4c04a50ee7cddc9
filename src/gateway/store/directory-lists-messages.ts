import type { DirectoryTable } from '../core/directory.ts';
import type { RowScope } from '../core/permission/row-scope.ts';
import type { ScimListPage, ScimListQuery } from '../core/scim/scim-list.ts';
import type { FoundOperator, OperatorQuery } from './operator-search.ts';

/** As `ListQuery` of services/directory/directory-lists.ts. */
export interface ListAsk {
	readonly table: DirectoryTable;
	readonly q?: string;
	readonly where?: Readonly<Record<string, readonly string[]>>;
	readonly between?: Readonly<Record<string, { readonly from: number; readonly below: number }>>;
	readonly descending?: boolean;
	/** Only rows of all of these. */
	readonly scopes?: readonly RowScope[];
}

/** A place in a list: behind the row of this key. */
export interface ListPlace {
	/** Value of the column that the table is ordered by; null: of a row whose value is not told by its place either. */
	readonly order: string | number | null;
	readonly id: string;
}

export type ListedRow = Readonly<Record<string, unknown>>;

/** What the thread that reads lists is asked, and answers. Each is of one state of the directory. */
export interface ListCommands {
	page: {
		ask: { readonly query: ListAsk; readonly after: ListPlace | null; readonly limit: number };
		/** `next: null`: there are no more. */
		answer: { readonly rows: readonly ListedRow[]; readonly next: ListPlace | null };
	};
	/** At most `maximum`. */
	count: { ask: { readonly query: ListAsk; readonly maximum: number }; answer: number };
	titles: {
		ask: Pick<ListAsk, 'table' | 'scopes'> & { readonly ids: readonly string[] };
		answer: readonly (readonly [id: string, title: string])[];
	};
	/** Not of the directory, and as slow to look through. */
	operators: { ask: OperatorQuery; answer: readonly FoundOperator[] };
	scim: { ask: ScimListQuery; answer: ScimListPage };
	/** Another file is live; resolves once the one before is closed. */
	follow: { ask: { readonly file: string }; answer: null };
	close: { ask: null; answer: null };
}

/** Given to the thread at its start: absolute paths. */
export interface ListWorkerData {
	readonly directoryFile: string;
	readonly siteFile: string;
}
