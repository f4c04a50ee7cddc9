import { LIMITS } from '../gateway/core/limits.ts';
import type { Body } from './envelope.ts';
import type { StreamPlace, StreamState } from './stream-state.ts';

/** How long a manifest or chunk may take before it is asked for again. */
const ANSWER_TIMEOUT_MS = 10_000;
/** Requests without any answer in a row before the snapshot is given up and asked for anew. */
const MAX_TRIES = 6;

/** A snapshot being fetched: asked for in a window, staged in order. */
export interface PullState {
	readonly stream: string;
	/** Of our own history: an older snapshot would undo what is known here since. */
	readonly atLeast: { readonly centralEpoch: string; readonly rev: number } | null;
	/** Of it chunks are staged already, maybe since before a restart. */
	readonly stagedId: string | null;
	readonly phase: 'asking' | 'opening' | 'pulling' | 'finishing';
	readonly manifest: Body<'manifest'> | null;
	/** Chunks requested and not yet here. */
	readonly asked: readonly number[];
	/** Chunks here and not yet staged. */
	readonly ready: readonly Body<'chunk'>[];
	/** The directory is staging a chunk. */
	readonly staging: boolean;
	/** Chunks staged: the index of the next one. */
	readonly staged: number;
	readonly retryAtMs: number;
	readonly tries: number;
}

export type PullInput =
	| { readonly kind: 'up' }
	| { readonly kind: 'manifest'; readonly manifest: Body<'manifest'> }
	/** `hash` of the JSON text that came. */
	| { readonly kind: 'chunk'; readonly chunk: Body<'chunk'>; readonly hash: string }
	| { readonly kind: 'snapshotGone'; readonly snapshotId: string }
	/** Central serves enough sites at the moment. */
	| { readonly kind: 'snapshotWait'; readonly stream: string; readonly retryAfterMs: number }
	| StagingAnswer
	| { readonly kind: 'tick' };

/** The directory is ready for chunks, has staged one, serves the snapshot now, or could not. */
export type StagingAnswer =
	/** `chunks`: that many, from the first on, are staged already. */
	| { readonly kind: 'opened'; readonly chunks: number }
	| { readonly kind: 'staged'; readonly index: number }
	| { readonly kind: 'finished'; readonly root: string | null; readonly parked: number }
	| { readonly kind: 'stagingFailed' };

/** Asks central for a part of a snapshot. */
export interface RequestOutput {
	readonly do: 'request';
	readonly request: SnapshotRequest;
}

/** What the directory is asked to do with a snapshot, in this order. */
export type StagingTask =
	/** `opened` or `stagingFailed` follows. */
	| { readonly do: 'openSnapshot'; readonly manifest: Body<'manifest'> }
	/** `staged` or `stagingFailed` follows. */
	| { readonly do: 'stageChunk'; readonly chunk: Body<'chunk'> }
	/** `finished` or `stagingFailed` follows. */
	| { readonly do: 'finishSnapshot' }
	| { readonly do: 'abandonSnapshot' };

export type PullOutput = RequestOutput | StagingTask;

export type SnapshotRequest =
	| { readonly type: 'snapshotRequest'; readonly body: Body<'snapshotRequest'> }
	| { readonly type: 'chunkRequest'; readonly body: Body<'chunkRequest'> };

export interface PullStep {
	readonly pull: PullState;
	readonly outputs: readonly PullOutput[];
	/** Set: the pull is over. */
	readonly end?:
		| {
				readonly result: 'finished';
				readonly place: Omit<StreamPlace, 'stream'>;
		  }
		| { readonly result: 'abandoned' };
}

/** @param stagedId a snapshot of this stream that is staged in part */
export function startPull(
	{ stream, beyondRepair, centralEpoch, rev }: Pick<StreamState, 'stream' | 'beyondRepair' | 'centralEpoch' | 'rev'>,
	stagedId: string | null,
	nowMs: number,
): PullStep {
	const pull: PullState = {
		stream,
		stagedId,
		atLeast: beyondRepair && centralEpoch !== null ? { centralEpoch, rev } : null,
		phase: 'asking',
		manifest: null,
		asked: [],
		ready: [],
		staging: false,
		staged: 0,
		retryAtMs: nowMs + ANSWER_TIMEOUT_MS,
		tries: 0,
	};
	return { pull, outputs: [askManifest(pull)] };
}

export function pullDeadlineMs(pull: PullState): number | undefined {
	return pull.phase === 'asking' || pull.asked.length > 0 ? pull.retryAtMs : undefined;
}

