import { maskRow } from '../../core/directory/mask.ts';
import { aggregateOf } from '../../core/directory.ts';
import { directoryLabels } from '../../core/directory-texts/directory-labels.ts';
import { LIMITS } from '../../core/limits.ts';
import type { DirectoryListReader } from '../../store/directory-list-reader.ts';
import type { ListPlace } from '../../store/directory-lists-messages.ts';
import type { CellValue } from '../tables/table.ts';
import { delimiterFor, writeTable } from '../tables/write-table.ts';
import type { AnyRow } from './directory-edits.ts';
import { exportColumns, exportedFields, exportedObject, namedRows, type Titles } from './export-columns.ts';
import type { ExportWorkerData } from './export-messages.ts';

type Asked = Omit<ExportWorkerData, 'directoryFile' | 'siteFile'>;
type Reader = Pick<DirectoryListReader, 'page' | 'titles'>;

/**
 * The bytes of an export, made as they are taken: no more than some hundred rows are held. `reader` is asked for anew
 * for every few rows.
 */
export function exportRows(
	asked: Asked,
	reader: () => Reader,
	onRows: (count: number) => void,
): AsyncIterable<Uint8Array<ArrayBuffer>> {
	const batches = readBatches(asked, reader, onRows);
	if (asked.format === 'jsonl') return writeLines(asked, batches);
	const { query, face, language, format } = asked;
	const columns = exportColumns(query.table, face, asked);
	const name = directoryLabels(language).face(face).title;
	return writeTable(cellsOf(asked, batches, reader, columns), {
		...{ format, columns, name },
		delimiter: delimiterFor(language),
	});
}

async function* readBatches(
	{ query, sight }: Asked,
	reader: () => Reader,
	onRows: (count: number) => void,
): AsyncGenerator<readonly AnyRow[]> {
	const aggregate = aggregateOf(query.table);
	let after: ListPlace | null = null;
	do {
		const { rows, next } = reader().page({ query, after, limit: LIMITS.listedTogether });
		onRows(rows.length);
		yield rows.map((row) => maskRow(aggregate, row, sight));
		after = next;
	} while (after !== null);
}

async function* cellsOf(
	{ query, face }: Asked,
	batches: AsyncIterable<readonly AnyRow[]>,
	reader: () => Reader,
	columns: ReturnType<typeof exportColumns>,
): AsyncGenerator<readonly CellValue[]> {
	const { fields } = aggregateOf(query.table);
	const names = exportedFields(query.table, face);
	for await (const rows of batches) {
		const named = [...namedRows(fields, names, rows)];
		const titles: Titles = new Map(
			named.map(([table, ids]) => [table, new Map(reader().titles({ table, ids: [...ids] }))]),
		);
		for (const row of rows) yield columns.map(({ cell }) => cell(row, titles));
	}
}

/** JSON Lines: an object a line, in UTF-8. */
async function* writeLines(
	{ query, face, timeZone }: Asked,
	batches: AsyncIterable<readonly AnyRow[]>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	const encoder = new TextEncoder();
	for await (const rows of batches) {
		const lines = rows.map((row) => `${JSON.stringify(exportedObject(query.table, face, row, timeZone))}\n`);
		yield encoder.encode(lines.join(''));
	}
}
