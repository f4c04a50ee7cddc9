import type { ChangedRowKind, PlannedChange } from '../../store/import-file.ts';
import type { EditProblem } from '../directory/directory-edits.ts';
import type { ColumnMapping, NamedColumn } from '../tables/map-columns.ts';
import type { ProblemReport } from '../tables/problem-list.ts';
import type { ReadOptions, TableColumn, TableOrigin } from '../tables/table.ts';
import type { ImportKindName } from './import-kinds.ts';
import type { ImportMappings } from './import-mappings.ts';

/** What somebody asks for; the same file can be read again with other options. */
export interface ImportRequest {
	readonly id: string;
	readonly kind: ImportKindName;
	readonly fileName: string;
	/** null: the command line. */
	readonly operatorId: string | null;
	readonly createdAtMs: number;
}

export interface ImportOptions extends ReadOptions {
	/** Which column is which field; found by the headings without. */
	readonly mapping?: ColumnMapping | undefined;
	/** What columns of these headings are, the others are found; for who has not seen the file's columns. */
	readonly named?: readonly NamedColumn[] | undefined;
	/** What an empty cell does to a row that is there already; `keep` unless said. */
	readonly emptyCells?: 'keep' | 'clear' | undefined;
}

/** The bytes of a file, whole or as they come; those are never all in memory. */
export type ImportContent = Uint8Array | AsyncIterable<Uint8Array>;

/** What the file would change. */
export interface ImportPreview {
	/** null: the file could not be taken at all. */
	readonly origin: TableOrigin | null;
	readonly columns: readonly TableColumn[];
	readonly mapping: ColumnMapping;
	/** The first texts of each column, to recognise it by. */
	readonly samples: readonly (readonly string[])[];
	/** What empty cells do; absent: they keep what is there. */
	readonly emptyCells?: 'clear';
	/** Rows of the file. */
	readonly counts: ImportCounts;
	/** Of rows of the directory. */
	readonly changes: number;
	readonly problems: ProblemReport;
}

export interface ImportCounts {
	readonly new: number;
	readonly changed: number;
	readonly same: number;
	/** Rows with errors: none may be left. */
	readonly withErrors: number;
}

/**
 * `reading` → `previewed` (or `unreadable`) → `confirmed` → `applying` → `applied` → `undoing` → `undone`.
 * `stale`: rows were changed since the preview; nothing was done. `rollingBack` → `rolledBack`: a change was refused on
 * the way, everything is as it was. Whatever ends in `…ing`, and `confirmed`, goes on after a restart.
 */
export type ImportStage =
	| 'reading'
	| 'previewed'
	| 'unreadable'
	| 'confirmed'
	| 'stale'
	| 'applying'
	| 'applied'
	| 'rollingBack'
	| 'rolledBack'
	| 'undoing'
	| 'undone';

export interface ImportState {
	readonly stage: ImportStage;
	readonly atMs: number;
	/** Who had it applied or undone; null: the command line, or nobody yet. */
	readonly operatorId: string | null;
	/** Changes made, or taken back, of `total`; while reading, rows read of 0. */
	readonly done: number;
	readonly total: number;
	/** Why it went back, or which rows stayed because they were changed since. The first ones. */
	readonly problems: readonly ImportProblem[];
	/** Of all of those. */
	readonly problemCount: number;
}

export type ImportProblem = Pick<PlannedChange, 'row' | 'table' | 'key'> &
	Pick<EditProblem, 'code' | 'field' | 'problem'>;

export interface Import extends ImportRequest {
	readonly state: ImportState;
	/** null while it is read. */
	readonly preview: ImportPreview | null;
}

export type ImportAnswer =
	| { readonly result: 'done'; readonly import: Import }
	/** Not at this stage, or with errors in the file, or while another one is applied. */
	| { readonly result: 'refused'; readonly problem: ImportRefusal };

export type ImportRefusal = 'notFound' | 'wrongStage' | 'hasErrors' | 'changesNothing' | 'busy';

/**
 * Imports of tables into the directory: a file is read and compared in a thread, shown, then made the case as a whole or
 * not at all, in slices that hold up no lane, and can be undone.
 */
export interface Imports {
	/** Mappings of columns that have a name. */
	readonly mappings: ImportMappings;
	/** Throws TOO_MANY when others wait to be read, INVALID_REQUEST for a file over the limit. Resolves when it is previewed. */
	read(
		request: Pick<ImportRequest, 'kind' | 'fileName' | 'operatorId'>,
		content: ImportContent,
		options?: ImportOptions,
	): Promise<Import>;
	/** As `read`, but resolves as soon as the file is on the disk: its state tells the rest. */
	start(...request: Parameters<Imports['read']>): Promise<Import>;
	/** The same file with other options, until it is applied. */
	readAgain(id: string, options: ImportOptions): Promise<ImportAnswer>;
	/** As `readAgain`, without waiting for it. */
	startAgain(id: string, options: ImportOptions): ImportAnswer;
	get(id: string): Import | undefined;
	/** Newest first. */
	list(): readonly Import[];
	/** What would change, or did: changes of the first `limit` rows after `afterRow`, each row's together; of rows of one kind where it is given. */
	changes(id: string, afterRow: number, limit: number, kind?: ChangedRowKind): readonly PlannedChange[];
	/** Intends it, durably, and begins; `settled` tells when it is over. */
	apply(id: string, operatorId: string | null): ImportAnswer;
	/** Rows that were changed since stay as they are, and are told. */
	undo(id: string, operatorId: string | null): ImportAnswer;
	/** Forgets it and its file; what it changed stays. */
	discard(id: string): ImportAnswer;
	/**
	 * Forgets what is kept of rows that are erased: imports that changed them, and those whose files are still there, as
	 * nobody can tell who stands in one. @returns whether that is all of them: what is under way stays until it ends.
	 */
	forgetRows(keys: readonly string[]): boolean;
	/** Forgets imports that are kept for longer than they may be. @returns how many. */
	endOld(): number;
	/** Resolves when nothing is being applied or undone. */
	settled(): Promise<void>;
	/** Ends after the slice that is under way; a restart goes on. */
	stop(): Promise<void>;
}