/** @param nowMs monotonic. */
export function stepPull(pull: PullState, input: PullInput, nowMs: number): PullStep {
	switch (input.kind) {
		case 'up':
			return askAgain({ ...pull, tries: 0 }, nowMs);
		case 'tick':
			return nowMs >= (pullDeadlineMs(pull) ?? Number.POSITIVE_INFINITY) ? retry(pull, nowMs) : keep(pull);
		case 'manifest':
			if (pull.phase !== 'asking' || input.manifest.stream !== pull.stream || isOlder(pull, input.manifest))
				return keep(pull);
			return {
				pull: { ...pull, phase: 'opening', manifest: input.manifest, tries: 0 },
				outputs: [{ do: 'openSnapshot', manifest: input.manifest }],
			};
		case 'opened':
			if (pull.phase !== 'opening') return keep(pull);
			return proceed({ ...pull, phase: 'pulling', staged: input.chunks }, nowMs);
		case 'chunk':
			return takeChunk(pull, input.chunk, input.hash, nowMs);
		case 'staged':
			if (!pull.staging || input.index !== pull.staged) return keep(pull);
			return proceed({ ...pull, staging: false, staged: pull.staged + 1 }, nowMs);
		case 'finished': {
			if (pull.phase !== 'finishing' || pull.manifest === null) return keep(pull);
			const { centralEpoch, rev } = pull.manifest;
			const { root, parked } = input;
			return { pull, outputs: [], end: { result: 'finished', place: { centralEpoch, rev, root, parked } } };
		}
		case 'snapshotGone':
			return input.snapshotId === pull.manifest?.snapshotId && pull.phase === 'pulling' ? discard(pull) : keep(pull);
		case 'snapshotWait':
			return wait(pull, input.stream, nowMs + input.retryAfterMs);
		case 'stagingFailed':
			return discard(pull);
	}
}

/** Central is there, so this was no try in vain. */
function wait(pull: PullState, stream: string, untilMs: number): PullStep {
	const isWaiting = stream === pull.stream && pullDeadlineMs(pull) !== undefined;
	return keep(isWaiting ? { ...pull, tries: 0, retryAtMs: untilMs } : pull);
}

function takeChunk(pull: PullState, chunk: Body<'chunk'>, hash: string, nowMs: number): PullStep {
	const { manifest } = pull;
	const expected = manifest?.snapshotId === chunk.snapshotId && pull.asked.includes(chunk.index);
	// One that was damaged or made of other rows is as good as lost: it is asked for again.
	if (!expected || manifest?.chunks[chunk.index]?.hash !== hash) return keep(pull);
	const asked = pull.asked.filter((index) => index !== chunk.index);
	return proceed(
		{ ...pull, asked, ready: [...pull.ready, chunk], tries: 0, retryAtMs: nowMs + ANSWER_TIMEOUT_MS },
		nowMs,
	);
}

/** Stages what is next, asks for what fits the window, and ends when everything is staged. */
function proceed(pull: PullState, nowMs: number): PullStep {
	const { manifest } = pull;
	if (manifest === null || pull.phase !== 'pulling') return keep(pull);
	const total = manifest.chunks.length;
	if (pull.staged === total) return { pull: { ...pull, phase: 'finishing' }, outputs: [{ do: 'finishSnapshot' }] };
	const outputs: PullOutput[] = [];
	const next = pull.staging ? undefined : pull.ready.find((chunk) => chunk.index === pull.staged);
	if (next !== undefined) outputs.push({ do: 'stageChunk', chunk: next });
	const ready = pull.ready.filter((chunk) => chunk !== next);
	const wanted = range(pull.staged, Math.min(total, pull.staged + LIMITS.snapshotWindow)).filter(
		(index) =>
			!pull.asked.includes(index) &&
			!ready.some((chunk) => chunk.index === index) &&
			!(index === pull.staged && (pull.staging || next !== undefined)),
	);
	outputs.push(...wanted.map((index) => askChunk(manifest, index)));
	const retryAtMs = wanted.length > 0 ? nowMs + ANSWER_TIMEOUT_MS : pull.retryAtMs;
	return {
		pull: { ...pull, ready, asked: [...pull.asked, ...wanted], staging: pull.staging || next !== undefined, retryAtMs },
		outputs,
	};
}

function retry(pull: PullState, nowMs: number): PullStep {
	// What is staged stays: the next pull may go on with it.
	if (pull.tries + 1 >= MAX_TRIES) return { pull, outputs: [], end: { result: 'abandoned' } };
	return askAgain({ ...pull, tries: pull.tries + 1 }, nowMs);
}

function askAgain(pull: PullState, nowMs: number): PullStep {
	const again = { ...pull, retryAtMs: nowMs + ANSWER_TIMEOUT_MS };
	const { manifest } = pull;
	if (manifest === null) return { pull: again, outputs: [askManifest(pull)] };
	return { pull: again, outputs: pull.asked.map((index) => askChunk(manifest, index)) };
}

function discard(pull: PullState): PullStep {
	const opened = pull.phase !== 'asking';
	return { pull, outputs: opened ? [{ do: 'abandonSnapshot' }] : [], end: { result: 'abandoned' } };
}

function askManifest(pull: PullState): PullOutput {
	const { stream, stagedId, atLeast } = pull;
	const body = { stream, snapshotId: stagedId, atLeastRev: atLeast?.rev ?? 0 };
	return { do: 'request', request: { type: 'snapshotRequest', body } };
}

function isOlder({ atLeast }: PullState, { centralEpoch, rev }: Body<'manifest'>): boolean {
	return atLeast?.centralEpoch === centralEpoch && rev < atLeast.rev;
}

function askChunk(manifest: Body<'manifest'>, index: number): PullOutput {
	const { stream, snapshotId } = manifest;
	return { do: 'request', request: { type: 'chunkRequest', body: { stream, snapshotId, index } } };
}

function range(from: number, to: number): number[] {
	return Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset);
}

function keep(pull: PullState): PullStep {
	return { pull, outputs: [] };
}
