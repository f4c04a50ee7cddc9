import { DIRECTORY_TABLES, type DirectoryRow } from '../core/directory.ts';
import type { SqlValue } from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';

/** A planned use as limits need it. */
export type PlannedUse = Omit<DirectoryRow<'plannedUses'>, 'note'> & {
	/** Of its right; null: the right is not here. */
	readonly specificationId: string | null;
};

/** A right of an active holder whose place may be kept. */
export interface KeepingRight {
	readonly id: string;
	readonly specificationId: string;
	readonly validFromMs: number | null;
	readonly validToMs: number | null;
	readonly spaceId: string | null;
	/** Of the vehicle that holds it. */
	readonly holderSpaceId: string | null;
}

/** What decisions and bookings read beside the rights themselves. */
export interface LimitReads {
	/** Another object after every change of the directory or of an edit over it: what was read before may differ. */
	version(): object;
	/** Of one right, that begin in [from, to) or lie within; in no order. */
	plannedUsesOf(rightId: string, fromMs: number, toMs: number): readonly PlannedUse[];
	/** Bookings of one fleet vehicle. */
	plannedUsesOfVehicle(vehicleId: string, fromMs: number, toMs: number): readonly PlannedUse[];
	/** Of everybody: that begin in [from, to) and end after `endsAfterMs`. */
	plannedUsesIn(fromMs: number, toMs: number, endsAfterMs: number, limit: number): readonly PlannedUse[];
	/** Active rights by one specification, of active holders; with `onlySpaces` those that have a space of their own. */
	keepingRights(specificationId: string, onlySpaces: boolean, limit: number): readonly KeepingRight[];
}

type StoredUse = Omit<PlannedUse, 'kind' | 'state'> & { readonly kind: SqlValue; readonly state: SqlValue };

const { plannedUses, assignedRights, holders } = DIRECTORY_TABLES;
const USE = `u.id, u.kind, u.holder_id AS holderId, u.right_id AS rightId, u.area_id AS areaId, u.space_id AS spaceId,
	u.vehicle_id AS vehicleId, u.start_ms AS startMs, u.end_ms AS endMs, u.state, r.specification_id AS specificationId`;
/** Planned uses of one right or vehicle that are looked at. */
const USES_OF_ONE = 200;

/** No ORDER BY: see `createDirectoryReader`. `source`: where a table is read from. */
export function prepareLimitReads(db: Sqlite, source: (table: string) => string) {
	const from = `FROM ${source('planned_uses')} u LEFT JOIN ${source('assigned_rights')} r ON r.id = u.right_id`;
	const usesOf = (column: string) =>
		db.prepare<[string, number, number], StoredUse>(
			`SELECT ${USE} ${from} WHERE u.${column} = ? AND u.start_ms >= ? AND u.start_ms < ? LIMIT ${USES_OF_ONE}`,
		);
	const keeping = (where: string) =>
		db.prepare<[string, SqlValue, SqlValue, number], KeepingRight>(
			`SELECT r.id, r.specification_id AS specificationId, r.valid_from_ms AS validFromMs, r.valid_to_ms AS validToMs,
			r.space_id AS spaceId, h.space_id AS holderSpaceId
			FROM ${source('assigned_rights')} r JOIN ${source('holders')} h ON h.id = r.holder_id
			WHERE r.specification_id = ? AND r.state = ? AND h.status = ? ${where} LIMIT ?`,
		);
	const ofRight = usesOf('right_id');
	const ofVehicle = usesOf('vehicle_id');
	const inTime = db.prepare<[number, number, number, number], StoredUse>(
		`SELECT ${USE} ${from} WHERE u.start_ms >= ? AND u.start_ms < ? AND u.end_ms > ? LIMIT ?`,
	);
	const keepingAny = keeping('');
	const keepingSpace = keeping('AND (r.space_id IS NOT NULL OR h.space_id IS NOT NULL)');
	const active = [assignedRights.fields.state.toColumn('active'), holders.fields.status.toColumn('active')] as const;
	return {
		plannedUsesOf: (rightId: string, fromMs: number, toMs: number) => ofRight.all(rightId, fromMs, toMs).map(toUse),
		plannedUsesOfVehicle: (vehicleId: string, fromMs: number, toMs: number) =>
			ofVehicle.all(vehicleId, fromMs, toMs).map(toUse),
		plannedUsesIn: (fromMs: number, toMs: number, endsAfterMs: number, limit: number) =>
			inTime.all(fromMs, toMs, endsAfterMs, limit).map(toUse),
		keepingRights: (specificationId: string, onlySpaces: boolean, limit: number) =>
			(onlySpaces ? keepingSpace : keepingAny).all(specificationId, ...active, limit),
	};
}

function toUse(stored: StoredUse): PlannedUse {
	const { fields } = plannedUses;
	return { ...stored, kind: fields.kind.fromColumn(stored.kind), state: fields.state.fromColumn(stored.state) };
}
