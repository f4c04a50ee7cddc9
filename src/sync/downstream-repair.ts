import { type DownstreamState, type DownstreamStep, onStream } from './downstream-state.ts';
import { endRepair, nextRepair } from './repair-plan.ts';
import { mendWhenReached, type RepairInput, type RepairStep, startRepair, stepRepair } from './stream-repair.ts';
import { movePlace } from './stream-state.ts';

/** What the directory found or made of a stream's rows; older than the last delta it says nothing. */
export function movedByRepair(
	state: DownstreamState,
	input: Extract<RepairInput, { kind: 'verified' | 'mended' | 'repairFailed' }>,
) {
	if (input.kind === 'repairFailed') return state;
	const { rev, root } = input.kind === 'verified' ? input.found : input;
	const parked = input.kind === 'mended' ? { parked: input.parked } : {};
	return onStream(state, input.stream, (stream) => ({
		stream: stream.rev === rev ? movePlace(stream, { root, ...parked }) : stream,
		outputs: [],
	})).state;
}

export function takeRepair(
	state: DownstreamState,
	input: RepairInput | { readonly kind: 'tick' | 'up' },
	nowMs: number,
): DownstreamStep {
	const { repair } = state;
	const stream = state.streams.find((known) => known.stream === repair?.stream);
	if (repair === null || stream === undefined) return { state, outputs: [] };
	const requests = state.requests + 1;
	const step = stepRepair(repair, input, stream, `${repair.stream}.${requests}`, nowMs);
	const next: DownstreamState = { ...state, requests, repair: step.repair };
	return step.end === undefined
		? { state: next, outputs: step.outputs }
		: repairOver(next, step, step.end.result, nowMs);
}

function repairOver(
	state: DownstreamState,
	{ repair }: RepairStep,
	result: NonNullable<RepairStep['end']>['result'],
	nowMs: number,
): DownstreamStep {
	const { stream, done } = repair;
	const ended = endRepair(state.repairs, result, repair.asked !== null, nowMs);
	const idle: DownstreamState = { ...state, repair: null, repairs: ended.plan };
	const { state: known } = onStream(idle, stream, (before) => ({
		// Central says so, whatever the head's root was.
		stream: { ...before, differs: result !== 'clean' && before.differs, beyondRepair: ended.needsSnapshot },
		outputs: [],
	}));
	const isReported = done.rows > 0 || done.damaged > 0;
	return { state: known, outputs: isReported ? [{ do: 'reportRepair', report: done }] : [] };
}

export function mendNext(state: DownstreamState): DownstreamStep {
	const { repair } = state;
	const stream = state.streams.find((known) => known.stream === repair?.stream);
	if (repair === null || stream === undefined) return { state, outputs: [] };
	const step = mendWhenReached(repair, stream);
	return { state: { ...state, repair: step.repair }, outputs: step.outputs };
}

export function repairNext(state: DownstreamState, nowMs: number): DownstreamStep {
	if (state.repair !== null || state.pull !== null) return { state, outputs: [] };
	const { plan, stream } = nextRepair(state.repairs, state.streams, nowMs);
	const planned = { ...state, repairs: plan };
	if (stream === undefined) return { state: planned, outputs: [] };
	const { repair, outputs } = startRepair(stream);
	return { state: { ...planned, repair }, outputs };
}
