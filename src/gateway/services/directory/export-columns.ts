import type { Face, Fields } from '../../core/directory/aggregate.ts';
import type { Field } from '../../core/directory/field.ts';
import { maskText, type RowSight } from '../../core/directory/mask.ts';
import { aggregateOf, type DirectoryTable } from '../../core/directory.ts';
import { directoryLabels } from '../../core/directory-texts/directory-labels.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';
import { instantText } from '../tables/instant-text.ts';
import type { CellValue, WrittenColumn } from '../tables/table.ts';
import type { AnyRow } from './directory-edits.ts';

/** Id → title of the rows that some rows name, by table. */
export type Titles = ReadonlyMap<DirectoryTable, ReadonlyMap<string, string>>;

export interface ExportColumn extends WrittenColumn {
	cell(row: AnyRow, titles: Titles): CellValue;
}

export interface ExportOptions {
	readonly language: Language;
	readonly timeZone: string;
	readonly sight: RowSight;
}

/** Fields of a face in the order in which people meet them: its list, then what only its form has. */
export function exportedFields(table: DirectoryTable, path: string): readonly string[] {
	const face: Face | undefined = aggregateOf(table).faces.find((candidate) => candidate.path === path);
	const shown = face === undefined ? [] : [...face.columns, ...face.form.flatMap(({ fields }) => fields)];
	return [...new Set(['id', ...shown])];
}

/** References come as what names the row, and beside it as its id: titles are for people, ids for programs. */
export function exportColumns(table: DirectoryTable, path: string, options: ExportOptions): readonly ExportColumn[] {
	const { fields } = aggregateOf(table);
	const labels = directoryLabels(options.language);
	return exportedFields(table, path).flatMap((name): readonly ExportColumn[] => {
		const field = fields[name];
		if (field === undefined) return [];
		const heading = labels.field(table, name).label;
		const choice = (value: string) => labels.choice(table, name, value).label;
		const own = { heading, cell: (row: AnyRow) => cellOf(field, row[name], options.timeZone, choice) };
		const { input } = field;
		if (input.kind !== 'reference') return [own];
		const to = input.to as DirectoryTable;
		const named = { heading, cell: (row: AnyRow, titles: Titles) => titleOf(to, row[name], titles, options.sight) };
		return [named, { ...own, heading: `${heading} (${labels.field(table, 'id').label})` }];
	});
}

/** Ids of the rows that these name, by table. */
export function namedRows(fields: Fields, names: readonly string[], rows: readonly AnyRow[]) {
	const ids = new Map<DirectoryTable, Set<string>>();
	for (const name of names) {
		const input = fields[name]?.input;
		if (input?.kind !== 'reference') continue;
		const to = input.to as DirectoryTable;
		const known = ids.get(to) ?? new Set();
		ids.set(to, known);
		for (const id of rows.flatMap((row) => row[name] ?? [])) known.add(String(id));
	}
	return ids;
}

function titleOf(table: DirectoryTable, value: unknown, titles: Titles, sight: RowSight): CellValue {
	const { fields, title } = aggregateOf(table);
	const known = titles.get(table);
	const shown = [value ?? []].flat().flatMap((id) => known?.get(String(id)) ?? []);
	const texts = !sight.personal && fields[title]?.personal === true ? shown.map(maskText) : shown;
	return texts.length === 0 ? null : texts.join(BETWEEN);
}

/** What imports take a list apart by. */
const BETWEEN = ', ';

function cellOf({ input }: Field, value: unknown, timeZone: string, choice: (value: string) => string): CellValue {
	if (value === null || value === undefined) return null;
	switch (input.kind) {
		case 'choice':
			return choice(String(value));
		case 'instant':
			return instantText(Number(value), timeZone);
		case 'count':
			return Number(value);
		case 'flag':
			return value === true;
		case 'structure':
			return JSON.stringify(value);
		default:
			return Array.isArray(value) ? value.join(BETWEEN) : String(value);
	}
}

/** A row as programs take it: the fields of the face by their names, times as RFC 3339. */
export function exportedObject(table: DirectoryTable, path: string, row: AnyRow, timeZone: string): AnyRow {
	const { fields } = aggregateOf(table);
	return Object.fromEntries(
		exportedFields(table, path).map((name) => {
			const value = row[name] ?? null;
			if (fields[name]?.input.kind !== 'instant' || value === null) return [name, value];
			return [name.replace(/Ms$/, ''), instantText(Number(value), timeZone)];
		}),
	);
}
