import { areaChain, areaMove } from '../../../src/gateway/core/area-chain.ts';
import type { AuditEntry, DecisionEntry, LaneEventEntry, PassageEntry } from '../../../src/gateway/core/journal.ts';
import type { Site } from '../../../src/gateway/core/site.ts';
import type { Committed, Settled } from '../records.ts';
import type { Violate } from './invariants.ts';
import { createStayBook } from './stay-book.ts';

/** Keeps the books a second time, from the rows of the journal alone. */
export function createBookkeepingCheck(deps: {
	readonly site: Site;
	readonly violate: Violate;
	/** While the disk takes nothing, decisions run ahead of the journal. */
	readonly isJournalBehind: () => boolean;
}) {
	const { site, violate } = deps;
	const occupied = new Map<string, number>();
	/** Places held, by the decision that holds them. */
	const held = new Map<string, readonly string[]>();
	const passed = new Set<string>();

	const inside = (areaId: string) => occupied.get(areaId) ?? 0;
	const stays = createStayBook(site, inside);
	const reserved = (areaId: string) => [...held.values()].filter((areas) => areas.includes(areaId)).length;

	function onDecision({ id, decision, facts, journalledLate }: DecisionEntry): void {
		stays.onDecision(id, decision);
		// What was journalled late was decided on counts that the journal did not know yet.
		const areas = journalledLate === true || deps.isJournalBehind() ? [] : facts.areas;
		for (const area of areas) {
			const truly = `${inside(area.areaId)}+${reserved(area.areaId)}`;
			const seen = `${area.occupied}+${area.reserved}`;
			if (seen !== truly) violate('bookkeeping', `${id} saw ${area.areaId} at ${seen}, the journal says ${truly}`);
		}
		if (decision.outcome !== 'granted' || decision.reserve.length === 0) return;
		const full = decision.verdicts.find(({ rule }) => rule === 'AREA_FULL');
		if (full?.verdict.result === 'pass') for (const area of areas) checkLastPlace(id, area);
		held.set(id, decision.reserve);
	}

	function checkLastPlace(id: string, { areaId, capacity, entering }: DecisionEntry['facts']['areas'][number]): void {
		const taken = inside(areaId) + reserved(areaId);
		if (!entering || capacity === null || taken < capacity) return;
		violate('lastPlace', `${id} gives a place of ${areaId}, where ${taken} of ${capacity} are taken`);
	}

	function onPassage(entry: PassageEntry): void {
		const { id, vendId, to } = entry;
		if (vendId !== null && passed.has(vendId)) violate('oneVend', `${vendId} let a second vehicle be counted (${id})`);
		if (vendId !== null) passed.add(vendId);
		const captured = vendId === null ? undefined : held.get(vendId);
		if (vendId !== null) held.delete(vendId);
		const { from, counted } = stays.onPassage(entry);
		if (!counted) return;
		const { leave, enter } = areaMove(site, from, to);
		for (const areaId of leave) leaveArea(areaId);
		for (const areaId of captured ?? enter) occupied.set(areaId, inside(areaId) + 1);
	}

	function leaveArea(areaId: string): void {
		occupied.set(areaId, Math.max(0, inside(areaId) - 1));
	}

	function onLaneEvent({ event, decisionId, detail }: LaneEventEntry): void {
		if ((event === 'backedOut' || event === 'notUsed') && decisionId !== null) held.delete(decisionId);
		if (event !== 'missedExit') return;
		stays.onMissedExit(decisionId);
		if (detail['countedOut'] === true || detail['freed'] === false || !stays.isCounted(decisionId)) return;
		for (const { areaId } of areaChain(site, String(detail['area']))) leaveArea(areaId);
	}

	function onAdjusted({ target, detail }: AuditEntry): void {
		const change = Number(detail['after']) - Number(detail['before']);
		const chain = areaChain(site, target ?? '').map(({ areaId }) => areaId);
		for (const areaId of chain.length === 0 ? [target ?? ''] : chain) {
			occupied.set(areaId, Math.max(0, inside(areaId) + change));
		}
	}

	return {
		onEntry({ entry }: Committed): void {
			if (entry.type === 'decision') onDecision(entry);
			if (entry.type === 'passage') onPassage(entry);
			if (entry.type === 'lane') onLaneEvent(entry);
			if (entry.type === 'audit' && entry.action === 'occupancyAdjusted') onAdjusted(entry);
			const gaveUp = entry.type === 'vend' && entry.outcome !== 'requested' && entry.outcome.result;
			if (entry.type === 'vend' && (gaveUp === 'failed' || gaveUp === 'expired')) held.delete(entry.vendId);
		},
		onSettled({ counters, reservations }: Settled): void {
			if (reservations > 0) violate('reservations', `${reservations} places are still held, nobody is in a lane`);
			for (const { areaId, occupied: stored } of counters) {
				if (stored !== inside(areaId))
					violate('bookkeeping', `${areaId} is at ${stored}, the journal says ${inside(areaId)}`);
			}
		},
	};
}
