import type { ProblemTexts } from './problem-text.ts';

export const english: ProblemTexts = {
	empty: ['The file is empty.', 'Choose the file with the headings in its first row.'],
	tooManyBytes: ['The file is larger than {detail} bytes.', 'Split it into several files.'],
	notATable: [
		'This is neither a CSV file nor an Excel workbook.',
		'Save the list as .xlsx or .csv and choose that file.',
	],
	oldWorkbook: [
		'The workbook is locked with a password, or of the old .xls kind.',
		'Save it as .xlsx without a password.',
	],
	brokenWorkbook: ['The workbook is damaged.', 'Open it in your spreadsheet program and save it again as .xlsx.'],
	inflatesTooMuch: [
		'The workbook unpacks to far more than a list of people or vehicles.',
		'Copy the rows alone into a new workbook and save that.',
	],
	sheetNotFound: ['There is no such sheet.', 'Choose one of: {detail}.'],
	quoteNotClosed: [
		'A text begins with a quotation mark and never ends.',
		'Add the missing quotation mark, or save the file again from your spreadsheet program.',
	],
	quoteMisplaced: [
		'A quotation mark stands in the middle of a text.',
		'Double it, or save the file again from your spreadsheet program.',
	],
	tooManyRows: ['The file has more than {detail} rows.', 'Split it into several files.'],
	tooManyColumns: [
		'The file has more than {detail} columns.',
		'Keep only the columns to import; check that the separator is right.',
	],
	rowTooLong: ['A row is longer than {detail} bytes.', 'Check its quotation marks and the separator.'],
	cellTooLong: ['A cell is longer than {detail} characters.', 'Shorten it.'],
	duplicateColumn: ['This heading stands in the file twice.', 'Choose for each of both what it is.'],
	headingNotFound: ['No column is called “{shown}”.', 'Write one of: {detail}.'],
	columnMissing: ['No column holds what every row needs: {detail}.', 'Choose the column that holds it, or add one.'],
	columnNotUsed: ['This column is not imported.', 'Choose what it is, if it should be.'],
	tooFewCells: [
		'The row ends early ({detail} cells).',
		'Check that nothing was lost; the missing cells are taken as empty.',
	],
	tooManyCells: [
		'“{shown}” stands beyond the last heading.',
		'Give the column a heading, or put texts that contain the separator in quotation marks.',
	],
	unreadableText: [
		'“{shown}” has characters that could not be read.',
		'Save the file as UTF-8, or choose its encoding.',
	],
	digitsLost: [
		'The spreadsheet has rounded this number: {shown}.',
		'Format the column as text and enter the number again.',
	],
	formulaFailed: ['The formula of this cell failed: {shown}.', 'Put the value itself in the cell.'],
	required: ['The cell is empty.', 'Fill it in.'],
	tooLong: ['“{shown}” is longer than {detail} characters.', 'Shorten it.'],
	tooShort: ['“{shown}” is shorter than {detail} characters.', 'Enter it whole.'],
	notAnOption: ['“{shown}” is not one of the choices.', 'Use one of: {detail}.'],
	notAMoment: ['“{shown}” is not a date or time.', 'Write it as 2026-12-31 or 2026-12-31 17:30.'],
	notANumber: ['“{shown}” is not a whole number.', 'Write digits only.'],
	outOfRange: ['“{shown}” is outside {detail}.', 'Use a number within it.'],
	notAFlag: ['“{shown}” is neither yes nor no.', 'Write yes or no.'],
	notAllowed: ['“{shown}” is not allowed here: {detail}', 'Correct the cell.'],
	notFound: ['“{shown}” was not found.', 'Check how it is written, or create it first.'],
	ambiguous: ['“{shown}” means more than one: {detail}.', 'Use the id or the external number.'],
	notUnique: ['“{shown}” is taken: {detail}.', 'Each may be there once.'],
};
