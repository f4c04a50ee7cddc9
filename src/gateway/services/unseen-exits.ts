import { areaChain, areasWithin } from '../core/area-chain.ts';
import type { Site } from '../core/site.ts';
import type { OpenParkingSession } from '../store/parking-sessions.ts';
import type { SiteStore } from '../store/site-store.ts';

export interface UnseenExit {
	readonly atMs: number;
	/** Where it was noticed; the lane it came in by when a clock noticed it. */
	readonly laneId: string;
	readonly by: 'nextEntry' | 'autoClose';
	/** Its place is free again, unless it was counted out already. */
	readonly freesPlace: boolean;
}

/** Closes the stay of a vehicle that must have left without being recognised; the count heals with a recorded reason (N4). */
export type CloseUnseenExit = (session: OpenParkingSession, exit: UnseenExit) => void;

/** More stays than vehicles: one of them was counted out as unknown when it left. */
export function wasCountedOut(site: Pick<Site, 'areas'>, store: SiteStore, areaId: string): boolean {
	return store.parkingSessions.countedIn(areasWithin(site, areaId)) > store.occupancy.counter(areaId).occupied;
}

export function createUnseenExits(site: Pick<Site, 'areas' | 'parks'>, store: SiteStore): CloseUnseenExit {
	return (session, { atMs, laneId, by, freesPlace }) => {
		const { id, areaId, counted, decisionId, openedAtMs, shared = [] } = session;
		const countedOut = wasCountedOut(site, store, areaId);
		store.parkingSessions.close(id, { atMs, laneOutId: null, by });
		const leave = areaChain(site, areaId).map((link) => link.areaId);
		store.stayDeadlines.clear(id);
		const places = counted && freesPlace && !countedOut ? leave : [];
		// Nobody adjusts pools and groups by hand: theirs are free in any case.
		const sharedPlaces = shared.map(({ counter }) => counter);
		if (places.length + sharedPlaces.length > 0) {
			store.occupancy.move({ leave: [...places, ...sharedPlaces], enter: [] });
		}
		store.journal.append({
			type: 'lane',
			class: 'decision',
			id: `${id}.missedExit`,
			atMs,
			laneId,
			event: 'missedExit',
			decisionId,
			detail: { area: areaId, since: openedAtMs, by, countedOut, freed: freesPlace },
		});
	};
}
