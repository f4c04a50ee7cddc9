import type { DirectoryTable } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { AnyRow } from '../directory/directory-edits.ts';

/** A holder with all rows of the directory that are theirs. */
export interface PersonRows {
	readonly holder: AnyRow;
	readonly credentials: readonly AnyRow[];
	readonly rights: readonly AnyRow[];
	readonly bookings: readonly AnyRow[];
}

/** By what a person is found in what was recorded; plain data, kept while they are being erased. */
export interface PersonTrace {
	readonly holderId: string;
	readonly credentialIds: readonly string[];
	readonly rightIds: readonly string[];
	readonly bookingIds: readonly string[];
	/** Normalised. */
	readonly plates: readonly string[];
	/** Values of other credentials, as they are read. */
	readonly values: readonly string[];
	/** Name and contacts, as somebody may have typed them into a reason. */
	readonly words: readonly string[];
}

export type PersonReader = Pick<DirectoryReader, 'read' | 'row' | 'find'>;

/** undefined: there is no such holder. */
export function readPerson(directory: PersonReader, holderId: string): PersonRows | undefined {
	return directory.read(() => {
		const holder = directory.row('holders', holderId);
		if (holder === undefined) return undefined;
		const of = (table: DirectoryTable, field: string) =>
			directory
				.find(table, { [field]: holderId }, LIMITS.personRows)
				.flatMap((id) => directory.row(table, id) ?? [])
				.map((row): AnyRow => row);
		const bookings = new Map(
			[...of('plannedUses', 'holderId'), ...of('plannedUses', 'vehicleId')].map((row) => [String(row['id']), row]),
		);
		return {
			holder,
			credentials: of('credentials', 'holderId'),
			rights: of('assignedRights', 'holderId'),
			bookings: [...bookings.values()],
		};
	});
}

export function traceOf({ holder, credentials, rights, bookings }: PersonRows): PersonTrace {
	const ids = (rows: readonly AnyRow[]) => rows.map(({ id }) => String(id));
	const valuesOf = (fits: (row: AnyRow) => boolean) => credentials.filter(fits).map(({ value }) => String(value));
	const isPlate = ({ kind }: AnyRow) => kind === 'plate';
	const words = [holder['name'], holder['email'], holder['phone'], ...credentials.map(({ label }) => label)];
	return {
		holderId: String(holder['id']),
		credentialIds: ids(credentials),
		rightIds: ids(rights),
		bookingIds: ids(bookings),
		plates: valuesOf(isPlate),
		values: valuesOf((row) => !isPlate(row)),
		words: words.filter((word): word is string => typeof word === 'string' && word.length >= SHORTEST_WORD),
	};
}

/** Shorter ones stand in texts about others. */
const SHORTEST_WORD = 5;
