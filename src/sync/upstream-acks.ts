import { LIMITS } from '../gateway/core/limits.ts';
import { changeCursor, cursorOf, type EpochCursor, newest, sending } from './epoch-cursors.ts';
import {
	type AckInput,
	again,
	type Divergence,
	keep,
	type UpstreamOutput,
	type UpstreamState,
	type UpstreamStep,
} from './upstream-state.ts';

/** Central's word on one epoch. Pure. @param nowMs monotonic */
export function takeAck(state: UpstreamState, ack: AckInput, nowMs: number): UpstreamStep {
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
