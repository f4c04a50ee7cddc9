import { LIMITS } from '../../core/limits.ts';
import { unguardFormula } from './formula-guard.ts';
import { openCsv, type RawTable } from './read-csv.ts';
import { openXlsx } from './read-xlsx.ts';
import type {
	RawItem,
	RawRow,
	ReadOptions,
	TableColumn,
	TableItem,
	TableOpening,
	TableOrigin,
	TableRow,
} from './table.ts';
import { excerpt, stopped, type TableProblem } from './table-problem.ts';

/**
 * Takes a file as people have it: CSV of any common kind, or an Excel workbook. Nothing in it makes this throw. Runs in
 * slices of some ms; the bytes themselves are best looked at in a worker.
 */
export async function openTable(bytes: Uint8Array, options: ReadOptions = {}): Promise<TableOpening> {
	const raw = await openRaw(bytes, options);
	if (!('rows' in raw)) return { result: 'refused', problem: raw };
	const rows = raw.rows[Symbol.asyncIterator]();
	const header = await nextWithText(rows);
	if (header === undefined) return { result: 'refused', problem: stopped('empty') };
	if ('code' in header) return { result: 'refused', problem: header };
	const { columns, notes, problem } = readHeader(header);
	if (problem !== undefined) return { result: 'refused', problem };
	return {
		result: 'opened',
		table: { origin: raw.origin, columns, notes, items: readItems(rows, columns, raw.origin.format) },
	};
}

async function openRaw(bytes: Uint8Array, options: ReadOptions): Promise<RawTable | TableProblem> {
	if (bytes.length === 0) return stopped('empty');
	if (bytes.length > LIMITS.tableBytes) return stopped('tooManyBytes', { detail: String(LIMITS.tableBytes) });
	const [first, second, third, fourth] = bytes;
	if (first === 0x50 && second === 0x4b && third === 3 && fourth === 4) return openXlsx(bytes, options);
	// OLE compound files: Excel before 2007, and workbooks with a password.
	if (first === 0xd0 && second === 0xcf && third === 0x11 && fourth === 0xe0) return stopped('oldWorkbook');
	if (first === 0x25 && second === 0x50 && third === 0x44 && fourth === 0x46) return stopped('notATable');
	return openCsv(bytes, options);
}

/** Rows without any text that are passed over; a sheet has some million places, most of them empty. */
const MOST_ROWS = LIMITS.tableRows * 10;

async function nextWithText(rows: AsyncIterator<RawItem>): Promise<RawItem | undefined> {
	for (let passed = 0; passed < MOST_ROWS; passed++) {
		const { value, done } = await rows.next();
		if (done) return undefined;
		if ('code' in value || hasText(value)) return value;
	}
	return tooManyRows();
}

function hasText({ cells }: RawRow): boolean {
	return cells.some((cell) => cell.trim() !== '');
}

function readHeader({ row, cells }: RawRow): {
	columns: readonly TableColumn[];
	notes: readonly TableProblem[];
	problem?: TableProblem;
} {
	const last = cells.findLastIndex((cell) => cell.trim() !== '');
	const columns = cells.slice(0, last + 1).map((cell, index) => ({ index, heading: unguardFormula(cell.trim()) }));
	if (columns.length > LIMITS.tableColumns)
		return { columns, notes: [], problem: stopped('tooManyColumns', { row, detail: String(LIMITS.tableColumns) }) };
	const long = columns.find(({ heading }) => heading.length > LIMITS.tableCellLength);
	if (long !== undefined) return { columns, notes: [], problem: cellTooLong(row, long) };
	const seen = new Set<string>();
	const notes: TableProblem[] = [];
	for (const { index, heading } of columns) {
		if (heading !== '' && seen.has(heading))
			notes.push({ code: 'duplicateColumn', severity: 'note', row, column: index, heading: excerpt(heading) });
		seen.add(heading);
	}
	return { columns, notes };
}

async function* readItems(
	rows: AsyncIterator<RawItem>,
	columns: readonly TableColumn[],
	format: TableOrigin['format'],
): AsyncGenerator<TableItem> {
	let count = 0;
	try {
		for (;;) {
			const item = await nextWithText(rows);
			if (item === undefined) return yield { kind: 'end', problem: null };
			if ('code' in item) return yield { kind: 'end', problem: withHeading(item, columns) };
			if (++count > LIMITS.tableRows) return yield { kind: 'end', problem: tooManyRows(item.row) };
			const long = item.cells.findIndex((cell) => cell.length > LIMITS.tableCellLength);
			if (long !== -1)
				return yield { kind: 'end', problem: cellTooLong(item.row, columns[long] ?? { index: long, heading: '' }) };
			yield { kind: 'row', row: fitRow(item, columns, format) };
		}
	} finally {
		await rows.return?.();
	}
}

function tooManyRows(row?: number): TableProblem {
	return stopped('tooManyRows', { ...(row !== undefined && { row }), detail: String(LIMITS.tableRows) });
}

function cellTooLong(row: number, { index, heading }: TableColumn): TableProblem {
	return stopped('cellTooLong', {
		row,
		column: index,
		heading: excerpt(heading),
		detail: String(LIMITS.tableCellLength),
	});
}

function withHeading(problem: TableProblem, columns: readonly TableColumn[]): TableProblem {
	const heading = problem.column === undefined ? undefined : columns[problem.column]?.heading;
	return heading === undefined ? problem : { ...problem, heading: excerpt(heading) };
}

/** What bytes became that mean nothing in the file's encoding. */
const UNREADABLE = '\uFFFD';

function fitRow(
	{ row, cells, problems = [] }: RawRow,
	columns: readonly TableColumn[],
	format: TableOrigin['format'],
): TableRow {
	const found = problems.map((problem) => withHeading(problem, columns));
	// Workbooks leave empty cells at a row's end out.
	if (format === 'csv' && cells.length < columns.length)
		found.push({ code: 'tooFewCells', severity: 'note', row, detail: `${cells.length} / ${columns.length}` });
	const fitting = columns.map(({ index }) => unguardFormula(cells[index] ?? ''));
	for (const [column, cell] of fitting.entries())
		if (cell.includes(UNREADABLE))
			found.push(
				withHeading({ code: 'unreadableText', severity: 'error', row, column, shown: excerpt(cell) }, columns),
			);
	const beyond = cells.findIndex((cell, column) => column >= columns.length && cell.trim() !== '');
	if (beyond !== -1)
		found.push({ code: 'tooManyCells', severity: 'error', row, column: beyond, shown: excerpt(cells[beyond] ?? '') });
	return { row, cells: fitting, problems: found };
}
