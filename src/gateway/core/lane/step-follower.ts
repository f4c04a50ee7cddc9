import type { Lane } from '../site.ts';
import type { StepResult, StoreEffect } from './lane-effect.ts';
import { recordLaneEvent } from './lane-entries.ts';
import type { LaneInput, StepFacts } from './lane-input.ts';
import { isHeld, type LaneState, NO_PROGRESS } from './lane-state.ts';
import { enter, result } from './step-result.ts';

type LoopInput = LaneInput & { readonly type: 'loop' };

/**
 * The vehicle that came under the boom goes through without an opening of its own: it is followed over the
 * loops, and counted without a name once it is through. Told as a tailgate, unless the arm is held up for all.
 */
export function startFollower(
	state: LaneState,
	input: LoopInput,
	facts: StepFacts,
	store: readonly StoreEffect[] = [],
): StepResult {
	const progress = {
		...NO_PROGRESS,
		safetySeen: state.loops.safety === true,
		closingSeen: input.loop === 'closing' && input.active === true,
		armingLeft: true,
	};
	const deadlineMonotonicMs = input.monotonicMs + facts.lane.rules.passageTimeoutMs;
	const told = isHeld(state) ? [] : [recordLaneEvent(input, facts.lane.id, 'tailgate', null)];
	return result(enter(state, input, 'passing', { opening: null, wrongWay: null, progress, deadlineMonotonicMs }), [
		...store,
		...told,
	]);
}

/** The one that was followed has left the last loop, and another came under the boom behind it. */
export function isFollowed({ loops, progress }: LaneState, { loops: wired }: Lane): boolean {
	return wired.safety !== undefined && loops.safety === true && progress.boomLeft;
}

/**
 * It left the loop behind the boom, and was under the boom all the time, with its rear still in front: it rolled
 * back. (A loop that loses a trailer for a moment looks the same, and has it back in a moment.)
 */
export function isRollingBack({ loops, progress }: LaneState, { loops: wired }: Lane): boolean {
	const isUnder = wired.safety !== undefined && loops.safety === true && progress.safetySeen && !progress.boomLeft;
	return isUnder && loops.arming === true;
}

/** Someone drives under a raised arm from the front: the arm is up for whatever reason, but no limit switch says that it is down. */
export function comesFromFront({ loops, wrongWay, arm }: LaneState, loop: LoopInput['loop']): boolean {
	return (
		loop === 'safety' && loops.arming === true && loops.closing !== true && wrongWay === null && arm.closed !== true
	);
}
