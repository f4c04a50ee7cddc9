import { isMaskedCode } from '../../../../gateway/core/directory/code-text.ts';
import { maskText } from '../../../../gateway/core/directory/mask.ts';
import { aggregateOf, DIRECTORY_TABLES, type DirectoryTable } from '../../../../gateway/core/directory.ts';
import type { AnyRow } from '../../../../gateway/services/directory/directory-edits.ts';
import type { ConsoleDeps } from '../../console-deps.ts';
import type { Ui } from '../../ui.ts';
import { targetOf } from './face-links.ts';

/** What rows that others name are called. */
export interface RowNames {
	/** Its id where it is not here (any more). */
	of(table: DirectoryTable, id: string): string;
	has(table: DirectoryTable, id: string): boolean;
}

type Deps = Pick<ConsoleDeps, 'edits' | 'directoryLists'>;
type Wanted = ReadonlyMap<DirectoryTable, ReadonlySet<string>>;

/** Of the rows that these fields of some rows name, and of those that name the rows themselves. */
export async function loadNames(
	deps: Deps,
	ui: Ui,
	table: DirectoryTable,
	rows: readonly AnyRow[],
	fields: readonly string[] = Object.keys(aggregateOf(table).fields),
): Promise<RowNames> {
	const wanted = new Map<DirectoryTable, Set<string>>();
	for (const field of new Set([...fields, aggregateOf(table).title])) {
		const to = targetOf(table, field);
		if (to === undefined) continue;
		const ids = wanted.get(to) ?? new Set<string>();
		for (const id of rows.flatMap((row) => idsIn(row[field]))) ids.add(id);
		wanted.set(to, ids);
	}
	return namesOf(deps, ui, wanted);
}

export async function namesOf(deps: Deps, ui: Ui, wanted: Wanted): Promise<RowNames> {
	const found = new Map<string, string>();
	await Promise.all(
		[...wanted].map(async ([table, ids]) => {
			for (const [id, name] of await titlesOf(deps, ui, table, [...ids])) found.set(`${table}/${id}`, name);
		}),
	);
	return {
		of: (table, id) => found.get(`${table}/${id}`) ?? id,
		has: (table, id) => found.has(`${table}/${id}`),
	};
}

async function titlesOf(
	deps: Deps,
	ui: Ui,
	table: DirectoryTable,
	ids: readonly string[],
): Promise<Iterable<readonly [string, string]>> {
	if (ids.length === 0) return [];
	const { fields, title } = aggregateOf(table);
	if (fields[title]?.input.kind === 'text') {
		const hidden = fields[title]?.personal === true && !ui.seesRows(table);
		const titles = await deps.directoryLists.titles(table, ids);
		return [...titles].map(([id, text]) => [id, hidden ? maskText(text) : text] as const);
	}
	// Named by a moment or by another row: read whole.
	const rows = ids.map((id) => deps.edits.get(table, id)?.row).filter((row) => row !== undefined);
	const names = await loadNames(deps, ui, table, rows, [title]);
	return rows.map((row) => [String(row['id']), rowTitle(ui, table, row, names)] as const);
}

/** Ids that a reference field holds. */
export function idsIn(value: unknown): readonly string[] {
	return [value].flat().filter((id) => typeof id === 'string');
}

/** What a row is called. @param names of what its title may refer to. */
export function rowTitle(ui: Ui, table: DirectoryTable, row: AnyRow, names: RowNames): string {
	const { title } = DIRECTORY_TABLES[table];
	const value = row[title];
	// What stands on a card or plate says more than what is matched.
	const written = table === 'credentials' ? row['label'] : null;
	if (typeof written === 'string' && written !== '') return written;
	if (table === 'credentials' && isMaskedCode(String(value))) return `${String(row['kind']).toUpperCase()} ${value}`;
	const to = targetOf(table, title);
	if (to !== undefined) return names.of(to, String(value));
	return typeof value === 'number' ? ui.formats.minute(value) : String(value ?? row['id']);
}
