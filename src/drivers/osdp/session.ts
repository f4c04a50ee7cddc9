import { takeReply } from './session-reply.ts';
import {
	type Counter,
	createSessionState,
	MAX_WAITING_WORK,
	type SessionEffect,
	type SessionInput,
	type SessionSettings,
	type SessionState,
	TIMING,
	type Work,
} from './session-state.ts';
import {
	become,
	expireKeyWindow,
	expireWork,
	finish,
	forgetConversation,
	goOffline,
	noticeFloodEnd,
	noticeSilence,
	restart,
	silentAtMs,
	takeKeyWindow,
} from './session-transitions.ts';
import { takeTurn } from './session-turn.ts';

/** `urgent`: a pulse waits. `unproven`: it missed its last turns, or never answered. */
export type Standing = 'urgent' | 'regular' | 'unproven';

/** Turns without an answer that make a reader unproven. */
const MISSES_TO_DOUBT = 2;
/** Turns without an answer after which the next waits a little. */
const MISSES_TO_WAIT = 3;

/**
 * The conversation with one reader (PD), from the panel's side. All time is input, randomness comes
 * from the settings; inputs and effects are the whole protocol.
 */
export interface PdSession {
	step(input: SessionInput): readonly SessionEffect[];
	/** It sent something whose answer is still awaited. */
	waiting(): boolean;
	address(): number;
	standing(): Standing;
	/** From when on it has something to send, monotonic ms. */
	dueMs(): number;
	/** When it wants a tick at the latest, whether it gets the line or not. */
	deadlineMs(): number;
	/** When a valid reply last came, monotonic ms. */
	lastReplyMs(): number | undefined;
	readonly counters: Readonly<Record<Counter, number>>;
}

export function createPdSession(settings: SessionSettings): PdSession {
	const s = createSessionState(settings);
	return {
		step(input) {
			s.nowMs = input.nowMs;
			s.effects = [];
			take(s, input);
			return s.effects;
		},
		waiting: () => s.waiting,
		address: () => s.address,
		standing() {
			if (!s.proven || s.misses >= MISSES_TO_DOUBT) return 'unproven';
			return s.work.some((work) => work.kind === 'pulse') ? 'urgent' : 'regular';
		},
		dueMs: () => dueMs(s),
		deadlineMs: () => deadlineMs(s),
		lastReplyMs: () => s.lastReplyMs,
		counters: s.counters,
	};
}

function take(s: SessionState, input: SessionInput): void {
	switch (input.type) {
		case 'opened':
			takeOpened(s);
			break;
		case 'closed':
			goOffline(s, input.problem);
			break;
		case 'turn':
			noticeSilence(s);
			expireWork(s);
			takeTurn(s, input.leisure);
			break;
		case 'reply':
			takeReply(s, input.frame);
			break;
		case 'noReply':
			takeNoReply(s, input.damaged);
			break;
		case 'late':
			s.lateSinceHeard = true;
			break;
		case 'unsent':
			takeUnsent(s);
			break;
		case 'work':
			takeWork(s, input.work);
			break;
		case 'show':
			if (s.phase === 'running') s.showings = input.showings;
			break;
		case 'keyWindow':
			takeKeyWindow(s, input.untilMs);
			break;
		case 'tick':
			noticeSilence(s);
			expireWork(s);
			expireKeyWindow(s);
			noticeFloodEnd(s);
	}
}

function takeOpened(s: SessionState): void {
	finish(s, s.pending?.work, { result: 'unknown', problem: 'the reader did not answer' });
	forgetConversation(s);
	s.keyInUse = 'own';
	s.proven = false;
	s.misses = 0;
	s.failures = 0;
	s.damagedSinceHeard = false;
	s.lateSinceHeard = false;
	s.silenceNoticed = false;
	s.lastHeardMs = s.nowMs;
	s.notBeforeMs = s.nowMs;
	if (s.condition.state === 'offline') {
		become(s, { state: 'offline', problem: 'the line is open; the reader has not answered yet' });
	}
}

function takeNoReply(s: SessionState, damaged: boolean): void {
	s.waiting = false;
	s.misses += 1;
	s.counters.timeouts += 1;
	if (damaged) s.damagedSinceHeard = true;
	noticeSilence(s);
	const { pending } = s;
	if (pending !== undefined && !damaged) pending.unheard += 1;
	const retryMs = s.silenceNoticed ? TIMING.offlineRetryMs : s.misses < MISSES_TO_WAIT ? 0 : TIMING.suspectRetryMs;
	if (pending?.work?.kind === 'pulse') restart(s);
	else if (s.sequence === 0) {
		// It begins anew each time, so there is nothing to repeat: a second challenge would make the answer to the first
		// worthless, which may be on its way still. Who it is can be asked as often as need be.
		s.pending = undefined;
		s.identified = false;
		s.phase = 'identify';
		s.notBeforeMs = s.nowMs + retryMs;
	} else if (pending !== undefined) pending.retryAtMs = s.nowMs + retryMs;
}

function takeUnsent(s: SessionState): void {
	const { pending } = s;
	s.waiting = false;
	s.pending = undefined;
	if (pending === undefined || pending.tries === 1) {
		finish(s, pending?.work, { result: 'expired' });
	} else {
		finish(s, pending.work, { result: 'failed', problem: 'the reader did not take the command in time' });
		restart(s);
	}
}

function takeWork(s: SessionState, work: Work): void {
	const problem = problemOfWork(s, work);
	if (problem === undefined) s.work.push(work);
	else finish(s, work, { result: 'failed', problem });
}

function problemOfWork(s: SessionState, work: Work): string | undefined {
	if (s.condition.state === 'starting') return 'the reader has not answered yet';
	const usable = s.condition.state === 'online' || s.phase === 'running';
	if (!usable) return s.condition.problem ?? 'the reader is offline';
	if (s.work.length >= MAX_WAITING_WORK) return 'too many commands wait for this reader';
	if (work.kind === 'key' && s.key === undefined) return 'a key is only given inside a secure channel';
	return undefined;
}

function dueMs(s: SessionState): number {
	if (s.pending !== undefined) return Math.max(s.notBeforeMs, s.pending.retryAtMs);
	const waits = s.work.length > 0 || s.showings.length > 0 || s.chores.length > 0;
	return s.phase !== 'running' || waits ? s.notBeforeMs : Math.max(s.notBeforeMs, s.pollDueMs);
}

function deadlineMs(s: SessionState): number {
	let earliestMs = Math.min(silentAtMs(s), s.keyWindowUntilMs ?? Number.POSITIVE_INFINITY, s.flood.wakeAtMs());
	// A pulse may still go at its deadline, and has expired a moment later.
	for (const work of s.work) if (work.kind === 'pulse') earliestMs = Math.min(earliestMs, work.deadlineMs + 1);
	return earliestMs;
}
