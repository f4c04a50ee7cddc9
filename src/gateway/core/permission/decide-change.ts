import type { DirectoryTable } from '../directory.ts';
import type { Permission } from '../permission.ts';
import type { Access } from './access.ts';
import { placeOfRow, type RowLook } from './row-place.ts';
import type { Place } from './scope.ts';

type AnyRow = Readonly<Record<string, unknown>>;

/** A row of the directory that is to become another; null: it is not there. */
export interface RowChange {
	readonly table: DirectoryTable;
	readonly before: AnyRow | null;
	readonly after: AnyRow | null;
	/** Somebody asked for this one; else it follows from another that they asked for. */
	readonly isAsked: boolean;
}

type May = Pick<Access, 'may'>;

/** Whether somebody sees the row, or may change it at least: what they do not is as if it was not there. */
export function seesRow({ may }: May, table: DirectoryTable, row: AnyRow, look: RowLook): boolean {
	if (may(`${table}:read`) || may(`${table}:write`)) return true;
	const place = placeOfRow(table, row, look);
	return may(`${table}:read`, place) || may(`${table}:write`, place);
}

/** Whether somebody may change the row as it is. */
export function writesRow(access: May, table: DirectoryTable, row: AnyRow, look: RowLook): boolean {
	return mayAtRow(access, `${table}:write`, table, row, look);
}

/** Whether somebody has a permission where the row lies; where it is not there, whether they have it everywhere. */
export function mayAtRow(
	{ may }: May,
	permission: Permission,
	table: DirectoryTable,
	row: AnyRow | undefined,
	look: RowLook,
): boolean {
	return may(permission) || (row !== undefined && may(permission, placeOfRow(table, row, look)));
}

/**
 * What of a change is not theirs to make; undefined: all of it is. They must hold the row as it is and as it will be, and
 * each group, scheme and territory that it comes into or leaves by it. Field null: the row as a whole.
 */
export function decideChange(
	access: May,
	change: RowChange,
	before: RowLook,
	after: RowLook,
): { readonly field: string | null } | undefined {
	const permission = `${change.table}:write` as const;
	if (access.may(permission)) return undefined;
	const holds = (row: AnyRow | null, look: RowLook) => row === null || writesRow(access, change.table, row, look);
	if (!holds(change.before, before)) return { field: null };
	const foreign = change.isAsked
		? moves(change, before).find(({ into }) => !into.every((place) => access.may(permission, place)))
		: undefined;
	if (foreign !== undefined) return { field: foreign.field };
	return holds(change.after, after) ? undefined : { field: null };
}

/** Where the row comes into or leaves by a field of its own, as places that hold nothing else. */
function moves({ table, before, after }: RowChange, look: RowLook) {
	const changed = (field: string) => differing(before?.[field], after?.[field]);
	const into = (field: string, placesOf: (value: string) => readonly Place[]) => ({
		field,
		into: changed(field).flatMap(placesOf),
	});
	const area = (id: string): readonly Place[] => [{ kind: 'area', id }];
	const group = (id: string): readonly Place[] => [placeOfRow('groups', look.row('groups', id) ?? { id }, look)];
	switch (after === null ? null : table) {
		case 'holders':
			return [
				into('groupIds', group),
				into('sharingGroupId', group),
				into('tags', (tag) => look.find('bundles', { tag }).map((bundle) => placeOfRow('bundles', bundle, look))),
			];
		case 'groups':
			return [into('parentId', group)];
		case 'rightSpecifications':
			return [into('areaIds', area)];
		case 'pools':
			// Its places are kept free for its holder.
			return [into('areaId', area)];
		case 'bundles':
			// Whoever has the scheme would have what is put into it.
			return [
				into('specificationIds', (id) => [
					placeOfRow('rightSpecifications', look.row('rightSpecifications', id) ?? { id }, look),
				]),
			];
		default:
			return [];
	}
}

/** What only one of two values names. */
function differing(before: unknown, after: unknown): readonly string[] {
	const [was, is] = [before, after].map((value) => [value].flat().filter((one) => typeof one === 'string'));
	return [...(was ?? []).filter((one) => !is?.includes(one)), ...(is ?? []).filter((one) => !was?.includes(one))];
}
