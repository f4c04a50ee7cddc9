import { LIMITS } from '../gateway/core/limits.ts';
import { newest, sending } from './epoch-cursors.ts';
import { ackTimeoutMs, type UpstreamOutput, type UpstreamState, type UpstreamStep } from './upstream-state.ts';

/** How long new rows wait for company while an earlier batch is under way; alone they leave at once. */
const LINGER_MS = 250;
/** Batches under way beyond which only full ones follow: a slow central gets fewer and larger messages, and what else sites ask of it does not expire in a queue behind them. */
const SMALL_UNDER_WAY = 2;
/** The share of the link that new rows have beside a backlog: one batch each time, whatever the window holds. */
const LIVE_EVERY_MS = 250;
/** More than this waiting is a backlog: everything else is under way at once. */
const BACKLOG_ROWS = LIMITS.batchEvents * LIMITS.batchWindow;

/** At most one batch for each step: `sent` comes back and asks for the next. */
export function sendNext(state: UpstreamState, outputs: readonly UpstreamOutput[], nowMs: number): UpstreamStep {
	const { link, sentSeq, withheldSeq, live } = state;
	const { gatewayEpoch, lastSeq } = sending(state.epochs);
	if (link === null || state.halted !== null || state.changing !== null || state.quietUntilMs !== null)
		return { state, outputs };
	const { maxBatchBytes } = link;
	if (live !== null && nowMs >= (liveDueMs(state) ?? Number.POSITIVE_INFINITY)) {
		const place = { gatewayEpoch: newest(state.epochs).gatewayEpoch, afterSeq: live.sentSeq };
		return { state, outputs: [...outputs, { do: 'sendLive', ...place, maxBatchBytes, withheldSeq }] };
	}
	if (sentSeq >= lastSeq || state.inFlight.length >= openWindow(state)) return { state, outputs };
	const full = lastSeq - sentSeq >= LIMITS.batchEvents;
	if (state.inFlight.length > 0 && !full) {
		const lingerUntilMs = state.lingerUntilMs ?? nowMs + LINGER_MS;
		const waits = nowMs < lingerUntilMs || state.inFlight.length >= SMALL_UNDER_WAY;
		if (waits) return { state: { ...state, lingerUntilMs }, outputs };
	}
	const send = { gatewayEpoch, afterSeq: sentSeq, maxBatchBytes, withheldSeq };
	return { state, outputs: [...outputs, { do: 'sendEvents', ...send }] };
}

/** When sending wants a tick; undefined: never. */
export function sendDeadlineMs(state: UpstreamState): number | undefined {
	const [oldest] = state.inFlight;
	const waits = state.sentSeq < sending(state.epochs).lastSeq;
	const room = Math.min(openWindow(state), SMALL_UNDER_WAY);
	const lingers = waits && state.quietUntilMs === null && state.inFlight.length < room;
	const moments = [
		oldest && oldest.sentAtMs + ackTimeoutMs(state.retries),
		waits ? state.quietUntilMs : undefined,
		lingers ? state.lingerUntilMs : undefined,
		liveDueMs(state),
	].filter((moment) => typeof moment === 'number');
	return moments.length === 0 ? undefined : Math.min(...moments);
}

/** Rows were written: beside a backlog they have a share of their own. */
export function shareLink(before: UpstreamState, nowMs: number): UpstreamState['live'] {
	if (before.live !== null || before.link === null || !isBacklogged(before)) return before.live;
	return { sentSeq: newest(before.epochs).lastSeq, dueMs: nowMs };
}

/** The backlog has come to where new rows were sent from. */
export function endShare(state: UpstreamState): UpstreamState {
	const { live, epochs, sentSeq } = state;
	const isOver = live !== null && sending(epochs) === newest(epochs) && sentSeq >= live.sentSeq;
	return isOver || state.link === null ? { ...state, live: null } : state;
}

export function sentLive(state: UpstreamState, last: number, nowMs: number): UpstreamState {
	const { live } = state;
	if (live === null) return state;
	return { ...state, live: { sentSeq: Math.max(live.sentSeq, last), dueMs: nowMs + LIVE_EVERY_MS } };
}

function isBacklogged({ epochs, sentSeq }: UpstreamState): boolean {
	const cursor = sending(epochs);
	return cursor !== newest(epochs) || cursor.lastSeq - sentSeq > BACKLOG_ROWS;
}

/** undefined: there are no new rows beside a backlog, or central is silent. */
function liveDueMs({ live, epochs, quietUntilMs, retries }: UpstreamState): number | undefined {
	if (live === null || quietUntilMs !== null || retries > 0) return undefined;
	return live.sentSeq < newest(epochs).lastSeq ? live.dueMs : undefined;
}

/** While central is silent one batch probes. */
function openWindow(state: UpstreamState): number {
	return state.retries > 0 ? 1 : (state.link?.window ?? 0);
}
