import type { ActEffect, StepResult, StoreEffect } from './lane-effect.ts';
import type { LaneInput } from './lane-input.ts';
import type { LanePhase, LaneState } from './lane-state.ts';

export function result(
	state: LaneState,
	store: readonly StoreEffect[] = [],
	act: readonly ActEffect[] = [],
): StepResult {
	return { state, store, act };
}

/** Changes the phase and what belongs to it; without a deadline nothing is awaited. */
export function enter(
	state: LaneState,
	input: LaneInput,
	phase: LanePhase,
	change: Partial<LaneState> = {},
): LaneState {
	return { ...state, phase, phaseSinceMs: input.atMs, deadlineMonotonicMs: null, ...change };
}
