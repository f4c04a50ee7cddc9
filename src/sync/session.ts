import { type AskState, answered, askDeadlineMs, asked, askNow, planAsk, startAsking, stopAsking } from './asking.ts';
import { backOffMs } from './back-off.ts';
import {
	currentStreams,
	downstreamDeadlineMs,
	downstreamLag,
	parkedStreams,
	startDownstream,
	stepDownstream,
} from './downstream.ts';
import type { DownstreamInput, DownstreamOutput, DownstreamState } from './downstream-state.ts';
import type { Body } from './envelope.ts';
import type { EpochStart } from './epoch-cursors.ts';
import type { LinkProblem } from './link.ts';
import { cursorsOf, type Position, positionOf } from './session-position.ts';
import { stepUpstream, upstreamDeadlineMs } from './upstream.ts';
import { startUpstream, type UpstreamInput, type UpstreamOutput, type UpstreamState } from './upstream-state.ts';

const HEARTBEAT_MS = 60_000;
/** A link that held this long was a good one: the next loss starts the back-off anew. */
const STABLE_AFTER_MS = 60_000;
/** Two gateways with one id push each other off; both slow down. */
const TAKEN_OVER_ATTEMPTS = 5;
/** The gateway's side of the protocol. Pure: time, randomness and everything that happened come in, what is to be done goes out. */
export interface SessionState {
	readonly link: LinkPhase;
	readonly sinceMs: number;
	/** Failed connections in a row. */
	readonly attempts: number;
	/** Why the link is down. */
	readonly problem: LinkProblem | null;
	readonly central: 'unknown' | 'online' | 'offline';
	/** The connection central was last said to be online with: a late will of an older one changes nothing. */
	readonly centralLink: string | null;
	readonly heartbeatAtMs: number;
	readonly asking: AskState;
	readonly upstream: UpstreamState;
	readonly downstream: DownstreamState;
}

export type LinkPhase =
	| { readonly phase: 'stopped' }
	| { readonly phase: 'connecting' }
	/** `link` names this connection in every message. */
	| { readonly phase: 'up'; readonly link: string }
	| { readonly phase: 'waiting'; readonly untilMs: number };

export type SessionInput =
	| { readonly kind: 'start' }
	| { readonly kind: 'stop' }
	| { readonly kind: 'tick' }
	/** Somebody does not want to wait for the next attempt. */
	| { readonly kind: 'connectNow' }
	/** Central's word on edits that it has was lost on its way: the next question names them. */
	| { readonly kind: 'editsWait' }
	| {
			readonly kind: 'linkUp';
			readonly link: string;
			readonly receiveMaximum: number;
			/** JSON of a batch before deflation that surely fits a packet. */
			readonly maxBatchBytes: number;
	  }
	| { readonly kind: 'linkDown'; readonly problem: LinkProblem; readonly jitter: number }
	| {
			readonly kind: 'upstream';
			readonly input: Extract<UpstreamInput, { kind: 'grew' | 'sent' | 'sentLive' | 'publishFailed' | 'epochFailed' }>;
	  }
	/** A new gateway epoch was begun. */
	| { readonly kind: 'epochStarted'; readonly epochs: EpochStart }
	| { readonly kind: 'downstream'; readonly input: Exclude<DownstreamInput, { kind: 'up' | 'tick' | 'resumed' }> }
	| { readonly kind: 'central'; readonly online: boolean; readonly link: string | null; readonly retained: boolean }
	/** `ourChain`: the journal's hash at `upTo`; null beyond its end. */
	| {
			readonly kind: 'ack';
			readonly gatewayEpoch: string;
			readonly ack: Body<'ack'>;
			readonly ourChain: string | null;
	  }
	| { readonly kind: 'resumed'; readonly body: Body<'resumed'> };

export type SessionOutput =
	| { readonly do: 'openLink' }
	/** Say goodbye (the will, by ourselves) and leave. */
	| { readonly do: 'closeLink' }
	| { readonly do: 'sendBirth'; readonly position: Position }
	| { readonly do: 'sendHeartbeat'; readonly position: Position; readonly problem: string | null }
	/** With the mutations that wait for an answer. */
	| { readonly do: 'sendResume'; readonly id: string; readonly body: Omit<Body<'resume'>, 'pending'> }
	| UpstreamOutput
	| DownstreamOutput;

export interface SessionStep {
	readonly state: SessionState;
	readonly outputs: readonly SessionOutput[];
}

export interface SessionStart {
	readonly epochs: EpochStart;
	readonly streams: Parameters<typeof startDownstream>[0];
	readonly staged: Parameters<typeof startDownstream>[1];
}

