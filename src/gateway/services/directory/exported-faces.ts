import type { Face } from '../../core/directory/aggregate.ts';
import { aggregateOf, DIRECTORY_TABLES, type DirectoryTable } from '../../core/directory.ts';
import { GatewayError } from '../../core/gateway-error.ts';

const FACES: ReadonlyMap<string, { readonly table: DirectoryTable; readonly face: Face }> = new Map(
	(Object.keys(DIRECTORY_TABLES) as readonly DirectoryTable[]).flatMap((table) =>
		aggregateOf(table).faces.map((face) => [face.path, { table, face }] as const),
	),
);

/** Lists that can be taken along, by the paths of their faces. */
export const EXPORTED_FACES: readonly string[] = [...FACES.keys()];

/** Its table, and the fields that all its rows have. Throws NOT_FOUND. */
export function exportedFace(path: string) {
	const found = FACES.get(path);
	if (found === undefined) throw new GatewayError('NOT_FOUND', `there is no list ${path.slice(0, 64)}`);
	const fixed = Object.entries(found.face.fixed ?? {}).map(([name, value]) => [name, [String(value)]] as const);
	return { table: found.table, fixed: Object.fromEntries(fixed) };
}
