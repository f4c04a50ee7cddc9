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

export function createUnseenExits(site: Pick<Site, 'areas' | 'parks'>, store: SiteStore): CloseUnseenExit {
	return (session, { atMs, laneId, by, freesPlace }) => {
		const { id, areaId, counted, decisionId, openedAtMs } = session;
		// More stays than vehicles: one was counted out as unknown when it left.
		const vehicles = store.occupancy.counter(areaId).occupied;
		const wasCountedOut = store.parkingSessions.countedIn(areasWithin(site, areaId)) > vehicles;
		store.parkingSessions.close(id, { atMs, laneOutId: null, by });
		const leave = areaChain(site, areaId).map((link) => link.areaId);
		if (counted && freesPlace && !wasCountedOut) store.occupancy.move({ leave, enter: [] });
		store.journal.append({
			type: 'lane',
			class: 'decision',
			id: `${id}.missedExit`,
			atMs,
			laneId,
			event: 'missedExit',
			decisionId,
			detail: { area: areaId, since: openedAtMs, by, countedOut: wasCountedOut, freed: freesPlace },
		});
	};
}
