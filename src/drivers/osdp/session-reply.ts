import { COMMAND, NAK, REPLY, textOfNak } from './codes.ts';
import { parseCommunication } from './commands.ts';
import type { OsdpFrame } from './frame.ts';
import {
	type LocalStatus,
	parseKeypad,
	parseLevels,
	parseLstatr,
	parsePdcap,
	parseRaw,
	type RawCard,
} from './replies.ts';
import { identified, type KeyRefusal, refused, takeHandshakeReply } from './session-handshake.ts';
import { type Pending, type SessionState, TIMING, type Work } from './session-state.ts';
import { become, finish, restart, runningCondition } from './session-transitions.ts';

/** Refused check bytes in a row before checksum is tried, or the conversation begun anew. */
const BAD_CHECKS_BEFORE_CHECKSUM = 2;
const BAD_CHECKS_BEFORE_RESTART = 4;
/** Cards that a reader may have kept. */
const BUFFERED_REPORTS = 16;

const PLAIN_IN_CHANNEL =
	'somebody answers in plain in place of the reader, which has a secure channel: nothing of it is believed';

/** A frame from the reader's address. When it is no answer to what was asked, the wait goes on. */
export function takeReply(s: SessionState, frame: OsdpFrame): void {
	s.counters.frames += 1;
	if (s.pending === undefined || !s.waiting) s.counters.strayReplies += 1;
	else if (takeAnswer(s, s.pending, frame)) s.waiting = false;
}

/** @returns whether it was the answer */
function takeAnswer(s: SessionState, pending: Pending, frame: OsdpFrame): boolean {
	if (s.channel === undefined) return takePlain(s, pending, frame);
	const opened = frame.sequence === pending.sequence ? s.channel.open(frame) : undefined;
	if (opened?.result === 'ok') {
		if (opened.clear) noteClearReply(s);
		if (s.condition.alarm === 'downgrade' && s.phase === 'running' && !s.isOnlineDue) become(s, runningCondition(s));
		answered(s, pending, { ...frame, data: opened.data });
		return true;
	}
	if (frame.security === undefined) return takeUnsecured(s, pending, frame);
	s.counters[opened === undefined ? 'strayReplies' : 'macErrors'] += 1;
	return false;
}

function takePlain(s: SessionState, pending: Pending, frame: OsdpFrame): boolean {
	if (frame.code === REPLY.BUSY) return takeBusy(s, pending);
	// A reader that could not read the message may not know its number.
	const numberless = frame.code === REPLY.NAK && (frame.data[0] === NAK.BAD_CHECK || frame.data[0] === NAK.SEQUENCE);
	// A frame with MAC belongs to a session that ended.
	if ((frame.sequence !== pending.sequence && !numberless) || frame.mac !== undefined) {
		s.counters.strayReplies += 1;
		return false;
	}
	answered(s, pending, frame);
	return true;
}

/**
 * In a secure session anybody on the line can send a reply without MAC, so it tells nothing: only that
 * the reader may have lost the session, and then a new handshake decides.
 */
function takeUnsecured(s: SessionState, pending: Pending, frame: OsdpFrame): boolean {
	if (frame.code !== REPLY.NAK && frame.code !== REPLY.BUSY && frame.sequence !== pending.sequence) {
		// Said before the channel stood, by a slow line.
		s.counters.strayReplies += 1;
		return false;
	}
	s.counters.unsecuredReplies += 1;
	if (frame.code === REPLY.BUSY) return takeBusy(s, pending);
	if (frame.code !== REPLY.NAK) {
		become(s, { state: 'faulted', problem: PLAIN_IN_CHANNEL, alarm: 'downgrade' });
		return false;
	}
	s.counters.refusals += 1;
	switch (frame.data[0]) {
		case NAK.BAD_CHECK:
			if (pending.work?.kind === 'pulse') return false;
			pending.retryAtMs = s.nowMs;
			return true;
		case NAK.SEQUENCE:
		case NAK.NO_SECURE_CHANNEL:
		case NAK.NOT_SECURED:
			restart(s);
			return true;
		default:
			return false;
	}
}

/** Not carried out: the same bytes go again, SQN and all. */
function takeBusy(s: SessionState, pending: Pending): boolean {
	s.counters.busy += 1;
	s.misses = 0;
	pending.retryAtMs = s.nowMs + TIMING.busyRetryMs;
	return true;
}

