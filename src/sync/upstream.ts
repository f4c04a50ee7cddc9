import type { EpochReason } from '../gateway/core/journal.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import {
	askAll,
	changeCursor,
	cursorOf,
	type EpochCursor,
	type EpochCursors,
	type EpochStart,
	newest,
	sending,
	startCursors,
} from './epoch-cursors.ts';

/** How long central may take to acknowledge before a batch is sent again; doubled up to the maximum while it stays silent. */
const ACK_TIMEOUT_MS = 10_000;
const ACK_TIMEOUT_MAX_MS = 60_000;
/** How long new rows wait for company while an earlier batch is under way; alone they leave at once. */
const LINGER_MS = 250;
/** Between two new epochs: a central that never agrees must not make one after the other. */
const EPOCH_EVERY_MS = 600_000;
const EPOCH_RETRY_MS = 60_000;
/** Unanswered tries after which an earlier epoch no longer holds up the newest. */
const TRIES_OF_EARLIER_EPOCH = 3;

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
			readonly do: 'sendEvents';
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
		retries: 0,
		withheldSeq: null,
		halted: null,
		changing: null,
		epochFromMs: 0,
	};
}

/** @param nowMs monotonic. */
export function stepUpstream(state: UpstreamState, input: UpstreamInput, nowMs: number): UpstreamStep {
	const { state: taken, outputs } = takeUpstream(state, input, nowMs);
	const sends = sending(taken.epochs).gatewayEpoch;
	return sendNext(sends === sending(state.epochs).gatewayEpoch ? taken : again(taken), outputs, nowMs);
}

/** When the machine wants a `tick`; undefined: never. */
export function upstreamDeadlineMs(state: UpstreamState): number | undefined {
	if (state.link === null || state.changing !== null) return undefined;
	if (state.halted !== null) return isDivergence(state.halted) ? state.epochFromMs : undefined;
	const [oldest] = state.inFlight;
	const waits = state.sentSeq < sending(state.epochs).lastSeq;
	const lingers = waits && state.quietUntilMs === null && state.inFlight.length < openWindow(state);
	const moments = [
		oldest && oldest.sentAtMs + ackTimeoutMs(state.retries),
		waits ? state.quietUntilMs : undefined,
		lingers ? state.lingerUntilMs : undefined,
	].filter((moment) => typeof moment === 'number');
	return moments.length === 0 ? undefined : Math.min(...moments);
}

function takeUpstream(state: UpstreamState, input: UpstreamInput, nowMs: number): UpstreamStep {
	switch (input.kind) {
		case 'up': {
			const window = Math.max(1, Math.min(LIMITS.batchWindow, input.receiveMaximum));
			const link = { window, maxBatchBytes: input.maxBatchBytes };
			const epochs = askAll(state.epochs);
			return keep(again({ ...state, epochs, link, retries: 0, quietUntilMs: null, halted: null }));
		}
		case 'down':
			return keep({ ...again(state), link: null });
		case 'grew': {
			const { gatewayEpoch, lastSeq } = newest(state.epochs);
			if (input.gatewayEpoch !== gatewayEpoch || input.lastSeq <= lastSeq) return keep(state);
			return keep({ ...state, epochs: changeCursor(state.epochs, gatewayEpoch, { lastSeq: input.lastSeq }) });
		}
		case 'sent':
			return keep({
				...state,
				sentSeq: Math.max(state.sentSeq, input.last),
				lingerUntilMs: null,
				inFlight: [...state.inFlight, { first: input.first, last: input.last, sentAtMs: nowMs }],
			});
		case 'publishFailed':
			return keep(isInFlight(state, input) ? publishFailed(state, input, nowMs) : state);
		case 'ack':
			return state.changing === null ? takeAck(state, input, nowMs) : keep(state);
		case 'central':
			return keep(
				input.online
					? again({ ...state, epochs: askAll(state.epochs), quietUntilMs: null, retries: 0 })
					: { ...again(state), quietUntilMs: nowMs + ACK_TIMEOUT_MAX_MS },
			);
		case 'epochStarted': {
			const { link } = state;
			return keep({ ...startUpstream(input.epochs), link, epochFromMs: nowMs + EPOCH_EVERY_MS });
		}
		case 'epochFailed':
			return keep({ ...state, changing: null, halted: state.changing, epochFromMs: nowMs + EPOCH_RETRY_MS });
		case 'tick':
			return keep(expire(state, nowMs));
	}
}

