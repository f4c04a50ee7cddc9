import { setImmediate as turn } from 'node:timers/promises';
import type { ImportFile } from '../../store/import-file.ts';
import type { ImportReader } from '../../store/import-reader.ts';
import { type ColumnMapping, checkMapping, createRowReader, namedMapping } from '../tables/map-columns.ts';
import { createProblemList, type ProblemList } from '../tables/problem-list.ts';
import { openTable } from '../tables/read-table.ts';
import type { Table } from '../tables/table.ts';
import { excerpt, stopped } from '../tables/table-problem.ts';
import { type ImportKind, type ImportKindName, importKind } from './import-kinds.ts';
import type { ImportCounts, ImportOptions, ImportPreview } from './imports.ts';
import type { PlanDeps, RowPlanner } from './plan-context.ts';
import { createHolderPlanner } from './plan-holders.ts';
import { createRightPlanner } from './plan-rights.ts';
import { createReferenceIndex } from './reference-index.ts';

export interface PreviewDeps {
	readonly kind: ImportKindName;
	readonly timeZone: string;
	readonly options: ImportOptions;
	readonly reader: ImportReader;
	/** Takes the changes, in one commit with `finish`. */
	readonly file: Pick<ImportFile, 'addChange'>;
	readonly newId: () => string;
	readonly onProgress: (rows: number) => void;
}

/** Rows between two reports of progress. */
const PROGRESS_ROWS = 2_000;

/** Reads a file, compares each of its rows with the directory and writes down what would change. */
export async function previewTable(bytes: Uint8Array, deps: PreviewDeps): Promise<ImportPreview> {
	const { options } = deps;
	const problems = createProblemList();
	const opening = await openTable(bytes, options);
	if (opening.result === 'refused') {
		problems.add([opening.problem]);
		return {
			origin: null,
			columns: [],
			mapping: [],
			samples: [],
			counts: NONE,
			changes: 0,
			problems: problems.report(),
		};
	}
	const { table } = opening;
	const { origin, columns, notes } = table;
	const kind = importKind(deps.kind, deps.timeZone);
	const found = namedMapping(columns, kind.fields, options.named ?? []);
	const mapping = usable(options, table, kind) ?? found.mapping;
	const missing = kind.needed.filter((group) => !group.some((name) => mapping.includes(name)));
	problems.add([
		...notes,
		...found.problems,
		...checkMapping(columns, kind.fields, mapping),
		...missing.map(([first = '']) => stopped('columnMissing', { detail: first })),
	]);
	const samples = createSamples(columns.length);
	const isStopped = missing.length > 0 || found.problems.length > 0;
	if (isStopped) await lookAt(table, samples);
	let changes = 0;
	const file: PreviewDeps['file'] = {
		addChange(...change) {
			changes += 1;
			deps.file.addChange(...change);
		},
	};
	const counts = isStopped ? NONE : await planRows(table, kind, mapping, { ...deps, file, samples }, problems);
	const empty = options.emptyCells === 'clear' && ({ emptyCells: 'clear' } as const);
	return { origin, columns, mapping, samples: samples.taken, ...empty, counts, changes, problems: problems.report() };
}

const NONE: ImportCounts = { new: 0, changed: 0, same: 0, withErrors: 0 };

async function planRows(
	{ columns, items }: Table,
	kind: ImportKind,
	mapping: ColumnMapping,
	deps: PreviewDeps & { readonly samples: Samples },
	problems: ProblemList,
): Promise<ImportCounts> {
	const counts = { ...NONE };
	const read = createRowReader(columns, kind.fields, mapping);
	const plan = createPlanner(kind, deps, (name) => columns[mapping.indexOf(name)]);
	let rows = 0;
	for await (const item of items) {
		if (item.kind === 'end') {
			problems.add(item.problem === null ? [] : [item.problem]);
			continue;
		}
		deps.samples.take(item.row.cells);
		const mapped = read(item.row);
		const planned = plan(mapped);
		problems.add(mapped.problems);
		if (planned.result === 'problems') {
			problems.add(planned.problems);
			counts.withErrors++;
		} else {
			counts[planned.result]++;
			for (const change of planned.changes) deps.file.addChange(change, planned.result === 'new' ? 'new' : 'changed');
		}
		if (++rows % PROGRESS_ROWS === 0) {
			deps.onProgress(rows);
			await turn();
		}
	}
	deps.onProgress(rows);
	return counts;
}

type Samples = ReturnType<typeof createSamples>;

/** Texts of a column that are shown. */
const SAMPLES = 3;
/** Rows looked at for them while nobody knows what the columns are. */
const SAMPLE_ROWS = 50;

function createSamples(columns: number) {
	const taken = Array.from({ length: columns }, (): string[] => []);
	return {
		taken,
		take(cells: readonly string[]) {
			for (const [place, own] of taken.entries()) {
				const text = own.length < SAMPLES ? excerpt((cells[place] ?? '').trim()) : '';
				if (text !== '' && !own.includes(text)) own.push(text);
			}
		},
	};
}

async function lookAt({ items }: Table, samples: Samples): Promise<void> {
	let rows = 0;
	for await (const item of items) {
		if (item.kind === 'end' || ++rows > SAMPLE_ROWS) return;
		samples.take(item.row.cells);
	}
}

/** A mapping is for the columns it was made for; each field has one. */
function usable({ mapping }: ImportOptions, { columns }: Table, { fields }: ImportKind): ColumnMapping | undefined {
	if (mapping === undefined || mapping.length !== columns.length) return undefined;
	const known = new Set<string>(fields.map(({ name }) => name));
	const used = mapping.filter((name) => name !== null);
	return used.every((name) => known.has(name)) && new Set(used).size === used.length ? mapping : undefined;
}

function createPlanner(kind: ImportKind, deps: PreviewDeps, columnOf: PlanDeps['columnOf']): RowPlanner {
	const { reader, newId, options } = deps;
	const planDeps: PlanDeps = {
		...{ reader, newId, columnOf },
		references: createReferenceIndex(reader),
		emptyCells: options.emptyCells ?? 'keep',
	};
	switch (kind.name) {
		case 'people':
			return createHolderPlanner(planDeps, 'person');
		case 'vehicles':
			return createHolderPlanner(planDeps, 'vehicle');
		case 'rights':
			return createRightPlanner(planDeps);
	}
}
