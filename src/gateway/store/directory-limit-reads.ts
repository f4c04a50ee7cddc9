import { DIRECTORY_TABLES, type DirectoryRow } from '../core/directory.ts';
import { LIMITS } from '../core/limits.ts';
import type { EditedApart } from './directory-overlay.ts';
import type { SqlValue } from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';

/** A planned use as limits need it. */
export type PlannedUse = Omit<DirectoryRow<'plannedUses'>, 'note'>;

/** So many bookings of the same place and times. */
export interface BookedTimes {
	readonly areaId: string | null;
	readonly spaceId: string | null;
	readonly startMs: number;
	readonly endMs: number;
	readonly times: number;
}

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
	/** Of everybody: that have some of their time in [from, to); none that is longer than LIMITS.bookingMs. */
	plannedUsesIn(fromMs: number, toMs: number, limit: number): readonly PlannedUse[];
	/**
	 * Bookings among them that are planned, those alike together. None is missing, and some may be too many: of a booking
	 * that was edited here both what it was and what it is.
	 */
	bookedAtMost(fromMs: number, toMs: number, limit: number): readonly BookedTimes[];
	/** What a right grants; null: the right is not here. */
	specificationIdOf(rightId: string): string | null;
	/** The longest of all specifications, minutes: so long before it begins a booking may have its place. */
	longestGraceMin(): number;
	/** Active rights by one specification, of active holders; with `onlySpaces` those that have a space of their own. */
	keepingRights(specificationId: string, onlySpaces: boolean, limit: number): readonly KeepingRight[];
}

type StoredUse = Omit<PlannedUse, 'kind' | 'state'> & { readonly kind: SqlValue; readonly state: SqlValue };

const { plannedUses, assignedRights, holders } = DIRECTORY_TABLES;
const USE = `id, kind, holder_id AS holderId, right_id AS rightId, area_id AS areaId, space_id AS spaceId,
	vehicle_id AS vehicleId, start_ms AS startMs, end_ms AS endMs, state`;
const DIRECTORY_SOURCE = 'planned_uses';
const BOOKED = 'area_id AS areaId, space_id AS spaceId, start_ms AS startMs, end_ms AS endMs, count(*) AS times';
const ALIKE = `AND kind = ${plannedUses.fields.kind.toColumn('booking')} AND state = ${plannedUses.fields.state.toColumn('planned')}
	GROUP BY start_ms, end_ms, area_id, space_id`;
/** What is longer stands in an index of its own (`planned_uses_long`). */
const LONG_MS = 86_400_000;
/** Planned uses of one right or vehicle that are looked at. */
export const USES_OF_ONE = 200;

/** No ORDER BY: see `createDirectoryReader`. `source`: where a table is read from; `edited`: planned uses that were edited. */
export function prepareLimitReads(db: Sqlite, source: (table: string) => string, edited?: EditedApart) {
	const usesOf = (column: string) =>
		db.prepare<[string, number, number], StoredUse>(
			`SELECT ${USE} FROM ${source('planned_uses')} WHERE ${column} = ? AND start_ms >= ? AND start_ms < ? LIMIT ${USES_OF_ONE}`,
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
	const running = prepareRunning<StoredUse>(db, DIRECTORY_SOURCE, USE);
	const runningEdited = edited && prepareRunning<StoredUse>(db, edited.source, USE);
	const editedKeys = edited && db.prepare<[], string>(edited.keys).pluck();
	const booked = [DIRECTORY_SOURCE, ...(edited === undefined ? [] : [edited.source])].map((from) =>
		prepareRunning<BookedTimes>(db, from, BOOKED, ALIKE),
	);
	const specificationIdOf = db
		.prepare<[string], string>(`SELECT specification_id FROM ${source('assigned_rights')} WHERE id = ?`)
		.pluck();
	const longestGrace = db
		.prepare<[], number | null>(`SELECT max(grace_min) FROM ${source('right_specifications')}`)
		.pluck();
	const keepingAny = keeping('');
	const keepingSpace = keeping('AND (r.space_id IS NOT NULL OR h.space_id IS NOT NULL)');
	const active = [assignedRights.fields.state.toColumn('active'), holders.fields.status.toColumn('active')] as const;
	return {
		plannedUsesOf: (rightId: string, fromMs: number, toMs: number) => ofRight.all(rightId, fromMs, toMs).map(toUse),
		plannedUsesOfVehicle: (vehicleId: string, fromMs: number, toMs: number) =>
			ofVehicle.all(vehicleId, fromMs, toMs).map(toUse),
		plannedUsesIn(fromMs: number, toMs: number, limit: number) {
			const stored = running(fromMs, toMs, limit);
			if (editedKeys === undefined || runningEdited === undefined) return stored.map(toUse);
			const keys = new Set(editedKeys.all());
			const asSent = stored.filter(({ id }) => !keys.has(id));
			return [...runningEdited(fromMs, toMs, limit), ...asSent].slice(0, limit).map(toUse);
		},
		bookedAtMost: (fromMs: number, toMs: number, limit: number) =>
			booked.flatMap((running) => running(fromMs, toMs, limit)).slice(0, limit),
		specificationIdOf: (rightId: string) => specificationIdOf.get(rightId) ?? null,
		longestGraceMin: () => longestGrace.get() ?? 0,
		keepingRights: (specificationId: string, onlySpaces: boolean, limit: number) =>
			(onlySpaces ? keepingSpace : keepingAny).all(specificationId, ...active, limit),
	};
}

/** What has some of its time in [from, to): of the usual ones what began within a day before, and the few long ones apart. */
function prepareRunning<Row>(db: Sqlite, from: string, columns: string, alike = '') {
	const select = (where: string) =>
		db.prepare<[number, number, number, number], Row>(
			`SELECT ${columns} FROM ${from} WHERE start_ms >= ? AND start_ms < ? AND end_ms > ? ${where} ${alike} LIMIT ?`,
		);
	const usual = select('');
	const long = select(`AND end_ms - start_ms > ${LONG_MS}`);
	return (fromMs: number, toMs: number, limit: number): readonly Row[] => {
		const begun = usual.all(fromMs - LONG_MS, toMs, fromMs, limit);
		const before = long.all(fromMs - LIMITS.bookingMs, fromMs - LONG_MS, fromMs, limit - begun.length);
		return before.length === 0 ? begun : [...before, ...begun];
	};
}

/** Each field by its name: of thousands, copying them as a whole takes longer than reading them. */
function toUse({ id, kind, holderId, rightId, areaId, spaceId, vehicleId, startMs, endMs, state }: StoredUse) {
	const { fields } = plannedUses;
	const made: PlannedUse = {
		id,
		kind: fields.kind.fromColumn(kind),
		holderId,
		rightId,
		areaId,
		spaceId,
		vehicleId,
		startMs,
		endMs,
		state: fields.state.fromColumn(state),
	};
	return made;
}
