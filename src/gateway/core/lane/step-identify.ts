import { decideAccess } from '../access/decide-access.ts';
import type { Decision } from '../access/decision.ts';
import type { AccessFacts } from '../access/facts.ts';
import { identify } from '../access/identify.ts';
import { LIMITS } from '../limits.ts';
import type { ReasonCode } from '../reason.ts';
import {
	collectRead,
	isOfVehicleUnderWay,
	isPinAwaited,
	isUnderWay,
	isUnusable,
	isVehiclePresent,
	type ObservationInput,
	readsToDecide,
	readValue,
	settle,
} from './collect-reads.ts';
import type { StepResult, StoreEffect } from './lane-effect.ts';
import { recordDecision, recordLaneEvent, recordVend } from './lane-entries.ts';
import type { LaneInput, StepFacts } from './lane-input.ts';
import { type CollectedRead, type LaneState, NO_PROGRESS } from './lane-state.ts';
import { expectUp } from './step-arm.ts';
import { enter, result } from './step-result.ts';
import { opensWithoutStore } from './without-store.ts';

/** A refusal for one of these may turn into a grant when the lane's other kind of read still comes. */
const MAY_IMPROVE: ReadonlySet<ReasonCode> = new Set([
	'INVALID_FORMAT',
	'LOW_CONFIDENCE',
	'AMBIGUOUS_PLATE',
	'UNKNOWN_CREDENTIAL',
]);

export function onObservation(state: LaneState, input: ObservationInput, facts: StepFacts): StepResult {
	const { lane } = facts;
	if (isUnusable(state, input, lane)) return result(state);
	const reads = collectRead(state.reads, input.observation);
	if (isUnderWay(state)) {
		const own = isOfVehicleUnderWay(state, readValue(input), lane);
		return own ? compare(state, input, facts) : result({ ...state, reads });
	}
	if (readsToDecide(state, input, lane) === null) return wait();
	if (facts.access === null) return conclude(state, input, facts, reads, null);
	const decision = decideAccess(facts.access);
	const windowEnds = windowEnd(state, input, facts, reads);
	if (mayImprove(decision, reads, facts) && input.monotonicMs < windowEnds) return wait();
	return conclude(state, input, facts, reads, decision);

	function wait(): StepResult {
		const collected = { reads, deadlineMonotonicMs: windowEnd(state, input, facts, reads) };
		const isWaiting = state.phase === 'identifying';
		const next = isWaiting ? { ...state, ...collected } : enter(state, input, 'identifying', collected);
		const { deviceId } = input.observation;
		return result(next, [], isPinAwaited(reads, lane) ? [{ type: 'show', feedback: 'wait', deviceId }] : []);
	}
}

/** The window for reads ended, or an exit waited long enough for one: decide on what there is. */
export function onIdentifyTimeout(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	if (readsToDecide(state, input, facts.lane) === null) return result(enter(state, input, 'arrived'));
	const decision = facts.access === null ? null : decideAccess(facts.access);
	return conclude(state, input, facts, state.reads, decision);
}

/** A PIN takes longer to press than a second read to come. */
function windowEnd(state: LaneState, input: LaneInput, { lane }: StepFacts, reads: readonly CollectedRead[]): number {
	const isWaiting = state.phase === 'identifying' && state.deadlineMonotonicMs !== null;
	const usual = (isWaiting ? state.deadlineMonotonicMs : null) ?? input.monotonicMs + lane.rules.identifyWindowMs;
	const given = isPinAwaited(reads, lane) ? reads.find(({ kind }) => kind !== 'plate') : undefined;
	return given === undefined ? usual : Math.max(usual, given.firstMonotonicMs + LIMITS.pinWindowMs);
}

function mayImprove(decision: Decision, reads: readonly CollectedRead[], { lane }: StepFacts): boolean {
	const obstacle = decision.headline ?? overlookedAtExit(decision);
	if (obstacle === 'SECOND_FACTOR_TIMEOUT') return isPinAwaited(reads, lane);
	if (obstacle === null || !MAY_IMPROVE.has(obstacle)) return false;
	if (isPinAwaited(reads, lane)) return true;
	const awaited = reads.at(-1)?.kind === 'plate' ? lane.readers : lane.cameras;
	return (
		obstacle === 'LOW_CONFIDENCE' ||
		(lane.identify === 'either' && awaited.length > 0 && new Set(reads.map((read) => read.kind)).size === 1)
	);
}

/** An exit opens all the same, but knowing who left is worth the window. */
function overlookedAtExit({ verdicts }: Decision): ReasonCode | null {
	const overlooked = verdicts.find(({ verdict }) => verdict.result === 'waived' && verdict.by === 'exit');
	return overlooked?.rule ?? null;
}

/** Whose the other read of this car is: somebody else's is told (the lane's rule held while both were awaited). */
function compare(state: LaneState, input: ObservationInput, { lane, access }: StepFacts): StepResult {
	const { opening } = state;
	if (opening === null || access === null) return result(state);
	const known = { ...state, opening: { ...opening, values: [...opening.values, readValue(input)] } };
	const holderId = identify(access).holder?.id;
	if (holderId === undefined || holderId === opening.holderId) return result(known);
	const [{ kind = null, value = null, deviceId = null, confidence = null } = {}] = access.presented;
	const detail = { letIn: opening.holderId, alsoRead: holderId, kind, read: value, device: deviceId, confidence };
	return result(known, [recordLaneEvent(input, lane.id, 'mismatch', opening.decisionId, detail)]);
}

