import type { AreaFact } from '../core/access/facts.ts';
import { OUTSIDE, type Site } from '../core/site.ts';
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
}

export interface Occupancy {
	list(): readonly AreaOccupancy[];
}

export function createOccupancy(deps: {
	readonly store: { readonly occupancy: Pick<OccupancyStore, 'counter'> };
	readonly site: Pick<Site, 'parks' | 'areas'>;
}): Occupancy {
	const { store, site } = deps;
	return {
		// Each park, then its areas, enclosing ones before those within.
		list: () =>
			site.parks.flatMap((park) => [
				{
					...store.occupancy.counter(park.id),
					level: 'park' as const,
					name: park.name,
					parkId: park.id,
					parentId: null,
					capacity: park.capacity ?? null,
				},
				...site.areas
					.filter((area) => area.parkId === park.id)
					.map((area) => ({
						...store.occupancy.counter(area.id),
						level: 'area' as const,
						name: area.name,
						parkId: park.id,
						parentId: area.parentId ?? null,
						capacity: area.capacity ?? null,
					})),
			]),
	};
}

/** @returns a function giving the counters a vehicle in `areaId` counts in: the area, enclosing ones after it, its park last; none for `outside`. */
export function createAreaFacts(deps: {
	readonly store: { readonly occupancy: Pick<OccupancyStore, 'counter'> };
	readonly site: Pick<Site, 'parks' | 'areas'>;
}): (areaId: string) => readonly AreaFact[] {
	const { store, site } = deps;
	const areas = new Map(site.areas.map((area) => [area.id, area]));
	const parks = new Map(site.parks.map((park) => [park.id, park]));
	const levels = new Map(site.areas.map((area) => [area.id, levelsOf(area.id)]));
	return (areaId) =>
		areaId === OUTSIDE
			? []
			: (levels.get(areaId) ?? []).map((level) => {
					const { occupied, reserved } = store.occupancy.counter(level.areaId);
					return { ...level, occupied, reserved };
				});

	function levelsOf(areaId: string): readonly Pick<AreaFact, 'areaId' | 'level' | 'capacity'>[] {
		const area = areas.get(areaId);
		if (area === undefined) return [];
		const own = { areaId, level: 'area', capacity: area.capacity ?? null } as const;
		if (area.parentId !== undefined) return [own, ...levelsOf(area.parentId)];
		const park = parks.get(area.parkId);
		if (park === undefined) return [own];
		return [own, { areaId: park.id, level: 'park', capacity: park.capacity ?? null }];
	}
}
