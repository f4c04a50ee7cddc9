import { areaChain } from '../../../src/gateway/core/area-chain.ts';
import type { JournalEntry } from '../../../src/gateway/core/journal.ts';
import type { Site } from '../../../src/gateway/core/site.ts';
import type { Records, Settled } from '../records.ts';
import type { Matched, Matches } from './crossings.ts';
import type { Violate } from './invariants.ts';

/** Compares what the gateway believes with who is really where, each time everything had settled. */
export function checkTruth(records: Records, site: Site, { crossings, extra }: Matches, violate: Violate): void {
	const counts = new Map(
		records.journal.flatMap(({ entry }) => (entry.type === 'decision' ? [[entry.id, entry.decision.counted]] : [])),
	) as ReadonlyMap<string, boolean>;
	checkIdentity(records, crossings, violate);
	for (const settled of records.settled) {
		const past = crossings.filter(({ crossing }) => crossing.toMs <= settled.atMs);
		const nobody = extra.filter(({ atMs }) => atMs <= settled.atMs);
		checkCounters(settled, { records, site, past, nobody, counts, violate });
		checkStays(settled, past, nobody, violate);
	}
}

/** Somebody may have waved a card for it. */
const WAVED_MS = 60_000;

function checkIdentity(records: Records, matches: readonly Matched[], violate: Violate): void {
	const { waved } = records;
	for (const { crossing, passage, unseen, stoodAlone } of matches) {
		if (passage === null || unseen !== null || !stoodAlone || passage.entry.holderId === null) continue;
		const { carId, laneId, holderIds } = crossing;
		const { holderId, id } = passage.entry;
		const wavedFor = waved.some(
			(one) => one.laneId === laneId && one.holderId === holderId && Math.abs(one.atMs - passage.atMs) < WAVED_MS,
		);
		if (!holderIds.includes(holderId) && !wavedFor) {
			const shown = holderIds.join(', ') || 'nothing';
			const at = (crossing.toMs / 1_000).toFixed(1);
			violate('identity', `${carId} went through ${laneId} at ${at} s showing ${shown}; ${id} names ${holderId}`);
		}
	}
}

interface Past {
	readonly records: Records;
	readonly site: Site;
	readonly past: readonly Matched[];
	/** Why passages were counted that were none. */
	readonly nobody: Matches['extra'];
	/** Whether the vehicle of a decision takes a place. */
	readonly counts: ReadonlyMap<string, boolean>;
	readonly violate: Violate;
}

function checkCounters(settled: Settled, { records, site, past, nobody, counts, violate }: Past): void {
	const doubts = [...doubtsOf(past, counts), ...nobody.map(({ because }) => because)];
	for (const { entry, atMs } of records.journal) if (atMs <= settled.atMs) doubts.push(...told(entry));
	const placeless = placelessCars(past, counts);
	for (const { areaId, occupied } of settled.counters) {
		const cars = settled.cars.filter(({ id, where }) => isWithin(site, where, areaId) && !placeless.has(id));
		if (Math.abs(occupied - cars.length) <= doubts.length) continue;
		const seen = `${areaId} counts ${occupied}, inside are ${cars.length} (${cars.map(({ id }) => id).join(', ')})`;
		violate('counters', `${seen}; not seen for sure: ${doubts.join('; ') || 'nothing'}`);
	}
}

/** Each may put one counter off by one, and says why. */
function doubtsOf(past: readonly Matched[], counts: ReadonlyMap<string, boolean>): string[] {
	const cameAs = new Map<string, boolean>();
	return past
		.toSorted((a, b) => a.crossing.toMs - b.crossing.toMs)
		.flatMap(({ crossing, passage, unseen }) => {
			const { carId, end } = crossing;
			if (passage === null) return unseen !== null && end === 'through' ? [`${carId}: ${unseen}`] : [];
			const isCounted = counts.get(passage.entry.decisionId ?? '') ?? true;
			const came = cameAs.get(carId);
			cameAs.set(carId, isCounted);
			return came === undefined || came === isCounted
				? []
				: [`${carId}: a free pass that was not recognised both ways`];
		});
}

/** Corrections that the gateway itself records with a reason, and counts by hand. */
function told(entry: JournalEntry): readonly string[] {
	if (entry.type === 'audit' && entry.action === 'occupancyAdjusted') {
		const by = Math.abs(Number(entry.detail['after']) - Number(entry.detail['before']));
		return Array.from({ length: by }, () => 'counted by hand');
	}
	const corrects = entry.type === 'lane' && (entry.event === 'occupancyCorrected' || entry.event === 'missedExit');
	return corrects ? [entry.event] : [];
}

function placelessCars(past: readonly Matched[], counts: ReadonlyMap<string, boolean>): ReadonlySet<string> {
	const placeless = new Set<string>();
	for (const { crossing, passage } of past.toSorted((a, b) => a.crossing.toMs - b.crossing.toMs)) {
		if (crossing.end !== 'through' || passage === null) continue;
		if (counts.get(passage.entry.decisionId ?? '') === false) placeless.add(crossing.carId);
		else placeless.delete(crossing.carId);
	}
	return placeless;
}

function isWithin(site: Site, where: string, areaId: string): boolean {
	return areaChain(site, where).some((link) => link.areaId === areaId);
}

/** Only of those who were always seen for sure and always under their own name. */
function checkStays(settled: Settled, past: readonly Matched[], nobody: Matches['extra'], violate: Violate): void {
	const byCar = Map.groupBy(past, ({ crossing }) => crossing.carId);
	const names = new Map<string, number>();
	for (const holderId of [...past.map(({ passage }) => passage?.entry.holderId), ...nobody.map((one) => one.holderId)])
		if (holderId) names.set(holderId, (names.get(holderId) ?? 0) + 1);
	for (const { id, where } of settled.cars) {
		const own = byCar.get(id) ?? [];
		const holderId = id.replace(/^car-/, '');
		const passages = own.flatMap(({ passage }) => (passage === null ? [] : [passage.entry]));
		const isSure =
			own.every(({ unseen, stoodAlone }) => unseen === null && stoodAlone) &&
			passages.every((entry) => entry.holderId === holderId) &&
			names.get(holderId) === passages.length &&
			passages.length > 0;
		if (!isSure) continue;
		const stays = settled.stays.filter((stay) => stay.holderId === holderId).map(({ areaId }) => areaId);
		const wanted = where === 'outside' ? [] : [where];
		if (stays.join() !== wanted.join())
			violate('stays', `${holderId} is in ${where}, their open stays are in ${stays.join() || 'none'}`);
	}
}
