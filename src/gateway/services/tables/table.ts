import type { CsvDelimiter } from './csv-delimiter.ts';
import type { TableProblem } from './table-problem.ts';
import type { TextEncoding } from './text-encoding.ts';

export interface TableColumn {
	/** From 0. */
	readonly index: number;
	/** Trimmed; may be empty. */
	readonly heading: string;
}

export interface TableRow {
	/** As spreadsheets count: 1 is the first line of the file. */
	readonly row: number;
	/** As many as there are columns; as people wrote them, not trimmed. */
	readonly cells: readonly string[];
	readonly problems: readonly TableProblem[];
}

/** `end` comes last, once: with a problem when reading stopped before the end of the file. */
export type TableItem =
	| { readonly kind: 'row'; readonly row: TableRow }
	| { readonly kind: 'end'; readonly problem: TableProblem | null };

/** How a file was taken, for people to correct. */
export type TableOrigin =
	| {
			readonly format: 'csv';
			readonly encoding: TextEncoding;
			/** Nothing in the file says it: it fits what was found. */
			readonly encodingAssumed: boolean;
			readonly delimiter: CsvDelimiter;
	  }
	| { readonly format: 'xlsx'; readonly sheet: string; readonly sheets: readonly string[] };

export interface Table {
	readonly origin: TableOrigin;
	readonly columns: readonly TableColumn[];
	/** About the header. */
	readonly notes: readonly TableProblem[];
	/** Once; rows without any text are left out. */
	readonly items: AsyncIterable<TableItem>;
}

export type TableOpening =
	| { readonly result: 'opened'; readonly table: Table }
	| { readonly result: 'refused'; readonly problem: TableProblem };

/** A row before it is held against the header. Cells that are not there are empty. */
export interface RawRow {
	readonly row: number;
	readonly cells: readonly string[];
	/** Of its cells, by column. */
	readonly problems?: readonly TableProblem[];
}

/** Ends with the problem that stopped the reading, if any. */
export type RawItem = RawRow | TableProblem;

export interface ReadOptions {
	/** A sheet's name; the first visible one without. */
	readonly sheet?: string | undefined;
	/** When the one that was found is wrong. */
	readonly delimiter?: CsvDelimiter | undefined;
	readonly encoding?: TextEncoding | undefined;
}

/** `null`: an empty cell. Times come as text (`instantText`), as a spreadsheet knows no time zones. */
export type CellValue = string | number | boolean | null;

export interface WrittenColumn {
	readonly heading: string;
	/** Of a worksheet's column, in characters. */
	readonly width?: number;
}

export interface WriteOptions {
	readonly format: 'csv' | 'xlsx';
	readonly columns: readonly WrittenColumn[];
	/** Of the sheet; what a workbook does not take in a name becomes `-`. */
	readonly name: string;
	readonly delimiter?: CsvDelimiter;
}