function isInFlight(state: UpstreamState, failed: { readonly gatewayEpoch: string; readonly first: number }): boolean {
	const isOfThis = sending(state.epochs).gatewayEpoch === failed.gatewayEpoch;
	return isOfThis && state.inFlight.some(({ first }) => first === failed.first);
}

function publishFailed(
	state: UpstreamState,
	failed: Extract<UpstreamInput, { kind: 'publishFailed' }>,
	nowMs: number,
): UpstreamState {
	const { outcome } = failed;
	if (outcome === 'denied') return { ...again(state), halted: 'denied' };
	if (outcome === 'tooLarge') return tooLarge(state, failed.first);
	return { ...again(state), retries: state.retries + 1, quietUntilMs: nowMs + ackTimeoutMs(state.retries) };
}

/** Ever fewer events together; one alone that is still too large goes without what it says. */
function tooLarge(state: UpstreamState, first: number): UpstreamState {
	const { link, inFlight } = state;
	const isAlone = inFlight.some((batch) => batch.first === first && batch.last === first);
	if (link === null || (isAlone && state.withheldSeq === first)) return { ...again(state), halted: 'eventTooLarge' };
	if (isAlone) return { ...again(state), withheldSeq: first };
	return { ...again(state), link: { ...link, maxBatchBytes: Math.floor(link.maxBatchBytes / 4) } };
}

function takeAck(state: UpstreamState, ack: AckInput, nowMs: number): UpstreamStep {
	const cursor = cursorOf(state.epochs, ack.gatewayEpoch);
	if (cursor === undefined) return keep(state);
	const divergence = divergenceIn(state, cursor, ack);
	if (divergence !== null) return diverge(state, divergence, { gatewayEpoch: cursor.gatewayEpoch, cursor, ack }, nowMs);
	const upTo = Math.min(ack.upTo, cursor.lastSeq);
	const { gatewayEpoch } = cursor;
	const moved: UpstreamState = {
		...state,
		epochs: changeCursor(state.epochs, gatewayEpoch, { ackedSeq: upTo, passedOver: false }),
		retries: 0,
		quietUntilMs: null,
	};
	// Central repeats them for as long as the word of them may have been lost.
	const rejected = ack.rejected.filter(({ seq }) => seq > cursor.ackedSeq && seq <= upTo);
	const outputs: readonly UpstreamOutput[] = [
		...(rejected.length > 0 ? [{ do: 'deadLetters', gatewayEpoch, rejected } as const] : []),
		{ do: 'setAcked', gatewayEpoch, seq: upTo },
	];
	const isSent = sending(state.epochs).gatewayEpoch === gatewayEpoch;
	if (upTo > cursor.ackedSeq) {
		if (!isSent) return { state: moved, outputs };
		const sentSeq = Math.max(state.sentSeq, upTo);
		return { state: { ...moved, sentSeq, inFlight: state.inFlight.filter((batch) => batch.last > upTo) }, outputs };
	}
	// Central was restored from a backup: what it lost is sent again.
	if (ack.resumedFrom !== null && upTo < ack.resumedFrom) return { state: again(moved), outputs };
	return keep(ack.resumedFrom === null ? state : { ...state, quietUntilMs: null });
}

/** Whether this ack and our journal can't be of one history. */
function divergenceIn(state: UpstreamState, cursor: EpochCursor, ack: AckInput): Divergence | null {
	const isNewest = cursor.gatewayEpoch === newest(state.epochs).gatewayEpoch;
	const isSent = cursor === sending(state.epochs);
	// Late words about an epoch that is over, because pasts differed, say nothing new.
	if (ack.problem !== null && (isNewest || isSent)) return ack.problem;
	// Of an earlier epoch central may have more: the store was restored from a copy made before the rest.
	if (ack.upTo > cursor.lastSeq) return isNewest ? 'ackAhead' : null;
	const differs = ack.chain !== null && ack.ourChain !== null && ack.chain !== ack.ourChain;
	return differs && (isNewest || isSent) ? 'chainMismatch' : null;
}

