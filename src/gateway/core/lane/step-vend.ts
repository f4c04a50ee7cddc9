import { LIMITS } from '../limits.ts';
import type { Lane } from '../site.ts';
import { isUnderWay, isVehiclePresent } from './collect-reads.ts';
import type { StepResult, StoreEffect } from './lane-effect.ts';
import { recordVend } from './lane-entries.ts';
import type { LaneInput, StepFacts } from './lane-input.ts';
import { type LaneState, NO_PROGRESS } from './lane-state.ts';
import { expectUp } from './step-arm.ts';
import { onOpened } from './step-passage.ts';
import { enter, result } from './step-result.ts';
import { opensWithoutStore } from './without-store.ts';

/** An operator opens once, with a reason; needs a vehicle on the arming loop where there is one. */
export function onRemoteVend(
	state: LaneState,
	input: LaneInput & { readonly type: 'remoteVend' },
	facts: StepFacts,
): StepResult {
	const { lane } = facts;
	const because = whyNot(state, facts);
	if (because !== null) return result(state, [], [{ type: 'vendRefused', inputId: input.id, because }]);
	const vendId = input.id;
	const latest = input.monotonicMs + LIMITS.vendDeadlineMs;
	const opening = {
		vendId,
		decisionId: null,
		holderId: null,
		credentialId: null,
		values: state.reads.map((read) => read.value),
		counted: true,
		reserved: false,
		pulse: 'asked' as const,
	};
	return result(
		enter(state, input, 'opening', {
			reads: [],
			opening,
			arm: expectUp(state, input),
			progress: NO_PROGRESS,
			deadlineMonotonicMs: input.monotonicMs + LIMITS.vendAnswerMs,
		}),
		[
			recordVend(input, lane.id, {
				vendId,
				decisionId: null,
				outcome: 'requested',
				operatorId: input.operatorId,
				reason: input.reason,
			}),
		],
		[
			{ type: 'vend', vendId, deadlineMonotonicMs: Math.min(latest, input.deadlineMonotonicMs ?? latest) },
			{ type: 'show', feedback: 'granted', deviceId: null },
		],
	);
}

function whyNot(state: LaneState, { lane, storeFailed }: StepFacts) {
	if (lane.barrier === undefined) return 'noBarrier';
	if (lane.loops.arming !== undefined && !isVehiclePresent(state, lane)) return 'noVehicle';
	if (isUnderWay(state)) return 'busy';
	if (state.hold === 'on') return 'heldOpen';
	if (isClosed(state, lane)) return 'closed';
	return storeFailed && !opensWithoutStore(lane) ? 'storeFailure' : null;
}

/** Closing and lockdown block entries; an exit only where it is strict, and never under fire. */
function isClosed({ mode, fire }: LaneState, { kind, rules }: Lane): boolean {
	if (mode.kind !== 'closedToAll' && mode.kind !== 'lockdown') return false;
	return kind !== 'exit' || (rules.strictExit && fire !== true);
}

/** The barrier answered, or did not. A failed pulse opened nothing: what was held is given back and a re-scan works. */
export function onVendOutcome(
	state: LaneState,
	input: LaneInput & { readonly type: 'vendOutcome' },
	facts: StepFacts,
): StepResult {
	const { vendId, outcome } = input;
	const current = state.opening?.vendId === vendId ? state.opening : null;
	const recorded = recordVend(input, facts.lane.id, { vendId, decisionId: current?.decisionId ?? null, outcome });
	if (current === null) return result(state, [recorded]);
	if (outcome.result === 'done' || outcome.result === 'unknown') {
		const opened = onOpened(state, input, facts, outcome.result);
		return { ...opened, store: [recorded, ...opened.store] };
	}
	if (state.phase === 'passing') return result(state, [recorded]);
	const store: StoreEffect[] = [recorded];
	if (current.reserved) store.push({ type: 'release', vendId });
	const deadlineMonotonicMs = input.monotonicMs + facts.lane.rules.retryAfterMs;
	return result(enter(state, input, 'faulted', { opening: null, deadlineMonotonicMs }), store, [
		{ type: 'show', feedback: 'refused', deviceId: null },
	]);
}
