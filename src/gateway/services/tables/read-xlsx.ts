import { LIMITS } from '../../core/limits.ts';
import type { RawTable } from './read-csv.ts';
import type { RawItem, RawRow, ReadOptions } from './table.ts';
import { excerpt, stopped, type TableProblem } from './table-problem.ts';
import { openXlsxArchive, ReadingStopped, type XlsxArchive } from './xlsx-archive.ts';
import { type NumberFormat, numberText, PLAIN_FORMAT } from './xlsx-number.ts';
import { createTextGatherer, readWorkbook, type Workbook } from './xlsx-workbook.ts';
import { decodeXstring, parseXml, type XmlHandlers } from './xlsx-xml.ts';

/** One sheet of a workbook (ECMA-376 SpreadsheetML): texts as they are, numbers and dates as their format shows them. */
export async function openXlsx(bytes: Uint8Array, options: ReadOptions): Promise<RawTable | TableProblem> {
	try {
		const archive = await openXlsxArchive(bytes);
		const workbook = await readWorkbook(archive);
		const { sheets } = workbook;
		const asked = options.sheet;
		const sheet =
			asked === undefined
				? (sheets.find(({ hidden }) => !hidden) ?? sheets[0])
				: sheets.find(({ name }) => name === asked);
		if (sheet === undefined)
			return stopped('sheetNotFound', { detail: excerpt(sheets.map(({ name }) => name).join(', ')) });
		return {
			origin: { format: 'xlsx', sheet: sheet.name, sheets: sheets.map(({ name }) => name) },
			rows: readRows(archive, workbook, sheet.part),
		};
	} catch (error) {
		return asProblem(error);
	}
}

/** Whatever else is thrown comes from the zip or the XML: the file is broken, whichever way. */
function asProblem(error: unknown): TableProblem {
	return error instanceof ReadingStopped ? error.problem : stopped('brokenWorkbook');
}

async function* readRows(archive: XlsxArchive, workbook: Workbook, part: string): AsyncGenerator<RawItem> {
	const ready: RawRow[] = [];
	const sheet = createSheetReader(workbook, (row) => ready.push(row));
	try {
		for await (const _ of parseXml(archive.read(part, LIMITS.tableSheetBytes), sheet)) {
			yield* ready;
			ready.length = 0;
		}
	} catch (error) {
		yield asProblem(error);
	}
}

interface OpenCell {
	readonly column: number;
	readonly type: string;
	readonly format: NumberFormat;
	value: string;
}

/** Follows `row`, `c`, `v` and `is`; cells and rows without a place follow the one before. */
function createSheetReader(workbook: Workbook, onRow: (row: RawRow) => void): Required<XmlHandlers> {
	const inline = createTextGatherer();
	let row = 0;
	let cells: string[] = [];
	let problems: TableProblem[] = [];
	let cell: OpenCell | undefined;
	let reading: 'value' | 'inline' | undefined;

	function put({ column, type, format, value }: OpenCell): void {
		const { text, problem } = cellText(type, type === 'inlineStr' ? inline.take() : value, format, workbook);
		if (text === '') return;
		if (column >= LIMITS.tableColumns)
			throw new ReadingStopped(stopped('tooManyColumns', { row, column, detail: String(LIMITS.tableColumns) }));
		while (cells.length < column) cells.push('');
		cells[column] = text;
		if (problem !== undefined) problems.push({ code: problem, severity: 'error', row, column, shown: excerpt(text) });
	}

	return {
		open(name, attributes) {
			if (name === 'row') {
				row = placeOf(attributes['r']) ?? row + 1;
				cells = [];
				problems = [];
			} else if (name === 'c') {
				const format = workbook.formats[Number(attributes['s'] ?? 0)] ?? PLAIN_FORMAT;
				const column = columnOf(attributes['r']) ?? cells.length;
				cell = { column, type: attributes['t'] ?? 'n', format, value: '' };
			} else if (name === 'v' && cell !== undefined) reading = 'value';
			else if (name === 'is' && cell !== undefined) reading = 'inline';
			else if (reading === 'inline') inline.open(name);
		},
		text(text) {
			if (reading === 'value' && cell !== undefined) cell.value += text;
			else if (reading === 'inline') inline.text(text);
		},
		close(name) {
			if (name === 'v' || name === 'is') reading = undefined;
			else if (reading === 'inline') inline.close(name);
			else if (name === 'c' && cell !== undefined) {
				put(cell);
				cell = undefined;
			} else if (name === 'row') onRow({ row, cells, problems });
		},
	};
}

/** ECMA-376 part 1, 18.18.11 ST_CellType. */
function cellText(
	type: string,
	value: string,
	format: NumberFormat,
	{ sharedTexts, dateSystem }: Workbook,
): { readonly text: string; readonly problem?: 'digitsLost' | 'formulaFailed' } {
	switch (type) {
		case 's':
			return { text: sharedTexts[Number(value)] ?? '' };
		case 'inlineStr':
		case 'd':
			return { text: value };
		case 'str':
			return { text: decodeXstring(value) };
		case 'b':
			return { text: value === '1' || value === 'true' ? 'true' : 'false' };
		case 'e':
			return { text: value, problem: 'formulaFailed' };
		default: {
			const { text, digitsLost } = numberText(value, format, dateSystem);
			return digitsLost ? { text, problem: 'digitsLost' } : { text };
		}
	}
}

function placeOf(text: string | undefined): number | undefined {
	const place = Number(text);
	return Number.isInteger(place) && place > 0 ? place : undefined;
}

/** From 0; of `AB12`. */
function columnOf(reference: string | undefined): number | undefined {
	const [, letters] = /^([A-Z]{1,3})\d/i.exec(reference ?? '') ?? [];
	if (letters === undefined) return undefined;
	return [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
