import { type AntiPassback, type Lane, OUTSIDE, type Site } from './site.ts';

/** A counter on the way in: the area, what encloses it, then its park. */
export interface ChainLink {
	readonly areaId: string;
	readonly level: 'area' | 'park';
	readonly capacity: number | null;
	readonly antiPassback?: AntiPassback;
}

/** Innermost first; empty for `outside` and for an area the site does not have. */
export function areaChain({ areas, parks }: Pick<Site, 'areas' | 'parks'>, areaId: string): readonly ChainLink[] {
	if (areaId === OUTSIDE) return [];
	const chain: ChainLink[] = [];
	let parkId: string | undefined;
	for (let area = find(areaId); area !== undefined && chain.length <= areas.length; area = find(area.parentId)) {
		chain.push({
			areaId: area.id,
			level: 'area',
			capacity: area.capacity ?? null,
			...(area.antiPassback && { antiPassback: area.antiPassback }),
		});
		parkId = area.parkId;
	}
	const park = parks.find(({ id }) => id === parkId);
	return park === undefined ? chain : [...chain, { areaId: park.id, level: 'park', capacity: park.capacity ?? null }];

	function find(id: string | undefined) {
		return areas.find((area) => area.id === id);
	}
}

/** Of where the lane leads, else of where it comes from; null: neither lies in a park. */
export function parkOfLane(
	site: Pick<Site, 'areas' | 'parks'>,
	{ from, to }: Pick<Lane, 'from' | 'to'>,
): string | null {
	const links = [to, from].flatMap((areaId) => areaChain(site, areaId));
	return links.find(({ level }) => level === 'park')?.areaId ?? null;
}

/** Counters a vehicle enters and leaves on its way `from` → `to`; what encloses both stays as it is. */
export function areaMove(site: Pick<Site, 'areas' | 'parks'>, from: string, to: string) {
	const left = areaChain(site, from).map(({ areaId }) => areaId);
	const entered = areaChain(site, to).map(({ areaId }) => areaId);
	return {
		leave: left.filter((areaId) => !entered.includes(areaId)),
		enter: entered.filter((areaId) => !left.includes(areaId)),
	};
}

/** An area and all that lie within it. */
export function areasWithin({ areas }: Pick<Site, 'areas'>, areaId: string): readonly string[] {
	const within = [areaId];
	// Grows while it is walked: parents stand before children, cycles are refused by the configuration.
	for (const id of within) {
		for (const area of areas) if (area.parentId === id && !within.includes(area.id)) within.push(area.id);
	}
	return within;
}
