import { Buffer } from 'node:buffer';
import { openTable } from '../../src/gateway/services/tables/read-table.ts';
import type { CellValue, ReadOptions, Table, WriteOptions } from '../../src/gateway/services/tables/table.ts';
import type { TableProblem } from '../../src/gateway/services/tables/table-problem.ts';
import { writeTable } from '../../src/gateway/services/tables/write-table.ts';

export interface ReadTable {
	readonly origin: Table['origin'] | undefined;
	readonly headings: readonly string[];
	readonly rows: readonly (readonly string[])[];
	/** Of each row, as spreadsheets count. */
	readonly places: readonly number[];
	readonly problems: readonly TableProblem[];
}

/** Reads a file to its end. */
export async function readWhole(bytes: Uint8Array | string, options: ReadOptions = {}): Promise<ReadTable> {
	const opening = await openTable(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, options);
	if (opening.result === 'refused')
		return { origin: undefined, headings: [], rows: [], places: [], problems: [opening.problem] };
	const { origin, columns, items, notes } = opening.table;
	const rows: (readonly string[])[] = [];
	const places: number[] = [];
	const problems: TableProblem[] = [...notes];
	for await (const item of items) {
		if (item.kind === 'end') {
			if (item.problem !== null) problems.push(item.problem);
			continue;
		}
		rows.push(item.row.cells);
		places.push(item.row.row);
		problems.push(...item.row.problems);
	}
	return { origin, headings: columns.map(({ heading }) => heading), rows, places, problems };
}

export async function writeWhole(
	headings: readonly string[],
	rows: Iterable<readonly CellValue[]>,
	options: Pick<WriteOptions, 'format'> & Partial<WriteOptions>,
): Promise<Buffer> {
	const columns = headings.map((heading) => ({ heading }));
	const chunks = await Array.fromAsync(writeTable(fromRows(rows), { name: 'Test', columns, ...options }));
	return Buffer.concat(chunks);
}

async function* fromRows<T>(rows: Iterable<T>): AsyncGenerator<T> {
	yield* rows;
}
