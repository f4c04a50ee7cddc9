import { LIMITS } from '../gateway/core/limits.ts';
import { askAll, changeCursor, newest, sending } from './epoch-cursors.ts';
import { takeAck } from './upstream-acks.ts';
import { endShare, sendDeadlineMs, sendNext, sentLive, shareLink } from './upstream-send.ts';
import {
	ACK_TIMEOUT_MAX_MS,
	ackTimeoutMs,
	again,
	isDivergence,
	keep,
	startUpstream,
	type UpstreamInput,
	type UpstreamState,
	type UpstreamStep,
} from './upstream-state.ts';

/** Between two new epochs: a central that never agrees must not make one after the other. */
const EPOCH_EVERY_MS = 600_000;
const EPOCH_RETRY_MS = 60_000;
/** Unanswered tries after which an earlier epoch no longer holds up the newest. */
const TRIES_OF_EARLIER_EPOCH = 3;

/** @param nowMs monotonic. */
export function stepUpstream(state: UpstreamState, input: UpstreamInput, nowMs: number): UpstreamStep {
	const { state: taken, outputs } = takeUpstream(state, input, nowMs);
	const sends = sending(taken.epochs).gatewayEpoch;
	const isSame = sends === sending(state.epochs).gatewayEpoch;
	return sendNext(endShare(isSame ? taken : again(taken)), outputs, nowMs);
}

/** When the machine wants a `tick`; undefined: never. */
export function upstreamDeadlineMs(state: UpstreamState): number | undefined {
	if (state.link === null || state.changing !== null) return undefined;
	if (state.halted !== null) return isDivergence(state.halted) ? state.epochFromMs : undefined;
	return sendDeadlineMs(state);
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
			const epochs = changeCursor(state.epochs, gatewayEpoch, { lastSeq: input.lastSeq });
			return keep({ ...state, epochs, live: shareLink(state, nowMs) });
		}
		case 'sent':
			return keep({
				...state,
				sentSeq: Math.max(state.sentSeq, input.last),
				lingerUntilMs: null,
				inFlight: [...state.inFlight, { first: input.first, last: input.last, sentAtMs: nowMs }],
			});
		case 'sentLive':
			return keep(sentLive(state, input.last, nowMs));
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