export function startSession(start: SessionStart, nowMs: number): SessionState {
	return {
		link: { phase: 'stopped' },
		sinceMs: nowMs,
		attempts: 0,
		problem: null,
		central: 'unknown',
		centralLink: null,
		heartbeatAtMs: 0,
		asking: startAsking(),
		upstream: startUpstream(start.epochs),
		downstream: startDownstream(start.streams, start.staged, nowMs),
	};
}

/** @param nowMs monotonic. */
export function stepSession(state: SessionState, input: SessionInput, nowMs: number): SessionStep {
	return ask(take(state, input, nowMs), nowMs);
}

/** When the machine wants a `tick`, monotonic; undefined: never. */
export function sessionDeadlineMs(state: SessionState): number | undefined {
	if (state.link.phase === 'waiting') return state.link.untilMs;
	if (state.link.phase !== 'up') return undefined;
	const moments = [
		state.heartbeatAtMs,
		askDeadlineMs(state.asking),
		upstreamDeadlineMs(state.upstream),
		downstreamDeadlineMs(state.downstream),
	].filter((moment) => typeof moment === 'number');
	return Math.min(...moments);
}

function take(state: SessionState, input: SessionInput, nowMs: number): SessionStep {
	switch (input.kind) {
		case 'start':
			return state.link.phase === 'stopped' ? connect({ ...state, attempts: 0 }, nowMs) : keep(state);
		case 'stop': {
			const stopped: SessionState = { ...state, link: { phase: 'stopped' }, sinceMs: nowMs, problem: null };
			const down = upstream(stopped, { kind: 'down' }, nowMs);
			return state.link.phase === 'stopped' ? keep(state) : { ...down, outputs: [{ do: 'closeLink' }] };
		}
		case 'tick':
			return tick(state, nowMs);
		case 'connectNow':
			return state.link.phase === 'waiting' ? connect(state, nowMs) : keep(state);
		case 'editsWait':
			return keep(state.asking.retryAtMs === null ? { ...state, asking: askNow(state.asking, nowMs) } : state);
		case 'linkUp':
			return state.link.phase === 'connecting' ? linkUp(state, input, nowMs) : keep(state);
		case 'linkDown':
			return linkDown(state, input.problem, input.jitter, nowMs);
		case 'upstream':
			return upstream(state, input.input, nowMs);
		case 'epochStarted':
			return epochStarted(state, input.epochs, nowMs);
		case 'downstream':
			return downstream(state, input.input, nowMs);
		case 'central':
			return central(state, input, nowMs);
		case 'ack': {
			const { last } = state.asking;
			const { gatewayEpoch, ourChain } = input;
			const asked = last !== null && input.ack.inReplyTo === last.id ? last.cursors : [];
			const resumedFrom = asked.find((cursor) => cursor.gatewayEpoch === gatewayEpoch)?.ackedSeq ?? null;
			const { upTo, chain, problem, rejected } = input.ack;
			const ack = { kind: 'ack', gatewayEpoch, upTo, chain, ourChain, resumedFrom, problem, rejected } as const;
			const step = upstream(state, ack, nowMs);
			const heard = resumedFrom !== null || step.outputs.some((output) => output.do === 'setAcked');
			return heard ? { ...step, state: { ...step.state, central: 'online' } } : step;
		}
		case 'resumed': {
			if (input.body.inReplyTo !== state.asking.last?.id) return keep(state);
			const asking = answered(state.asking, nowMs);
			return downstream({ ...state, asking }, { kind: 'resumed', streams: input.body.streams }, nowMs);
		}
	}
}

function connect(state: SessionState, nowMs: number): SessionStep {
	return {
		state: { ...state, link: { phase: 'connecting' }, sinceMs: nowMs },
		outputs: [{ do: 'openLink' }],
	};
}

function linkUp(state: SessionState, input: Extract<SessionInput, { kind: 'linkUp' }>, nowMs: number): SessionStep {
	const up: SessionState = {
		...state,
		link: { phase: 'up', link: input.link },
		sinceMs: nowMs,
		problem: null,
		central: 'unknown',
		centralLink: null,
		heartbeatAtMs: nowMs + HEARTBEAT_MS,
		asking: askNow(state.asking, nowMs),
	};
	const { receiveMaximum, maxBatchBytes } = input;
	const sending = upstream(up, { kind: 'up', receiveMaximum, maxBatchBytes }, nowMs);
	const pulling = downstream(sending.state, { kind: 'up' }, nowMs);
	const birth: SessionOutput = { do: 'sendBirth', position: positionOf(up) };
	return { state: pulling.state, outputs: [birth, ...sending.outputs, ...pulling.outputs] };
}

