import { LIMITS } from '../gateway/core/limits.ts';
import type { Body, StreamHead } from './envelope.ts';

/** A stream's place here: what the directory holds, and what central says there is. */
export interface StreamState {
	readonly stream: string;
	/** null: this gateway never had it. */
	readonly centralEpoch: string | null;
	readonly rev: number;
	/** Digest of its rows; null: never synced. */
	readonly root: string | null;
	/** Rows of it that can't be used. */
	readonly parked: number;
	/** Newest position central told of. */
	readonly head: Head | null;
	/** At one rev our digest was not central's: rows are wrong. */
	readonly differs: boolean;
	/** Deltas that came before an earlier one. */
	readonly held: readonly Delta[];
	/** The delta the directory is committing now; one at a time. */
	readonly applying: Delta | null;
	/** Deltas can't bring it up to date. */
	readonly snapshotDue: boolean;
	/** Its rows are wrong, and mending them failed: only a snapshot helps. */
	readonly beyondRepair: boolean;
	/** Central stopped at the end of its answer and has more. */
	readonly moreWaits: boolean;
}

export type Delta = Body<'delta'>;
export type Head = Pick<StreamHead, 'centralEpoch' | 'rev' | 'root'>;
/** What the directory says of a stream. */
export type StreamPlace = Pick<StreamState, 'stream' | 'centralEpoch' | 'rev' | 'root' | 'parked'>;

export type ApplyDelta = { readonly do: 'applyDelta'; readonly delta: Delta };
/** Central says that what we hold is its newest. */
export type ConfirmCurrent = {
	readonly do: 'confirmCurrent';
	readonly stream: string;
	readonly centralEpoch: string;
	readonly rev: number;
};

/** What it deletes or restricts is denied at once, though its turn has not come. */
export type DenyAhead = { readonly do: 'denyAhead'; readonly delta: Delta };
/** Rows that can't be used are other ones than central was told. */
export type TellParked = { readonly do: 'tellParked'; readonly stream: string };

export interface StreamStep {
	readonly stream: StreamState;
	readonly outputs: readonly (ApplyDelta | ConfirmCurrent | DenyAhead | TellParked)[];
}

/** How urgently central should be asked where the streams stand. */
export type Lag = 'none' | 'soon' | 'now';

export function startStream(place: StreamPlace): StreamState {
	return {
		...place,
		head: null,
		differs: false,
		held: [],
		applying: null,
		snapshotDue: false,
		beyondRepair: false,
		moreWaits: false,
	};
}

export function needsSnapshot({ snapshotDue, beyondRepair }: StreamState): boolean {
	return snapshotDue || beyondRepair;
}

export function takeHead(stream: StreamState, { centralEpoch, rev, root }: Head): StreamState {
	const known = stream.head?.centralEpoch === centralEpoch ? stream.head : null;
	if (known !== null && rev < known.rev) return stream;
	return compared({ ...stream, head: { centralEpoch, rev, root: root ?? (known?.rev === rev ? known.root : null) } });
}

export function takeAnswer(stream: StreamState, answer: Body<'resumed'>['streams'][number]): StreamStep {
	// The answer is newer than any head before it, also where a restored central's rev went backwards.
	const { centralEpoch, rev, root } = answer;
	const told = compared({
		...stream,
		head: { centralEpoch, rev, root },
		snapshotDue: answer.answer === 'snapshot',
		moreWaits: false,
	});
	const current = answer.answer === 'current' && stream.centralEpoch === centralEpoch && stream.rev === rev;
	return { stream: told, outputs: current ? [{ do: 'confirmCurrent', stream: stream.stream, centralEpoch, rev }] : [] };
}

