import type { PassageEntry } from '../../../src/gateway/core/journal.ts';
import type { Lane } from '../../../src/gateway/core/site.ts';
import type { LoopName } from '../../../src/simulation/lane-track.ts';
import type { LaneSight } from '../lane-sight.ts';
import type { Committed, Crossing, Records } from '../records.ts';
import type { Violate } from './invariants.ts';

/** A gap on a loop shorter than this may fall between two looks at it. */
const GAP_MS = 500;
/** From the last loop to the journal: a look at the inputs and the lane's step. */
const TOLD_MS = 1_500;

/** One crossing beside what the journal says of it. */
export interface Matched {
	readonly crossing: Crossing;
	readonly passage: (Committed & { readonly entry: PassageEntry }) | null;
	/** Why the gateway could not see it for sure; null: it could. */
	readonly unseen: string | null;
	/** Nobody else stood on the loop in front while it did: what was read then was its own. */
	readonly stoodAlone: boolean;
}

export interface Matches {
	readonly crossings: readonly Matched[];
	/** Passages of nobody, and why the gateway could not know. */
	readonly extra: readonly { readonly atMs: number; readonly because: string; readonly holderId: string | null }[];
}

/** Puts the vehicles that went through beside the passages of the journal, lane by lane. */
export function matchCrossings(records: Records, lanes: readonly Lane[], sight: LaneSight, violate: Violate): Matches {
	const byLane = lanes.map((lane) => matchLane(records, lane, sight, violate));
	return { crossings: byLane.flatMap((one) => one.crossings), extra: byLane.flatMap((one) => one.extra) };
}

function matchLane(records: Records, lane: Lane, sight: LaneSight, violate: Violate): Matches {
	const crossings = records.crossings.filter(({ laneId }) => laneId === lane.id).sort((a, b) => a.fromMs - b.fromMs);
	const passages = records.journal.filter(isPassageOf(lane.id));
	const taken = new Set<Committed>();
	const unseen = new Map<Crossing, string | null>();
	for (const [place, crossing] of crossings.entries()) {
		const before = crossings.slice(0, place).findLast(({ toMs }) => toMs <= crossing.toMs);
		unseen.set(
			crossing,
			whyUnseen(crossing, { lane, crossings, sight, wasUnseenBefore: before && unseen.get(before) }),
		);
	}
	const passageOf = new Map<Crossing, Matched['passage']>();
	const take = (crossing: Crossing, fromMs: number, toMs: number) => {
		const to = crossing.heading === 'forward' ? lane.to : lane.from;
		const passage = passages.find(
			(one) => !taken.has(one) && one.atMs >= fromMs && one.atMs <= toMs && one.entry.to === to,
		);
		if (passage !== undefined) taken.add(passage);
		passageOf.set(crossing, passage ?? null);
	};
	const through = crossings.filter(({ end }) => end === 'through');
	const sure = through.filter((crossing) => unseen.get(crossing) === null);
	for (const crossing of sure) {
		const clearMs = lastCleared(crossing, lane);
		take(crossing, clearMs - GAP_MS, clearMs + TOLD_MS);
		if (passageOf.get(crossing) === null) violate('counted', `${inWords(crossing)} and was not counted`);
	}
	// What is left may belong to those that were not seen well.
	const lateMs = lane.rules.passageTimeoutMs * 2 + 15_000;
	for (const crossing of through) {
		if (unseen.get(crossing) !== null) take(crossing, crossing.fromMs, crossing.toMs + lateMs);
	}
	const extra: Matches['extra'][number][] = [];
	for (const passage of passages.filter((one) => !taken.has(one))) {
		const because = whyNobody(passage.atMs, { records, lane, crossings, unseen, lateMs });
		if (because !== undefined) extra.push({ atMs: passage.atMs, because, holderId: passage.entry.holderId });
		else
			violate(
				'counted',
				`${passage.entry.id} at ${lane.id} (${seconds(passage.atMs)}) counts a vehicle that was not there`,
			);
	}
	return {
		crossings: crossings.map((crossing) => ({
			crossing,
			passage: passageOf.get(crossing) ?? null,
			unseen: unseen.get(crossing) ?? null,
			stoodAlone: !crossings.some((other) => other !== crossing && touch(crossing, other, frontLoop(crossing))),
		})),
		extra,
	};
}

