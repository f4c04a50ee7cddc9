import { LIMITS } from '../gateway/core/limits.ts';

/** How long central may take to acknowledge before a batch is sent again; doubled up to the maximum while it stays silent. */
const ACK_TIMEOUT_MS = 10_000;
const ACK_TIMEOUT_MAX_MS = 60_000;
/** How long new rows wait for company while an earlier batch is under way; alone they leave at once. */
const LINGER_MS = 250;

/** Journal rows on their way to central. Go-back-N: whatever is unanswered is sent again from the cursor; central drops what it has. */
export interface UpstreamState {
	/** Newest row of the journal. */
	readonly lastSeq: number;
	/** Central has every row up to here; moved by its ack only. */
	readonly ackedSeq: number;
	/** Sent on this link up to here. */
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
	/** Central and this gateway disagree about the past: events wait for a person. */
	readonly halted: Halt | null;
}

export type Halt = 'chainMismatch' | 'ackAhead' | 'eventTooLarge' | 'denied';

export interface SentBatch {
	readonly first: number;
	readonly last: number;
	readonly sentAtMs: number;
}

export interface AckInput {
	readonly kind: 'ack';
	readonly upTo: number;
	/** The journal's hash at `upTo` as central and as this gateway know it; null: not known. */
	readonly chain: string | null;
	readonly ourChain: string | null;
	/** It answers this link's resume: what was acknowledged when that was asked. Only such an answer may move the cursor back. */
	readonly resumedFrom: number | null;
	readonly problem: 'chainMismatch' | null;
}

export type UpstreamInput =
	| { readonly kind: 'up'; readonly receiveMaximum: number; readonly maxBatchBytes: number }
	| { readonly kind: 'down' }
	| { readonly kind: 'grew'; readonly lastSeq: number }
	/** The batch that `sendEvents` asked for has left. */
	| { readonly kind: 'sent'; readonly first: number; readonly last: number }
	| { readonly kind: 'publishFailed'; readonly first: number; readonly outcome: 'unrouted' | 'denied' | 'tooLarge' }
	| AckInput
	| { readonly kind: 'central'; readonly online: boolean }
	| { readonly kind: 'tick' };

export type UpstreamOutput =
	/** Read the rows after this seq and publish one batch of them; `sent` follows at once. */
	| { readonly do: 'sendEvents'; readonly afterSeq: number; readonly maxBatchBytes: number }
	| { readonly do: 'setAcked'; readonly seq: number };

export interface UpstreamStep {
	readonly state: UpstreamState;
	readonly outputs: readonly UpstreamOutput[];
}

export function startUpstream(lastSeq: number, ackedSeq: number): UpstreamState {
	return {
		lastSeq,
		ackedSeq,
		sentSeq: ackedSeq,
		inFlight: [],
		link: null,
		quietUntilMs: null,
		lingerUntilMs: null,
		retries: 0,
		halted: null,
	};
}

/** @param nowMs monotonic. */
export function stepUpstream(state: UpstreamState, input: UpstreamInput, nowMs: number): UpstreamStep {
	const { state: taken, outputs } = takeUpstream(state, input, nowMs);
	return sendNext(taken, outputs, nowMs);
}

/** When the machine wants a `tick`; undefined: never. */
export function upstreamDeadlineMs(state: UpstreamState): number | undefined {
	if (state.link === null || state.halted !== null) return undefined;
	const [oldest] = state.inFlight;
	const waits = state.sentSeq < state.lastSeq;
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
			return keep({ ...again(state), link, retries: 0, quietUntilMs: null, halted: null });
		}
		case 'down':
			return keep({ ...again(state), link: null });
		case 'grew':
			return keep({ ...state, lastSeq: Math.max(state.lastSeq, input.lastSeq) });
		case 'sent':
			return keep({
				...state,
				sentSeq: Math.max(state.sentSeq, input.last),
				lingerUntilMs: null,
				inFlight: [...state.inFlight, { first: input.first, last: input.last, sentAtMs: nowMs }],
			});
		case 'publishFailed':
			return keep(
				state.inFlight.some((batch) => batch.first === input.first)
					? publishFailed(state, input.outcome, nowMs)
					: state,
			);
		case 'ack':
			return takeAck(state, input);
		case 'central':
			return keep(
				input.online
					? { ...again(state), quietUntilMs: null, retries: 0 }
					: { ...again(state), quietUntilMs: nowMs + ACK_TIMEOUT_MAX_MS },
			);
		case 'tick':
			return keep(expire(state, nowMs));
	}
}

