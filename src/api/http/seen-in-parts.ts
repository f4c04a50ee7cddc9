import type { Access } from '../../gateway/core/permission/access.ts';
import { mayAtDevice } from '../../gateway/core/permission/device-place.ts';
import type { Place } from '../../gateway/core/permission/scope.ts';
import type { Permission } from '../../gateway/core/permission.ts';
import type { Site } from '../../gateway/core/site.ts';
import type { LaneView } from '../../gateway/services/lanes/lane-view.ts';
import type { AreaOccupancy } from '../../gateway/services/occupancy.ts';

/** Whoever looks, as far as lists ask: an `Access`, or the page that is made for them. */
export type Sees = Pick<Access, 'may'>;

/** Which parts of the site somebody may see: what the services filter their lists by. */
export interface Sight {
	/** Lanes where all of these are allowed; undefined: the whole site, with lanes that it has no more. */
	lanes(sees: Sees, ...permissions: readonly Permission[]): readonly string[] | undefined;
	/** Areas likewise. */
	areas(sees: Sees, permission: Permission): readonly string[] | undefined;
	/** Whether all that a device is wired to is theirs, or the device by itself; what serves no lane is the whole site's. */
	device(sees: Sees, deviceId: string, permission?: Permission): boolean;
}

export function createSight({ lanes, areas }: Pick<Site, 'lanes' | 'areas'>): Sight {
	return {
		lanes(sees, ...permissions) {
			if (permissions.every((permission) => sees.may(permission))) return undefined;
			const isSeen = (place: Place) => permissions.every((permission) => sees.may(permission, place));
			return lanes.filter(({ id }) => isSeen(laneAt(id))).map(({ id }) => id);
		},
		areas(sees, permission) {
			if (sees.may(permission)) return undefined;
			return areas.filter(({ id }) => sees.may(permission, areaAt(id))).map(({ id }) => id);
		},
		device: (sees, deviceId, permission) => mayAtDevice(sees, lanes, deviceId, permission),
	};
}

export const laneAt = (id: string): Place => ({ kind: 'lane', id });
export const areaAt = (id: string): Place => ({ kind: 'area', id });

/** A picture that was read at several lanes is for who sees them all; `laneId` null: no lane looked at it. */
export function seesReads(
	sees: Sees,
	permission: Permission,
	reads: readonly { readonly laneId: string | null }[],
): boolean {
	if (sees.may(permission)) return true;
	return reads.length > 0 && reads.every(({ laneId }) => laneId !== null && sees.may(permission, laneAt(laneId)));
}

/** Lists that show each reader the parts of the site they may see. */
export function lanesSeenBy(access: Sees, lanes: readonly LaneView[]): readonly LaneView[] {
	return lanes.filter(({ id }) => access.may('lanes:read', laneAt(id)));
}

export function countersSeenBy(access: Sees, counters: readonly AreaOccupancy[]): readonly AreaOccupancy[] {
	return counters.filter(({ areaId, level }) => access.may('occupancy:read', { kind: level, id: areaId }));
}