function noteClearReply(s: SessionState): void {
	if (s.counters.clearReplies === 0) {
		s.effects.push({ type: 'notice', message: 'the reader sends data unencrypted inside the secure channel' });
	}
	s.counters.clearReplies += 1;
}

/** `frame.data` is decrypted. */
function answered(s: SessionState, pending: Pending, frame: OsdpFrame): void {
	if (s.lastReplyMs === undefined || s.nowMs - s.lastReplyMs > TIMING.bufferedAfterMs) {
		s.mayBeBuffered = true;
		s.reportsInARow = 0;
	}
	s.proven = true;
	s.lastHeardMs = s.nowMs;
	s.lastReplyMs = s.nowMs;
	s.silenceNoticed = false;
	s.misses = 0;
	s.damagedSinceHeard = false;
	s.lateSinceHeard = false;
	if (frame.code === REPLY.NAK) {
		s.counters.refusals += 1;
		takeNak(s, pending, frame.data[0]);
		return;
	}
	advance(s);
	if (s.channel === undefined && pending.unheard > 0) {
		s.notBeforeMs = Math.max(s.notBeforeMs, pending.lastSentMs + TIMING.lateReplyMs);
	}
	if (frame.code === REPLY.BUSY) {
		if (pending.work !== undefined) s.work.unshift(pending.work);
		s.notBeforeMs = s.nowMs + TIMING.busyRetryMs;
	} else if (s.phase === 'running') takeRunningReply(s, pending, frame);
	else takeHandshakeReply(s, frame);
}

function advance(s: SessionState): void {
	s.pending = undefined;
	s.sequence = (s.sequence % 3) + 1;
}

function takeRunningReply(s: SessionState, pending: Pending, frame: OsdpFrame): void {
	if (pending.code === COMMAND.POLL) {
		s.failures = 0;
		// A reader with something to say may have more.
		if (frame.code !== REPLY.ACK) s.pollDueMs = s.nowMs;
		else noteFresh(s);
	}
	if (pending.work === undefined) takeReport(s, frame);
	else takeOutcome(s, pending.work, frame);
}

/** What a reader reports: asked for, or as the answer to a poll. */
function takeReport(s: SessionState, frame: OsdpFrame): void {
	switch (frame.code) {
		case REPLY.ACK:
			return;
		case REPLY.RAW: {
			const card = parseRaw(frame.data);
			if (card === undefined) s.counters.badReads += 1;
			else if (s.mayBeBuffered) takeStaleCard(s);
			else takeCard(s, card, frame.data);
			return;
		}
		case REPLY.KEYPAD:
			takeKeys(s, parseKeypad(frame.data) ?? '');
			return;
		case REPLY.LSTATR: {
			const status = parseLstatr(frame.data);
			if (status !== undefined) takeStatus(s, status);
			return;
		}
		case REPLY.OSTATR:
			s.effects.push({ type: 'outputs', levels: parseLevels(frame.data) });
			return;
		case REPLY.ISTATR:
			s.effects.push({ type: 'inputs', levels: parseLevels(frame.data) });
			return;
		case REPLY.PDCAP:
			s.effects.push({ type: 'capabilities', capabilities: parsePdcap(frame.data) });
			return;
		default:
			// FMT among them: vendors do not agree what it says.
			s.counters.otherReplies += 1;
	}
}

/** Held to what can pass a lane, as of any reader: each other card costs a decision on the disk. */
function takeCard(s: SessionState, card: RawCard, payload: Uint8Array): void {
	if (s.shown.take(payload.toHex(), s.nowMs) === 'new' && !s.flood.admits(s.nowMs)) {
		s.counters.floodedReads += 1;
		become(s, runningCondition(s));
		return;
	}
	s.counters.reads += 1;
	s.effects.push({ type: 'card', card, payload });
}

/** What it reports from now on happened since it could be asked. */
function noteFresh(s: SessionState): void {
	s.mayBeBuffered = false;
	if (s.isOnlineDue) become(s, runningCondition(s));
	s.isOnlineDue = false;
}

function takeStatus(s: SessionState, status: LocalStatus): void {
	s.localStatus = status;
	const condition = runningCondition(s);
	if (condition.state === 'online' && s.isOnlineDue) return;
	s.isOnlineDue = false;
	become(s, condition);
}