export function takeDelta(stream: StreamState, delta: Delta): StreamStep {
	if (delta.to <= delta.from) return keepStream(stream);
	const denied: readonly DenyAhead[] = isAhead(stream, delta) ? [{ do: 'denyAhead', delta }] : [];
	// A late one of our own history does not take back that central told of another.
	const isLate =
		delta.centralEpoch === stream.centralEpoch &&
		(stream.head?.centralEpoch ?? delta.centralEpoch) !== delta.centralEpoch;
	const told = { centralEpoch: delta.centralEpoch, rev: delta.to, root: delta.root };
	const seen = isLate ? stream : takeHead(stream, told);
	if (delta.centralEpoch !== stream.centralEpoch || delta.to <= stream.rev) return { stream: seen, outputs: denied };
	const waits = [...seen.held, delta].toSorted((a, b) => a.from - b.from).slice(0, LIMITS.heldDeltas);
	const next = applyHeld({ ...seen, held: waits });
	return { stream: next.stream, outputs: [...denied, ...next.outputs] };
}

/**
 * It can't be applied as soon as what is being committed is. Of another history only what central says is its own counts;
 * where there is none yet, any may be of the snapshot that comes.
 */
function isAhead(stream: StreamState, { centralEpoch, from, to }: Delta): boolean {
	if (centralEpoch !== stream.centralEpoch)
		return stream.centralEpoch === null || stream.head?.centralEpoch === centralEpoch;
	if (to <= stream.rev) return false;
	if (needsSnapshot(stream)) return true;
	const reached = stream.held.reduce(
		(at, delta) => (delta.from === at ? delta.to : at),
		stream.applying?.to ?? stream.rev,
	);
	return from !== reached && to > reached;
}

export function takeApplied(
	stream: StreamState,
	{ rev, root, parked, hasParked }: Pick<StreamState, 'rev' | 'root' | 'parked'> & { readonly hasParked: boolean },
): StreamStep {
	const { applying } = stream;
	if (applying === null) return keepStream(stream);
	// Also where the head has moved on meanwhile: under steady change it would never be at our rev.
	const differs = applying.to === rev && applying.root !== null ? applying.root !== root : stream.differs;
	const next = applyHeld({ ...stream, rev, root, parked, differs, applying: null, moreWaits: applying.more });
	const isNews = hasParked || parked !== stream.parked;
	return isNews ? { ...next, outputs: [{ do: 'tellParked', stream: stream.stream }, ...next.outputs] } : next;
}

/** Its rows are those of another place now. */
export function movePlace(stream: StreamState, place: Partial<StreamPlace>): StreamState {
	return compared({ ...stream, ...place });
}

/** Starts the delta that continues our rev, drops what is older; the rest waits. */
export function applyHeld(stream: StreamState): StreamStep {
	const held = stream.held.filter((delta) => delta.centralEpoch === stream.centralEpoch && delta.to > stream.rev);
	if (stream.applying !== null || needsSnapshot(stream)) return keepStream({ ...stream, held });
	const next = held.find((delta) => delta.from === stream.rev);
	if (next === undefined) return keepStream({ ...stream, held });
	return {
		stream: { ...stream, applying: next, held: held.filter((delta) => delta !== next) },
		outputs: [{ do: 'applyDelta', delta: next }],
	};
}

/** Its rev is the newest that central told of. */
export function isAtHead({ centralEpoch, rev, head }: StreamState): boolean {
	return centralEpoch !== null && head?.centralEpoch === centralEpoch && head.rev === rev;
}

/** Is what central last told, as far as is known. */
export function isCurrent(stream: StreamState): boolean {
	return isAtHead(stream) && stream.applying === null && stream.held.length === 0;
}

export function streamLag(stream: StreamState): Lag {
	if (stream.applying !== null || needsSnapshot(stream) || stream.head === null) return 'none';
	if (stream.moreWaits) return 'now';
	const behind = stream.head.centralEpoch !== stream.centralEpoch || stream.head.rev > stream.rev;
	return behind || stream.held.length > 0 ? 'soon' : 'none';
}

/** Digests say something only of one rev. */
function compared(stream: StreamState): StreamState {
	const { head, root } = stream;
	if (root === null || stream.applying !== null || !isAtHead(stream)) return stream;
	return head === null || head.root === null ? stream : { ...stream, differs: head.root !== root };
}

function keepStream(stream: StreamState): StreamStep {
	return { stream, outputs: [] };
}
