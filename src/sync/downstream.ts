import { LIMITS } from '../gateway/core/limits.ts';
import type { Body, StreamHead } from './envelope.ts';
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

/** A stream's place here: what the directory holds, and what central says there is. */
export interface StreamState {
	readonly stream: string;
	/** null: this gateway never had it. */
	readonly centralEpoch: string | null;
	readonly rev: number;
	/** Digest of its rows; null: never synced. */
	readonly root: string | null;
	/** Newest position central told of. */
	readonly head: Head | null;
	/** Deltas that came before an earlier one. */
	readonly held: readonly Delta[];
	/** The delta the directory is committing now; one at a time. */
	readonly applying: Delta | null;
	/** Deltas can't bring it up to date. */
	readonly snapshotDue: boolean;
	/** Central stopped at the end of its answer and has more. */
	readonly moreWaits: boolean;
}

type Head = Pick<StreamHead, 'centralEpoch' | 'rev' | 'root'>;

export interface DownstreamState {
	readonly streams: readonly StreamState[];
	/** One snapshot at a time. */
	readonly pull: PullState | null;
	/** Deltas and snapshots in a row that the directory could not take, or central did not finish sending. */
	readonly failures: number;
}

export type Delta = Body<'delta'>;

export type DownstreamInput =
	| { readonly kind: 'head'; readonly head: StreamHead }
	| { readonly kind: 'resumed'; readonly streams: Body<'resumed'>['streams'] }
	| { readonly kind: 'delta'; readonly delta: Delta }
	| DirectoryAnswer
	| PullInput;

export type DirectoryAnswer =
	/** The directory holds this rev now. */
	| { readonly kind: 'applied'; readonly stream: string; readonly rev: number; readonly root: string | null }
	| { readonly kind: 'applyFailed'; readonly stream: string }
	| StagingAnswer;

/** What the directory is asked to do; its answer is the next input. */
export type DirectoryTask =
	/** Ops and rev in one commit; `applied` or `applyFailed` follows. */
	| { readonly do: 'applyDelta'; readonly delta: Delta }
	/** Central says that what we hold is its newest. */
	| { readonly do: 'confirmCurrent'; readonly stream: string; readonly centralEpoch: string; readonly rev: number }
	| StagingTask;

export type DownstreamOutput = RequestOutput | DirectoryTask;

/** How urgently central should be asked where the streams stand. */
export type Lag = 'none' | 'soon' | 'now';

export interface DownstreamStep {
	readonly state: DownstreamState;
	readonly outputs: readonly DownstreamOutput[];
}

export function startDownstream(
	positions: readonly Pick<StreamState, 'stream' | 'centralEpoch' | 'rev' | 'root'>[],
): DownstreamState {
	const streams = positions.map((position) => ({
		...position,
		head: null,
		held: [],
		applying: null,
		snapshotDue: false,
		moreWaits: false,
	}));
	return { streams, pull: null, failures: 0 };
}

/** @param nowMs monotonic. */
export function stepDownstream(state: DownstreamState, input: DownstreamInput, nowMs: number): DownstreamStep {
	switch (input.kind) {
		case 'head':
			return onStream(state, input.head.stream, (stream) => keepStream(takeHead(stream, input.head)), nowMs);
		case 'resumed':
			return input.streams.reduce<DownstreamStep>(
				(step, answer) => {
					const next = onStream(step.state, answer.stream, (stream) => takeAnswer(stream, answer), nowMs);
					return { state: next.state, outputs: [...step.outputs, ...next.outputs] };
				},
				{ state, outputs: [] },
			);
		case 'delta':
			return onStream(state, input.delta.stream, (stream) => takeDelta(stream, input.delta), nowMs);
		case 'applied':
			return onStream({ ...state, failures: 0 }, input.stream, (stream) => takeApplied(stream, input), nowMs);
		case 'applyFailed':
			return onStream(
				{ ...state, failures: state.failures + 1 },
				input.stream,
				(stream) => keepStream({ ...stream, applying: null, held: [] }),
				nowMs,
			);
		default: {
			if (state.pull === null) return { state, outputs: [] };
			return takePull(state, stepPull(state.pull, input, nowMs), nowMs);
		}
	}
}

export function downstreamLag(state: DownstreamState): Lag {
	const lags = state.streams.map((stream) => streamLag(stream));
	if (lags.includes('now')) return 'now';
	return lags.includes('soon') ? 'soon' : 'none';
}

/** Streams that are what central last told: while central is there, they are as fresh as this moment. */
export function currentStreams({ streams }: DownstreamState): readonly DirectoryTask[] {
	return streams.flatMap(({ stream, centralEpoch, rev, head, applying, held }) =>
		centralEpoch !== null &&
		head?.centralEpoch === centralEpoch &&
		head.rev === rev &&
		applying === null &&
		held.length === 0
			? [{ do: 'confirmCurrent', stream, centralEpoch, rev } as const]
			: [],
	);
}

