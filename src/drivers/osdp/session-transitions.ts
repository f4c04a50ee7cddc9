import type { CommandOutcome, KeyWindowEnd } from '../../gateway/core/device.ts';
import { TOO_MANY_TAGS } from '../tag-readers/flood.ts';
import { type Condition, type SessionState, TIMING, type Work } from './session-state.ts';

/** Reports a condition when it is another one. */
export function become(s: SessionState, condition: Condition): void {
	const { state, problem, alarm } = s.condition;
	if (state === condition.state && problem === condition.problem && alarm === condition.alarm) return;
	s.condition = condition;
	s.effects.push({ type: 'condition', condition });
}

export function finish(s: SessionState, work: Work | undefined, outcome: CommandOutcome): void {
	if (work !== undefined) s.effects.push({ type: 'outcome', id: work.id, outcome });
}

/**
 * Begins the conversation anew with SQN 0, which also ends the secure channel. With a key and a reader
 * already identified it goes straight to the challenge. What was sent and not answered stays unknown.
 */
export function restart(s: SessionState): void {
	finish(s, s.pending?.work, { result: 'unknown', problem: 'the reader did not answer' });
	forgetConversation(s);
	s.counters.reconnects += 1;
	const delays = TIMING.restartDelaysMs;
	s.notBeforeMs = s.nowMs + (delays[Math.min(s.failures, delays.length - 1)] ?? 0);
	s.failures += 1;
}

/** Everything that both sides must agree on; what is known about the reader stays. */
export function forgetConversation(s: SessionState): void {
	s.pending = undefined;
	s.waiting = false;
	s.channel = undefined;
	s.handshake = undefined;
	s.randomOfPanel = undefined;
	s.sequence = 0;
	s.plainAccepted = false;
	s.phase = s.key !== undefined && s.identified ? 'challenge' : 'identify';
}

/** The reader is not there: nothing waits for it any longer. */
export function goOffline(s: SessionState, problem: string): void {
	finish(s, s.pending?.work, { result: 'unknown', problem: 'the reader did not answer' });
	for (const work of s.work.splice(0)) finish(s, work, { result: 'failed', problem });
	s.showings = [];
	s.identified = false;
	s.proven = false;
	s.failures = 0;
	forgetConversation(s);
	become(s, { state: 'offline', problem });
}

/** Pulses whose deadline passed while they waited. */
export function expireWork(s: SessionState): void {
	for (const [index, work] of [...s.work.entries()].reverse()) {
		if (work.kind !== 'pulse' || s.nowMs <= work.deadlineMs) continue;
		s.work.splice(index, 1);
		finish(s, work, { result: 'expired' });
	}
}

/** After TIMING.offlineAfterMs without a valid reply. */
export function noticeSilence(s: SessionState): void {
	if (s.nowMs < silentAtMs(s)) return;
	s.silenceNoticed = true;
	goOffline(s, problemOfSilence(s));
	s.notBeforeMs = s.nowMs;
}

export function silentAtMs(s: SessionState): number {
	return s.silenceNoticed ? Number.POSITIVE_INFINITY : s.lastHeardMs + TIMING.offlineAfterMs;
}

function problemOfSilence(s: SessionState): string {
	if (s.lateSinceHeard) {
		return `the answers of address ${s.address} come too late, later than the 200 ms of the standard: the converter or the network to it is too slow, or this machine is too busy`;
	}
	if (s.damagedSinceHeard) {
		return `only damaged bytes from address ${s.address}: check the baud rate, the termination, and that no other device has this address`;
	}
	return `no answer from address ${s.address}: check the reader's power, the wires A and B, its address and baud rate, and that this adapter is its line's`;
}

/** The conversation runs: what is wrong with the reader itself decides what is shown. */
export function runningCondition({ plainAccepted, localStatus, flood }: SessionState): Condition {
	if (plainAccepted) {
		const problem = 'the reader answers in plain though it has a key, and is read all the same (onDowngrade: accept)';
		return { state: 'faulted', problem, alarm: 'downgrade' };
	}
	if (localStatus.tamper) {
		return { state: 'faulted', problem: 'the housing of the reader is open (tamper)', alarm: 'tamper' };
	}
	if (localStatus.powerFailure) return { state: 'faulted', problem: 'the reader reports a power failure' };
	return flood.isFault() ? { state: 'faulted', problem: TOO_MANY_TAGS } : { state: 'online' };
}

/** Of a reader that said too many cards, once that is over. */
export function noticeFloodEnd(s: SessionState): void {
	if (s.flood.look(s.nowMs) && s.phase === 'running' && !s.isOnlineDue) become(s, runningCondition(s));
}

/** A person opens a window for the default key, or closes it; nobody's is open longer than its time. */
export function takeKeyWindow(s: SessionState, untilMs: number | undefined): void {
	s.keyWindowUntilMs = untilMs;
	s.keyGiven = false;
	s.failures = 0;
	if (untilMs === undefined) leaveDefaultKey(s);
	// A reader that was refused is asked again at once.
	else if (s.phase !== 'running' && !s.waiting) s.notBeforeMs = s.nowMs;
}

export function isKeyWindowOpen({ keyWindowUntilMs, nowMs }: SessionState): boolean {
	return keyWindowUntilMs !== undefined && nowMs < keyWindowUntilMs;
}

export function endKeyWindow(s: SessionState, how: KeyWindowEnd): void {
	if (s.keyWindowUntilMs === undefined) return;
	s.keyWindowUntilMs = undefined;
	s.effects.push({ type: 'keyWindowEnded', how });
}

export function expireKeyWindow(s: SessionState): void {
	if (s.keyWindowUntilMs === undefined || s.nowMs < s.keyWindowUntilMs) return;
	endKeyWindow(s, 'timedOut');
	leaveDefaultKey(s);
}

function leaveDefaultKey(s: SessionState): void {
	if (s.keyInUse !== 'default') return;
	s.keyInUse = 'own';
	restart(s);
}
