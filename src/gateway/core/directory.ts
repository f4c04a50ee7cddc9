import type { Aggregate, Fields, RowInput, RowOf, Stream } from './directory/aggregate.ts';
import { assignedRights } from './directory/assigned-rights.ts';
import { bundles } from './directory/bundles.ts';
import { credentials } from './directory/credentials.ts';
import { groups } from './directory/groups.ts';
import { holders } from './directory/holders.ts';
import { licenceDocuments } from './directory/licence-documents.ts';
import { operatorAccounts } from './directory/operator-accounts.ts';
import { plannedUses } from './directory/planned-uses.ts';
import { pools } from './directory/pools.ts';
import { rightSpecifications } from './directory/right-specifications.ts';
import { schedules } from './directory/schedules.ts';

export { STRATEGIES } from './directory/right-specifications.ts';

/** The directory: rows as central sends them and the API shows them. The key of every table is `id`. */
export const DIRECTORY_TABLES = {
	holders,
	groups,
	credentials,
	rightSpecifications,
	assignedRights,
	pools,
	bundles,
	plannedUses,
	schedules,
	licenceDocuments,
	operatorAccounts,
} as const;

export type DirectoryTable = keyof typeof DIRECTORY_TABLES;
type FieldsOf<T extends DirectoryTable> = (typeof DIRECTORY_TABLES)[T] extends Aggregate<infer F> ? F : never;
export type DirectoryRow<T extends DirectoryTable> = RowOf<FieldsOf<T>>;
/** A row as it may come, without what has a default. */
export type DirectoryRowInput<T extends DirectoryTable> = RowInput<FieldsOf<T>>;
export type StreamName = Stream;
export const STREAMS: readonly StreamName[] = ['people', 'access', 'licences', 'operators'];
/** What decisions read, and whose age they ask about: without licences from central a site decides as ever. */
export const DECIDED_STREAMS: readonly StreamName[] = ['people', 'access'];

export function isDirectoryTable(name: string): name is DirectoryTable {
	return Object.hasOwn(DIRECTORY_TABLES, name);
}

/** Without the table's own types, for code that treats all alike. */
export function aggregateOf(table: DirectoryTable): Aggregate<Fields> {
	// Functions of an aggregate take its own rows; who asks for it by name has checked the row with `row`.
	return DIRECTORY_TABLES[table] as unknown as Aggregate<Fields>;
}

/** What a decision knows of a row, and keeps with its facts: the rest of it stays in the directory. */
export type Holder = Pick<DirectoryRow<'holders'>, 'id' | 'kind' | 'name' | 'email' | 'status'> &
	/** Absent: in none. */
	Partial<Pick<DirectoryRow<'holders'>, 'groupIds'>>;
export type Credential = Omit<DirectoryRow<'credentials'>, 'note'>;
export type RightSpecification = Pick<
	DirectoryRow<'rightSpecifications'>,
	'id' | 'name' | 'strategy' | 'areaIds' | 'scheduleId'
>;
export type AssignedRight = Pick<
	DirectoryRow<'assignedRights'>,
	'id' | 'holderId' | 'specificationId' | 'state' | 'validFromMs' | 'validToMs'
> &
	/** Absent: none. */
	Partial<Pick<DirectoryRow<'assignedRights'>, 'poolId'>>;
export type Schedule = DirectoryRow<'schedules'>;
export type AccessStrategy = RightSpecification['strategy'];
