import { aggregateOf, type DirectoryTable } from '../../core/directory.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { AnyRow } from './directory-edits.ts';

export interface ChangedRow {
	/** Place in the batch of the change that first touched it. */
	readonly change: number;
	readonly table: DirectoryTable;
	readonly key: string;
	readonly before: AnyRow | null;
	readonly after: AnyRow | null;
}

/** The directory as it will be after the changes of a batch so far. */
export interface ChangedRows {
	row(table: DirectoryTable, key: string): AnyRow | undefined;
	/** Rows whose fields have these values, at most `limit`. */
	find(table: DirectoryTable, where: AnyRow, limit: number): readonly AnyRow[];
	/** What is set from here on follows from this change of the batch. */
	begin(change: number): void;
	set(table: DirectoryTable, key: string, after: AnyRow | null): void;
	/** In the order they were first changed; without those that are as they were. */
	all(): readonly ChangedRow[];
}

export function createChangedRows(directory: Pick<DirectoryReader, 'row' | 'find'>): ChangedRows {
	const changed = new Map<string, ChangedRow>();
	let current = 0;
	const keyOf = (table: DirectoryTable, key: string) => `${table}/${key}`;

	function row(table: DirectoryTable, key: string): AnyRow | undefined {
		const known = changed.get(keyOf(table, key));
		return known === undefined ? directory.row(table, key) : (known.after ?? undefined);
	}

	return {
		row,
		find(table, where, limit) {
			const touched = [...changed.values()].filter((change) => change.table === table);
			const fits = ({ after }: ChangedRow) =>
				after !== null && Object.entries(where).every(([field, value]) => after[field] === value);
			const untouched = directory
				.find(table, where, limit + touched.length)
				.filter((key) => !changed.has(keyOf(table, key)))
				.map((key) => row(table, key))
				.filter((found) => found !== undefined);
			const fitting = touched.filter(fits).map(({ after }) => after ?? {});
			return [...fitting, ...untouched].slice(0, limit);
		},
		begin(change) {
			current = change;
		},
		set(table, key, after) {
			const place = keyOf(table, key);
			const known = changed.get(place);
			const before = known === undefined ? (directory.row(table, key) ?? null) : known.before;
			changed.set(place, { change: known?.change ?? current, table, key, before, after });
		},
		all: () => [...changed.values()].filter(({ table, before, after }) => !isSame(table, before, after)),
	};
}

function isSame(table: DirectoryTable, before: AnyRow | null, after: AnyRow | null): boolean {
	if (before === null || after === null) return before === after;
	return Object.entries(aggregateOf(table).fields).every(
		([name, field]) => field.toColumn(before[name]) === field.toColumn(after[name]),
	);
}
