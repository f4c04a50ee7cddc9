import type { Site } from '../core/site.ts';
import type { OccupancyStore } from '../store/occupancy.ts';

/** One counter: an area, or a park as a whole. */
export interface AreaOccupancy {
	readonly areaId: string;
	readonly level: 'area' | 'park';
	readonly name: string;
	readonly parkId: string;
	readonly parentId: string | null;
	readonly capacity: number | null;
	readonly occupied: number;
	/** Held for vehicles let in whose passage has not happened yet. */
	readonly reserved: number;
	/** Kept for preferential rights and running bookings whose vehicle is not inside: free, and not for others; absent: none. */
	readonly kept?: number;
}

export interface Occupancy {
	list(): readonly AreaOccupancy[];
}

export function createOccupancy(deps: {
	readonly store: { readonly occupancy: Pick<OccupancyStore, 'counter'> };
	readonly site: Pick<Site, 'parks' | 'areas'>;
	/** Places kept now, by counter. */
	readonly kept?: () => (areaId: string) => number;
}): Occupancy {
	const { store, site } = deps;
	return {
		// Each park, then its areas, enclosing ones before those within.
		list: () => {
			const kept = deps.kept?.() ?? (() => 0);
			const counted = (areaId: string) => {
				const places = kept(areaId);
				return { ...store.occupancy.counter(areaId), ...(places > 0 && { kept: places }) };
			};
			return site.parks.flatMap((park) => [
				{
					...counted(park.id),
					level: 'park' as const,
					name: park.name,
					parkId: park.id,
					parentId: null,
					capacity: park.capacity ?? null,
				},
				...site.areas
					.filter((area) => area.parkId === park.id)
					.map((area) => ({
						...counted(area.id),
						level: 'area' as const,
						name: area.name,
						parkId: park.id,
						parentId: area.parentId ?? null,
						capacity: area.capacity ?? null,
					})),
			]);
		},
	};
}
