import type { DirectoryTable } from '../../core/directory.ts';
import { textCell } from '../tables/cell-parsers.ts';
import type { TargetField } from '../tables/map-columns.ts';
import { declaredField, plateField, tagField, target } from './import-fields.ts';

export const IMPORT_KINDS = ['people', 'vehicles', 'rights'] as const;
export type ImportKindName = (typeof IMPORT_KINDS)[number];

/** What one kind of list brings in. */
export interface ImportKind {
	readonly name: ImportKindName;
	readonly table: DirectoryTable;
	readonly fields: readonly TargetField[];
	/** Columns of which each group needs one: without it no row could be told from another. */
	readonly needed: readonly (readonly string[])[];
}

const IN_COMMON = ['externalId', 'groupIds', 'tags', 'status', 'note'];
const PERSON = ['id', 'name', 'email', 'phone', 'language', 'organisationId', ...IN_COMMON];
const VEHICLE = ['id', 'name', 'make', 'model', 'colour', 'spaceId', 'sharingGroupId', 'organisationId', ...IN_COMMON];
const RIGHT = ['id', 'holderId', 'specificationId', 'state', 'validFromMs', 'validToMs', 'poolId', 'spaceId'];
const NAME_LENGTH = 100;

/** What columns can be, as the command line calls them: moments without their unit. */
export function importFieldNames(name: ImportKindName): ReadonlyMap<string, string> {
	const { fields } = importKind(name, 'UTC');
	return new Map(fields.map((field) => [field.name.replace(/Ms$/, ''), field.name]));
}

export function importKind(name: ImportKindName, timeZone: string): ImportKind {
	const declared = (table: DirectoryTable, names: readonly string[]) =>
		names.map((field) => declaredField(table, field, timeZone));
	switch (name) {
		case 'people':
			return {
				name,
				table: 'holders',
				fields: [
					...declared('holders', PERSON),
					target('firstName', textCell(NAME_LENGTH)),
					target('lastName', textCell(NAME_LENGTH)),
					tagField,
					plateField,
				],
				needed: [['name', 'lastName', 'firstName', 'id', 'externalId', 'email', 'tag', 'plate']],
			};
		case 'vehicles':
			return {
				name,
				table: 'holders',
				fields: [...declared('holders', VEHICLE), plateField, tagField],
				needed: [['name', 'plate', 'id', 'externalId', 'tag']],
			};
		case 'rights':
			return {
				name,
				table: 'assignedRights',
				fields: declared('assignedRights', RIGHT),
				needed: [
					['holderId', 'id'],
					['specificationId', 'id'],
				],
			};
	}
}
