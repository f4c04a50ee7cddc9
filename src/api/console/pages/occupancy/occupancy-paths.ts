export const OCCUPANCY_PATH = '/occupancy';

/** Where the count of an area or park is corrected. */
export function adjustPath(areaId: string): string {
	return `/occupancy/${encodeURIComponent(areaId)}/adjust`;
}

/** Where presence is reset. @param holderId chosen already. */
export function presencePath(holderId?: string): string {
	return holderId === undefined ? '/occupancy/presence' : `/occupancy/presence?holder=${encodeURIComponent(holderId)}`;
}
