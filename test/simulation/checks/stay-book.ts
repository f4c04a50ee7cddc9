import { areasWithin } from '../../../src/gateway/core/area-chain.ts';
import type { DecisionEntry, PassageEntry } from '../../../src/gateway/core/journal.ts';
import { OUTSIDE, type Site } from '../../../src/gateway/core/site.ts';

interface Stay {
	readonly holderId: string | null;
	readonly credentialId: string | null;
	readonly decisionId: string | null;
	readonly counted: boolean;
	readonly openedAtMs: number;
	areaId: string;
}

/** What a passage does to the counters: the area it left may lie within the lane's. */
export interface StayMove {
	readonly from: string;
	readonly counted: boolean;
}

/**
 * Keeps the stays a second time, from the rows of the journal alone.
 * @param inside vehicles counted in an area, by the same rows
 */
export function createStayBook(site: Pick<Site, 'areas'>, inside: (areaId: string) => number) {
	const decisions = new Map<string, Pick<DecisionEntry['decision'], 'counted' | 'credentialId'>>();
	const stays = new Set<Stay>();

	const oldestOf = (found: readonly Stay[]) => found.toSorted((a, b) => a.openedAtMs - b.openedAtMs);
	const isCounted = (decisionId: string | null) => decisions.get(decisionId ?? '')?.counted ?? true;

	function stayOf({ holderId, from }: PassageEntry, credentialId: string | null): Stay | undefined {
		const own = oldestOf([...stays].filter((stay) => stay.holderId === holderId));
		if (holderId === null) return own.find(({ areaId }) => areaId === from);
		return own.find((stay) => stay.credentialId === credentialId) ?? own[0];
	}

	/** More stays than vehicles: one of them left unread. */
	function wasCountedOut(areaId: string): boolean {
		const areas = areasWithin(site, areaId);
		return [...stays].filter((stay) => stay.counted && areas.includes(stay.areaId)).length > inside(areaId);
	}

	return {
		isCounted,
		onDecision(id: string, { counted, credentialId }: DecisionEntry['decision']): void {
			decisions.set(id, { counted, credentialId });
		},
		/** Before the counters move. */
		onPassage(entry: PassageEntry): StayMove {
			const { decisionId, holderId, from, to, atMs } = entry;
			const credentialId = decisions.get(decisionId ?? '')?.credentialId ?? null;
			const counted = isCounted(decisionId);
			if (from === OUTSIDE) {
				stays.add({ holderId, credentialId, decisionId, counted, openedAtMs: atMs, areaId: to });
				return { from, counted };
			}
			const stay = stayOf(entry, credentialId);
			if (stay === undefined) return { from, counted };
			const stoodWithin = areasWithin(site, from).includes(stay.areaId) && !wasCountedOut(stay.areaId);
			const left = stoodWithin ? stay.areaId : from;
			if (to === OUTSIDE) {
				stays.delete(stay);
				return { from: left, counted: stay.counted };
			}
			stay.areaId = to;
			return { from: left, counted };
		},
		/** @param decisionId what its vehicle came in by */
		onMissedExit(decisionId: string | null): void {
			for (const stay of stays) if (stay.decisionId === decisionId && decisionId !== null) stays.delete(stay);
		},
	};
}
