import type { PassageEntry } from '../journal.ts';
import type { Lane } from '../site.ts';
import { isUnderWay, isVehiclePresent, settle } from './collect-reads.ts';
import type { StepResult, StoreEffect } from './lane-effect.ts';
import { readLabel, recordLaneEvent, recordPassage } from './lane-entries.ts';
import type { LaneInput, StepFacts } from './lane-input.ts';
import { isHeld, type LaneState, NO_PROGRESS } from './lane-state.ts';
import { expectDown } from './step-arm.ts';
import { comesFromFront, isFollowed, isRollingBack, startFollower } from './step-follower.ts';
import { enter, result } from './step-result.ts';

type LoopInput = LaneInput & { readonly type: 'loop' };

export function onLoop(before: LaneState, input: LoopInput, facts: StepFacts): StepResult {
	const state = { ...before, loops: { ...before.loops, [input.loop]: input.active } };
	// A lost device (null) is no edge, and neither is its first level after a restart: only a change seen moves a vehicle.
	const rose = input.active === true && before.loops[input.loop] === false;
	const fell = input.active === false && before.loops[input.loop] === true;
	switch (input.loop) {
		case 'arming':
			if (input.active === true && before.loops.arming !== true) return onArrival(state, input, facts);
			if (fell) return onArmingCleared(state, input, facts);
			return result(input.active === false && waitsWithoutEnd(before) ? leave(state, input) : state);
		case 'safety':
		case 'closing':
			if (rose) return onBoomOccupied(state, input, facts);
			return fell ? onBoomCleared(state, input, facts) : result(state);
	}
}

/** A vehicle was there when its loop was lost, and the lane waits for it only: told that nobody is there, it is free. */
function waitsWithoutEnd({ phase, deadlineMonotonicMs, loops }: LaneState): boolean {
	return loops.arming === null && (phase === 'arrived' || phase === 'refused') && deadlineMonotonicMs === null;
}

function onArrival(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	if (state.phase === 'openWait') {
		return result({ ...state, deadlineMonotonicMs: input.monotonicMs + facts.lane.rules.passageTimeoutMs });
	}
	if (isUnderWay(state)) return result(state);
	if (isFromBehind(state, input, facts)) return onWrongWay(state, input, facts);
	return result(awaitIdentification({ ...state, settledReads: [], wrongWay: null }, input, facts));
}

/** A refusal without an end of its own is over: a vehicle that is still there starts anew. */
export function onRefusedTimeout(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	return onFaultedTimeout({ ...state, wrongWay: null }, input, facts);
}

/** The pulse failed for certain; a vehicle still there may be decided anew (an exit by itself, so that nobody is trapped). */
export function onFaultedTimeout(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	const waits = facts.lane.loops.arming !== undefined && isVehiclePresent(state, facts.lane);
	return result(waits ? awaitIdentification({ ...state, settledReads: [] }, input, facts) : leave(state, input));
}

/** Nothing refuses at an exit any more: a vehicle that was refused there is decided anew. */
export function letOutUnderFire(stepped: StepResult, input: LaneInput, facts: StepFacts): StepResult {
	const { state } = stepped;
	if (state.fire !== true || state.phase !== 'refused' || facts.lane.kind !== 'exit') return stepped;
	return { ...stepped, state: onRefusedTimeout(state, input, facts).state };
}

/** The next vehicle stands before the lane; what was already read of it is decided at once. */
export function awaitIdentification(state: LaneState, input: LaneInput, { lane }: StepFacts): LaneState {
	if (state.reads.length > 0) return enter(state, input, 'identifying', { deadlineMonotonicMs: input.monotonicMs });
	const deadlineMonotonicMs = lane.kind === 'exit' ? input.monotonicMs + lane.rules.unreadExitMs : null;
	return enter(state, input, 'arrived', { deadlineMonotonicMs });
}

function onArmingCleared(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	const { lane } = facts;
	if (state.phase === 'passing') return takeReadsAlong(leftArming(state), input, facts);
	if (state.wrongWay?.at === 'arming') return onWrongWayEnd(state, input, facts);
	if (!isUnderWay(state)) return result(leave(state, input));
	if (!hasLoopBehind(lane) && state.phase === 'openWait') return passed(state, input, facts, 'low');
	const left = { ...leftArming(state), deadlineMonotonicMs: input.monotonicMs + lane.rules.backOutMs };
	return takeReadsAlong(left, input, facts);
}

function leftArming(state: LaneState): LaneState {
	return { ...state, progress: { ...state.progress, armingLeft: true } };
}