function conclude(
	state: LaneState,
	input: LaneInput,
	facts: StepFacts,
	reads: readonly CollectedRead[],
	decision: Decision | null,
): StepResult {
	return opens(state, facts, decision)
		? grant(state, input, facts, reads, decision)
		: refuse(state, input, facts, reads, decision);
}

function opens(state: LaneState, facts: StepFacts, decision: Decision | null): boolean {
	const granted = decision?.outcome === 'granted';
	if (!facts.storeFailed) return granted;
	const { lane } = facts;
	if (!opensWithoutStore(lane)) return false;
	return granted || (decision === null && lane.kind === 'exit' && isVehiclePresent(state, lane));
}

function grant(
	state: LaneState,
	input: LaneInput,
	facts: StepFacts,
	reads: readonly CollectedRead[],
	decision: Decision | null,
): StepResult {
	const { lane, access } = facts;
	// A held arm is up already: the vehicle is recorded and passes, nothing is pulsed. A hold that is not confirmed holds nothing yet.
	const pulses = lane.barrier !== undefined && state.hold !== 'on';
	const vendId = input.id;
	const reserve = decision === null || access === null ? null : reservationOf(decision, access, vendId);
	const opening = {
		vendId,
		decisionId: decision === null ? null : input.id,
		holderId: decision?.holderId ?? null,
		credentialId: decision?.credentialId ?? null,
		values: reads.map((read) => read.value),
		counted: decision?.counted ?? true,
		reserved: reserve !== null,
		pulse: pulses ? ('asked' as const) : ('done' as const),
	};
	const deadlineMonotonicMs = input.monotonicMs + LIMITS.vendDeadlineMs;
	const phase = pulses ? 'opening' : 'openWait';
	const waitMs = pulses ? LIMITS.vendAnswerMs : lane.rules.passageTimeoutMs;
	return result(
		enter(state, input, phase, {
			reads: [],
			opening,
			arm: expectUp(state, input),
			progress: NO_PROGRESS,
			settledReads: [],
			deadlineMonotonicMs: input.monotonicMs + waitMs,
		}),
		[
			...(decision === null || access === null
				? recordBlindVend(input, lane.id, pulses)
				: [
						recordDecision(input, facts, {
							decision,
							access,
							reads,
							vendId: pulses ? vendId : null,
						}),
					]),
			...(reserve === null ? [] : [reserve]),
		],
		[
			...(pulses ? [{ type: 'vend', vendId, deadlineMonotonicMs } as const] : []),
			{ type: 'show', feedback: 'granted', deviceId: reads.at(-1)?.deviceId ?? null },
		],
	);
}

/** Every stay by a right begins with what it holds and costs; under fire nobody's right is asked for. */
function reservationOf(decision: Decision, { direction }: AccessFacts, vendId: string): StoreEffect | null {
	const { holderId, credentialId, rightId, reserve: areaIds, terms } = decision;
	if (direction === 'exit' || (areaIds.length === 0 && rightId === null)) return null;
	return { type: 'reserve', vendId, holderId, areaIds, rightId, credentialId, ...(terms !== undefined && { terms }) };
}

/** Opened without a decision, as nothing could be read: the pulse itself is what can be told. */
function recordBlindVend(input: LaneInput, laneId: string, pulses: boolean): readonly StoreEffect[] {
	const reason = 'the store could not be read';
	return pulses
		? [recordVend(input, laneId, { vendId: input.id, decisionId: null, outcome: 'requested', reason })]
		: [];
}

function refuse(
	state: LaneState,
	input: LaneInput,
	facts: StepFacts,
	reads: readonly CollectedRead[],
	decision: Decision | null,
): StepResult {
	const { lane, access } = facts;
	const last = reads.at(-1);
	const untilMonotonicMs = input.monotonicMs + lane.rules.retryAfterMs;
	const staysUntilItLeaves = lane.loops.arming !== undefined && isVehiclePresent(state, lane);
	return result(
		enter(state, input, 'refused', {
			reads: [],
			settledReads: settle(state.settledReads, last === undefined ? [] : [last.value], input, untilMonotonicMs),
			deadlineMonotonicMs: staysUntilItLeaves ? endOfWrongWay(state, facts) : untilMonotonicMs,
		}),
		decision === null || access === null ? [] : recordRefusal(input, facts, { decision, access, reads }),
		[{ type: 'show', feedback: 'refused', deviceId: last?.deviceId ?? null }],
	);
}

/** A vehicle that stays before the lane waits for a better read; one taken to come from behind is believed in the end. */
function endOfWrongWay({ wrongWay }: LaneState, { lane }: StepFacts): number | null {
	return wrongWay?.at === 'arming' ? wrongWay.sinceMonotonicMs + lane.rules.passageTimeoutMs : null;
}

/** A grant that ends here could not be recorded before the opening: the rules let it in, the gateway failed. */
function recordRefusal(
	input: LaneInput,
	facts: StepFacts,
	decided: { readonly decision: Decision; readonly access: AccessFacts; readonly reads: readonly CollectedRead[] },
): StoreEffect[] {
	const vendId = decided.decision.outcome === 'granted' && facts.lane.barrier !== undefined ? input.id : null;
	const decision = recordDecision(input, facts, { ...decided, vendId });
	if (vendId === null) return [decision];
	const outcome = { result: 'failed', problem: 'the decision could not be recorded, so nothing was opened' } as const;
	return [decision, recordVend(input, facts.lane.id, { vendId, decisionId: input.id, outcome })];
}
