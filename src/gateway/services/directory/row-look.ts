import { LIMITS } from '../../core/limits.ts';
import type { RowLook } from '../../core/permission/row-place.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';

/** The directory as it is now; what is asked twice is read once. */
export function createRowLook(directory: Pick<DirectoryReader, 'row' | 'find'>): RowLook {
	const rows = new Map<string, ReturnType<RowLook['row']>>();
	const finds = new Map<string, ReturnType<RowLook['find']>>();
	const row: RowLook['row'] = (table, id) => known(rows, `${table}/${id}`, () => directory.row(table, id));
	return {
		row,
		find: (table, where) =>
			known(finds, JSON.stringify([table, where]), () =>
				directory
					.find(table, where, LIMITS.placedBy)
					.map((id) => row(table, id))
					.filter((one) => one !== undefined),
			),
	};
}

function known<T>(kept: Map<string, T>, key: string, read: () => T): T {
	const found = kept.get(key);
	if (found !== undefined || kept.has(key)) return found as T;
	const made = read();
	kept.set(key, made);
	return made;
}
