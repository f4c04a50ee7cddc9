import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { CsvDelimiter } from './csv-delimiter.ts';
import type { CellValue, WriteOptions } from './table.ts';
import { writeCsv } from './write-csv.ts';
import { writeXlsx } from './write-xlsx.ts';

/** Rows become a file's bytes as they come: memory does not grow with their number. */
export function writeTable(
	rows: AsyncIterable<readonly CellValue[]>,
	options: WriteOptions,
): AsyncIterable<Uint8Array<ArrayBuffer>> {
	return options.format === 'csv' ? writeCsv(rows, options) : writeXlsx(rows, options);
}

/** What Excel splits cells by when it opens a CSV file: in French and Dutch the comma is the decimal sign. */
export function delimiterFor(language: Language): CsvDelimiter {
	return language === 'en' ? ',' : ';';
}

export const TABLE_MEDIA_TYPES = {
	csv: 'text/csv; charset=utf-8; header=present',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
