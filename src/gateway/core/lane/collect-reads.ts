import { codeName } from '../directory/code-text.ts';
import { LIMITS } from '../limits.ts';
import type { Observation } from '../observation.ts';
import { normalisePlate } from '../plate.ts';
import type { Lane } from '../site.ts';
import type { LaneInput } from './lane-input.ts';
import type { CollectedRead, LaneState, SettledRead } from './lane-state.ts';
import { directionFor, orientInput, orientLane, orientState } from './orient-lane.ts';

export type ObservationInput = LaneInput & { readonly type: 'observation' };

/** Adds a read; agreeing reads of one value count together. Over the limit the oldest is forgotten. */
export function collectRead(reads: readonly CollectedRead[], observation: Observation): readonly CollectedRead[] {
	const read = asRead(observation);
	const same = reads.find((other) => other.kind === read.kind && other.value === read.value);
	if (same === undefined) return [...reads, read].slice(-LIMITS.readsPerIdentification);
	const merged = { ...same, reads: same.reads + 1, confidence: Math.max(same.confidence, read.confidence) };
	return reads.map((other) => (other === same ? merged : other));
}

function asRead(observation: Observation): CollectedRead {
	const { id, deviceId, monotonicMs } = observation;
	const common = { observationId: id, deviceId, reads: 1, firstMonotonicMs: monotonicMs };
	if (observation.kind === 'tag') {
		const { tag, label } = observation;
		return { ...common, kind: 'tag', value: tag, label: label ?? tag, confidence: 1 };
	}
	if (observation.kind === 'pin') {
		const { pin } = observation;
		return { ...common, kind: 'pin', value: pin, label: codeName('pin', pin), confidence: 1 };
	}
	const { plate, confidence, country } = observation;
	const value = normalisePlate(plate) ?? plate;
	return { ...common, kind: 'plate', value, label: plate, confidence, ...(country && { country }) };
}

/** What a read is matched by. */
export function readValue({ observation }: ObservationInput): string {
	return asRead(observation).value;
}

/** True while a read still decides on its own: the lane waits for nothing better. */
function isEnough(reads: readonly CollectedRead[], { identify, rules }: Lane): boolean {
	const hasTag = reads.some((read) => read.kind === 'tag');
	const hasPin = reads.some((read) => read.kind === 'pin');
	const hasOwn = rules.pin === 'withTag' ? hasTag && hasPin : hasTag || hasPin;
	const hasPlate = reads.some(
		(read) => read.kind === 'plate' && (read.confidence >= rules.minimumConfidence || read.reads >= 2),
	);
	switch (identify) {
		case 'tagOnly':
			return hasOwn;
		case 'plateOnly':
			return hasPlate;
		case 'either':
			return hasOwn || hasPlate;
		case 'both':
			return hasOwn && hasPlate;
	}
}

/** One of tag and PIN was given, and the lane asks for both. */
export function isPinAwaited(reads: readonly CollectedRead[], { rules }: Lane): boolean {
	const has = (kind: CollectedRead['kind']) => reads.some((read) => read.kind === kind);
	return rules.pin === 'withTag' && has('tag') !== has('pin');
}

/** Vehicle on the arming loop; a lane without one takes every read as a vehicle. An unknown loop never traps at an exit. */
export function isVehiclePresent(state: LaneState, lane: Lane): boolean {
	if (lane.loops.arming === undefined) return true;
	return state.loops.arming ?? lane.kind === 'exit';
}

/** A car is under way on an opening: reads are kept for the one behind it. */
export function isUnderWay({ phase }: LaneState): boolean {
	return phase === 'opening' || phase === 'openWait' || phase === 'passing';
}

/** Until it left the arming loop, what is read is the car that is already let in; the same value is it in any case. */
export function isOfVehicleUnderWay(state: LaneState, value: string, lane: Lane): boolean {
	if (state.opening?.values.includes(value) === true) return true;
	return lane.loops.arming === undefined ? state.phase !== 'passing' : !state.progress.armingLeft;
}

/** The other kind of read of a car that one kind let in: whose it is, is worth knowing. */
function readToCompare(state: LaneState, input: ObservationInput, lane: Lane): readonly CollectedRead[] | null {
	const { opening } = state;
	if (opening === null || opening.holderId === null || isUnusable(state, input, lane)) return null;
	const read = asRead(input.observation);
	const isNews = !opening.values.includes(read.value) && isOfVehicleUnderWay(state, read.value, lane);
	const isSure = read.confidence >= lane.rules.minimumConfidence;
	return isNews && isSure ? [read] : null;
}

/**
 * The reads a decision would be taken on at this input (or, of a car under way, the one to compare), or
 * null when none is due: the caller loads their facts before it steps. Empty: an exit lets out a vehicle nothing read.
 */
export function readsToDecide(physical: LaneState, told: LaneInput, wired: Lane): readonly CollectedRead[] | null {
	const direction = directionFor(physical, told, wired);
	const state = orientState(physical, direction);
	const input = orientInput(told, direction);
	const lane = orientLane(wired, direction);
	if (isUnderWay(state)) return input.type === 'observation' ? readToCompare(state, input, lane) : null;
	if (input.type === 'timeout') {
		if (state.deadlineMonotonicMs === null || input.monotonicMs < state.deadlineMonotonicMs) return null;
		if (state.phase === 'identifying') return state.reads;
		return state.phase === 'arrived' && lane.kind === 'exit' ? state.reads : null;
	}
	if (input.type !== 'observation' || isUnusable(state, input, lane)) return null;
	const reads = collectRead(state.reads, input.observation);
	if (!isVehiclePresent(state, lane) && !lane.rules.useReadsWithoutVehicle) return reads;
	return isEnough(reads, lane) ? reads : null;
}

/** Reads that never count: another vehicle's at the other end, buffered ones, kinds the lane does not use, and what was just decided being read on and on. */
export function isUnusable(state: LaneState, input: ObservationInput, lane: Lane): boolean {
	const { identify, rules } = lane;
	const { observation, monotonicMs } = input;
	if (isFromOtherEnd(observation, lane)) return true;
	if (observation.kind === 'plate' && (observation.historical || identify === 'tagOnly')) return true;
	if (observation.kind !== 'plate' && identify === 'plateOnly') return true;
	if (observation.kind === 'pin' && rules.pin === 'never') return true;
	const { value } = asRead(observation);
	return state.settledReads.some((settled) => settled.value === value && monotonicMs < settled.untilMonotonicMs);
}

/** Of a reversible lane: whoever stands there lets nobody in here. */
function isFromOtherEnd({ deviceId }: Observation, { readers, cameras, back }: Lane): boolean {
	if (readers.includes(deviceId) || cameras.includes(deviceId)) return false;
	return back.readers.includes(deviceId) || back.cameras.includes(deviceId);
}

/** A value was decided: those decided before it keep their time, however many tags stand in front of one reader. */
export function settle(
	settled: readonly SettledRead[],
	values: readonly string[],
	{ monotonicMs }: LaneInput,
	untilMonotonicMs: number,
): readonly SettledRead[] {
	const others = settled.filter((read) => monotonicMs < read.untilMonotonicMs && !values.includes(read.value));
	return [...others, ...values.map((value) => ({ value, untilMonotonicMs }))].slice(-LIMITS.settledReads);
}
