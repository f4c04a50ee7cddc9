import { aggregateOf, type DirectoryTable, isDirectoryTable } from '../../../../gateway/core/directory.ts';
import type { AnyRow } from '../../../../gateway/services/directory/directory-edits.ts';
import { belongsTo, DIRECTORY_FACES, type DirectoryFace } from '../../../http/directory-faces.ts';

export type { DirectoryFace };
export const FACES = DIRECTORY_FACES;

/** Where rows of a table are found whatever their kind. */
export function faceOf(table: DirectoryTable): DirectoryFace {
	const faces = FACES.filter((face) => face.table === table);
	const [first] = faces;
	if (first === undefined) throw new Error(`${table} has no face`);
	return faces.find(({ face }) => face.fixed === undefined) ?? first;
}

/** The face made for rows like this one: `vehicles` for a holder that is a vehicle. */
export function faceOfRow(table: DirectoryTable, row: AnyRow): DirectoryFace {
	const own = FACES.find((face) => face.table === table && face.face.fixed !== undefined && belongsTo(face, row));
	return own ?? faceOf(table);
}

export function listHref({ face }: DirectoryFace, query: Readonly<Record<string, string>> = {}): string {
	const set = Object.entries(query).filter(([, value]) => value !== '');
	return set.length === 0 ? `/${face.path}` : `/${face.path}?${new URLSearchParams(set)}`;
}

export function rowHref({ face }: DirectoryFace, key: string, page = ''): string {
	return `/${face.path}/${encodeURIComponent(key)}${page === '' ? '' : `/${page}`}`;
}

/** Of a new row some of whose fields are known. */
export function newHref({ face }: DirectoryFace, known: Readonly<Record<string, string>> = {}): string {
	const query = new URLSearchParams(known).toString();
	return `/${face.path}/new${query === '' ? '' : `?${query}`}`;
}

/** The table that a reference field names rows of; undefined: it is no reference. */
export function targetOf(table: DirectoryTable, field: string): DirectoryTable | undefined {
	const input = aggregateOf(table).fields[field]?.input;
	return input?.kind === 'reference' && isDirectoryTable(input.to) ? input.to : undefined;
}
