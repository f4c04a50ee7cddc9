import type { Lane } from '../site.ts';
import type { StepResult, StoreEffect } from './lane-effect.ts';
import { recordLaneEvent } from './lane-entries.ts';
import type { LaneInput, LoopName, StepFacts } from './lane-input.ts';
import { type ArmFault, type ArmState, type LaneState, QUIET_LOOP } from './lane-state.ts';

/** Switches of one arm change within moments of one another; both for longer is a broken one. */
const BOTH_LIMITS_MS = 1_000;

/**
 * What the inputs of the lane tell about themselves, whatever vehicles do: an arm that is not where it can be, a loop
 * that is on for too long. They are told and shown; nothing opens or closes for it.
 */
export function watchInputs(stepped: StepResult, input: LaneInput, { lane }: StepFacts): StepResult {
	const events: StoreEffect[] = [];
	const tell = (event: Parameters<typeof recordLaneEvent>[2], detail: Readonly<Record<string, string>>) =>
		events.push(recordLaneEvent(input, lane.id, event, null, detail));
	const arm = watchArm(stepped.state, input, lane, tell);
	const loopWatch = watchLoop(stepped.state.loopWatch, input, lane, tell);
	if (arm === stepped.state.arm && loopWatch === stepped.state.loopWatch) return stepped;
	return { ...stepped, state: { ...stepped.state, arm, loopWatch }, store: [...stepped.store, ...events] };
}

type Tell = (
	event: 'armFault' | 'armRecovered' | 'loopStuck' | 'loopRecovered',
	detail: Readonly<Record<string, string>>,
) => void;

function watchArm(state: LaneState, { monotonicMs }: LaneInput, lane: Lane, tell: Tell): ArmState {
	const what = doubtOf(state, lane);
	let { arm } = state;
	if (what !== (arm.doubt?.what ?? null)) {
		const afterMs = what === 'bothLimits' ? BOTH_LIMITS_MS : lane.rules.travelMs;
		arm = { ...arm, doubt: what === null ? null : { what, dueMonotonicMs: monotonicMs + afterMs } };
	}
	if (arm.fault !== null && isOver(arm.fault, arm)) {
		tell('armRecovered', { fault: arm.fault });
		arm = { ...arm, fault: null };
	}
	const { doubt } = arm;
	if (doubt === null || doubt.dueMonotonicMs === null || monotonicMs < doubt.dueMonotonicMs) return arm;
	if (arm.fault !== doubt.what) tell('armFault', { fault: doubt.what });
	return { ...arm, fault: doubt.what, doubt: { ...doubt, dueMonotonicMs: null } };
}

/** Nothing is doubted while a switch is not wired, or its device is lost. */
function doubtOf({ arm: { open, closed }, opening }: LaneState, { position }: Lane): ArmFault | null {
	if (open === true && closed === true) return 'bothLimits';
	if (open === false && closed === false) return 'betweenLimits';
	const isDown = position.closed === undefined ? open === false : closed === true;
	return isDown && opening?.pulse === 'done' ? 'didNotOpen' : null;
}

function isOver(fault: ArmFault, { open, closed, doubt }: ArmState): boolean {
	if (fault === 'didNotOpen') return open === true || closed === false;
	return doubt?.what !== fault && open !== null && closed !== null;
}

function watchLoop(watch: LaneState['loopWatch'], input: LaneInput, lane: Lane, tell: Tell): LaneState['loopWatch'] {
	const { stuckLoopMs } = lane.rules;
	if (input.type === 'loop') {
		const before = watch[input.loop];
		if (input.active === true) {
			if (before.isStuck || before.dueMonotonicMs !== null || stuckLoopMs === 0) return watch;
			const dueMonotonicMs = input.monotonicMs + stuckLoopMs;
			return { ...watch, [input.loop]: { dueMonotonicMs, isStuck: false } };
		}
		if (before.isStuck && input.active === false) tell('loopRecovered', { loop: input.loop });
		return before === QUIET_LOOP ? watch : { ...watch, [input.loop]: QUIET_LOOP };
	}
	let after = watch;
	for (const loop of ['arming', 'safety', 'closing'] as const satisfies readonly LoopName[]) {
		const { dueMonotonicMs } = watch[loop];
		if (dueMonotonicMs === null || input.monotonicMs < dueMonotonicMs) continue;
		tell('loopStuck', { loop });
		after = { ...after, [loop]: { dueMonotonicMs: null, isStuck: true } };
	}
	return after;
}
