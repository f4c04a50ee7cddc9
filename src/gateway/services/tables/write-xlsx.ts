import { writeXlsxStream } from 'hucre/xlsx';
import { guardApostrophe } from './formula-guard.ts';
import type { CellValue, WriteOptions } from './table.ts';
import { encodeXstring } from './xlsx-xml.ts';

/** Excel takes no longer text in a cell and calls a file that has one broken; the CSV export has it whole. */
const CELL_LENGTH = 32_767;
const COLUMN_WIDTH = 20;

/** A workbook of one sheet, its header held in view; further ones follow after a million rows. */
export async function* writeXlsx(
	rows: AsyncIterable<readonly CellValue[]>,
	{ columns, name }: Pick<WriteOptions, 'columns' | 'name'>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	const stream = writeXlsxStream(withSafeTexts(rows), {
		name: sheetName(name),
		columns: columns.map(({ heading, width = COLUMN_WIDTH }) => ({ header: cellText(heading), width })),
		freezePane: { rows: 1 },
	});
	for await (const chunk of stream) yield new Uint8Array(chunk);
}

async function* withSafeTexts(rows: AsyncIterable<readonly CellValue[]>): AsyncGenerator<CellValue[]> {
	for await (const row of rows) yield row.map((value) => (typeof value === 'string' ? cellText(value) : value));
}

function cellText(text: string): string {
	const guarded = guardApostrophe(text);
	return encodeXstring(guarded.length > CELL_LENGTH ? `${guarded.slice(0, CELL_LENGTH - 1)}…` : guarded);
}

/** ECMA-376 part 1, 18.2.19, and what Excel itself refuses. */
function sheetName(name: string): string {
	const allowed = name
		.toWellFormed()
		.replaceAll(/[\p{Cc}[\]:*?/\\]/gu, '-')
		.slice(0, 31)
		.toWellFormed();
	return allowed.replaceAll(/^'|'$/g, '-') || 'Parkgate';
}
