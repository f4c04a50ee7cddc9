import type { Aggregate, Face, Fields } from '../../gateway/core/directory/aggregate.ts';
import type { Field } from '../../gateway/core/directory/field.ts';
import { aggregateOf, DIRECTORY_TABLES, type DirectoryTable, isDirectoryTable } from '../../gateway/core/directory.ts';
import type { AnyRow } from '../../gateway/services/directory/directory-edits.ts';

/** One collection of the API: a table, or those of its rows that a face fixes. */
export interface DirectoryFace {
	readonly table: DirectoryTable;
	readonly aggregate: Aggregate<Fields>;
	readonly face: Face;
	readonly path: `/api/v1/${string}`;
	/** Of one row in the document: `right-specifications` → `RightSpecification`. */
	readonly schemaName: string;
}

export const DIRECTORY_FACES: readonly DirectoryFace[] = (Object.keys(DIRECTORY_TABLES) as DirectoryTable[]).flatMap(
	(table) => {
		const aggregate = aggregateOf(table);
		return aggregate.faces.map((face): DirectoryFace => {
			const words = face.path.replace(/s$/, '').split('-');
			const schemaName = words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join('');
			return { table, aggregate, face, path: `/api/v1/${face.path}`, schemaName };
		});
	},
);

/** `assignedRights` → `rights`: where rows of a table are found whatever their kind. */
export function collectionOf(table: string): string {
	if (!isDirectoryTable(table)) return table;
	const { faces } = aggregateOf(table);
	return (faces.find(({ fixed }) => fixed === undefined) ?? faces[0])?.path ?? table;
}

/** Moments are named without their unit: `startMs` → `start`. */
export function apiName(name: string, { input }: Pick<Field, 'input'>): string {
	return input.kind === 'instant' ? name.replace(/Ms$/, '') : name;
}

/** Whether the collection shows this row. */
export function belongsTo({ face }: Pick<DirectoryFace, 'face'>, row: AnyRow): boolean {
	return Object.entries(face.fixed ?? {}).every(([name, value]) => row[name] === value);
}

/** Whether its search looks into what some may not read; what belongs to a holder is found by the holder's words. */
export function isSearchedByPersonalData({ aggregate: { words, prefixes, fields } }: DirectoryFace): boolean {
	return Object.hasOwn(fields, 'holderId') || [...words, ...prefixes].some((name) => fields[name]?.personal);
}
