import { setImmediate as turn } from 'node:timers/promises';
import type { AuditEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { ExportedFile } from '../directory/export-directory.ts';
import type { ExportFormat } from '../directory/export-messages.ts';
import type { CellValue } from './table.ts';
import { delimiterFor, TABLE_MEDIA_TYPES, writeTable } from './write-table.ts';

/** A list that is taken along as a file: CSV, a workbook, or JSON lines. */
export interface ListFile<T> {
	readonly format: ExportFormat;
	readonly language: Language;
	/** Without its ending. */
	readonly fileName: string;
	/** Of the sheet. */
	readonly sheet: string;
	readonly headings: readonly string[];
	/** Some at a time: memory does not grow with their number. */
	readonly batches: AsyncIterable<readonly T[]>;
	readonly cells: (row: T) => readonly CellValue[];
	/** Of a line of JSON. */
	readonly object: (row: T) => object;
	/** Once it ended: whether all of it was taken. */
	readonly ended: (isWhole: boolean) => void;
}

export function listFile<T>(list: ListFile<T>): ExportedFile {
	const { format, language, sheet, headings } = list;
	const columns = headings.map((heading) => ({ heading }));
	const options = { columns, name: sheet, delimiter: delimiterFor(language) };
	const bytes = format === 'jsonl' ? lines(list) : writeTable(cells(list), { ...options, format });
	return {
		fileName: `${list.fileName}.${format}`,
		mediaType: format === 'jsonl' ? 'application/jsonl; charset=utf-8' : TABLE_MEDIA_TYPES[format],
		bytes: watched(bytes, list.ended),
	};
}

async function* cells<T>({ batches, cells: of }: ListFile<T>): AsyncGenerator<readonly CellValue[]> {
	for await (const rows of batches) for (const row of rows) yield of(row);
}

async function* lines<T>({ batches, object }: ListFile<T>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	const encoder = new TextEncoder();
	for await (const rows of batches)
		yield encoder.encode(rows.map((row) => `${JSON.stringify(object(row))}\n`).join(''));
}

async function* watched(
	bytes: AsyncIterable<Uint8Array<ArrayBuffer>>,
	ended: (isWhole: boolean) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	let isWhole = false;
	try {
		yield* bytes;
		isWhole = true;
	} finally {
		ended(isWhole);
	}
}

/**
 * All rows, a page at a time, with a turn of the event loop between two.
 *
 * @param page Those after the last one of the page before; null: from the first on.
 */
export async function* pagesOf<T>(
	page: (last: T | null, limit: number) => readonly T[] | Promise<readonly T[]>,
): AsyncGenerator<readonly T[]> {
	for (let last: T | null = null; ; ) {
		const rows: readonly T[] = await page(last, LIMITS.listedTogether);
		if (rows.length > 0) yield rows;
		last = rows.at(-1) ?? null;
		if (rows.length < LIMITS.listedTogether || last === null) return;
		await turn();
	}
}

/** That a list was taken along, and by whom. `operatorId` null: by a command on the machine. */
export function takenAlong(
	deps: { readonly newId: () => string; readonly nowMs: () => number },
	action: string,
	operatorId: string | null,
	detail: AuditEntry['detail'],
): AuditEntry {
	const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs: deps.nowMs() } as const;
	return { ...entry, operatorId, action, target: null, detail };
}
