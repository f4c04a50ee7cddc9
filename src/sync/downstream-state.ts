import type { Body, StreamHead } from './envelope.ts';
import type { RepairPlan } from './repair-plan.ts';
import type { PullInput, PullState, RequestOutput, StagingAnswer, StagingTask } from './snapshot-pull.ts';
import type { RepairInput, RepairOutput, RepairReport, RepairState, RepairTask } from './stream-repair.ts';
import type {
	ApplyDelta,
	ConfirmCurrent,
	Delta,
	DenyAhead,
	StreamPlace,
	StreamState,
	StreamStep,
	TellParked,
} from './stream-state.ts';

/** What the site has of central's rows, and how it comes to have what central has. */
export interface DownstreamState {
	readonly streams: readonly StreamState[];
	/** One snapshot at a time. */
	readonly pull: PullState | null;
	/** A snapshot that is staged in part, maybe since before a restart. */
	readonly staged: StagedPart | null;
	/** One repair at a time, and none beside a snapshot. */
	readonly repair: RepairState | null;
	readonly repairs: RepairPlan;
	/** Deltas and snapshots in a row that the directory could not take, or central did not finish sending. */
	readonly failures: number;
	/** Requests made, which names the next. */
	readonly requests: number;
}

export interface StagedPart {
	readonly stream: string;
	readonly snapshotId: string;
}

export type DownstreamInput =
	| { readonly kind: 'head'; readonly head: StreamHead }
	| { readonly kind: 'resumed'; readonly streams: Body<'resumed'>['streams'] }
	| { readonly kind: 'delta'; readonly delta: Delta }
	| DirectoryAnswer
	| RepairInput
	| PullInput;

interface Applied extends Pick<StreamPlace, 'stream' | 'rev' | 'root' | 'parked'> {
	readonly kind: 'applied';
	/** It brought rows of no use. */
	readonly hasParked: boolean;
}

export type DirectoryAnswer =
	/** The directory holds this rev now. */
	| Applied
	| { readonly kind: 'applyFailed'; readonly stream: string }
	| Exclude<RepairInput, { kind: 'digestAnswer' }>
	| StagingAnswer;

/** What the directory is asked to do; its answer is the next input. */
export type DirectoryTask =
	/** Ops and rev in one commit; `applied` or `applyFailed` follows. */
	ApplyDelta | ConfirmCurrent | DenyAhead | RepairTask | StagingTask;

export type DownstreamOutput =
	| RequestOutput
	| RepairOutput
	| DirectoryTask
	| TellParked
	/** Rows of a stream were wrong and are central's again. */
	| { readonly do: 'reportRepair'; readonly report: RepairReport };

export interface DownstreamStep {
	readonly state: DownstreamState;
	readonly outputs: readonly DownstreamOutput[];
}

/** Streams this gateway does not have are ignored: central may know newer ones. */
export function onStream(
	state: DownstreamState,
	name: string,
	step: (stream: StreamState) => StreamStep,
): DownstreamStep {
	const stream = state.streams.find((known) => known.stream === name);
	if (stream === undefined) return { state, outputs: [] };
	const taken = step(stream);
	const streams = state.streams.map((known) => (known === stream ? taken.stream : known));
	return { state: { ...state, streams }, outputs: taken.outputs };
}
