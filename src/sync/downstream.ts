import { mendNext, movedByRepair, repairNext, takeRepair } from './downstream-repair.ts';
import {
	type DownstreamInput,
	type DownstreamState,
	type DownstreamStep,
	onStream,
	type StagedPart,
} from './downstream-state.ts';
import { repairPlanDeadlineMs, startRepairPlan } from './repair-plan.ts';
import { type PullInput, type PullStep, pullDeadlineMs, startPull, stepPull } from './snapshot-pull.ts';
import { repairDeadlineMs } from './stream-repair.ts';
import {
	applyHeld,
	type ConfirmCurrent,
	isAtHead,
	isCurrent,
	type Lag,
	movePlace,
	needsSnapshot,
	type StreamPlace,
	startStream,
	streamLag,
	type TellParked,
	takeAnswer,
	takeApplied,
	takeDelta,
	takeHead,
} from './stream-state.ts';

/** @param nowMs monotonic, as everywhere here. */
export function startDownstream(
	places: readonly StreamPlace[],
	staged: StagedPart | null,
	nowMs: number,
): DownstreamState {
	const streams = places.map(startStream);
	return { streams, pull: null, staged, repair: null, repairs: startRepairPlan(nowMs), failures: 0, requests: 0 };
}

export function stepDownstream(state: DownstreamState, input: DownstreamInput, nowMs: number): DownstreamStep {
	return proceed(take(state, input, nowMs), nowMs);
}

export function downstreamLag(state: DownstreamState): Lag {
	const lags = state.streams.map(streamLag);
	if (lags.includes('now')) return 'now';
	return lags.includes('soon') ? 'soon' : 'none';
}

/** Streams of which central should know what is of no use here. */
export function parkedStreams({ streams }: DownstreamState): readonly TellParked[] {
	return streams.filter(({ parked }) => parked > 0).map(({ stream }) => ({ do: 'tellParked', stream }));
}

/** Streams that are what central last told: while central is there, they are as fresh as this moment. */
export function currentStreams({ streams }: DownstreamState): readonly ConfirmCurrent[] {
	return streams.flatMap((state) => {
		const { stream, centralEpoch, rev } = state;
		return isCurrent(state) && centralEpoch !== null ? [{ do: 'confirmCurrent', stream, centralEpoch, rev }] : [];
	});
}

/** Whether the rows of a stream are central's, as far as both have said it of one rev. */
export function digestState({ streams }: DownstreamState, name: string): 'same' | 'differs' | 'unknown' {
	const stream = streams.find((known) => known.stream === name);
	if (stream === undefined || stream.differs) return stream === undefined ? 'unknown' : 'differs';
	return stream.root !== null && isAtHead(stream) && stream.head?.root === stream.root ? 'same' : 'unknown';
}

export function downstreamDeadlineMs({ pull, repair, repairs, streams }: DownstreamState): number | undefined {
	if (pull !== null) return pullDeadlineMs(pull);
	return repair === null ? repairPlanDeadlineMs(repairs, streams) : repairDeadlineMs(repair);
}

function take(state: DownstreamState, input: DownstreamInput, nowMs: number): DownstreamStep {
	switch (input.kind) {
		case 'head':
			return onStream(state, input.head.stream, (stream) => ({ stream: takeHead(stream, input.head), outputs: [] }));
		case 'resumed':
			return dropStaged(
				input.streams.reduce<DownstreamStep>(
					(step, answer) => {
						const next = onStream(step.state, answer.stream, (stream) => takeAnswer(stream, answer));
						return { state: next.state, outputs: [...step.outputs, ...next.outputs] };
					},
					{ state, outputs: [] },
				),
			);
		case 'delta':
			return onStream(state, input.delta.stream, (stream) => takeDelta(stream, input.delta));
		case 'applied':
			return onStream({ ...state, failures: 0 }, input.stream, (stream) => takeApplied(stream, input));
		case 'applyFailed':
			return onStream({ ...state, failures: state.failures + 1 }, input.stream, (stream) => ({
				stream: { ...stream, applying: null, held: [] },
				outputs: [],
			}));
		case 'verified':
		case 'mended':
		case 'repairFailed':
			return takeRepair(movedByRepair(state, input), input, nowMs);
		case 'digestAnswer':
			return takeRepair(state, input, nowMs);
		case 'up':
		case 'tick': {
			const repaired = takeRepair(state, input, nowMs);
			const pulled = takePull(repaired.state, input, nowMs);
			return { state: pulled.state, outputs: [...repaired.outputs, ...pulled.outputs] };
		}
		default:
			return takePull(state, input, nowMs);
	}
}

/** What was due and may begin now. */
function proceed(step: DownstreamStep, nowMs: number): DownstreamStep {
	return [pullNext, mendNext, repairNext].reduce((before, next) => {
		const after = next(before.state, nowMs);
		return { state: after.state, outputs: [...before.outputs, ...after.outputs] };
	}, step);
}

function pullNext(state: DownstreamState, nowMs: number): DownstreamStep {
	if (state.pull !== null) return { state, outputs: [] };
	// A delta still being committed would change what the snapshot is laid over.
	const due = state.streams.find((stream) => needsSnapshot(stream) && stream.applying === null);
	if (due === undefined) return { state, outputs: [] };
	const stagedId = state.staged?.stream === due.stream ? state.staged.snapshotId : null;
	const { pull, outputs } = startPull(due, stagedId, nowMs);
	return { state: { ...state, pull, repair: null }, outputs };
}

/** Nothing needs what was staged before a restart. */
function dropStaged({ state, outputs }: DownstreamStep): DownstreamStep {
	const stream = state.streams.find((known) => known.stream === state.staged?.stream);
	if (state.staged === null || state.pull !== null || (stream !== undefined && needsSnapshot(stream)))
		return { state, outputs };
	return { state: { ...state, staged: null }, outputs: [...outputs, { do: 'abandonSnapshot' }] };
}

function takePull(state: DownstreamState, input: PullInput, nowMs: number): DownstreamStep {
	if (state.pull === null) return { state, outputs: [] };
	const step = stepPull(state.pull, input, nowMs);
	const staged = stagedBy(step, state.staged);
	return step.end === undefined
		? { state: { ...state, staged, pull: step.pull }, outputs: step.outputs }
		: pullEnded({ ...state, staged }, step, step.end);
}

function stagedBy({ outputs, end }: PullStep, before: StagedPart | null): StagedPart | null {
	const opened = outputs.find((output) => output.do === 'openSnapshot');
	if (opened !== undefined) return { stream: opened.manifest.stream, snapshotId: opened.manifest.snapshotId };
	const isOver = end?.result === 'finished' || outputs.some((output) => output.do === 'abandonSnapshot');
	return isOver ? null : before;
}

function pullEnded(state: DownstreamState, step: PullStep, end: NonNullable<PullStep['end']>): DownstreamStep {
	const isDone = end.result === 'finished';
	const idle: DownstreamState = { ...state, pull: null, failures: isDone ? 0 : state.failures + 1 };
	const done = onStream(idle, step.pull.stream, (stream) => {
		// What changed since it was made is asked for at once: nothing may be let in by what is older.
		const over = { ...stream, snapshotDue: false, beyondRepair: false, moreWaits: isDone };
		if (!isDone) return { stream: over, outputs: [] };
		const next = applyHeld(movePlace(over, end.place));
		const isNews = end.place.parked > 0 || stream.parked > 0;
		return isNews ? { ...next, outputs: [{ do: 'tellParked', stream: stream.stream }, ...next.outputs] } : next;
	});
	return { state: done.state, outputs: [...step.outputs, ...done.outputs] };
}