export function downstreamDeadlineMs(state: DownstreamState): number | undefined {
	return state.pull === null ? undefined : pullDeadlineMs(state.pull);
}

interface StreamStep {
	readonly stream: StreamState;
	readonly outputs: readonly DownstreamOutput[];
}

/** Streams this gateway does not have are ignored: central may know newer ones. */
function onStream(
	state: DownstreamState,
	name: string,
	step: (stream: StreamState) => StreamStep,
	nowMs: number,
): DownstreamStep {
	const stream = state.streams.find((known) => known.stream === name);
	if (stream === undefined) return { state, outputs: [] };
	const taken = step(stream);
	const streams = state.streams.map((known) => (known === stream ? taken.stream : known));
	return pullNext({ ...state, streams }, taken.outputs, nowMs);
}

function pullNext(state: DownstreamState, outputs: readonly DownstreamOutput[], nowMs: number): DownstreamStep {
	if (state.pull !== null) return { state, outputs };
	// A delta still being committed would change what the snapshot is laid over.
	const due = state.streams.find((stream) => stream.snapshotDue && stream.applying === null);
	if (due === undefined) return { state, outputs };
	const { pull, outputs: requests } = startPull(due.stream, nowMs);
	return { state: { ...state, pull }, outputs: [...outputs, ...requests] };
}

function takePull(state: DownstreamState, step: PullStep, nowMs: number): DownstreamStep {
	if (step.end === undefined) return { state: { ...state, pull: step.pull }, outputs: step.outputs };
	const { end } = step;
	const failures = end.result === 'finished' ? 0 : state.failures + 1;
	const idle: DownstreamState = { ...state, pull: null, failures };
	const done = onStream(
		idle,
		step.pull.stream,
		(stream) =>
			end.result === 'finished'
				? applyHeld({ ...stream, ...end.position, snapshotDue: false })
				: keepStream({ ...stream, snapshotDue: false }),
		nowMs,
	);
	return { state: done.state, outputs: [...step.outputs, ...done.outputs] };
}

function takeHead(stream: StreamState, { centralEpoch, rev, root }: Head): StreamState {
	const known = stream.head?.centralEpoch === centralEpoch ? stream.head : null;
	if (known !== null && rev < known.rev) return stream;
	return { ...stream, head: { centralEpoch, rev, root: root ?? (known?.rev === rev ? known.root : null) } };
}

function takeAnswer(stream: StreamState, answer: Body<'resumed'>['streams'][number]): StreamStep {
	// The answer is newer than any head before it, also where a restored central's rev went backwards.
	const { centralEpoch, rev, root } = answer;
	const told: StreamState = {
		...stream,
		head: { centralEpoch, rev, root },
		snapshotDue: answer.answer === 'snapshot',
		moreWaits: false,
	};
	const current = answer.answer === 'current' && stream.centralEpoch === centralEpoch && stream.rev === rev;
	return { stream: told, outputs: current ? [{ do: 'confirmCurrent', stream: stream.stream, centralEpoch, rev }] : [] };
}

function takeDelta(stream: StreamState, delta: Delta): StreamStep {
	if (delta.to <= delta.from) return keepStream(stream);
	const seen = takeHead(stream, { centralEpoch: delta.centralEpoch, rev: delta.to, root: delta.root });
	if (delta.centralEpoch !== stream.centralEpoch || delta.to <= stream.rev) return keepStream(seen);
	const waits = [...seen.held, delta].toSorted((a, b) => a.from - b.from).slice(0, LIMITS.heldDeltas);
	return applyHeld({ ...seen, held: waits });
}

function takeApplied(stream: StreamState, { rev, root }: Pick<StreamState, 'rev' | 'root'>): StreamStep {
	const { applying } = stream;
	if (applying === null) return keepStream(stream);
	return applyHeld({ ...stream, rev, root, applying: null, moreWaits: applying.more });
}

/** Starts the delta that continues our rev, drops what is older; the rest waits. */
function applyHeld(stream: StreamState): StreamStep {
	const held = stream.held.filter((delta) => delta.centralEpoch === stream.centralEpoch && delta.to > stream.rev);
	if (stream.applying !== null || stream.snapshotDue) return keepStream({ ...stream, held });
	const next = held.find((delta) => delta.from === stream.rev);
	if (next === undefined) return keepStream({ ...stream, held });
	return {
		stream: { ...stream, applying: next, held: held.filter((delta) => delta !== next) },
		outputs: [{ do: 'applyDelta', delta: next }],
	};
}

function streamLag(stream: StreamState): Lag {
	if (stream.applying !== null || stream.snapshotDue || stream.head === null) return 'none';
	if (stream.moreWaits && stream.held.length === 0) return 'now';
	const behind = stream.head.centralEpoch !== stream.centralEpoch || stream.head.rev > stream.rev;
	return behind || stream.held.length > 0 ? 'soon' : 'none';
}

function keepStream(stream: StreamState): StreamStep {
	return { stream, outputs: [] };
}
