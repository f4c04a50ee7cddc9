import { aggregateOf, DIRECTORY_TABLES, type DirectoryTable } from '../directory.ts';
import type { Field } from './field.ts';

type OwnedField = readonly [name: string, toColumn: Field['toColumn']];

const OWNED: ReadonlyMap<DirectoryTable, readonly OwnedField[]> = new Map(
	(Object.keys(DIRECTORY_TABLES) as DirectoryTable[]).map((table) => [
		table,
		Object.entries(aggregateOf(table).fields).flatMap(([name, { owner, toColumn }]): readonly OwnedField[] =>
			owner === 'central' ? [[name, toColumn]] : [],
		),
	]),
);

/** Fields that only the central platform changes in a row that it has (FEATURES X17). */
export function centralOwnedFields(table: DirectoryTable): readonly string[] {
	return (OWNED.get(table) ?? []).map(([name]) => name);
}

/** Those of them in which two forms of a row differ. */
export function centralOwnedChanges(
	table: DirectoryTable,
	before: Readonly<Record<string, unknown>>,
	after: Readonly<Record<string, unknown>>,
): readonly string[] {
	const changed = (OWNED.get(table) ?? []).filter(
		([name, toColumn]) => toColumn(before[name]) !== toColumn(after[name]),
	);
	return changed.map(([name]) => name);
}
