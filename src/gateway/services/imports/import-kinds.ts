import type { DirectoryTable } from '../../core/directory.ts';
import { textCell } from '../tables/cell-parsers.ts';
import type { TargetField } from '../tables/map-columns.ts';
import { declaredField, plateField, tagField, target } from './import-fields.ts';
import { OPERATOR_FIELDS } from './operator-fields.ts';

export const IMPORT_KINDS = ['people', 'vehicles', 'rights'] as const;
export type ImportKindName = (typeof IMPORT_KINDS)[number];

/** Kinds of list whose columns are mapped; operators come in by a service of their own. */
export const MAPPED_KINDS = [...IMPORT_KINDS, 'operators'] as const;
export type MappedKind = (typeof MAPPED_KINDS)[number];

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
export function importFieldNames(name: MappedKind): ReadonlyMap<string, string> {
	return new Map(mappedFields(name, 'UTC').map((field) => [field.name.replace(/Ms$/, ''), field.name]));
}

/** What columns of such a list can be. */
export function mappedFields(name: MappedKind, timeZone: string): readonly TargetField[] {
	return name === 'operators' ? OPERATOR_FIELDS : importKind(name, timeZone).fields;
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
