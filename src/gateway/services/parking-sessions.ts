import { areaChain } from '../core/area-chain.ts';
import { LIMITS } from '../core/limits.ts';
import type { Site } from '../core/site.ts';
import type { DirectoryReader } from '../store/directory-reader.ts';
import type { ParkingSession, ParkingSessionEnd, ParkingSessionStore } from '../store/parking-sessions.ts';
import type { Page } from './access-log.ts';
import { createListCursor } from './list-cursor.ts';

/** One parking session as lists show it. */
export interface ParkingSessionLine {
	readonly id: string;
	/** null: a vehicle nobody identified. */
	readonly holderId: string | null;
	/** As the directory has it now; null: unknown, or no longer in it. */
	readonly holderName: string | null;
	readonly credentialId: string | null;
	readonly decisionId: string | null;
	/** Innermost area it is, or was last, in. */
	readonly areaId: string;
	/** Where in it somebody saw it; null: not known. */
	readonly spaceId: string | null;
	/** It takes a place. */
	readonly counted: boolean;
	readonly laneInId: string | null;
	readonly openedAtMs: number;
	readonly laneOutId: string | null;
	/** null: it has not ended. */
	readonly closedAtMs: number | null;
	readonly closedBy: ParkingSessionEnd['by'] | null;
	/** The rights it stays by, the first one let it in. */
	readonly rightIds: readonly string[];
}

export interface ParkingSessionListQuery {
	readonly state: 'open' | 'closed';
	readonly holderId?: string;
	/** Also those in areas within it; a park's id means all of it. */
	readonly areaId?: string;
	/** Only in these: the areas that whoever asks may see. */
	readonly onlyAreaIds?: readonly string[];
	/** Only these, of few that are looked at together. */
	readonly isTheirs?: (stay: ParkingSession) => boolean;
	/** Of the beginning of open ones, of the end of closed ones; [from, to). */
	readonly fromMs?: number;
	readonly toMs?: number;
	/** From the previous page's `nextCursor`. */
	readonly cursor?: string;
	/** 1–LIMITS.pageSize. */
	readonly limit: number;
}

export interface ParkingSessionList {
	/** Newest first. A page may be short, even empty, and have a `nextCursor`. Throws INVALID_REQUEST for a cursor that is not ours. */
	list(query: ParkingSessionListQuery): Page<ParkingSessionLine>;
}

export function createParkingSessionList(deps: {
	readonly site: Pick<Site, 'areas' | 'parks'>;
	readonly store: { readonly parkingSessions: Pick<ParkingSessionStore, 'page'> };
	readonly directory: Pick<DirectoryReader, 'read' | 'holder'>;
}): ParkingSessionList {
	const { site, store, directory } = deps;
	const cursors = createListCursor('parking-sessions');
	return {
		list({ areaId, onlyAreaIds, cursor, limit, ...query }) {
			const at = cursor === undefined ? undefined : cursors.decode(cursor);
			const { sessions, next } = store.parkingSessions.page({
				...query,
				...areasAsked(areaId, onlyAreaIds),
				...(at !== undefined && { after: { atMs: at.position, id: at.id } }),
				limit: Math.min(limit, LIMITS.pageSize),
			});
			return {
				items: directory.read(() => sessions.map(toLine)),
				nextCursor: next === null ? null : cursors.encode(next.atMs, next.id),
			};
		},
	};

	function areasAsked(areaId: string | undefined, only: readonly string[] | undefined) {
		const asked = areaId === undefined ? only : areasWithin(areaId);
		if (asked === undefined) return {};
		return { areaIds: only === undefined ? asked : asked.filter((id) => only.includes(id)) };
	}

	function areasWithin(areaId: string): readonly string[] {
		const within = site.areas.filter(({ id }) => areaChain(site, id).some((link) => link.areaId === areaId));
		return within.map(({ id }) => id);
	}

	function toLine({ end, rightIds = [], spaceId, shared: _, ...session }: ParkingSession): ParkingSessionLine {
		const holderName = session.holderId === null ? null : (directory.holder(session.holderId)?.name ?? null);
		const { atMs = null, laneOutId = null, by = null } = end ?? {};
		return { ...session, rightIds, spaceId: spaceId ?? null, holderName, laneOutId, closedAtMs: atMs, closedBy: by };
	}
}
