import { foldText } from '../../core/fold-text.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';
import { type CellParser, compact } from './cell-parsers.ts';
import type { TableColumn, TableRow } from './table.ts';
import { columnLetters, excerpt, stopped, type TableProblem } from './table-problem.ts';

/** What a column of a file can be taken for. */
export interface TargetField<N extends string = string> {
	readonly name: N;
	readonly labels: Readonly<Record<Language, string>>;
	/** Other headings people give it, in any language. */
	readonly aliases: readonly string[];
	/** Without a text in it a row can't be used. */
	readonly required: boolean;
	readonly parse: CellParser;
}

/** The field of each column of the file, by its place; `null`: it is not used. */
export type ColumnMapping<N extends string = string> = readonly (N | null)[];

/** A column by its heading, or as spreadsheets call it (`B`), and what it is; `null`: not used. */
export interface NamedColumn<N extends string = string> {
	readonly column: string;
	readonly field: N | null;
	/** A file without such a column is taken all the same. */
	readonly mayBeMissing?: true;
}

/** What was said of some columns, and for the others what is found; a name that no column has stops an import. */
export function namedMapping<N extends string>(
	columns: readonly TableColumn[],
	fields: readonly TargetField<N>[],
	named: readonly NamedColumn<N>[],
): { readonly mapping: ColumnMapping<N>; readonly problems: readonly TableProblem[] } {
	const said = named.map((one) => ({ ...one, index: columnCalled(one.column, columns) }));
	const isSaid = (index: number) => said.some((one) => one.index === index);
	const taken = new Set(said.map(({ field }) => field));
	const others = proposeMapping(
		columns.filter(({ index }) => !isSaid(index)),
		fields.filter(({ name }) => !taken.has(name)),
	);
	const left = others.values();
	const mapping = columns.map(({ index }) =>
		isSaid(index) ? (said.findLast((one) => one.index === index)?.field ?? null) : (left.next().value ?? null),
	);
	const headings = columns.map(({ heading }) => excerpt(heading)).filter(Boolean);
	const problems = said
		.filter(({ index, mayBeMissing }) => index === undefined && mayBeMissing !== true)
		.map(({ column }) => stopped('headingNotFound', { shown: excerpt(column), detail: headings.join(', ') }));
	return { mapping, problems };
}

/** By its heading however it is written, else by its letters. */
function columnCalled(name: string, columns: readonly TableColumn[]): number | undefined {
	const byHeading = columns.find(({ heading }) => compact(heading) !== '' && compact(heading) === compact(name));
	return (byHeading ?? columns.find(({ index }) => columnLetters(index) === name.toUpperCase()))?.index;
}

/**
 * Finds each field's column: first by its whole heading, then where the words of one of its names are most of a
 * heading. A heading that fits two fields is left to people.
 */
export function proposeMapping<N extends string>(
	columns: readonly TableColumn[],
	fields: readonly TargetField<N>[],
): ColumnMapping<N> {
	const taken = new Set<N>();
	const mapping = new Map<number, N>();
	const take = (column: TableColumn, names: readonly N[]) => {
		const [name, another] = names.filter((candidate) => !taken.has(candidate));
		if (name === undefined || another !== undefined) return;
		taken.add(name);
		mapping.set(column.index, name);
	};
	const whole = (heading: string) => {
		const wanted = compact(heading);
		return wanted === '' ? [] : fields.filter((field) => namesOf(field).some((name) => compact(name) === wanted));
	};
	for (const column of columns)
		take(
			column,
			whole(column.heading).map(({ name }) => name),
		);
	for (const column of columns) if (!mapping.has(column.index)) take(column, closest(column.heading, fields));
	return columns.map(({ index }) => mapping.get(index) ?? null);
}

function namesOf({ name, labels, aliases }: TargetField): readonly string[] {
	return [name, ...Object.values(labels), ...aliases];
}

const SMALL_WORDS = new Set([
	'of',
	'the',
	'de',
	'du',
	'des',
	'la',
	'le',
	'les',
	'l',
	'd',
	'van',
	'het',
	'een',
	'a',
	'an',
	'en',
	'et',
	'and',
]);

function wordsOf(text: string): readonly string[] {
	const words = foldText(text.replaceAll(/[_'’/.]/g, ' ')).split(' ');
	return words.filter((word) => word !== '' && !SMALL_WORDS.has(word));
}

/** Fields one of whose names has the most words in common; `Company name` is not the name. */
function closest<N extends string>(heading: string, fields: readonly TargetField<N>[]): readonly N[] {
	const words = new Set(wordsOf(heading));
	let most = words.size / 2;
	let found: N[] = [];
	for (const field of fields) {
		const common = Math.max(
			...namesOf(field).map((name) => {
				const named = wordsOf(name);
				return named.length > 0 && named.every((word) => words.has(word)) ? named.length : 0;
			}),
		);
		if (common > most) {
			most = common;
			found = [field.name];
		} else if (common === most && found.length > 0) found.push(field.name);
	}
	return found;
}

/** Required fields without a column stop an import; columns without a field are told. */
export function checkMapping<N extends string>(
	columns: readonly TableColumn[],
	fields: readonly TargetField<N>[],
	mapping: ColumnMapping<N>,
): readonly TableProblem[] {
	const missing = fields.filter(({ name, required }) => required && !mapping.includes(name));
	const unused = columns.filter(({ index, heading }) => (mapping[index] ?? null) === null && heading !== '');
	return [
		...missing.map(({ name }): TableProblem => ({ code: 'columnMissing', severity: 'stop', detail: name })),
		...unused.map(({ index, heading }): TableProblem => {
			return { code: 'columnNotUsed', severity: 'note', column: index, heading: excerpt(heading) };
		}),
	];
}

/** A row as its fields: `null` where the cell is empty; fields without a column or with a problem are left out. */
export interface MappedRow<N extends string = string> {
	readonly row: number;
	readonly values: Readonly<Partial<Record<N, unknown>>>;
	readonly problems: readonly TableProblem[];
}

export function createRowReader<N extends string>(
	columns: readonly TableColumn[],
	fields: readonly TargetField<N>[],
	mapping: ColumnMapping<N>,
): (row: TableRow) => MappedRow<N> {
	const used = columns.flatMap((column) => {
		const field = fields.find(({ name }) => name === mapping[column.index]);
		return field === undefined ? [] : [{ column, field }];
	});
	const usedColumns = new Set(used.map(({ column }) => column.index));
	return ({ row, cells, problems }) => {
		const values: Partial<Record<N, unknown>> = {};
		// What is wrong in a column that nobody uses does no harm.
		const found = problems.filter(
			({ column, code }) => column === undefined || usedColumns.has(column) || code === 'tooManyCells',
		);
		const unusable = new Set(found.flatMap(({ column }) => column ?? []));
		for (const { column, field } of used) {
			if (unusable.has(column.index)) continue;
			const text = (cells[column.index] ?? '').trim();
			const place = { row, column: column.index, heading: excerpt(column.heading) };
			if (text === '') {
				values[field.name] = null;
				if (field.required) found.push({ code: 'required', severity: 'error', ...place });
				continue;
			}
			const parsed = field.parse(text);
			if (parsed.result === 'value') values[field.name] = parsed.value;
			else found.push({ ...parsed.problem, severity: 'error', ...place, shown: excerpt(text) });
		}
		return { row, values, problems: found };
	};
}
