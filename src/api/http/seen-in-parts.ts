import type { Access } from '../../gateway/core/permission/access.ts';
import type { LaneView } from '../../gateway/services/lanes/lane-view.ts';
import type { AreaOccupancy } from '../../gateway/services/occupancy.ts';

/** Lists that show each reader the parts of the site they may see. */
export function lanesSeenBy(access: Access, lanes: readonly LaneView[]): readonly LaneView[] {
	return lanes.filter(({ id }) => access.may('lanes:read', { kind: 'lane', id }));
}

export function countersSeenBy(access: Access, counters: readonly AreaOccupancy[]): readonly AreaOccupancy[] {
	return counters.filter(({ areaId, level }) => access.may('occupancy:read', { kind: level, id: areaId }));
}
