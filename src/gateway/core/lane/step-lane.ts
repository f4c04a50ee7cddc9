import { isUnderWay } from './collect-reads.ts';
import type { StepResult } from './lane-effect.ts';
import type { LaneInput, StepFacts } from './lane-input.ts';
import type { LaneState } from './lane-state.ts';
import { comesToOtherEnd, directionFor, orientInput, orientLane, orientState } from './orient-lane.ts';
import { onArmAlarm, onLimit } from './step-arm.ts';
import { onIdentifyTimeout, onObservation } from './step-identify.ts';
import { onBarrierBack, onFire, onHoldOutcome, onHoldRetry, onMode, onModeEnd } from './step-mode.ts';
import {
	awaitIdentification,
	letOutUnderFire,
	onFaultedTimeout,
	onLoop,
	onOpened,
	onOpenWaitTimeout,
	onPassingTimeout,
	onRefusedTimeout,
} from './step-passage.ts';
import { enter, result } from './step-result.ts';
import { onRemoteVend, onVendOutcome } from './step-vend.ts';
import { watchInputs } from './step-watch.ts';

/**
 * One step of a lane (DOMAIN.md, life of a lane). Pure: time is part of the input, facts are loaded by
 * the caller for the reads that `readsToDecide` names. The caller commits `store` in one transaction,
 * then carries out `act` in order, and calls again with `timeout` when `laneDeadline` is reached.
 */
export function stepLane(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	return watchInputs(stepVehicle(state, input, facts), input, facts);
}

function stepVehicle(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	const direction = directionFor(state, input, facts.lane);
	const way = { ...facts, lane: orientLane(facts.lane, direction) };
	const [seen, told] = [orientState({ ...state, direction }, direction), orientInput(input, direction)];
	if (isUnderWay(state) && comesToOtherEnd(seen, told, facts.lane)) {
		return result(orientState({ ...seen, loops: { ...seen.loops, closing: true } }, direction));
	}
	const stepped = step(seen, told, way, facts);
	const after = orientState(stepped.state, direction);
	const isFreeAgain = state.phase !== 'idle' && after.phase === 'idle';
	return { ...stepped, state: isFreeAgain ? turnToWhoWaits(after, input, facts) : after };
}

/** At the other end of a reversible lane a vehicle may have come while it was busy. */
function turnToWhoWaits(state: LaneState, input: LaneInput, facts: StepFacts): LaneState {
	const direction = state.direction === 'forward' ? 'back' : 'forward';
	const lane = orientLane(facts.lane, direction);
	const turned = orientState({ ...state, direction }, direction);
	if (facts.lane.kind !== 'reversible' || turned.loops.arming !== true) return state;
	return orientState(awaitIdentification(turned, input, { ...facts, lane }), direction);
}

/** @param wired the lane as it is, whichever way it is driven: modes, fire and the hold are for both ways. */
function step(state: LaneState, input: LaneInput, facts: StepFacts, wired: StepFacts): StepResult {
	switch (input.type) {
		case 'observation':
			return onObservation(state, input, facts);
		case 'loop':
			return onLoop(state, input, facts);
		case 'limit':
			return onLimit(state, input, facts);
		case 'fire':
			return letOutUnderFire(onFire(state, input, wired), input, facts);
		case 'mode':
			return onMode(state, input, wired);
		case 'holdOutcome':
			return onHoldOutcome(state, input, wired);
		case 'barrierBack':
			return onBarrierBack(state, input, wired);
		case 'timeout':
			return onTimeout(state, input, facts, wired);
		case 'vendOutcome':
			return onVendOutcome(state, input, facts);
		case 'remoteVend':
			return onRemoteVend(state, input, facts);
	}
}

/** One due deadline at a time; the others are still due and bring the next call. */
function onTimeout(state: LaneState, input: LaneInput, facts: StepFacts, wired: StepFacts): StepResult {
	const isDue = (moment: number | null) => moment !== null && input.monotonicMs >= moment;
	if (isDue(state.deadlineMonotonicMs)) return onPhaseTimeout(state, input, facts);
	if (isDue(state.modeEndMonotonicMs)) return onModeEnd(state, input, wired);
	if (isDue(state.holdRetryMonotonicMs)) return onHoldRetry(state, input, wired);
	if (isDue(state.arm.alarmMonotonicMs)) return onArmAlarm(state, input, facts);
	return result(state);
}

function onPhaseTimeout(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	switch (state.phase) {
		case 'arrived':
		case 'identifying':
			return onIdentifyTimeout(state, input, facts);
		case 'opening':
			return onOpened(state, input, facts, 'unknown');
		case 'openWait':
			return onOpenWaitTimeout(state, input, facts);
		case 'passing':
			return onPassingTimeout(state, input, facts);
		case 'faulted':
			return onFaultedTimeout(state, input, facts);
		case 'refused':
			return onRefusedTimeout(state, input, facts);
		default:
			return result(enter(state, input, 'idle', { reads: [] }));
	}
}
