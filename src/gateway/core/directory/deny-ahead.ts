import type { DirectoryTable, Schedule } from '../directory.ts';
import { overlapOf } from '../schedule-overlap.ts';
import { moreRestrictive } from './more-restrictive.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * What is left of our row where central's later word on it is known, and what it changed in between is not (SYNC.md: a
 * swap or a gap never delays a revocation): never more than either lets in. null: nothing.
 *
 * @param later null: deleted
 */
export function restrictedBy(table: DirectoryTable, ours: Row, later: Row | null): Row | null {
	if (later === null) return null;
	// It is of somebody or something else by then: what comes in its place comes in its turn.
	if (NAMES[table]?.some((field) => ours[field] !== later[field])) return null;
	switch (table) {
		case 'rightSpecifications': {
			const areaIds = bothAreas(ours['areaIds'] as readonly string[], later['areaIds'] as readonly string[]);
			return areaIds === null ? null : { ...ours, areaIds, scheduleId: ours['scheduleId'] ?? later['scheduleId'] };
		}
		case 'schedules':
			return { ...ours, ...overlapOf(ours as Schedule, later as Schedule) };
		case 'pools':
		case 'groups':
			return { ...ours, capacity: lower(ours['capacity'], later['capacity']) };
		default:
			return moreRestrictive(table, ours, later);
	}
}

/** In place of a row that can't be used: who is named by it shares nothing. null: without the row there is no permission. */
export function closedRow(table: DirectoryTable, key: string): Row | null {
	return table === 'pools' || table === 'groups' ? { id: key, name: key, kind: 'tenant', capacity: 0 } : null;
}

/** Whom a row lets in, where and when. */
const NAMES: Readonly<Partial<Record<DirectoryTable, readonly string[]>>> = {
	credentials: ['kind', 'value', 'holderId'],
	assignedRights: ['holderId', 'specificationId'],
	plannedUses: ['kind', 'holderId', 'rightId', 'areaId', 'vehicleId', 'startMs', 'endMs'],
};

/** An empty list names every area. */
function bothAreas(ours: readonly string[], later: readonly string[]): readonly string[] | null {
	if (later.length === 0) return ours;
	const both = ours.length === 0 ? later : ours.filter((areaId) => later.includes(areaId));
	return both.length === 0 ? null : both;
}

/** null: no limit. */
function lower(ours: unknown, later: unknown): unknown {
	if (typeof ours !== 'number' || typeof later !== 'number') return ours ?? later;
	return Math.min(ours, later);
}