interface Disputed {
	readonly gatewayEpoch: string;
	readonly cursor: EpochCursor;
	readonly ack: AckInput;
}

function diverge(state: UpstreamState, reason: Divergence, disputed: Disputed, nowMs: number): UpstreamStep {
	if (nowMs < state.epochFromMs) return keep({ ...again(state), halted: reason });
	const { gatewayEpoch } = disputed;
	return {
		state: { ...again(state), changing: reason, halted: null },
		outputs: [{ do: 'startEpoch', reason, from: { gatewayEpoch, seq: agreedSeq(disputed) } }],
	};
}

/** Up to where central surely has the same rows as we. What is told again without need it recognises by its first name. */
function agreedSeq({ cursor, ack }: Disputed): number {
	const { ackedSeq, lastSeq } = cursor;
	const { upTo, chain, ourChain } = ack;
	if (upTo <= lastSeq && chain !== null && chain === ourChain) return Math.max(ackedSeq, upTo);
	// Below what it acknowledged: central forgot some of it, and then somebody else wrote under our name.
	return upTo > ackedSeq ? ackedSeq : Math.max(0, upTo - LIMITS.rowsToldAgain);
}

function expire(state: UpstreamState, nowMs: number): UpstreamState {
	const [oldest] = state.inFlight;
	const quietUntilMs = state.quietUntilMs !== null && state.quietUntilMs <= nowMs ? null : state.quietUntilMs;
	const isOver = state.halted !== null && isDivergence(state.halted) && nowMs >= state.epochFromMs;
	const ticked: UpstreamState = { ...state, quietUntilMs, halted: isOver ? null : state.halted };
	if (oldest === undefined || nowMs < oldest.sentAtMs + ackTimeoutMs(state.retries)) return ticked;
	const retries = state.retries + 1;
	const cursor = sending(state.epochs);
	if (retries < TRIES_OF_EARLIER_EPOCH || cursor === newest(state.epochs)) return { ...again(ticked), retries };
	return { ...ticked, epochs: changeCursor(state.epochs, cursor.gatewayEpoch, { passedOver: true }), retries: 0 };
}

/** At most one batch for each step: `sent` comes back and asks for the next. */
function sendNext(state: UpstreamState, outputs: readonly UpstreamOutput[], nowMs: number): UpstreamStep {
	const { link, sentSeq, withheldSeq } = state;
	const { gatewayEpoch, lastSeq } = sending(state.epochs);
	if (link === null || state.halted !== null || state.changing !== null || state.quietUntilMs !== null)
		return { state, outputs };
	if (sentSeq >= lastSeq || state.inFlight.length >= openWindow(state)) return { state, outputs };
	const full = lastSeq - sentSeq >= LIMITS.batchEvents;
	if (state.inFlight.length > 0 && !full) {
		const lingerUntilMs = state.lingerUntilMs ?? nowMs + LINGER_MS;
		if (nowMs < lingerUntilMs) return { state: { ...state, lingerUntilMs }, outputs };
	}
	const send = { gatewayEpoch, afterSeq: sentSeq, maxBatchBytes: link.maxBatchBytes, withheldSeq };
	return { state, outputs: [...outputs, { do: 'sendEvents', ...send }] };
}

/** While central is silent one batch probes. */
function openWindow(state: UpstreamState): number {
	return state.retries > 0 ? 1 : (state.link?.window ?? 0);
}

/** Forgets what was sent: all of it starts again at the cursor. */
function again(state: UpstreamState): UpstreamState {
	return { ...state, sentSeq: sending(state.epochs).ackedSeq, inFlight: [], lingerUntilMs: null };
}

function ackTimeoutMs(retries: number): number {
	return Math.min(ACK_TIMEOUT_MS * 2 ** Math.min(retries, 4), ACK_TIMEOUT_MAX_MS);
}

function isDivergence(halt: Halt): halt is Divergence {
	return halt === 'ackAhead' || halt === 'chainMismatch';
}

function keep(state: UpstreamState): UpstreamStep {
	return { state, outputs: [] };
}
