import { LIMITS } from '../limits.ts';
import type { ActEffect, StepResult, StoreEffect } from './lane-effect.ts';
import { recordLaneEvent } from './lane-entries.ts';
import type { LaneInput, StepFacts } from './lane-input.ts';
import { NORMAL } from './lane-mode.ts';
import { isHeld, type LaneState } from './lane-state.ts';
import { expectUp } from './step-arm.ts';
import { result } from './step-result.ts';

type Of<T extends LaneInput['type']> = LaneInput & { readonly type: T };

/** Hold, close and lockdown are states with an owner and an end (DOMAIN.md, life of a lane 11); one that can't be kept is not begun. */
export function onMode(state: LaneState, input: Of<'mode'>, facts: StepFacts): StepResult {
	if (facts.storeFailed && input.mode.kind !== 'normal') return result(state);
	return changeMode(state, input, facts, input);
}

export function onModeEnd(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	return changeMode(state, input, facts, { mode: NORMAL, operatorId: null });
}

function changeMode(
	state: LaneState,
	input: LaneInput,
	facts: StepFacts,
	{ mode, operatorId, reason }: Pick<Of<'mode'>, 'mode' | 'operatorId' | 'reason'>,
): StepResult {
	const untilMs = mode.kind === 'normal' ? null : mode.untilMs;
	const modeEndMonotonicMs = untilMs === null ? null : input.monotonicMs + Math.max(0, untilMs - input.atMs);
	const detail = {
		from: state.mode.kind,
		to: mode.kind,
		operator: operatorId,
		...(mode.kind === 'normal' ? {} : { reason: mode.reason, until: mode.untilMs }),
		...(reason !== undefined && { reason }),
	};
	const store: StoreEffect[] = [
		recordLaneEvent(input, facts.lane.id, 'modeChanged', null, detail),
		{ type: 'setMode', mode },
	];
	return withHold({ ...state, mode, modeEndMonotonicMs }, input, facts, store);
}

/** A level: it acts whenever it is told, also the first time after a start. */
export function onFire(state: LaneState, input: Of<'fire'>, facts: StepFacts): StepResult {
	const fire = input.active ?? state.fire;
	if (fire === state.fire) return result(state);
	// The first level after a start is an event only if it burns.
	const isNews = fire === true || state.fire !== null;
	const store: StoreEffect[] = isNews ? [recordLaneEvent(input, facts.lane.id, 'fire', null, { active: fire })] : [];
	return withHold({ ...state, fire }, input, facts, store);
}

/** Fire opens and holds exits and outranks everything; an operator's hold acts while it is confirmed. */
function wantsHold({ fire, mode }: LaneState, { lane }: StepFacts): boolean {
	if (lane.hold === undefined) return false;
	return (fire === true && lane.kind !== 'entry') || (mode.kind === 'heldOpen' && mode.confirmed);
}

/** Switches the hold output when what is wanted changed; under fire nothing is let go. */
function withHold(
	state: LaneState,
	input: LaneInput,
	facts: StepFacts,
	store: readonly StoreEffect[],
	act: readonly ActEffect[] = [],
): StepResult {
	const on = wantsHold(state, facts);
	const isAsItShould = on ? isHeld(state) : state.hold === 'off' || state.fire === true;
	if (isAsItShould) return result(state, store, act);
	const mayNotBefore = on ? null : interlockUntil(state, input);
	if (mayNotBefore !== null) return result({ ...state, holdRetryMonotonicMs: mayNotBefore }, store, act);
	const arm = on ? expectUp(state, input) : { ...state.arm, expectedUp: true, alarmMonotonicMs: alarmAt(input, facts) };
	const hold = on ? 'asked' : 'off';
	return result({ ...afterHold(state, input, facts), hold, holdRetryMonotonicMs: null, arm }, store, [
		...act,
		{ type: 'hold', on },
	]);
}

/**
 * Letting go is the one thing by which software brings an arm down: not onto somebody under the boom, nor right after it
 * was asked up. A loop that is told as stuck is no reason any more. Null: it may.
 */
function interlockUntil({ loops, loopWatch, arm }: LaneState, { monotonicMs }: LaneInput): number | null {
	if (loops.safety === true && !loopWatch.safety.isStuck) return monotonicMs + LIMITS.holdRetryMs;
	const oppositeMs = arm.askedUpMonotonicMs + LIMITS.oppositeCommandMs;
	return monotonicMs < oppositeMs ? oppositeMs : null;
}

/** The arm is only about to come down: without a loop in front nothing else tells that somebody still drives under it. */
function afterHold(state: LaneState, input: LaneInput, { lane }: StepFacts): LaneState {
	if (lane.loops.arming !== undefined || !isHeld(state)) return state;
	return { ...state, tailgateUntilMonotonicMs: input.monotonicMs + lane.rules.tailgateMs };
}

/** A hold that failed is asked for again under fire; an operator's has to be confirmed again: links coming back open nothing. */
export function onHoldOutcome(state: LaneState, input: Of<'holdOutcome'>, facts: StepFacts): StepResult {
	if (input.outcome.result === 'done') return result({ ...state, hold: input.on && isHeld(state) ? 'on' : state.hold });
	const problem = 'problem' in input.outcome ? input.outcome.problem : input.outcome.result;
	const failed = recordLaneEvent(input, facts.lane.id, 'holdFailed', null, { on: input.on, problem });
	if (!input.on) return result(isHeld(state) ? state : { ...state, hold: 'unknown' }, [failed]);
	if (!isHeld(state)) return result(state, [failed]);
	return lostHold(input.outcome.result === 'unknown' ? 'unknown' : 'off', state, input, facts, [failed]);
}

/** The board answers, for the first time or again: what it held for us is over, and a relay left on by an earlier life is switched off. */
export function onBarrierBack(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	const lost = isHeld(state) ? lostHold('unknown', state, input, facts, []) : result({ ...state, hold: 'unknown' });
	const mayBurn = facts.lane.fire !== undefined && state.fire !== false;
	if (wantsHold(lost.state, facts)) return isHeld(state) ? lost : withHold(state, input, facts, []);
	// What is not wanted is switched off, unless that might close under fire.
	if (mayBurn) return lost;
	const mayNotBefore = interlockUntil(lost.state, input);
	if (mayNotBefore !== null) return { ...lost, state: { ...lost.state, holdRetryMonotonicMs: mayNotBefore } };
	return { ...lost, state: { ...lost.state, hold: 'off' }, act: [{ type: 'hold', on: false }] };
}

function lostHold(
	hold: 'off' | 'unknown',
	state: LaneState,
	input: LaneInput,
	facts: StepFacts,
	store: readonly StoreEffect[],
): StepResult {
	const off = { ...state, hold };
	if (state.fire === true && facts.lane.kind !== 'entry') {
		return result({ ...off, holdRetryMonotonicMs: input.monotonicMs + LIMITS.holdRetryMs }, store);
	}
	const { mode } = state;
	if (mode.kind !== 'heldOpen') return result(off, store);
	const unconfirmed = { ...mode, confirmed: false };
	return result({ ...off, mode: unconfirmed }, [...store, { type: 'setMode', mode: unconfirmed }]);
}

export function onHoldRetry(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	return withHold({ ...state, holdRetryMonotonicMs: null }, input, facts, []);
}

function alarmAt(input: LaneInput, { lane }: StepFacts): number | null {
	return lane.position.closed === undefined ? null : input.monotonicMs + lane.rules.heldOpenAlarmMs;
}
