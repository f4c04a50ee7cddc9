import { LIMITS } from '../../gateway/core/limits.ts';
import { backOffMs } from '../back-off.ts';
import type { Body, StreamHead, StreamPosition } from '../envelope.ts';
import type { LinkProblem } from '../link.ts';
import type { SiteCursor, StoredBatch } from './event-store.ts';

/** A head is told at most this often while rows change; live deltas are told at once. */
const HEAD_EVERY_MS = 250;
const STABLE_AFTER_MS = 60_000;

/** Central's side of the protocol. Pure: what its store knows comes with the input, what is to be done goes out. */
export interface CentralState {
	readonly link:
		| { readonly phase: 'stopped' | 'connecting' | 'up' }
		| { readonly phase: 'waiting'; readonly untilMs: number };
	readonly sinceMs: number;
	readonly attempts: number;
	readonly problem: LinkProblem | null;
	readonly heads: readonly StreamHead[];
	/** Streams whose head was not told since it moved. */
	readonly untold: readonly string[];
	readonly tellHeadsAtMs: number | null;
}

/** Whom an answer goes to. */
export interface Asker {
	readonly site: string;
	readonly gatewayEpoch: string;
	readonly link: string | null;
}

export type CentralInput =
	| { readonly kind: 'start' | 'stop' | 'tick' }
	| { readonly kind: 'linkUp'; readonly link: string }
	| { readonly kind: 'linkDown'; readonly problem: LinkProblem; readonly jitter: number }
	/** Batches are on the disk. */
	| { readonly kind: 'stored'; readonly batches: readonly StoredBatch[] }
	| {
			readonly kind: 'resume';
			readonly asker: Asker;
			readonly id: string;
			readonly streams: readonly StreamPosition[];
			readonly cursor: SiteCursor;
			/** Of earlier histories it asks about. */
			readonly earlier?: readonly SiteCursor[];
	  }
	/** Where the streams stand now; sites ask for what they miss. */
	| { readonly kind: 'moved'; readonly heads: readonly StreamHead[] }
	/** Rows changed and are on the disk. */
	| { readonly kind: 'changed'; readonly delta: Body<'delta'>; readonly heads: readonly StreamHead[] };

export type CentralOutput =
	| { readonly do: 'openLink' | 'closeLink' }
	/** Central is here; every head after it. */
	| { readonly do: 'sendState'; readonly link: string }
	| { readonly do: 'sendHead'; readonly head: StreamHead }
	| { readonly do: 'sendAck'; readonly site: string; readonly gatewayEpoch: string; readonly ack: Body<'ack'> }
	| { readonly do: 'sendResumed'; readonly asker: Asker; readonly body: Body<'resumed'> }
	/** The newest changes, so that none of them that takes something away waits for those before it, or for a snapshot. */
	| { readonly do: 'sendAhead'; readonly asker: Asker; readonly head: StreamHead }
	| { readonly do: 'sendDeltas'; readonly asker: Asker; readonly stream: string; readonly from: number }
	/** To every site of the stream. */
	| { readonly do: 'sendLiveDelta'; readonly delta: Body<'delta'> };

export interface CentralStep {
	readonly state: CentralState;
	readonly outputs: readonly CentralOutput[];
}

export function startCentral(heads: readonly StreamHead[], nowMs: number): CentralState {
	return {
		link: { phase: 'stopped' },
		sinceMs: nowMs,
		attempts: 0,
		problem: null,
		heads,
		untold: [],
		tellHeadsAtMs: null,
	};
}

export function centralDeadlineMs(state: CentralState): number | undefined {
	if (state.link.phase === 'waiting') return state.link.untilMs;
	return state.link.phase === 'up' ? (state.tellHeadsAtMs ?? undefined) : undefined;
}

/** @param nowMs monotonic. */
export function stepCentral(state: CentralState, input: CentralInput, nowMs: number): CentralStep {
	switch (input.kind) {
		case 'start':
			return state.link.phase === 'stopped' ? connect({ ...state, attempts: 0 }, nowMs) : keep(state);
		case 'stop':
			if (state.link.phase === 'stopped') return keep(state);
			return { state: { ...state, link: { phase: 'stopped' }, sinceMs: nowMs }, outputs: [{ do: 'closeLink' }] };
		case 'tick':
			return tick(state, nowMs);
		case 'linkUp':
			// A broker that restarted empty knows no head any more.
			return {
				state: { ...state, link: { phase: 'up' }, sinceMs: nowMs, problem: null, untold: [], tellHeadsAtMs: null },
				outputs: [
					{ do: 'sendState', link: input.link },
					...state.heads.map((head): CentralOutput => ({ do: 'sendHead', head })),
				],
			};
		case 'linkDown':
			return linkDown(state, input.problem, input.jitter, nowMs);
		case 'stored':
			return { state, outputs: acks(input.batches) };
		case 'resume':
			return resume(state, input);
		case 'changed':
			return changed(state, input.delta, input.heads, nowMs);
		case 'moved':
			return moved(state, input.heads, nowMs);
	}
}

