import type { DirectoryTable } from '../../core/directory.ts';
import type { EditEntry } from '../../core/journal.ts';
import type { Access } from '../../core/permission/access.ts';

export type AnyRow = Readonly<Record<string, unknown>>;

/** What somebody wants changed. `ifMatch`: only while the row still has this ETag. */
export type DirectoryChange =
	/** Gets an id when it has none. */
	| { readonly op: 'create'; readonly table: DirectoryTable; readonly row: AnyRow }
	/** Fields that are not named stay. */
	| {
			readonly op: 'update';
			readonly table: DirectoryTable;
			readonly key: string;
			readonly fields: AnyRow;
			readonly ifMatch?: string;
	  }
	/** With the rows that can't be without it; `alone`: refused when there are such. */
	| {
			readonly op: 'delete';
			readonly table: DirectoryTable;
			readonly key: string;
			readonly ifMatch?: string;
			readonly alone?: true;
	  };

export interface EditBy {
	/** null: the gateway itself. */
	readonly operatorId: string | null;
	/** A batch that goes on, such as an import in slices; else it is a batch of its own. */
	readonly batchId?: string;
	/** What whoever asks may do, where that is not all of the directory; absent: all of it was allowed before. */
	readonly access?: Pick<Access, 'may'>;
}

export type EditAnswer =
	| { readonly result: 'done'; readonly batchId: string; readonly rows: readonly EditedRow[] }
	/** Nothing was changed. */
	| { readonly result: 'refused'; readonly problems: readonly EditProblem[] };

export interface EditedRow {
	readonly table: DirectoryTable;
	readonly key: string;
	/** null: deleted. */
	readonly row: AnyRow | null;
}

/** Why a change can't be made; `detail` says with what, for a text in the reader's language. */
export interface EditProblem {
	/** Place of the change in its batch. */
	readonly change: number;
	readonly table: DirectoryTable;
	readonly key: string | null;
	/** null: the row as a whole. */
	readonly field: string | null;
	readonly code: EditProblemCode;
	/** English, for programs and the log. */
	readonly problem: string;
	readonly detail?: Readonly<Record<string, string | number>>;
}

export type EditProblemCode =
	/** The value itself can't be. */
	| 'invalid'
	| 'unknownField'
	/** The row is not here, or no longer. */
	| 'notFound'
	/** Somebody changed it since. */
	| 'changed'
	| 'exists'
	| 'notUnique'
	| 'unknownReference'
	/** Other rows need it. */
	| 'inUse'
	/** Central's alone. */
	| 'centralOwned'
	/** Not theirs to change, or to bring where it would go. */
	| 'outOfScope'
	| 'tooMany'
	/** What it stands for can't be: a booking where there is no room, a second default. */
	| 'conflict';

export interface HeldRow {
	readonly row: AnyRow;
	/** RFC 9110, 8.8.3: strong, quoted. */
	readonly etag: string;
	/** Changed here, and central has not taken it over yet. */
	readonly isPending: boolean;
	/** Fields of it that only central changes. */
	readonly ownedByCentral: readonly string[];
}

/**
 * The one way in which the directory is changed on site (SYNC.md, local edits). A change acts at once, on the next
 * decision; it is journalled with who made it and what was there before, and goes to central as a mutation.
 */
export interface DirectoryEdits {
	/** The row as it is now. */
	get(table: DirectoryTable, key: string): HeldRow | undefined;
	/**
	 * All or nothing, in their order, in one transaction; at most `LIMITS.editsTogether` with what follows from them.
	 * Throws STORE_* while the disk takes nothing.
	 */
	edit(changes: readonly DirectoryChange[], by: EditBy): EditAnswer;
	/** What would be refused, and which rows would change; changes nothing. */
	preview(changes: readonly DirectoryChange[], by?: Pick<EditBy, 'access'>): EditAnswer;
	/** What a batch changed, in its order; empty: there is none of this name. */
	batch(batchId: string): readonly EditEntry[];
	/** Puts everything back that a batch changed, if nobody changed it since; a batch of its own. */
	undo(batchId: string, by: EditBy): EditAnswer;
	/** Newest first. */
	history(table: DirectoryTable, key: string): readonly EditEntry[];
}
