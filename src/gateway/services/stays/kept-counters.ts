import { areaChain } from '../../core/area-chain.ts';
import type { Site } from '../../core/site.ts';

export interface KeptWhere {
	/** The space that is kept; it stands in one area. */
	readonly spaceId: string | null;
	/** Areas the right opens; empty: every area. */
	readonly areaIds: readonly string[];
}

/**
 * Counters on which one place is kept: of the area with the space, else of every area the right opens, as nobody knows
 * where its vehicle will go; once at each enclosing level.
 */
export function keptCounters(site: Pick<Site, 'areas' | 'parks'>, { spaceId, areaIds }: KeptWhere): readonly string[] {
	const ofSpace = spaceId === null ? undefined : areaOfSpace(site, spaceId);
	const open = areaIds.length === 0 ? site.areas.map(({ id }) => id) : areaIds;
	const areas = ofSpace === undefined ? open : [ofSpace];
	return [...new Set(areas.flatMap((areaId) => areaChain(site, areaId).map((link) => link.areaId)))];
}

export function areaOfSpace({ areas }: Pick<Site, 'areas'>, spaceId: string): string | undefined {
	return areas.find(({ spaces }) => spaces?.some(({ id }) => id === spaceId))?.id;
}

/** Thousands of bookings are of a few areas, or of wherever some specifications open: worked out once each. */
export function createCounters(site: Pick<Site, 'areas' | 'parks'>) {
	const known = new Map<string | readonly string[], readonly string[]>();
	return (spaceId: string | null, where: string | readonly string[]): readonly string[] => {
		const remembered = spaceId === null ? known.get(where) : undefined;
		if (remembered !== undefined) return remembered;
		const counters = keptCounters(site, { spaceId, areaIds: typeof where === 'string' ? [where] : where });
		if (spaceId === null) known.set(where, counters);
		return counters;
	};
}
