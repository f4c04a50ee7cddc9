import { setImmediate as turn } from 'node:timers/promises';
import { CsvError, type Parser, parse } from 'csv-parse';
import { LIMITS } from '../../core/limits.ts';
import { detectDelimiter } from './csv-delimiter.ts';
import type { RawItem, RawRow, ReadOptions, TableOrigin } from './table.ts';
import { stopped, type TableProblem } from './table-problem.ts';
import { decodeSlices, detectEncoding } from './text-encoding.ts';

export interface RawTable {
	readonly origin: TableOrigin;
	readonly rows: AsyncIterable<RawItem>;
}

/** Text with `;`, `,` or tabs between its cells (RFC 4180, and what Excel makes of it). */
export function openCsv(bytes: Uint8Array, options: ReadOptions): RawTable | TableProblem {
	const guess = detectEncoding(bytes);
	const encoding = options.encoding ?? guess.encoding;
	const slices = decodeSlices(bytes, encoding, guess.markBytes);
	const first = slices.next();
	const start = first.done ? '' : first.value;
	if (guess.markBytes === 0 && looksBinary(start)) return stopped('notATable');
	const found = detectDelimiter(start);
	const delimiter = options.delimiter ?? found.delimiter;
	return {
		origin: { format: 'csv', encoding, encodingAssumed: guess.assumed, delimiter },
		rows: readRows(withTurns(start.slice(found.skipLength), slices), delimiter),
	};
}

/** Text has few control characters but tabs and line ends; other files have them everywhere. */
function looksBinary(start: string): boolean {
	const sample = start.slice(0, 4_096);
	let controls = 0;
	for (let at = 0; at < sample.length; at++) {
		const code = sample.charCodeAt(at);
		if (code < 9 || (code > 13 && code < 32)) controls++;
	}
	return controls > sample.length / 20;
}

/** Lets the event loop turn between slices, wherever this runs. */
async function* withTurns(start: string, rest: Iterable<string>): AsyncGenerator<string> {
	if (start !== '') yield start;
	for (const slice of rest) {
		await turn();
		yield slice;
	}
}

async function* readRows(slices: AsyncIterable<string>, delimiter: string): AsyncGenerator<RawItem> {
	const ready: RawRow[] = [];
	const parser = createParser(delimiter, (row) => ready.push(row));
	let failure: unknown;
	parser.on('error', (error) => {
		failure ??= error;
	});
	const settle = (resolve: () => void) => (error?: Error | null) => {
		failure ??= error;
		resolve();
	};
	for await (const slice of slices) {
		await new Promise<void>((resolve) => parser.write(slice, settle(resolve)));
		yield* ready.splice(0);
		if (failure) break;
	}
	if (!failure) await new Promise<void>((resolve) => parser.end(settle(resolve)));
	yield* ready;
	if (failure instanceof CsvError) yield csvProblem(failure);
	else if (failure) throw failure;
}

/** Rows go to `onRow` within the write that completes them: a failure loses none that came before. */
function createParser(delimiter: string, onRow: (row: RawRow) => void): Parser {
	const parser = parse({
		delimiter,
		record_delimiter: ['\r\n', '\n', '\r'],
		relax_column_count: true,
		skip_empty_lines: true,
		// `5" pipe` and `"De Hoek" bvba` are texts with a quote in them.
		relax_quotes: true,
		max_record_size: LIMITS.tableRowLength,
		on_record: (cells: string[], { records, empty_lines: empty }) => {
			onRow({ row: records + empty, cells });
			return null;
		},
	});
	return parser.resume();
}

function csvProblem(error: CsvError): TableProblem {
	const { records, empty_lines: empty, column } = error as { [K in 'records' | 'empty_lines' | 'column']?: unknown };
	const place = {
		...(typeof records === 'number' && typeof empty === 'number' && { row: records + empty + 1 }),
		...(typeof column === 'number' && { column }),
	};
	switch (error.code) {
		case 'CSV_MAX_RECORD_SIZE':
			return stopped('rowTooLong', { ...place, detail: String(LIMITS.tableRowLength) });
		case 'CSV_QUOTE_NOT_CLOSED':
			return stopped('quoteNotClosed', place);
		default:
			return stopped('quoteMisplaced', place);
	}
}
