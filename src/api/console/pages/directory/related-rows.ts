import { aggregateOf, DIRECTORY_TABLES, type DirectoryTable } from '../../../../gateway/core/directory.ts';
import type { AnyRow } from '../../../../gateway/services/directory/directory-edits.ts';
import type { ConsoleDeps } from '../../console-deps.ts';
import type { Ui } from '../../ui.ts';
import { seenRow } from './edit-form.ts';
import { type DirectoryFace, faceOf } from './face-links.ts';
import { loadNames, type RowNames } from './row-names.ts';

/** Rows that name the one that is shown. */
export interface RelatedRows {
	readonly face: DirectoryFace;
	/** By which field. */
	readonly field: string;
	readonly rows: readonly AnyRow[];
	readonly names: RowNames;
	/** LIMITS.countedRows: that many or more. */
	readonly count: number;
	/** They are nothing without it: shown also while there are none, with the way to add one. */
	readonly isPart: boolean;
}

const SHOWN = 5;

/** Every reference to the table, but those that only some of its rows can have. */
function referencesTo(table: DirectoryTable, row: AnyRow) {
	return (Object.keys(DIRECTORY_TABLES) as DirectoryTable[]).flatMap((from) =>
		Object.entries(aggregateOf(from).fields).flatMap(([field, { input }]) => {
			if (input.kind !== 'reference' || input.to !== table) return [];
			const isOfVehicle = field === 'vehicleId';
			if (isOfVehicle && row['kind'] !== 'vehicle') return [];
			return [{ from, field, isPart: !input.many && input.onDelete === 'cascade' && !isOfVehicle }];
		}),
	);
}

export async function loadRelated(
	deps: Pick<ConsoleDeps, 'edits' | 'directoryLists'>,
	ui: Ui,
	table: DirectoryTable,
	row: AnyRow,
): Promise<readonly RelatedRows[]> {
	const id = String(row['id']);
	const references = referencesTo(table, row).filter(({ from }) => ui.mayInParts(`${from}:read`));
	const all = await Promise.all(
		references.map(async ({ from, field, isPart }): Promise<RelatedRows> => {
			const query = { table: from, where: { [field]: [id] } };
			const { items, next } = await deps.directoryLists.page(query, { limit: SHOWN });
			const count = next === null ? items.length : await deps.directoryLists.count(query);
			const face = faceOf(from);
			const rows = items.map((item) => seenRow(ui, face, item));
			return { face, field, rows, names: await loadNames(deps, ui, from, rows, face.face.columns), count, isPart };
		}),
	);
	return all
		.filter(({ isPart, rows }) => isPart || rows.length > 0)
		.toSorted((a, b) => Number(b.isPart) - Number(a.isPart));
}
