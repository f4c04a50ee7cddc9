import { aggregateOf, type DirectoryTable } from '../../../../gateway/core/directory.ts';
import type { AnyRow } from '../../../../gateway/services/directory/directory-edits.ts';
import type { ListQuery } from '../../../../gateway/services/directory/directory-lists.ts';
import type { ConsoleDeps } from '../../console-deps.ts';
import type { Ui } from '../../ui.ts';
import { seenRow } from './edit-form.ts';
import { faceOf, targetOf } from './face-links.ts';
import { type FormValues, first } from './form-values.ts';
import { isSearched } from './list-query.ts';
import { loadNames, namesOf, rowTitle } from './row-names.ts';

/** A row to choose. */
export interface RowChoice {
	readonly id: string;
	readonly title: string;
	/** What tells two of the same name apart. */
	readonly detail: string;
}

/** What a reference field offers. */
export type ReferenceChoices =
	/** All there are. */
	| { readonly from: 'all'; readonly rows: readonly RowChoice[] }
	/** Too many: those chosen, and those found; `found` null: nothing was searched yet. */
	| { readonly from: 'search'; readonly chosen: readonly RowChoice[]; readonly found: readonly RowChoice[] | null }
	/** Those of a row that another field names, which is not chosen yet. */
	| { readonly from: 'other'; readonly field: string };

type Deps = Pick<ConsoleDeps, 'edits' | 'directoryLists' | 'people'>;

/** More are searched instead of listed. */
const LISTED = 30;
const FOUND = 12;
export const FIND_LENGTH = 100;

/** Only rows that can be meant: an employer is an organisation. */
const NARROWED: Readonly<Record<string, NonNullable<ListQuery['where']>>> = {
	organisationId: { kind: ['organisation'] },
	vehicleId: { kind: ['vehicle'] },
	sharingGroupId: { kind: ['sharing'] },
};

/** @param q what is searched for; undefined: nothing yet. */
export async function loadReferenceChoices(
	deps: Deps,
	ui: Ui,
	table: DirectoryTable,
	field: string,
	values: FormValues,
	q: string | undefined,
): Promise<ReferenceChoices> {
	const to = targetOf(table, field);
	if (to === undefined || !ui.mayInParts(`${to}:read`)) return { from: 'all', rows: [] };
	const sibling = siblingOf(table, field);
	if (sibling !== undefined && first(values, sibling) === '') return { from: 'other', field: sibling };
	const where = {
		...NARROWED[field],
		...(sibling !== undefined && { [sibling]: [first(values, sibling)] }),
	};
	const all = await deps.directoryLists.page({ table: to, where }, { limit: LISTED + 1 });
	if (all.items.length <= LISTED && all.next === null)
		return { from: 'all', rows: await choices(deps, ui, to, all.items) };
	const ids = (values[field] ?? []).filter((id) => id !== '');
	const chosenRows = ids.map((id) => deps.edits.get(to, id)?.row).filter((row) => row !== undefined);
	const text = isSearched(ui, faceOf(to)) ? (q?.trim().slice(0, FIND_LENGTH) ?? '') : '';
	const hits = text === '' ? null : await deps.directoryLists.page({ table: to, where, q: text }, { limit: FOUND });
	const found = hits === null ? null : hits.items.filter(({ id }) => !ids.includes(String(id)));
	return {
		from: 'search',
		chosen: await choices(deps, ui, to, chosenRows),
		found: found === null ? null : await choices(deps, ui, to, found),
	};
}

/** Rows of filters; none where there are too many for a list. */
export async function loadFilterChoices(deps: Deps, ui: Ui, to: DirectoryTable): Promise<readonly RowChoice[]> {
	if (!ui.mayInParts(`${to}:read`)) return [];
	const { items, next } = await deps.directoryLists.page({ table: to }, { limit: LISTED });
	return next === null ? choices(deps, ui, to, items) : [];
}

/** A field of the form that the rows to choose from have too: of somebody's rights only theirs. */
function siblingOf(table: DirectoryTable, field: string): string | undefined {
	const to = targetOf(table, field);
	if (to === undefined || to === table) return undefined;
	const { fields } = aggregateOf(to);
	return Object.keys(aggregateOf(table).fields).find(
		(name) =>
			name !== field &&
			fields[name] !== undefined &&
			targetOf(table, name) !== undefined &&
			isSameTarget(table, to, name),
	);
}

function isSameTarget(table: DirectoryTable, to: DirectoryTable, field: string): boolean {
	return targetOf(table, field) === targetOf(to, field);
}

/** Whether another field's rows depend on this one. */
export function hasDependents(table: DirectoryTable, field: string): boolean {
	return Object.keys(aggregateOf(table).fields).some((name) => siblingOf(table, name) === field);
}

async function choices(
	deps: Deps,
	ui: Ui,
	table: DirectoryTable,
	found: readonly AnyRow[],
): Promise<readonly RowChoice[]> {
	const rows = found.map((row) => seenRow(ui, { table }, row));
	const names = table === 'holders' ? await namesOf(deps, ui, new Map()) : await loadNames(deps, ui, table, rows);
	return rows.map((row) => ({
		id: String(row['id']),
		title: rowTitle(ui, table, row, names),
		detail: detailOf(deps, ui, table, row),
	}));
}

/** What a holder carries says who it is; of other rows what kind they are. */
function detailOf({ people }: Deps, ui: Ui, table: DirectoryTable, row: AnyRow): string {
	if (table === 'holders' && ui.mayInParts('credentials:read') && ui.seesRows('credentials')) {
		const carries = people.holder(String(row['id']))?.carries ?? [];
		if (carries.length > 0) return carries.map(({ text }) => text).join(' · ');
	}
	const kind = ['strategy', 'kind'].find((field) => aggregateOf(table).fields[field]?.input.kind === 'choice');
	return kind === undefined ? '' : ui.directory.choice(table, kind, String(row[kind])).label;
}
