import {
	type AssignedRight,
	type Credential,
	DIRECTORY_TABLES,
	type DirectoryRow,
	type DirectoryTable,
	type Holder,
	type RightSpecification,
	type Schedule,
} from '../core/directory.ts';
import { normalisePlate, plateSkeleton } from '../core/plate.ts';
import { foldText } from './fold-text.ts';

export type SqlValue = string | number | null;

/** How the rows of one table are checked and stored. */
export interface StoredTable {
	readonly sqlName: string;
	/** `id` first. */
	readonly columns: readonly string[];
	/** Columns that stand in an index: rewriting those costs most of a change. */
	readonly indexed: readonly string[];
	/** @returns the columns' values, or why the row can't be used. */
	accept(row: unknown): AcceptedRow;
}

export type AcceptedRow = { readonly values: readonly SqlValue[] } | { readonly problem: string };

// Stored by their place: append only.
const HOLDER_KINDS = ['person', 'organisation', 'vehicle'] as const satisfies readonly Holder['kind'][];
const HOLDER_STATUSES = ['active', 'inactive', 'blocked'] as const satisfies readonly Holder['status'][];
const CREDENTIAL_KINDS = ['tag', 'plate', 'pin', 'qr'] as const satisfies readonly Credential['kind'][];
const CREDENTIAL_STATES = ['active', 'disabled', 'lost', 'stolen'] as const satisfies readonly Credential['state'][];
const RIGHT_STATES = ['active', 'suspended'] as const satisfies readonly AssignedRight['state'][];

export const STORED_TABLES: Readonly<Record<DirectoryTable, StoredTable>> = {
	holders: stored('holders', 'holders', ['id', 'kind', 'name', 'email', 'status'], (row) => [
		row.id,
		HOLDER_KINDS.indexOf(row.kind),
		row.name,
		row.email,
		HOLDER_STATUSES.indexOf(row.status),
	]),
	credentials: stored(
		'credentials',
		'credentials',
		['id', 'holder_id', 'kind', 'value', 'skeleton', 'label', 'state', 'valid_from_ms', 'valid_to_ms'],
		(row) => [
			row.id,
			row.holderId,
			CREDENTIAL_KINDS.indexOf(row.kind),
			row.value,
			row.kind === 'plate' ? plateSkeleton(row.value) : null,
			row.label,
			CREDENTIAL_STATES.indexOf(row.state),
			row.validFromMs,
			row.validToMs,
		],
		['holder_id', 'kind', 'value', 'skeleton'],
		// Another spelling would never be matched: better told than silently without effect.
		(row) =>
			row.kind === 'plate' && normalisePlate(row.value) !== row.value ? 'value: not a normalised plate' : undefined,
	),
	rightSpecifications: stored(
		'rightSpecifications',
		'right_specifications',
		['id', 'name', 'strategy', 'area_ids', 'schedule_id'],
		(row) => [row.id, row.name, row.strategy, JSON.stringify(row.areaIds), row.scheduleId],
	),
	assignedRights: stored(
		'assignedRights',
		'assigned_rights',
		['id', 'holder_id', 'specification_id', 'state', 'valid_from_ms', 'valid_to_ms'],
		(row) => [
			row.id,
			row.holderId,
			row.specificationId,
			RIGHT_STATES.indexOf(row.state),
			row.validFromMs,
			row.validToMs,
		],
		['holder_id'],
	),
	schedules: stored('schedules', 'schedules', ['id', 'name', 'periods', 'special_days'], (row) => [
		row.id,
		row.name,
		JSON.stringify(row.periods),
		JSON.stringify(row.specialDays),
	]),
};

export function isDirectoryTable(name: string): name is DirectoryTable {
	return Object.hasOwn(DIRECTORY_TABLES, name);
}

function stored<T extends DirectoryTable>(
	table: T,
	sqlName: string,
	columns: readonly string[],
	valuesOf: (row: DirectoryRow<T>) => readonly SqlValue[],
	indexed: readonly string[] = [],
	check: (row: DirectoryRow<T>) => string | undefined = () => undefined,
): StoredTable {
	const schema = DIRECTORY_TABLES[table].row;
	return {
		sqlName,
		columns,
		indexed,
		accept(raw) {
			const parsed = schema.safeParse(raw);
			if (!parsed.success) {
				const [issue] = parsed.error.issues;
				return { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a row'}`.slice(0, 200) };
			}
			// The schema is this table's; TypeScript does not follow the table through the record.
			const row = parsed.data as DirectoryRow<T>;
			const problem = check(row);
			return problem === undefined ? { values: valuesOf(row) } : { problem };
		},
	};
}

export function credentialKindCode(kind: Credential['kind']): number {
	return CREDENTIAL_KINDS.indexOf(kind);
}

export interface StoredHolder {
	readonly id: string;
	readonly kind: number;
	readonly name: string;
	readonly email: string | null;
	readonly status: number;
}

export function toHolder(row: StoredHolder): Holder {
	return { ...row, kind: HOLDER_KINDS[row.kind] ?? 'person', status: HOLDER_STATUSES[row.status] ?? 'blocked' };
}

export interface StoredCredential {
	readonly id: string;
	readonly holderId: string;
	readonly kind: number;
	readonly value: string;
	readonly label: string | null;
	readonly state: number;
	readonly validFromMs: number | null;
	readonly validToMs: number | null;
}

export function toCredential(row: StoredCredential): Credential {
	return { ...row, kind: CREDENTIAL_KINDS[row.kind] ?? 'tag', state: CREDENTIAL_STATES[row.state] ?? 'disabled' };
}

export interface StoredRight {
	readonly id: string;
	readonly holderId: string;
	readonly specificationId: string;
	readonly state: number;
	readonly validFromMs: number | null;
	readonly validToMs: number | null;
}

export function toRight(row: StoredRight): AssignedRight {
	return { ...row, state: RIGHT_STATES[row.state] ?? 'suspended' };
}

export interface StoredSpecification {
	readonly id: string;
	readonly name: string;
	readonly strategy: RightSpecification['strategy'];
	readonly areaIds: string;
	readonly scheduleId: string | null;
}

/** Lists were checked when they were stored. */
export function toSpecification(row: StoredSpecification): RightSpecification {
	return { ...row, areaIds: JSON.parse(row.areaIds) as RightSpecification['areaIds'] };
}

export interface StoredSchedule {
	readonly id: string;
	readonly name: string;
	readonly periods: string;
	readonly specialDays: string;
}

export function toSchedule(row: StoredSchedule): Schedule {
	return {
		...row,
		periods: JSON.parse(row.periods) as Schedule['periods'],
		specialDays: JSON.parse(row.specialDays) as Schedule['specialDays'],
	};
}

/** Words a holder is found by: those of the name, and the e-mail address. */
export function holderWords(name: string, email: string | null): readonly string[] {
	const words = foldText(name).split(' ').filter(Boolean).slice(0, 6);
	return [...new Set(email === null ? words : [...words, foldText(email)])];
}
