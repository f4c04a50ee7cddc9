import type { EpochReason } from '../gateway/core/journal.ts';
import { type EpochCursors, type EpochStart, sending, startCursors } from './epoch-cursors.ts';

/** How long central may take to acknowledge before a batch is sent again; doubled up to the maximum while it stays silent. */
const ACK_TIMEOUT_MS = 10_000;
export const ACK_TIMEOUT_MAX_MS = 60_000;

/** Journal rows on their way to central. Go-back-N: whatever is unanswered is sent again from the cursor; central drops what it has. */
export interface UpstreamState {
	readonly epochs: EpochCursors;
	/** Sent on this link up to here, of the epoch that is being sent. */
	readonly sentSeq: number;
	/** Batches without an ack, oldest first. */
	readonly inFlight: readonly SentBatch[];
	/** null: the link is down. */
	readonly link: { readonly window: number; readonly maxBatchBytes: number } | null;
	/** Nobody listens: nothing is sent before this. */
	readonly quietUntilMs: number | null;
	readonly lingerUntilMs: number | null;
	/** While a backlog is under way: new rows are sent beside it too, up to here so far. */
	readonly live: LiveShare | null;
	/** Tries in a row that central did not answer. */
	readonly retries: number;
	/** The broker takes no message that carries this event: it goes without what it says. */
	readonly withheldSeq: number | null;
	/** Events wait: for a person, or until a new epoch may be begun. */
	readonly halted: Halt | null;
	/** A new epoch is being made; what central says of the old one has been heard. */
	readonly changing: Divergence | null;
	/** From when another new epoch may begin. */
	readonly epochFromMs: number;
}

/** Central and this gateway remember different pasts. */
export type Divergence = Extract<EpochReason, 'ackAhead' | 'chainMismatch'>;
export type Halt = Divergence | 'eventTooLarge' | 'denied';

export interface LiveShare {
	readonly sentSeq: number;
	/** When the next of them may leave. */
	readonly dueMs: number;
}

export interface SentBatch {
	readonly first: number;
	readonly last: number;
	readonly sentAtMs: number;
}

export interface AckInput {
	readonly kind: 'ack';
	readonly gatewayEpoch: string;
	readonly upTo: number;
	/** The journal's hash at `upTo` as central and as this gateway know it; null: not known. */
	readonly chain: string | null;
	readonly ourChain: string | null;
	/** It answers this link's resume: what was acknowledged when that was asked. Only such an answer may move the cursor back. */
	readonly resumedFrom: number | null;
	readonly problem: 'chainMismatch' | null;
	readonly rejected: readonly RejectedEvent[];
}

/** An event that central could not use. */
export interface RejectedEvent {
	readonly seq: number;
	readonly code: string;
}

export type UpstreamInput =
	| { readonly kind: 'up'; readonly receiveMaximum: number; readonly maxBatchBytes: number }
	| { readonly kind: 'down' }
	| { readonly kind: 'grew'; readonly gatewayEpoch: string; readonly lastSeq: number }
	/** The batch that `sendEvents` asked for has left. */
	| { readonly kind: 'sent'; readonly first: number; readonly last: number }
	/** The same for `sendLive`. */
	| { readonly kind: 'sentLive'; readonly last: number }
	| {
			readonly kind: 'publishFailed';
			readonly gatewayEpoch: string;
			readonly first: number;
			readonly outcome: 'unrouted' | 'denied' | 'tooLarge';
	  }
	| AckInput
	| { readonly kind: 'central'; readonly online: boolean }
	/** What `startEpoch` asked for is done; all epochs as they are now. */
	| { readonly kind: 'epochStarted'; readonly epochs: EpochStart }
	| { readonly kind: 'epochFailed' }
	| { readonly kind: 'tick' };

export type UpstreamOutput =
	/** Read the rows of the epoch after this seq and publish one batch of them; `sent` follows at once. */
	| {
			/** `sendLive`: beside the backlog, once; what is lost of it comes with the backlog. `sentLive` follows. */
			readonly do: 'sendEvents' | 'sendLive';
			readonly gatewayEpoch: string;
			readonly afterSeq: number;
			readonly maxBatchBytes: number;
			/** This one goes without what it says. */
			readonly withheldSeq: number | null;
	  }
	| { readonly do: 'deadLetters'; readonly gatewayEpoch: string; readonly rejected: readonly RejectedEvent[] }
	| { readonly do: 'setAcked'; readonly gatewayEpoch: string; readonly seq: number }
	/** Begin a new epoch that tells the rows after `from` again; `epochStarted` or `epochFailed` follows. */
	| {
			readonly do: 'startEpoch';
			readonly reason: Divergence;
			readonly from: { readonly gatewayEpoch: string; readonly seq: number };
	  };

export interface UpstreamStep {
	readonly state: UpstreamState;
	readonly outputs: readonly UpstreamOutput[];
}

export function startUpstream(epochs: EpochStart): UpstreamState {
	const cursors = startCursors(epochs);
	return {
		epochs: cursors,
		sentSeq: sending(cursors).ackedSeq,
		inFlight: [],
		link: null,
		quietUntilMs: null,
		lingerUntilMs: null,
		live: null,
		retries: 0,
		withheldSeq: null,
		halted: null,
		changing: null,
		epochFromMs: 0,
	};
}

/** Forgets what was sent: all of it starts again at the cursor. */
export function again(state: UpstreamState): UpstreamState {
	return { ...state, sentSeq: sending(state.epochs).ackedSeq, inFlight: [], lingerUntilMs: null };
}

/** @param retries tries in a row that central did not answer */
export function ackTimeoutMs(retries: number): number {
	return Math.min(ACK_TIMEOUT_MS * 2 ** Math.min(retries, 4), ACK_TIMEOUT_MAX_MS);
}

export function isDivergence(halt: Halt): halt is Divergence {
	return halt === 'ackAhead' || halt === 'chainMismatch';
}

export function keep(state: UpstreamState): UpstreamStep {
	return { state, outputs: [] };
}
