import { isUnderWay } from './collect-reads.ts';
import type { StepResult } from './lane-effect.ts';
import { recordLaneEvent } from './lane-entries.ts';
import type { LaneInput, StepFacts } from './lane-input.ts';
import { isHeld, type LaneState } from './lane-state.ts';
import { result } from './step-result.ts';

type LimitInput = LaneInput & { readonly type: 'limit' };

/** Limit switches tell where the arm is: raised by nobody here is forced, down ends what was expected. */
export function onLimit(before: LaneState, input: LimitInput, facts: StepFacts): StepResult {
	const state = { ...before, arm: { ...before.arm, [input.limit]: input.active } };
	const isDown = state.arm.closed === true;
	if (isDown && !isUnderWay(state) && !isHeld(state)) {
		return result({ ...state, arm: { ...state.arm, expectedUp: false, alarmMonotonicMs: null } });
	}
	const rose = before.arm.closed === true && state.arm.closed === false;
	const raised = rose || (before.arm.open === false && state.arm.open === true && state.arm.closed !== true);
	if (!raised || state.arm.expectedUp || isUnderWay(state) || isHeld(state)) return result(state);
	// Told once: until it was seen down again it is known to be up.
	const arm = { ...state.arm, expectedUp: true };
	return result({ ...state, arm }, [recordLaneEvent(input, facts.lane.id, 'forcedOpen', null)]);
}

/** Nobody is under way and the arm did not come down. */
export function onArmAlarm(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	const quiet = { ...state, arm: { ...state.arm, alarmMonotonicMs: null } };
	if (state.arm.closed !== false || isUnderWay(state) || isHeld(state)) return result(quiet);
	return result(quiet, [recordLaneEvent(input, facts.lane.id, 'heldOpenTooLong', null)]);
}

/** The lane was just asked to open. */
export function expectUp(state: LaneState, { monotonicMs }: LaneInput): LaneState['arm'] {
	return { ...state.arm, expectedUp: true, askedUpMonotonicMs: monotonicMs, alarmMonotonicMs: null };
}

/** The last vehicle is through or gone: from now on the arm has to come down. */
export function expectDown(state: LaneState, input: LaneInput, { lane }: StepFacts): LaneState['arm'] {
	if (lane.position.closed === undefined) return { ...state.arm, expectedUp: false };
	if (state.arm.closed === true) return { ...state.arm, expectedUp: false, alarmMonotonicMs: null };
	return { ...state.arm, alarmMonotonicMs: input.monotonicMs + lane.rules.heldOpenAlarmMs };
}