interface Around {
	readonly records: Records;
	readonly lane: Lane;
	readonly crossings: readonly Crossing[];
	readonly unseen: ReadonlyMap<Crossing, string | null>;
	readonly lateMs: number;
}

/** What the gateway may have taken for a vehicle that went through. */
function whyNobody(atMs: number, { records, lane, crossings, unseen, lateMs }: Around): string | undefined {
	const near = crossings.find((one) => unseen.get(one) !== null && atMs >= one.fromMs && atMs <= one.toMs + lateMs);
	if (near !== undefined) return `${near.carId}: ${unseen.get(near)}`;
	// Without a loop in front every card that is shown is a vehicle, and every opening an operator asks for.
	if (lane.loops.arming !== undefined && loopsBehind(lane).length > 0) return undefined;
	const isBefore = (one: { readonly atMs: number }) => atMs >= one.atMs && atMs <= one.atMs + lateMs;
	const wave = records.waved.find((one) => one.laneId === lane.id && isBefore(one));
	if (wave !== undefined) return `${wave.holderId} waved a card at ${lane.id}, which has no loop in front`;
	const vend = records.journal.find(({ entry, ...row }) => {
		const isOwn = entry.type === 'vend' && entry.outcome === 'requested' && entry.laneId === lane.id;
		return isOwn && isBefore(row);
	});
	return vend === undefined ? undefined : `an operator opened ${lane.id}, where no loop tells of a vehicle`;
}

interface Beside {
	readonly lane: Lane;
	readonly crossings: readonly Crossing[];
	readonly sight: LaneSight;
	/** Why the vehicle before was not seen for sure. */
	readonly wasUnseenBefore: string | null | undefined;
}

function whyUnseen(crossing: Crossing, { lane, crossings, sight, wasUnseenBefore }: Beside): string | null {
	const boom = loopsBehind(lane);
	if (boom.length === 0) return 'no loop behind the arm tells whether it went through';
	const isBack =
		crossing.end !== 'through' && boom.some((loop) => crossing.visits.some((visit) => visit.loop === loop));
	if (isBack && boom.length + (lane.loops.arming === undefined ? 0 : 1) < 3) {
		return 'one loop too few to tell which way it left the boom';
	}
	const [blind] = sight.blindTimes(lane.id, crossing.fromMs, crossing.toMs + TOLD_MS);
	if (blind !== undefined) return blind.because;
	for (const other of crossings) {
		if (other !== crossing && boom.some((loop) => touch(crossing, other, loop))) {
			return `the loops can't tell it from ${other.carId}, so near to it`;
		}
	}
	if (crossing.metBusyLane && wasUnseenBefore) return `the lane was busy with one before: ${wasUnseenBefore}`;
	return null;
}

function loopsBehind({ loops, kind }: Lane): readonly LoopName[] {
	const wired: readonly LoopName[] = kind === 'reversible' ? ['arming', 'safety', 'closing'] : ['safety', 'closing'];
	return wired.filter((loop) => loops[loop] !== undefined);
}

function frontLoop({ heading }: Crossing): LoopName {
	return heading === 'forward' ? 'arming' : 'closing';
}

function touch(one: Crossing, other: Crossing, loop: LoopName): boolean {
	const of = (crossing: Crossing) => crossing.visits.filter((visit) => visit.loop === loop);
	return of(one).some((a) =>
		of(other).some((b) => a.fromMs - GAP_MS < (b.toMs ?? b.fromMs) && (a.toMs ?? a.fromMs) + GAP_MS > b.fromMs),
	);
}

/** When it left the last loop on its way. */
function lastCleared({ visits, heading, toMs }: Crossing, lane: Lane): number {
	const order: readonly LoopName[] = heading === 'forward' ? ['closing', 'safety'] : ['arming', 'safety'];
	const last = order.find((loop) => lane.loops[loop] !== undefined);
	return visits.findLast(({ loop }) => loop === last)?.toMs ?? toMs;
}

function isPassageOf(laneId: string) {
	return (row: Committed): row is Committed & { readonly entry: PassageEntry } =>
		row.entry.type === 'passage' && row.entry.laneId === laneId;
}

function inWords({ carId, laneId, manner, toMs }: Crossing): string {
	return `${carId} (${manner}) went through ${laneId} at ${seconds(toMs)}`;
}

function seconds(atMs: number): string {
	return `${(atMs / 1_000).toFixed(1)} s`;
}