/** Who leaves the arming loop behind a vehicle under way takes along what was read of them. */
function takeReadsAlong(state: LaneState, input: LaneInput, { lane }: StepFacts): StepResult {
	return state.reads.length === 0 ? result(state) : result({ ...state, reads: [] }, [recordUnused(state, input, lane)]);
}

function recordUnused({ reads }: LaneState, input: LaneInput, lane: Lane): StoreEffect {
	const unused = reads.map(readLabel).join(' + ');
	return recordLaneEvent(input, lane.id, 'readWithoutVehicle', null, { read: unused });
}

function onBoomOccupied(state: LaneState, input: LoopInput, facts: StepFacts): StepResult {
	const seen = input.loop === 'safety' ? { safetySeen: true } : { closingSeen: true };
	if (isUnderWay(state)) {
		const progress = { ...state.progress, ...seen };
		const deadlineMonotonicMs = input.monotonicMs + facts.lane.rules.passageTimeoutMs;
		if (state.phase === 'passing') return result({ ...state, progress, deadlineMonotonicMs });
		return result(enter(state, input, 'passing', { progress, deadlineMonotonicMs }));
	}
	if (isHeld(state)) return startFollower(state, input, facts);
	const first = facts.lane.loops.safety === undefined ? 'closing' : 'safety';
	// Whatever moves at the boom now belongs to who was let in, or followed.
	const isNear = input.monotonicMs < state.tailgateUntilMonotonicMs;
	if ((isNear && input.loop === first) || comesFromFront(state, input.loop)) return startFollower(state, input, facts);
	if (isNear || !startsBehind(state, facts)) return result(state);
	return result({ ...state, wrongWay: { at: 'boom', sinceMonotonicMs: input.monotonicMs } });
}

/** The boom's loops are taken first and nobody stands in front: a vehicle from the other side. */
function startsBehind(state: LaneState, { lane }: StepFacts): boolean {
	return lane.loops.arming !== undefined && state.loops.arming === false;
}

/** It rolled from the boom onto the arming loop just now; a boom loop that is stuck for long says nothing. */
function isFromBehind({ wrongWay, loops }: LaneState, { monotonicMs }: LaneInput, { lane }: StepFacts): boolean {
	if (wrongWay === null || (loops.safety !== true && loops.closing !== true)) return false;
	return monotonicMs - wrongWay.sinceMonotonicMs <= lane.rules.backOutMs;
}

/** Nothing opens for it; if it stays where it is, it is taken for one that wants through after all. */
function onWrongWay(state: LaneState, input: LaneInput, { lane }: StepFacts): StepResult {
	return result(
		enter(state, input, 'refused', {
			wrongWay: { at: 'arming', sinceMonotonicMs: input.monotonicMs },
			deadlineMonotonicMs: input.monotonicMs + lane.rules.passageTimeoutMs,
		}),
	);
}

/** It left over the arming loop and so drove out through this lane, or it turned back. */
function onWrongWayEnd(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	if (state.loops.safety === true || state.loops.closing === true)
		return result({ ...state, wrongWay: { at: 'boom', sinceMonotonicMs: input.monotonicMs } });
	const { lane } = facts;
	const turned = { ...facts, lane: { ...lane, from: lane.to, to: lane.from } };
	return result(leave(state, input), [
		recordLaneEvent(input, lane.id, 'wrongDirection', null),
		...recordPassage(input, turned, null, 'medium'),
	]);
}

function onBoomCleared(state: LaneState, input: LoopInput, facts: StepFacts): StepResult {
	const { loops } = facts.lane;
	const { progress } = state;
	if (state.phase !== 'passing') {
		const gone = state.wrongWay?.at === 'boom' && state.loops.safety !== true && state.loops.closing !== true;
		return result(gone ? { ...state, wrongWay: null } : state);
	}
	if (input.loop === 'closing') {
		if (isRollingBack(state, facts.lane)) return result({ ...state, progress: { ...progress, closingSeen: false } });
		return passed(state, input, facts, progress.safetySeen ? 'high' : 'medium');
	}
	const rolledBack = isVehiclePresent(state, facts.lane) && loops.arming !== undefined && !progress.closingSeen;
	if (rolledBack && state.opening === null) return afterVehicle({ ...state, progress: NO_PROGRESS }, input, facts, []);
	if (rolledBack) {
		const deadlineMonotonicMs = input.monotonicMs + facts.lane.rules.passageTimeoutMs;
		return result(enter(state, input, 'openWait', { progress: NO_PROGRESS, deadlineMonotonicMs }));
	}
	if (loops.closing === undefined) return passed(state, input, facts, 'medium');
	// It moves: a long one takes its time over the loop behind.
	const deadlineMonotonicMs = input.monotonicMs + facts.lane.rules.passageTimeoutMs;
	return result({ ...state, progress: { ...progress, boomLeft: true }, deadlineMonotonicMs });
}

