import type { DirectoryTable } from '../../core/directory.ts';
import { decideChange, seesRow } from '../../core/permission/decide-change.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { ChangedRow, ChangedRows } from './changed-rows.ts';
import type { DirectoryChange, EditBy, EditProblem } from './directory-edits.ts';
import { createRowLook } from './row-look.ts';

/** Whether a row that was there before is as if it was not, for who asks for a change of `by`. */
export type HidesRow = (table: DirectoryTable, key: string, by: DirectoryTable) => boolean;

/** What of a batch is not theirs to do who asks for it. */
export interface ScopedChanges {
	readonly hides: HidesRow;
	/** Of all changes together, and what follows from them. */
	problems(changes: readonly DirectoryChange[]): readonly EditProblem[];
}

/** Whoever has a permission for the whole site changes with it all that follows from a change, as ever. */
export function createScopedChanges(
	directory: Pick<DirectoryReader, 'row' | 'find'>,
	rows: ChangedRows,
	access: EditBy['access'],
): ScopedChanges {
	if (access === undefined) return { hides: () => false, problems: () => [] };
	const before = createRowLook(directory);
	const isWide = (table: DirectoryTable) => access.may(`${table}:write`);
	return {
		hides(table, key, by) {
			if (isWide(by)) return false;
			const row = before.row(table, key);
			return row !== undefined && !seesRow(access, table, row, before);
		},
		problems(changes) {
			const after = createRowLook(lookOf(rows));
			return rows.all().flatMap((changed): readonly EditProblem[] => {
				const asked = changes[changed.change];
				if (asked === undefined || isWide(asked.table)) return [];
				const problem = decideChange(access, { ...changed, isAsked: isAsked(asked, changed) }, before, after);
				if (problem === undefined) return [];
				const { change, table, key } = changed;
				return [{ change, table, key, ...problem, code: 'outOfScope', problem: 'your permissions do not reach there' }];
			});
		},
	};
}

function isAsked(asked: DirectoryChange, { table, key, before }: ChangedRow): boolean {
	return asked.table === table && (asked.op === 'create' ? before === null : asked.key === key);
}

/** The rows as they will be, in place of the directory. */
function lookOf(rows: ChangedRows): Pick<DirectoryReader, 'row' | 'find'> {
	const row = (table: DirectoryTable, id: string) => rows.row(table, id);
	return {
		// A changed row has the fields of its table: it was checked before it was set.
		row: row as DirectoryReader['row'],
		find: (table, where, limit) => rows.find(table, where, limit).map(({ id }) => String(id)),
	};
}