function publishFailed(
	state: UpstreamState,
	outcome: 'unrouted' | 'denied' | 'tooLarge',
	nowMs: number,
): UpstreamState {
	if (outcome === 'denied') return { ...again(state), halted: 'denied' };
	if (outcome === 'tooLarge') return { ...again(state), halted: 'eventTooLarge' };
	return { ...again(state), retries: state.retries + 1, quietUntilMs: nowMs + ackTimeoutMs(state.retries) };
}

function takeAck(state: UpstreamState, ack: AckInput): UpstreamStep {
	if (ack.problem !== null) return keep({ ...again(state), halted: ack.problem });
	if (ack.upTo > state.lastSeq) return keep({ ...again(state), halted: 'ackAhead' });
	if (ack.chain !== null && ack.ourChain !== null && ack.chain !== ack.ourChain)
		return keep({ ...again(state), halted: 'chainMismatch' });
	if (ack.upTo > state.ackedSeq) {
		const next: UpstreamState = {
			...state,
			ackedSeq: ack.upTo,
			sentSeq: Math.max(state.sentSeq, ack.upTo),
			inFlight: state.inFlight.filter((batch) => batch.last > ack.upTo),
			retries: 0,
			quietUntilMs: null,
		};
		return { state: next, outputs: [{ do: 'setAcked', seq: ack.upTo }] };
	}
	// Central was restored from a backup: what it lost is sent again.
	if (ack.resumedFrom !== null && ack.upTo < ack.resumedFrom) {
		const back = again({ ...state, ackedSeq: ack.upTo });
		return { state: { ...back, retries: 0, quietUntilMs: null }, outputs: [{ do: 'setAcked', seq: ack.upTo }] };
	}
	return keep(ack.resumedFrom === null ? state : { ...state, quietUntilMs: null });
}

function expire(state: UpstreamState, nowMs: number): UpstreamState {
	const [oldest] = state.inFlight;
	const quietUntilMs = state.quietUntilMs !== null && state.quietUntilMs <= nowMs ? null : state.quietUntilMs;
	if (oldest === undefined || nowMs < oldest.sentAtMs + ackTimeoutMs(state.retries)) return { ...state, quietUntilMs };
	return { ...again(state), quietUntilMs, retries: state.retries + 1 };
}

/** At most one batch for each step: `sent` comes back and asks for the next. */
function sendNext(state: UpstreamState, outputs: readonly UpstreamOutput[], nowMs: number): UpstreamStep {
	const { link } = state;
	if (link === null || state.halted !== null || state.quietUntilMs !== null || state.sentSeq >= state.lastSeq)
		return { state, outputs };
	if (state.inFlight.length >= openWindow(state)) return { state, outputs };
	const full = state.lastSeq - state.sentSeq >= LIMITS.batchEvents;
	if (state.inFlight.length > 0 && !full) {
		const lingerUntilMs = state.lingerUntilMs ?? nowMs + LINGER_MS;
		if (nowMs < lingerUntilMs) return { state: { ...state, lingerUntilMs }, outputs };
	}
	const send: UpstreamOutput = { do: 'sendEvents', afterSeq: state.sentSeq, maxBatchBytes: link.maxBatchBytes };
	return { state, outputs: [...outputs, send] };
}

/** While central is silent one batch probes. */
function openWindow(state: UpstreamState): number {
	return state.retries > 0 ? 1 : (state.link?.window ?? 0);
}

/** Forgets what was sent: all of it starts again at the cursor. */
function again(state: UpstreamState): UpstreamState {
	return { ...state, sentSeq: state.ackedSeq, inFlight: [], lingerUntilMs: null };
}

function ackTimeoutMs(retries: number): number {
	return Math.min(ACK_TIMEOUT_MS * 2 ** Math.min(retries, 4), ACK_TIMEOUT_MAX_MS);
}

function keep(state: UpstreamState): UpstreamStep {
	return { state, outputs: [] };
}
