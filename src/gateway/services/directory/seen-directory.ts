import type { DirectoryTable } from '../../core/directory.ts';
import type { EditEntry } from '../../core/journal.ts';
import type { Access } from '../../core/permission/access.ts';
import { seesRow } from '../../core/permission/decide-change.ts';
import type { RowLook } from '../../core/permission/row-place.ts';
import { type RowScope, rowScopeOf } from '../../core/permission/row-scope.ts';
import type { Places } from '../../core/permission/scope.ts';
import type { Permission } from '../../core/permission.ts';
import type { AnyRow, DirectoryEdits } from './directory-edits.ts';
import type { DirectoryLists } from './directory-lists.ts';
import type { DirectoryExports } from './export-directory.ts';

/** The directory as one reader may see and change it: the same services, less what is not theirs. */
export interface SeenDirectory {
	readonly edits: DirectoryEdits;
	readonly directoryLists: DirectoryLists;
}

export interface SeenDirectoryDeps extends SeenDirectory {
	/** What lies where in the directory, as it is now. */
	readonly rowLook: () => RowLook;
	readonly places: Places;
}

type Reader = Pick<Access, 'may' | 'reach'>;

/** A list is filtered where it is read; what is not theirs is as if it was not there. */
export function seenDirectory(deps: SeenDirectoryDeps, access: Reader): SeenDirectory {
	return {
		edits: seenEdits(deps, access),
		directoryLists: seenLists(deps.directoryLists, (table) => scopesOf(deps.places, access, `${table}:read`)),
	};
}

/** Only what they see, and of it what they may take along; with codes, those that they may read. */
export function seenExports(
	{ directoryExports, places }: { readonly directoryExports: DirectoryExports; readonly places: Places },
	access: Reader,
): Pick<DirectoryExports, 'export'> {
	return {
		export: (ask, by) =>
			directoryExports.export(
				{
					...ask,
					scopesOf: (table) =>
						scopesOf(places, access, `${table}:read`, 'directory:export', ...(ask.sight.codes ? CODES : [])),
				},
				by,
			),
	};
}

const CODES: readonly Permission[] = ['codes:read'];

function scopesOf(places: Places, access: Reader, ...permissions: readonly Permission[]): readonly RowScope[] {
	return permissions.flatMap((permission) => rowScopeOf(access.reach(permission), places) ?? []);
}

function seenLists(lists: DirectoryLists, scopesIn: (table: DirectoryTable) => readonly RowScope[]): DirectoryLists {
	const within: <Q extends { readonly table: DirectoryTable }>(query: Q) => Q & { scopes?: readonly RowScope[] } = (
		query,
	) => {
		const scopes = scopesIn(query.table);
		return scopes.length === 0 ? query : { ...query, scopes };
	};
	return {
		page: (query, place) => lists.page(within(query), place),
		count: (query) => lists.count(within(query)),
		rows: (query) => lists.rows(within(query)),
		titles: (table, ids) => lists.titles(table, ids, scopesIn(table)),
	};
}

function seenEdits({ edits, rowLook }: SeenDirectoryDeps, access: Reader): DirectoryEdits {
	const sees = (table: DirectoryTable, row: AnyRow, look = rowLook()) => seesRow(access, table, row, look);
	const get: DirectoryEdits['get'] = (table, key) => {
		const held = edits.get(table, key);
		return held !== undefined && sees(table, held.row) ? held : undefined;
	};
	const batch = (batchId: string): readonly EditEntry[] => {
		const entries = edits.batch(batchId);
		const look = rowLook();
		// Who sees a part of what was changed together has no business with the whole.
		return entries.every(({ table, before, after }) => sees(table, after ?? before ?? {}, look)) ? entries : [];
	};
	return {
		get,
		batch,
		edit: (changes, by) => edits.edit(changes, { ...by, access }),
		preview: (changes) => edits.preview(changes, { access }),
		undo: (batchId, by) => edits.undo(batchId, { ...by, access }),
		history(table, key) {
			if (edits.get(table, key) !== undefined) return get(table, key) === undefined ? [] : edits.history(table, key);
			// Of one that is gone, to who saw what it was last.
			const entries = edits.history(table, key);
			const last = entries.find(({ before }) => before !== null)?.before;
			return last !== null && last !== undefined && sees(table, last) ? entries : [];
		},
	};
}
