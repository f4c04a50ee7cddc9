import type { DecisionEntry } from '../../core/journal.ts';
import { isOfVehicleUnderWay, readValue } from '../../core/lane/collect-reads.ts';
import { LIMITS } from '../../core/limits.ts';
import { normalisePlate } from '../../core/plate.ts';
import type { Step } from '../lanes/lane-engine.ts';

/** Which read was looked at by which lane, and what was decided on it. */
export interface DecidedRead {
	readonly observationId: string;
	readonly laneId: string;
	/** null: nothing yet, perhaps never. */
	readonly decisionId: string | null;
}

interface LaneReads {
	/** Reads with pictures that wait for a decision, by their value. */
	waiting: readonly { readonly observationId: string; readonly value: string }[];
	/** The last one, and what it was made on: the camera may tell the same plate again, with a better picture. */
	last: { readonly decisionId: string; readonly values: readonly string[]; readonly atMs: number } | undefined;
}

/** Follows what the lanes carried through: a picture belongs to the decision that its read stands in, or whose vehicle it shows. */
export function createReadFollower(tell: (read: DecidedRead) => void): (steps: readonly Step[]) => void {
	const lanes = new Map<string, LaneReads>();

	function ofLane(laneId: string): LaneReads {
		const known = lanes.get(laneId) ?? { waiting: [], last: undefined };
		lanes.set(laneId, known);
		return known;
	}

	/** The decision whose vehicle a read shows that none is made on. */
	function earlierDecision({ lane, input, result }: Step & ReadStep, value: string): string | null {
		const { opening } = result.state;
		if (opening?.decisionId && isOfVehicleUnderWay(result.state, value, lane)) return opening.decisionId;
		const { last } = ofLane(lane.id);
		if (last === undefined || input.atMs - last.atMs >= LIMITS.evidenceRepeatMs) return null;
		return last.values.includes(value) ? last.decisionId : null;
	}

	/** A read joins those that wait. */
	function wait(step: Step & ReadStep, reads: LaneReads): void {
		const { id: observationId } = step.input.observation;
		reads.waiting = [...reads.waiting, { observationId, value: readValue(step.input) }].slice(
			-LIMITS.evidenceReadsAtLane,
		);
		tell({ observationId, laneId: step.lane.id, decisionId: null });
	}

	/** What waited for this decision is told of it. */
	function settle(laneId: string, reads: LaneReads, { id: decisionId, facts, atMs }: DecisionEntry): void {
		const values = facts.presented.map(({ kind, value }) => (kind === 'plate' ? plateOf(value) : value));
		const own = reads.waiting.filter(({ value }) => values.includes(value));
		for (const { observationId } of own) tell({ observationId, laneId, decisionId });
		reads.waiting = reads.waiting.filter((read) => !own.includes(read));
		reads.last = { decisionId, values, atMs };
	}

	function follow(step: Step): void {
		const { lane, input, result } = step;
		const reads = ofLane(lane.id);
		const withPictures = isReadWithPictures(step) ? step : undefined;
		if (withPictures !== undefined) wait(withPictures, reads);
		for (const effect of result.store) {
			if (effect.type === 'record' && effect.entry.type === 'decision') settle(lane.id, reads, effect.entry);
		}
		if (withPictures !== undefined) lookBack(withPictures, reads);
		else if (input.type === 'loop' && result.state.phase === 'idle') reads.waiting = [];
	}

	/** A read on which nothing is decided may show the vehicle of an earlier decision. */
	function lookBack(step: Step & ReadStep, reads: LaneReads): void {
		const { id: observationId } = step.input.observation;
		const own = reads.waiting.find((read) => read.observationId === observationId);
		if (own === undefined || isHistorical(step)) return;
		const decisionId = earlierDecision(step, own.value);
		if (decisionId === null) return;
		reads.waiting = reads.waiting.filter((read) => read !== own);
		tell({ observationId, laneId: step.lane.id, decisionId });
	}

	return (steps) => {
		for (const step of steps) follow(step);
	};
}

interface ReadStep {
	readonly input: Step['input'] & { readonly type: 'observation' };
}

function isReadWithPictures(step: Step): step is Step & ReadStep {
	return step.input.type === 'observation' && step.input.observation.evidence !== undefined;
}

function plateOf(value: string): string {
	return normalisePlate(value) ?? value;
}

function isHistorical({ input: { observation } }: ReadStep): boolean {
	return observation.kind === 'plate' && observation.historical;
}
