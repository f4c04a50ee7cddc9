import type { StepResult } from './lane-effect.ts';
import type { LaneInput, StepFacts } from './lane-input.ts';
import type { LaneState } from './lane-state.ts';
import { onIdentifyTimeout, onObservation } from './step-identify.ts';
import { onFaultedTimeout, onLoop, onOpened, onOpenWaitTimeout, onPassingTimeout } from './step-passage.ts';
import { enter, result } from './step-result.ts';
import { onRemoteVend, onVendOutcome } from './step-vend.ts';

/**
 * One step of a lane (DOMAIN.md, life of a lane). Pure: time is part of the input, facts are loaded by
 * the caller for the reads that `readsToDecide` names. The caller commits `store` in one transaction,
 * then carries out `act` in order, and calls again with `timeout` when the state's deadline is reached.
 */
export function stepLane(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	switch (input.type) {
		case 'observation':
			return onObservation(state, input, facts);
		case 'loop':
			return onLoop(state, input, facts);
		case 'timeout':
			return onTimeout(state, input, facts);
		case 'vendOutcome':
			return onVendOutcome(state, input, facts);
		case 'remoteVend':
			return onRemoteVend(state, input, facts);
	}
}

function onTimeout(state: LaneState, input: LaneInput, facts: StepFacts): StepResult {
	if (state.deadlineMonotonicMs === null || input.monotonicMs < state.deadlineMonotonicMs) return result(state);
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
		default:
			return result(enter(state, input, 'idle', { reads: [] }));
	}
}