/** Central is told under which name events come now. */
function epochStarted(state: SessionState, epochs: EpochStart, nowMs: number): SessionStep {
	const step = upstream(state, { kind: 'epochStarted', epochs }, nowMs);
	if (state.link.phase !== 'up') return step;
	const told = { ...step.state, asking: askNow(step.state.asking, nowMs) };
	return { state: told, outputs: [{ do: 'sendBirth', position: positionOf(told) }, ...step.outputs] };
}

function linkDown(state: SessionState, problem: LinkProblem, jitter: number, nowMs: number): SessionStep {
	if (state.link.phase !== 'connecting' && state.link.phase !== 'up') return keep(state);
	const stable = state.link.phase === 'up' && nowMs - state.sinceMs >= STABLE_AFTER_MS;
	const failed = stable ? 0 : state.attempts;
	const attempts = problem.kind === 'takenOver' ? Math.max(failed, TAKEN_OVER_ATTEMPTS) : failed;
	const down: SessionState = {
		...state,
		link: { phase: 'waiting', untilMs: nowMs + backOffMs(attempts, jitter) },
		sinceMs: state.link.phase === 'up' || state.problem === null ? nowMs : state.sinceMs,
		attempts: attempts + 1,
		problem,
		central: 'unknown',
		centralLink: null,
		asking: stopAsking(state.asking),
	};
	return upstream(down, { kind: 'down' }, nowMs);
}

function tick(state: SessionState, nowMs: number): SessionStep {
	if (state.link.phase === 'waiting') return nowMs >= state.link.untilMs ? connect(state, nowMs) : keep(state);
	if (state.link.phase !== 'up') return keep(state);
	const due = nowMs >= state.heartbeatAtMs;
	const beaten = due ? { ...state, heartbeatAtMs: nowMs + HEARTBEAT_MS } : state;
	const heartbeat: SessionOutput = {
		do: 'sendHeartbeat',
		position: positionOf(state),
		problem: state.upstream.halted,
	};
	const sending = upstream(beaten, { kind: 'tick' }, nowMs);
	const pulling = downstream(sending.state, { kind: 'tick' }, nowMs);
	const beat = due ? [heartbeat, ...(state.central === 'online' ? currentStreams(state.downstream) : [])] : [];
	return { state: pulling.state, outputs: [...beat, ...sending.outputs, ...pulling.outputs] };
}

function central(
	state: SessionState,
	{ online, link, retained }: Extract<SessionInput, { kind: 'central' }>,
	nowMs: number,
): SessionStep {
	const before = state.central;
	if (!online && (before === 'offline' || (state.centralLink !== null && state.centralLink !== link)))
		return keep(state);
	const told: SessionState = {
		...state,
		central: online ? 'online' : 'offline',
		centralLink: online ? link : state.centralLink,
	};
	// What the broker kept only says again what the resume of this link is about to find out.
	if (online && retained && before === 'unknown') return keep(told);
	const asking = online ? askNow(told.asking, nowMs) : told.asking;
	return upstream({ ...told, asking }, { kind: 'central', online }, nowMs);
}

/** Asks central where the streams stand when it is time. */
function ask({ state, outputs }: SessionStep, nowMs: number): SessionStep {
	if (state.link.phase !== 'up') return { state, outputs };
	const { downstream: streams } = state;
	const plan = planAsk(state.asking, downstreamLag(streams), streams.failures, nowMs);
	if (!plan.due) return { state: { ...state, asking: plan.asking }, outputs };
	const { ackedSeq, streams: positions } = positionOf(state);
	const cursors = cursorsOf(state);
	const asking = asked(plan.asking, state.link.link, cursors, nowMs);
	const resume: SessionOutput = {
		do: 'sendResume',
		id: asking.last.id,
		body: { ackedSeq, earlier: [...cursors.slice(0, -1)], streams: positions },
	};
	return { state: { ...state, asking }, outputs: [...outputs, resume, ...parkedStreams(streams)] };
}

function upstream(state: SessionState, input: UpstreamInput, nowMs: number): SessionStep {
	const step = stepUpstream(state.upstream, input, nowMs);
	return { state: { ...state, upstream: step.state }, outputs: step.outputs };
}

function downstream(state: SessionState, input: DownstreamInput, nowMs: number): SessionStep {
	const step = stepDownstream(state.downstream, input, nowMs);
	return { state: { ...state, downstream: step.state }, outputs: step.outputs };
}

function keep(state: SessionState): SessionStep {
	return { state, outputs: [] };
}