function passed(
	state: LaneState,
	input: LaneInput,
	facts: StepFacts,
	certainty: PassageEntry['certainty'],
): StepResult {
	const store = recordPassage(input, facts, state.opening, certainty);
	const { rules, loops } = facts.lane;
	// Without an arming loop nothing tells that the vehicle left: its tag or plate may still be read.
	const untilMonotonicMs = input.monotonicMs + rules.retryAfterMs;
	const values = loops.arming === undefined ? (state.opening?.values ?? []) : [];
	const clear = {
		...state,
		opening: null,
		settledReads: settle([], values, input, untilMonotonicMs),
		progress: NO_PROGRESS,
		tailgateUntilMonotonicMs: input.monotonicMs + rules.tailgateMs,
	};
	if (input.type === 'loop' && isFollowed(state, facts.lane)) return startFollower(clear, input, facts, store);
	return afterVehicle(clear, input, facts, store);
}

/** The lane is free for the next vehicle, which may already be on the arming loop. */
function afterVehicle(state: LaneState, input: LaneInput, facts: StepFacts, store: readonly StoreEffect[]): StepResult {
	const free = { ...state, arm: expectDown(state, input, facts) };
	const show = { type: 'show', feedback: 'idle', deviceId: null } as const;
	const isFree = facts.lane.loops.arming !== undefined && state.loops.arming !== true;
	if (isFree && state.reads.length > 0) {
		return result(leave(free, input), [...store, recordUnused(state, input, facts.lane)], [show]);
	}
	const waits = facts.lane.loops.arming !== undefined || state.reads.length > 0;
	return result(waits && !isFree ? awaitIdentification(free, input, facts) : leave(free, input), store, [show]);
}

function leave(state: LaneState, input: LaneInput): LaneState {
	return enter(state, input, 'idle', { reads: [], opening: null, wrongWay: null });
}

/** Nothing drove through in time: what was held is given back and nobody is marked inside. */
export function onOpenWaitTimeout(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	const { opening } = state;
	const gone = facts.lane.loops.arming !== undefined && state.loops.arming === false;
	if (gone && !hasLoopBehind(facts.lane)) return passed(state, input, facts, 'low');
	const event = gone ? 'backedOut' : 'notUsed';
	const store: StoreEffect[] = [recordLaneEvent(input, facts.lane.id, event, opening?.decisionId ?? null)];
	if (opening?.reserved === true) store.push({ type: 'release', vendId: opening.vendId });
	return afterVehicle({ ...state, opening: null, reads: gone ? [] : state.reads }, input, facts, store);
}

/** A lane with only an arming loop takes a vehicle that left it while open as through. */
function hasLoopBehind({ loops }: Lane): boolean {
	return loops.safety !== undefined || loops.closing !== undefined;
}

/**
 * Loops went quiet half-way: the vehicle is taken as through. While one is still occupied it is waited for; the next
 * vehicle waits with it only if it really stands under the boom, as a stuck loop must not lock everybody in.
 */
export function onPassingTimeout(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	const { arming, safety, closing } = state.loops;
	const isNextThere = state.reads.length > 0 || (state.progress.armingLeft && arming === true);
	const isOnlyUnderBoom = safety === true && closing === false;
	if ((safety === true || closing === true) && (!isNextThere || isOnlyUnderBoom)) {
		return result({ ...state, deadlineMonotonicMs: input.monotonicMs + facts.lane.rules.passageTimeoutMs });
	}
	return passed(state, input, facts, 'low');
}

/** A lane without any loop can't see a passage: the confirmed pulse stands for it. */
export function onOpened(state: LaneState, input: LaneInput, facts: StepFacts, pulse: 'done' | 'unknown'): StepResult {
	const { loops, rules } = facts.lane;
	if (state.opening === null) return result(state);
	const opening = { ...state.opening, pulse };
	if (state.phase !== 'opening') return result({ ...state, opening });
	const blind = loops.arming === undefined && loops.safety === undefined && loops.closing === undefined;
	if (blind && pulse === 'done') {
		const through = passed({ ...state, opening }, input, facts, 'low');
		// The arm is only about to rise.
		return { ...through, state: { ...through.state, arm: state.arm } };
	}
	const backingOut = loops.arming !== undefined && state.loops.arming === false;
	const waitMs = backingOut ? rules.backOutMs : rules.passageTimeoutMs;
	return result(enter(state, input, 'openWait', { opening, deadlineMonotonicMs: input.monotonicMs + waitMs }));
}
