import type { Body, StreamHead } from './envelope.ts';
import { endRepair, nextRepair, type RepairPlan, repairPlanDeadlineMs, startRepairPlan } from './repair-plan.ts';
import {
	type PullInput,
	type PullState,
	type PullStep,
	pullDeadlineMs,
	type RequestOutput,
	type StagingAnswer,
	type StagingTask,
	startPull,
	stepPull,
} from './snapshot-pull.ts';
import {
	mendWhenReached,
	type RepairInput,
	type RepairOutput,
	type RepairReport,
	type RepairState,
	type RepairStep,
	type RepairTask,
	repairDeadlineMs,
	startRepair,
	stepRepair,
} from './stream-repair.ts';
import {
	type ApplyDelta,
	applyHeld,
	type ConfirmCurrent,
	type Delta,
	isAtHead,
	isCurrent,
	type Lag,
	movePlace,
	needsSnapshot,
	type StreamPlace,
	type StreamState,
	type StreamStep,
	startStream,
	streamLag,
	takeAnswer,
	takeApplied,
	takeDelta,
	takeHead,
} from './stream-state.ts';

export type { Delta, Lag, StreamState } from './stream-state.ts';

/** What the site has of central's rows, and how it comes to have what central has. */
export interface DownstreamState {
	readonly streams: readonly StreamState[];
	/** One snapshot at a time. */
	readonly pull: PullState | null;
	/** One repair at a time, and none beside a snapshot. */
	readonly repair: RepairState | null;
	readonly repairs: RepairPlan;
	/** Deltas and snapshots in a row that the directory could not take, or central did not finish sending. */
	readonly failures: number;
	/** Requests made, which names the next. */
	readonly requests: number;
}

export type DownstreamInput =
	| { readonly kind: 'head'; readonly head: StreamHead }
	| { readonly kind: 'resumed'; readonly streams: Body<'resumed'>['streams'] }
	| { readonly kind: 'delta'; readonly delta: Delta }
	| DirectoryAnswer
	| RepairInput
	| PullInput;

export type DirectoryAnswer =
	/** The directory holds this rev now. */
	| ({ readonly kind: 'applied' } & Pick<StreamPlace, 'stream' | 'rev' | 'root' | 'parked'>)
	| { readonly kind: 'applyFailed'; readonly stream: string }
	| Exclude<RepairInput, { kind: 'digestAnswer' }>
	| StagingAnswer;

/** What the directory is asked to do; its answer is the next input. */
export type DirectoryTask =
	/** Ops and rev in one commit; `applied` or `applyFailed` follows. */
	ApplyDelta | ConfirmCurrent | RepairTask | StagingTask;

export type DownstreamOutput =
	| RequestOutput
	| RepairOutput
	| DirectoryTask
	/** Rows of a stream were wrong and are central's again. */
	| { readonly do: 'reportRepair'; readonly report: RepairReport };

export interface DownstreamStep {
	readonly state: DownstreamState;
	readonly outputs: readonly DownstreamOutput[];
}

/** @param nowMs monotonic, as everywhere here. */
export function startDownstream(places: readonly StreamPlace[], nowMs: number): DownstreamState {
	const streams = places.map(startStream);
	return { streams, pull: null, repair: null, repairs: startRepairPlan(nowMs), failures: 0, requests: 0 };
}

export function stepDownstream(state: DownstreamState, input: DownstreamInput, nowMs: number): DownstreamStep {
	return proceed(take(state, input, nowMs), nowMs);
}

export function downstreamLag(state: DownstreamState): Lag {
	const lags = state.streams.map(streamLag);
	if (lags.includes('now')) return 'now';
	return lags.includes('soon') ? 'soon' : 'none';
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
			return input.streams.reduce<DownstreamStep>(
				(step, answer) => {
					const next = onStream(step.state, answer.stream, (stream) => takeAnswer(stream, answer));
					return { state: next.state, outputs: [...step.outputs, ...next.outputs] };
				},
				{ state, outputs: [] },
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
			return takeRepair(moved(state, input), input, nowMs);
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

/** Streams this gateway does not have are ignored: central may know newer ones. */
function onStream(state: DownstreamState, name: string, step: (stream: StreamState) => StreamStep): DownstreamStep {
	const stream = state.streams.find((known) => known.stream === name);
	if (stream === undefined) return { state, outputs: [] };
	const taken = step(stream);
	const streams = state.streams.map((known) => (known === stream ? taken.stream : known));
	return { state: { ...state, streams }, outputs: taken.outputs };
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
	const { pull, outputs } = startPull(due, nowMs);
	return { state: { ...state, pull, repair: null }, outputs };
}

function takePull(state: DownstreamState, input: PullInput, nowMs: number): DownstreamStep {
	if (state.pull === null) return { state, outputs: [] };
	const step = stepPull(state.pull, input, nowMs);
	return step.end === undefined
		? { state: { ...state, pull: step.pull }, outputs: step.outputs }
		: pullEnded(state, step, step.end);
}

function pullEnded(state: DownstreamState, step: PullStep, end: NonNullable<PullStep['end']>): DownstreamStep {
	const isDone = end.result === 'finished';
	const idle: DownstreamState = { ...state, pull: null, failures: isDone ? 0 : state.failures + 1 };
	const done = onStream(idle, step.pull.stream, (stream) => {
		const over = { ...stream, snapshotDue: false, beyondRepair: false };
		return isDone ? applyHeld(movePlace(over, end.place)) : { stream: over, outputs: [] };
	});
	return { state: done.state, outputs: [...step.outputs, ...done.outputs] };
}

/** What the directory found or made of a stream's rows; older than the last delta it says nothing. */
function moved(state: DownstreamState, input: Extract<RepairInput, { kind: 'verified' | 'mended' | 'repairFailed' }>) {
	if (input.kind === 'repairFailed') return state;
	const { rev, root } = input.kind === 'verified' ? input.found : input;
	const parked = input.kind === 'mended' ? { parked: input.parked } : {};
	return onStream(state, input.stream, (stream) => ({
		stream: stream.rev === rev ? movePlace(stream, { root, ...parked }) : stream,
		outputs: [],
	})).state;
}

function takeRepair(
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

function mendNext(state: DownstreamState): DownstreamStep {
	const { repair } = state;
	const stream = state.streams.find((known) => known.stream === repair?.stream);
	if (repair === null || stream === undefined) return { state, outputs: [] };
	const step = mendWhenReached(repair, stream);
	return { state: { ...state, repair: step.repair }, outputs: step.outputs };
}

function repairNext(state: DownstreamState, nowMs: number): DownstreamStep {
	if (state.repair !== null || state.pull !== null) return { state, outputs: [] };
	const { plan, stream } = nextRepair(state.repairs, state.streams, nowMs);
	const planned = { ...state, repairs: plan };
	if (stream === undefined) return { state: planned, outputs: [] };
	const { repair, outputs } = startRepair(stream);
	return { state: { ...planned, repair }, outputs };
}
