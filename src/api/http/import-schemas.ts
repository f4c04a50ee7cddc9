import { z } from '@hono/zod-openapi';
import { IMPORT_KINDS } from '../../gateway/services/imports/import-kinds.ts';
import type { ImportMapping } from '../../gateway/services/imports/import-mappings.ts';
import type { Import } from '../../gateway/services/imports/imports.ts';
import { problemText } from '../../gateway/services/tables/problem-texts/problem-text.ts';
import type { TableProblem } from '../../gateway/services/tables/table-problem.ts';
import { collectionOf } from './directory-faces.ts';
import type { Presenter } from './present.ts';
import { time } from './scalar-schemas.ts';

const count = z.int();
const STAGES = [
	'reading',
	'previewed',
	'unreadable',
	'confirmed',
	'stale',
	'applying',
	'applied',
	'rollingBack',
	'rolledBack',
	'undoing',
	'undone',
] as const satisfies readonly Import['state']['stage'][];

const problemOfTable = z.object({
	code: z.string(),
	severity: z.enum(['stop', 'error', 'note']).openapi({ description: 'note: told, nothing is wrong for certain' }),
	row: count.nullable().openapi({ description: 'As spreadsheets count: 1 is the first line of the file' }),
	column: count.nullable().openapi({ description: 'From 0' }),
	heading: z.string().nullable(),
	shown: z.string().nullable().openapi({ description: 'The beginning of the cell; null without personalData:read' }),
	problem: z.string(),
	mend: z.string(),
});

/** One import as the API shows it. */
export const importSchema = z
	.object({
		id: z.string(),
		kind: z.enum(IMPORT_KINDS),
		fileName: z.string(),
		operatorId: z.string().nullable().openapi({ description: 'null: the command line' }),
		created: time,
		state: z.object({
			stage: z.enum(STAGES).openapi({ description: 'Whatever ends in …ing, and confirmed, goes on by itself' }),
			at: time,
			operatorId: z.string().nullable().openapi({ description: 'Who had it applied or undone' }),
			done: count.openapi({ description: 'Changes made or taken back of total; while reading, rows read' }),
			total: count,
			problemCount: count,
			problems: z
				.array(z.object({ row: count, collection: z.string(), id: z.string(), code: z.string(), problem: z.string() }))
				.readonly()
				.openapi({ description: 'Why it went back, or what stayed because it was changed since; the first ones' }),
		}),
		preview: z
			.object({
				format: z.enum(['csv', 'xlsx']).nullable().openapi({ description: 'null: it could not be taken at all' }),
				encoding: z.string().nullable(),
				delimiter: z.string().nullable(),
				sheet: z.string().nullable(),
				sheets: z.array(z.string()).readonly(),
				columns: z
					.array(
						z.object({
							heading: z.string(),
							field: z.string().nullable().openapi({ description: 'null: not used' }),
							samples: z.array(z.string()).readonly().openapi({ description: 'Empty without personalData:read' }),
						}),
					)
					.readonly(),
				fittingMappings: z
					.array(z.object({ id: z.string(), name: z.string() }))
					.readonly()
					.openapi({ description: 'Saved mappings whose columns are all in the file; PUT one of them as `saved`' }),
				counts: z.object({ new: count, changed: count, same: count, withErrors: count }),
				errors: count,
				notes: count,
				problems: z.array(problemOfTable).readonly().openapi({ description: 'The first ones' }),
			})
			.nullable()
			.openapi({ description: 'null: it is read' }),
	})
	.openapi('Import');

export type ShownImport = z.input<typeof importSchema>;

/** One row of the directory as an import leaves it. */
export const changeSchema = z
	.object({
		row: count.openapi({ description: 'Of the file' }),
		collection: z.string(),
		id: z.string(),
		fields: z.array(z.string()).readonly().openapi({ description: 'What differs' }),
		before: z.looseObject({}).nullable().openapi({ description: 'null: it is new' }),
		after: z.looseObject({}),
	})
	.openapi('ImportChange');

/** How one import is shown to somebody. */
interface Shown {
	/** May read what cells hold: names, plates, contacts. */
	readonly seesAll: boolean;
	readonly fitting: readonly ImportMapping[];
}

export function shownImport({ time: at }: Presenter, found: Import, shown: Shown): ShownImport {
	const { id, kind, fileName, operatorId, createdAtMs, state, preview } = found;
	const { atMs, problems, ...rest } = state;
	return {
		...{ id, kind, fileName, operatorId },
		created: at(createdAtMs),
		state: {
			...rest,
			at: at(atMs),
			problems: problems.map(({ row, table, key, code, problem }) => ({
				...{ row, collection: collectionOf(table), id: key, code, problem },
			})),
		},
		preview: preview && shownPreview(preview, shown),
	};
}

function shownPreview(preview: NonNullable<Import['preview']>, { seesAll, fitting }: Shown): ShownImport['preview'] {
	const { origin, columns, mapping, samples, counts, problems } = preview;
	const isCsv = origin?.format === 'csv';
	return {
		format: origin?.format ?? null,
		encoding: isCsv ? origin.encoding : null,
		delimiter: isCsv ? origin.delimiter : null,
		sheet: origin?.format === 'xlsx' ? origin.sheet : null,
		sheets: origin?.format === 'xlsx' ? origin.sheets : [],
		columns: columns.map(({ index, heading }) => ({
			...{ heading, field: mapping[index] ?? null },
			samples: (seesAll ? samples[index] : undefined) ?? [],
		})),
		fittingMappings: fitting.map(({ id, name }) => ({ id, name })),
		counts,
		errors: problems.errors,
		notes: problems.notes,
		problems: problems.shown.map((one) => shownProblem(one, seesAll)),
	};
}

function shownProblem(problem: TableProblem, seesAll: boolean) {
	const { cause, mend } = problemText(seesAll ? problem : { ...problem, shown: '…' }, 'en');
	const { code, severity, row, column, heading, shown } = problem;
	return {
		...{ code, severity, problem: cause, mend },
		...{ row: row ?? null, column: column ?? null, heading: heading ?? null },
		shown: (seesAll ? shown : undefined) ?? null,
	};
}
