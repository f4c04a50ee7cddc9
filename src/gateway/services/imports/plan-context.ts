import type { Field } from '../../core/directory/field.ts';
import { aggregateOf, type DirectoryTable, isDirectoryTable } from '../../core/directory.ts';
import { issueWords } from '../../core/issue-words.ts';
import type { PlainRow, PlannedChange } from '../../store/import-file.ts';
import type { ImportReader } from '../../store/import-reader.ts';
import { etagOf } from '../directory/row-etag.ts';
import type { MappedRow } from '../tables/map-columns.ts';
import type { TableColumn } from '../tables/table.ts';
import { excerpt, type TableProblem, type TableProblemCode } from '../tables/table-problem.ts';
import type { ReferenceIndex } from './reference-index.ts';

export interface PlanDeps {
	readonly reader: Pick<ImportReader, 'row' | 'find'>;
	readonly references: ReferenceIndex;
	/** The column that holds a field, if any does. */
	columnOf(field: string): TableColumn | undefined;
	readonly newId: () => string;
	readonly emptyCells: 'keep' | 'clear';
}

export type Change = Omit<PlannedChange, 'place'>;

/** What a row of the file comes to: changes in the order they must be made. */
export type PlannedRow =
	| { readonly result: 'new' | 'changed' | 'same'; readonly changes: readonly Change[] }
	| { readonly result: 'problems'; readonly problems: readonly TableProblem[] };

export type RowPlanner = (row: MappedRow<string>) => PlannedRow;

/** Says what is wrong with a field of a row, where the file has it. */
export type Complain = (
	field: string,
	code: TableProblemCode,
	details?: { readonly shown?: string; readonly detail?: string },
) => TableProblem;

/** Unwinds the planning of one row; caught by its planner. */
class RowRefused extends Error {
	readonly problems: readonly TableProblem[];

	constructor(problems: readonly TableProblem[]) {
		super('row refused');
		this.name = 'RowRefused';
		this.problems = problems;
	}
}

/** Ends the planning of a row that has any problem. */
export function refuseFor(...problems: readonly TableProblem[]): void {
	if (problems.length > 0) throw new RowRefused(problems);
}

/** A row that could not be read is not planned: its problems are told already. */
export function rowPlanner(
	{ columnOf }: Pick<PlanDeps, 'columnOf'>,
	plan: (row: number, values: PlainRow, complain: Complain) => PlannedRow,
): RowPlanner {
	return ({ row, values, problems }) => {
		if (problems.some(({ severity }) => severity !== 'note')) return { result: 'problems', problems: [] };
		try {
			return plan(row, values, createComplain(columnOf, row));
		} catch (error) {
			if (error instanceof RowRefused) return { result: 'problems', problems: error.problems };
			throw error;
		}
	};
}

function createComplain(columnOf: PlanDeps['columnOf'], row: number): Complain {
	return (field, code, { shown, detail } = {}) => {
		const column = columnOf(field);
		return {
			...{ code, severity: 'error', row },
			...(column !== undefined && { column: column.index, heading: excerpt(column.heading) }),
			...(shown !== undefined && { shown: excerpt(shown) }),
			...(detail !== undefined && { detail }),
			// Without a column the field itself says what is meant.
			...(detail === undefined && column === undefined && { detail: field }),
		};
	};
}

/**
 * The fields of the table that a row gives: names of other rows become their ids, empty cells what was asked for.
 * Ends the planning when a name is of nobody or of several.
 */
export function resolveFields(deps: PlanDeps, table: DirectoryTable, values: PlainRow, complain: Complain): PlainRow {
	const declared = aggregateOf(table).fields;
	const fields: Record<string, unknown> = {};
	const problems: TableProblem[] = [];
	for (const [name, value] of Object.entries(values)) {
		const field = declared[name];
		if (field === undefined || name === 'id') continue;
		const resolved = value === null ? emptyValue(deps, field) : resolve(deps, name, field, value, complain, problems);
		if (resolved !== undefined) fields[name] = resolved;
	}
	refuseFor(...problems);
	return fields;
}

/** undefined: what is there stays. */
function emptyValue({ emptyCells }: PlanDeps, { input, nullable }: Field): null | readonly [] | undefined {
	if (emptyCells === 'keep') return undefined;
	if (input.kind === 'words' || ('many' in input && input.many)) return [];
	return nullable ? null : undefined;
}

function resolve(
	{ references }: PlanDeps,
	name: string,
	{ input }: Field,
	value: unknown,
	complain: Complain,
	problems: TableProblem[],
): unknown {
	if (input.kind !== 'reference' || !isDirectoryTable(input.to)) return value;
	const { to, many } = input;
	const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
	const ids = texts.map(String).flatMap((text) => {
		const [id, ...others] = references.find(to, text);
		if (id === undefined) {
			problems.push(complain(name, 'notFound', { shown: text }));
			return [];
		}
		if (others.length > 0) problems.push(complain(name, 'ambiguous', { shown: text, detail: someOf([id, ...others]) }));
		return [id];
	});
	return many ? ids : ids[0];
}

/** The row as it would be, whole. Ends the planning with what its declaration has against it. */
export function completeRow(
	table: DirectoryTable,
	before: PlainRow | null,
	fields: PlainRow,
	complain: Complain,
): { readonly row: PlainRow; readonly isSame: boolean } {
	const { row: schema, check } = aggregateOf(table);
	const parsed = schema.safeParse({ ...before, ...fields }, { reportInput: true });
	if (!parsed.success) {
		const problems = issueWords(parsed.error.issues).map(({ path, problem }) => {
			const field = String(path[0] ?? '');
			const value = fields[field];
			if (value === undefined) return complain(field, 'required', { detail: field });
			return complain(field, 'notAllowed', { shown: String(value), detail: problem });
		});
		throw new RowRefused(problems);
	}
	const problem = check(parsed.data);
	if (problem !== undefined) {
		const [field = '', text = problem] = problem.split(/: (.*)/s);
		refuseFor(complain(field, 'notAllowed', { shown: String(fields[field] ?? ''), detail: text }));
	}
	const row: PlainRow = parsed.data;
	return { row, isSame: before !== null && etagOf(before) === etagOf(row) };
}

/** A few of the ids that one text may mean. */
export function someOf(ids: readonly string[]): string {
	return ids.slice(0, 3).join(', ');
}

/** How problems point at an earlier row of the file. */
export function rowAbove(row: number): string {
	return `↑ ${row}`;
}
