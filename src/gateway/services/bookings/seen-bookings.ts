import type { DirectoryTable } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Access } from '../../core/permission/access.ts';
import { mayAtRow, seesRow } from '../../core/permission/decide-change.ts';
import type { RowLook } from '../../core/permission/row-place.ts';
import { rowScopeOf } from '../../core/permission/row-scope.ts';
import type { Places } from '../../core/permission/scope.ts';
import type { Permission } from '../../core/permission.ts';
import type { EditBy } from '../directory/directory-edits.ts';
import type { DirectoryLists } from '../directory/directory-lists.ts';
import type { BookingView } from './booking-view.ts';
import type { BookingQuery, BookingRight, Bookings } from './bookings.ts';

export interface SeenBookingsDeps {
	readonly bookings: Bookings;
	readonly directoryLists: Pick<DirectoryLists, 'rows'>;
	readonly rowLook: () => RowLook;
	readonly places: Places;
}

/** Bookings as one reader may see and make them; any other is as if it was not there. */
export interface SeenBookings extends Omit<Bookings, 'list' | 'fleet' | 'vehicle' | 'freeSpaces'> {
	list(query: BookingQuery): Promise<readonly BookingView[]>;
	fleet(): Promise<ReturnType<Bookings['fleet']>>;
	mayWrite(bookingId: string): boolean;
}

/** How many places an area has left is for who sees the area; when a vehicle is taken, for who sees bookings where it is. */
export function seenBookings(
	{ bookings, directoryLists, rowLook, places }: SeenBookingsDeps,
	access: Pick<Access, 'may' | 'reach'>,
): SeenBookings {
	const isAt = (permission: Permission, table: DirectoryTable, id: string, look = rowLook()) =>
		mayAtRow(access, permission, table, look.row(table, id), look);
	const within = (by: EditBy): EditBy => ({ ...by, access });
	const isTheirs = (look: RowLook) => (right: BookingRight) => {
		const row = look.row('assignedRights', right.id);
		return access.may('plannedUses:write') || (row !== undefined && seesRow(access, 'assignedRights', row, look));
	};

	function scopes() {
		const scope = rowScopeOf(access.reach('plannedUses:read'), places);
		return scope && { scopes: [scope] };
	}

	/** Read where lists are, so that nothing waits for it: what is theirs is found by the scope before it is counted. */
	async function scopedList({ fromMs, toMs, areaId, vehicleId }: BookingQuery): Promise<readonly BookingView[]> {
		const rows = directoryLists.rows({
			table: 'plannedUses',
			between: {
				startMs: { from: fromMs - LIMITS.bookingMs, below: toMs },
				endMs: { from: fromMs + 1, below: Number.MAX_SAFE_INTEGER },
			},
			...(vehicleId !== undefined && { where: { vehicleId: [vehicleId] } }),
			...scopes(),
		});
		const found: BookingView[] = [];
		for await (const batch of rows) {
			const views = batch.flatMap(({ id }) => bookings.get(String(id)) ?? []);
			found.push(...views.filter(({ areaIds }) => areaId === undefined || areaIds.includes(areaId)));
			if (found.length >= LIMITS.bookingsShown) break;
		}
		return found.slice(0, LIMITS.bookingsShown);
	}

	async function scopedFleet(): Promise<ReturnType<Bookings['fleet']>> {
		const groups = rowLook().find('groups', { kind: 'sharing' });
		const sharingGroupId = groups.slice(0, LIMITS.filterValues).map(({ id }) => String(id));
		if (sharingGroupId.length === 0) return [];
		const ids: string[] = [];
		const where = { kind: ['vehicle'], sharingGroupId };
		for await (const batch of directoryLists.rows({ table: 'holders', where, ...scopes() })) {
			ids.push(...batch.map(({ id }) => String(id)));
			if (ids.length >= LIMITS.fleetVehicles) break;
		}
		return ids.slice(0, LIMITS.fleetVehicles).flatMap((id) => bookings.vehicle(id) ?? []);
	}

	return {
		get(id) {
			const look = rowLook();
			const row = look.row('plannedUses', id);
			return row !== undefined && seesRow(access, 'plannedUses', row, look) ? bookings.get(id) : undefined;
		},
		mayWrite: (id) => isAt('plannedUses:write', 'plannedUses', id),
		list: async (query) => (access.may('plannedUses:read') ? bookings.list(query) : scopedList(query)),
		availability: (areaId, span) =>
			access.may('plannedUses:read', { kind: 'area', id: areaId }) ? bookings.availability(areaId, span) : undefined,
		vehicleAvailability: (vehicleId, span) =>
			isAt('plannedUses:read', 'holders', vehicleId) ? bookings.vehicleAvailability(vehicleId, span) : undefined,
		fleet: async () => (access.may('plannedUses:read') ? bookings.fleet() : scopedFleet()),
		rightsFor: (holderId, vehicleId) => bookings.rightsFor(holderId, vehicleId).filter(isTheirs(rowLook())),
		keptRightsOf: (holderId) => bookings.keptRightsOf(holderId).filter(isTheirs(rowLook())),
		book: (request, by) => bookings.book(request, within(by), isTheirs(rowLook())),
		giveUp: (request, by) => bookings.giveUp(request, within(by)),
		move: (id, change, by) => bookings.move(id, change, within(by)),
		release: (id, by) => bookings.release(id, within(by)),
	};
}