function connect(state: CentralState, nowMs: number): CentralStep {
	return { state: { ...state, link: { phase: 'connecting' }, sinceMs: nowMs }, outputs: [{ do: 'openLink' }] };
}

function linkDown(state: CentralState, problem: LinkProblem, jitter: number, nowMs: number): CentralStep {
	if (state.link.phase !== 'connecting' && state.link.phase !== 'up') return keep(state);
	const stable = state.link.phase === 'up' && nowMs - state.sinceMs >= STABLE_AFTER_MS;
	const attempts = stable ? 0 : state.attempts;
	const untilMs = nowMs + backOffMs(attempts, jitter);
	return keep({ ...state, link: { phase: 'waiting', untilMs }, sinceMs: nowMs, attempts: attempts + 1, problem });
}

function tick(state: CentralState, nowMs: number): CentralStep {
	if (state.link.phase === 'waiting') return nowMs >= state.link.untilMs ? connect(state, nowMs) : keep(state);
	if (state.link.phase !== 'up' || state.tellHeadsAtMs === null || nowMs < state.tellHeadsAtMs) return keep(state);
	const told = state.heads.filter(({ stream }) => state.untold.includes(stream));
	return {
		state: { ...state, untold: [], tellHeadsAtMs: null },
		outputs: told.map((head): CentralOutput => ({ do: 'sendHead', head })),
	};
}

/** One ack for each history however many of its batches were stored together; acks are cumulative. */
function acks(batches: readonly StoredBatch[]): CentralOutput[] {
	const last = new Map<string, StoredBatch>();
	for (const batch of batches) {
		const key = `${batch.site}/${batch.gatewayEpoch}`;
		last.set(key, { ...batch, problem: batch.problem ?? last.get(key)?.problem ?? null });
	}
	return [...last.values()].map(({ site, gatewayEpoch, upTo, chain, rejected, problem }) => ({
		do: 'sendAck',
		site,
		gatewayEpoch,
		ack: { upTo, chain, inReplyTo: null, rejected, problem },
	}));
}

function resume(state: CentralState, input: Extract<CentralInput, { kind: 'resume' }>): CentralStep {
	const { asker, id, cursor, earlier = [] } = input;
	const acked = [...earlier, cursor].map(({ site, gatewayEpoch, upTo, chain, rejected }): CentralOutput => {
		const ack = { upTo, chain, inReplyTo: id, rejected, problem: null };
		return { do: 'sendAck', site, gatewayEpoch, ack };
	});
	const answers = state.heads.flatMap((head) => {
		const position = input.streams.find(({ stream }) => stream === head.stream);
		if (position === undefined) return [];
		return [{ head, from: position.rev, answer: answerTo(position, head), isFar: isFarBehind(position, head) }];
	});
	const streams = answers.map(({ head, answer }) => ({ ...head, answer }));
	const deltas = answers.flatMap(({ head, from, answer, isFar }): CentralOutput[] => [
		...(isFar ? [{ do: 'sendAhead', asker, head } as const] : []),
		...(answer === 'deltas' ? [{ do: 'sendDeltas', asker, stream: head.stream, from } as const] : []),
	]);
	return { state, outputs: [...acked, { do: 'sendResumed', asker, body: { inReplyTo: id, streams } }, ...deltas] };
}

/** One answer does not bring it to the head. A site that never had the stream has nothing to take away. */
function isFarBehind(position: StreamPosition, head: StreamHead): boolean {
	if (position.centralEpoch === null) return false;
	return answerTo(position, head) === 'snapshot' || head.rev - position.rev > LIMITS.deltasPerAnswer * LIMITS.deltaOps;
}

function answerTo(position: StreamPosition, head: StreamHead): 'current' | 'deltas' | 'snapshot' {
	// A rev ahead of ours under the same epoch can't have come from this history.
	const ours = position.centralEpoch === head.centralEpoch && position.rev <= head.rev && position.rev >= head.floor;
	if (!ours) return 'snapshot';
	return position.rev === head.rev ? 'current' : 'deltas';
}

function changed(state: CentralState, delta: Body<'delta'>, heads: readonly StreamHead[], nowMs: number): CentralStep {
	const moved: CentralState = { ...state, heads };
	if (state.link.phase !== 'up') return keep(moved);
	const untold = [...new Set([...state.untold, delta.stream])];
	return {
		state: { ...moved, untold, tellHeadsAtMs: state.tellHeadsAtMs ?? nowMs + HEAD_EVERY_MS },
		outputs: [{ do: 'sendLiveDelta', delta }],
	};
}

function moved(state: CentralState, heads: readonly StreamHead[], nowMs: number): CentralStep {
	const behind = heads.filter(({ stream, rev }) => state.heads.find((head) => head.stream === stream)?.rev !== rev);
	if (state.link.phase !== 'up' || behind.length === 0) return keep({ ...state, heads });
	const untold = [...new Set([...state.untold, ...behind.map(({ stream }) => stream)])];
	return keep({ ...state, heads, untold, tellHeadsAtMs: state.tellHeadsAtMs ?? nowMs + HEAD_EVERY_MS });
}

function keep(state: CentralState): CentralStep {
	return { state, outputs: [] };
}
