import { stringify } from 'csv-stringify/sync';
import { guardFormula } from './formula-guard.ts';
import type { CellValue, WriteOptions } from './table.ts';

/** Rows made into text at once: some tens of kB, a few ms. */
const BATCH_ROWS = 200;

/** What a spreadsheet, or another delimiter, could split at, and spaces that programs like to trim. */
const QUOTED = /[;,\t\r\n]|^\s|\s$/;

/** RFC 4180 in UTF-8 with a byte order mark, without which Excel takes it for Windows-1252. */
export async function* writeCsv(
	rows: AsyncIterable<readonly CellValue[]>,
	{ columns, delimiter = ',' }: Pick<WriteOptions, 'columns' | 'delimiter'>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	const encoder = new TextEncoder();
	const encode = (batch: readonly (readonly string[])[]) =>
		encoder.encode(stringify([...batch], { delimiter, record_delimiter: '\r\n', quoted_match: QUOTED }));
	yield encoder.encode('\uFEFF');
	let batch = [columns.map(({ heading }) => guardFormula(heading))];
	for await (const row of rows) {
		batch.push(row.map(cellText));
		if (batch.length < BATCH_ROWS) continue;
		yield encode(batch);
		batch = [];
	}
	if (batch.length > 0) yield encode(batch);
}

function cellText(value: CellValue): string {
	if (value === null) return '';
	return typeof value === 'string' ? guardFormula(value) : String(value);
}