/** Keys that were pressed before it could be asked are nobody's any more. */
function takeKeys(s: SessionState, keys: string): void {
	s.counters.keys += keys.length;
	if (s.mayBeBuffered) takeStaleCard(s);
	else if (keys !== '') s.effects.push({ type: 'keys', keys });
}

/** Whoever showed it may be gone, and somebody else stand there: it opens nothing. */
function takeStaleCard(s: SessionState): void {
	s.counters.staleReads += 1;
	s.reportsInARow += 1;
	if (s.reportsInARow >= BUFFERED_REPORTS) noteFresh(s);
	const message = 'what the reader had kept since before it could be asked is not used';
	s.effects.push({ type: 'notice', message });
}

function takeOutcome(s: SessionState, work: Work, frame: OsdpFrame): void {
	if (work.kind === 'communication') {
		const set = frame.code === REPLY.COM ? parseCommunication(frame.data) : undefined;
		const communication = set !== undefined && set.address <= 126 ? set : work.communication;
		s.effects.push({ type: 'outcome', id: work.id, outcome: { result: 'done' }, communication });
		s.address = communication.address;
	} else {
		finish(s, work, { result: 'done' });
		// Some answer OUT with the levels it made.
		if (frame.code === REPLY.OSTATR) takeReport(s, frame);
	}
	if (work.kind === 'key') s.key = work.key;
	// The reader now listens elsewhere, or for another key.
	if (work.kind !== 'pulse') restart(s);
	if (work.kind === 'communication' && work.leaves) s.notBeforeMs = s.nowMs + TIMING.awayMs;
}

function takeNak(s: SessionState, pending: Pending, reason: number | undefined): void {
	if (reason === NAK.BAD_CHECK) {
		takeBadCheck(s, pending);
		return;
	}
	advance(s);
	finish(s, pending.work, { result: 'failed', problem: `the reader refused it: ${textOfNak(reason)}` });
	if (reason === NAK.SEQUENCE) restart(s);
	else if (s.phase === 'running') takeRunningNak(s, pending, reason);
	else if (s.phase !== 'identify') refused(s, refusalOfNak(s, reason));
	else if (reason === NAK.NOT_SECURED && s.key === undefined) demandsKey(s);
	else identified(s);
}

/** Only the challenge itself is refused by a reader that has no secure channel any more. */
function refusalOfNak(s: SessionState, reason: number | undefined): KeyRefusal {
	const problem = `the reader refuses the secure channel: ${textOfNak(reason)}`;
	const isPlain = reason === NAK.NO_SECURE_CHANNEL || reason === NAK.UNKNOWN_COMMAND;
	return s.phase === 'challenge' && isPlain ? { problem, downgrade: 'plain' } : { problem };
}

function takeRunningNak(s: SessionState, pending: Pending, reason: number | undefined): void {
	const demandsChannel = reason === NAK.NOT_SECURED || reason === NAK.NO_SECURE_CHANNEL;
	const polled = pending.code === COMMAND.POLL;
	if (demandsChannel && polled && s.key === undefined) demandsKey(s);
	// Other commands a reader may know or not; without polls there is no conversation.
	else if (polled || (demandsChannel && s.key !== undefined)) restart(s);
}

function demandsKey(s: SessionState): void {
	restart(s);
	become(s, { state: 'faulted', problem: 'the reader asks for a secure channel: configure its key' });
}

/** Nothing was carried out, so the same bytes may go again; a reader without CRC gets a checksum. */
function takeBadCheck(s: SessionState, pending: Pending): void {
	pending.badChecks += 1;
	pending.retryAtMs = s.nowMs;
	const undecided = s.settings.check === 'auto' && s.phase === 'identify';
	if (undecided && pending.badChecks >= BAD_CHECKS_BEFORE_CHECKSUM) {
		s.check = s.check === 'crc' ? 'checksum' : 'crc';
		restart(s);
	} else if (pending.badChecks >= BAD_CHECKS_BEFORE_RESTART) {
		finish(s, pending.work, { result: 'failed', problem: `the reader refused it: ${textOfNak(NAK.BAD_CHECK)}` });
		s.pending = undefined;
		restart(s);
	}
}
