/** What can be wrong with a file as a whole, with a row, or with a cell. */
export type TableProblemCode =
	| 'empty'
	| 'tooManyBytes'
	| 'notATable'
	| 'oldWorkbook'
	| 'brokenWorkbook'
	| 'inflatesTooMuch'
	| 'sheetNotFound'
	| 'quoteNotClosed'
	| 'quoteMisplaced'
	| 'tooManyRows'
	| 'tooManyColumns'
	| 'rowTooLong'
	| 'cellTooLong'
	| 'duplicateColumn'
	| 'headingNotFound'
	| 'columnMissing'
	| 'columnNotUsed'
	| 'tooFewCells'
	| 'tooManyCells'
	| 'unreadableText'
	| 'digitsLost'
	| 'formulaFailed'
	| CellProblemCode;

/** What can be wrong with the text of a cell, seen from the field it is meant for. */
export type CellProblemCode =
	| 'required'
	| 'tooLong'
	| 'tooShort'
	| 'notAnOption'
	| 'notAMoment'
	| 'notANumber'
	| 'outOfRange'
	| 'notAFlag'
	| 'notAllowed'
	| 'notFound'
	| 'ambiguous'
	| 'notUnique';

/**
 * `stop`: reading ended here. `error`: the row can't be used. `note`: told, nothing is wrong for certain.
 * `row` as spreadsheets count (1 is the first line of the file), `column` from 0.
 */
export interface TableProblem {
	readonly code: TableProblemCode;
	readonly severity: 'stop' | 'error' | 'note';
	readonly row?: number;
	readonly column?: number;
	/** The column's heading in the file. */
	readonly heading?: string;
	/** The beginning of the cell's text, as it is: untrusted. */
	readonly shown?: string;
	/** What the texts speak of: a limit, the options, the sheets there are. Untrusted where it comes from the file. */
	readonly detail?: string;
}

/** What a field says of a text that it does not take. */
export type CellProblem = Pick<TableProblem, 'detail'> & { readonly code: CellProblemCode };

export function stopped(code: TableProblemCode, place: Omit<TableProblem, 'code' | 'severity'> = {}): TableProblem {
	return { code, severity: 'stop', ...place };
}

/** Long enough to recognise a cell by. */
const SHOWN_LENGTH = 60;

export function excerpt(text: string): string {
	return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH - 1).toWellFormed()}…` : text;
}

/** `A`, `B` … `AA`: how spreadsheets name a column (from 0). */
export function columnLetters(column: number): string {
	const letter = String.fromCharCode(65 + (column % 26));
	return column < 26 ? letter : columnLetters(Math.floor(column / 26) - 1) + letter;
}
