import type { DirectoryRow } from '../../core/directory.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';

type Shared = 'rightSpecifications' | 'schedules' | 'pools' | 'groups';

/** Rows that many decisions need again, kept as objects until the directory changes. */
export interface LimitDirectory {
	row<T extends Shared>(table: T, id: string): DirectoryRow<T> | null;
	/** Of all groups, with those around them. */
	groupsAround(groupIds: readonly string[]): readonly DirectoryRow<'groups'>[];
	/** Another object after every change. */
	version(): object;
}

/** More are read again. */
const REMEMBERED = 2_000;
/** Groups within groups that are looked at. */
const DEPTH = 8;

export function createLimitDirectory(directory: Pick<DirectoryReader, 'row' | 'version'>): LimitDirectory {
	const known = new Map<string, DirectoryRow<Shared> | null>();
	let seen: object | undefined;

	function row<T extends Shared>(table: T, id: string): DirectoryRow<T> | null {
		const version = directory.version();
		if (version !== seen || known.size > REMEMBERED) known.clear();
		seen = version;
		const key = `${table} ${id}`;
		const remembered = known.get(key);
		// The key begins with the table, so the row is one of it.
		if (remembered !== undefined) return remembered as DirectoryRow<T> | null;
		const read = directory.row(table, id) ?? null;
		known.set(key, read as DirectoryRow<Shared> | null);
		return read;
	}

	return {
		row,
		version: () => directory.version(),
		groupsAround(groupIds) {
			const around = new Map<string, DirectoryRow<'groups'>>();
			let next = groupIds;
			for (let depth = 0; depth < DEPTH && next.length > 0; depth += 1) {
				const groups = next.flatMap((id) => (around.has(id) ? [] : (row('groups', id) ?? [])));
				for (const group of groups) around.set(group.id, group);
				next = groups.flatMap(({ parentId }) => parentId ?? []);
			}
			return [...around.values()];
		},
	};
}
