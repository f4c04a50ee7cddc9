import { COMMAND, SCB } from './codes.ts';
import { encodeCommunication, encodeKeyset, STANDARD_QUERY } from './commands.ts';
import { encodeFrame, MARK, type SecurityBlock } from './frame.ts';
import { type Chore, type Pending, type SessionEffect, type SessionState, TIMING, type Work } from './session-state.ts';
import { finish, restart } from './session-transitions.ts';

const NOTHING = new Uint8Array(0);

interface Command {
	readonly code: number;
	readonly data: Uint8Array;
	readonly security?: SecurityBlock;
	readonly work?: Work;
}

/**
 * The session has the line: at most one command, new or again.
 * @param leisure there is time for what is only good to know
 */
export function takeTurn(s: SessionState, leisure: boolean): void {
	if (s.pending !== undefined && !sendAgain(s)) return;
	const command = s.pending === undefined ? nextCommand(s, leisure) : undefined;
	if (command !== undefined) sendNew(s, command);
}

/** @returns true when the unanswered command was given up, so that a new one may go. */
function sendAgain(s: SessionState): boolean {
	const { pending } = s;
	if (pending === undefined) return true;
	if (pending.work?.kind === 'pulse' && s.nowMs > pending.work.deadlineMs) {
		s.pending = undefined;
		finish(s, pending.work, { result: 'failed', problem: 'the reader did not take the command in time' });
		restart(s);
		return s.nowMs >= s.notBeforeMs;
	}
	if (s.nowMs - pending.firstSentMs >= TIMING.retransmitForMs) {
		restart(s);
		return s.nowMs >= s.notBeforeMs;
	}
	pending.tries += 1;
	pending.lastSentMs = s.nowMs;
	s.waiting = true;
	s.counters.retransmits += 1;
	s.effects.push(sending(s, pending));
	return false;
}

function sendNew(s: SessionState, command: Command): void {
	const { code, data, security, work } = command;
	const fields = {
		address: s.address,
		reply: false,
		sequence: s.sequence,
		check: s.check,
		code,
		data,
		...(security !== undefined && { security }),
	};
	const frame = s.channel === undefined ? encodeFrame(fields) : s.channel.seal(fields);
	// libosdp and most panels mark their frames; readers that need no mark skip it, but for a few.
	const bytes = s.settings.mark ? Uint8Array.of(MARK, ...frame) : frame;
	const sent = {
		...{ code, bytes, sequence: s.sequence, firstSentMs: s.nowMs, lastSentMs: s.nowMs },
		...{ tries: 1, unheard: 0, badChecks: 0, retryAtMs: s.nowMs },
	};
	s.pending = work === undefined ? sent : { ...sent, work };
	s.waiting = true;
	s.effects.push(sending(s, s.pending));
}

function sending(s: SessionState, { bytes, code, tries, work }: Pending): SessionEffect {
	const pollOwed = s.phase === 'running' && tries === 1 && code !== COMMAND.POLL && s.nowMs >= s.pollDueMs;
	return {
		type: 'send',
		bytes,
		pollOwed,
		...(work?.kind === 'pulse' && { pulse: { id: work.id, deadlineMs: work.deadlineMs } }),
	};
}

function nextCommand(s: SessionState, leisure: boolean): Command | undefined {
	switch (s.phase) {
		case 'identify':
			return { code: COMMAND.ID, data: STANDARD_QUERY };
		case 'challenge':
			s.randomOfPanel = s.settings.randomBytes(8);
			return { code: COMMAND.CHLNG, data: s.randomOfPanel, security: keyBlock(s, SCB.CHLNG) };
		case 'cryptogram':
			return {
				code: COMMAND.SCRYPT,
				data: s.handshake?.serverCryptogram ?? NOTHING,
				security: keyBlock(s, SCB.SCRYPT),
			};
		case 'replaceKey':
			return s.key && { code: COMMAND.KEYSET, data: encodeKeyset(s.key) };
		case 'running':
			return nextRunning(s, leisure);
	}
}

/** Names the key that is meant: 0 the default key, 1 the reader's own. */
function keyBlock(s: SessionState, type: number): SecurityBlock {
	return { type, data: Uint8Array.of(s.keyInUse === 'default' ? 0 : 1) };
}

/** Pulses go first; what else waits takes turns with the polls, so that neither stops the other. */
function nextRunning(s: SessionState, leisure: boolean): Command | undefined {
	const pulse = s.work.findIndex((work) => work.kind === 'pulse');
	if (pulse !== -1) return commandOfWork(s.work.splice(pulse, 1)[0]);
	const pollIsDue = s.nowMs >= s.pollDueMs;
	const other = pollIsDue && !s.lastWasPoll ? undefined : (nextWanted(s) ?? (leisure ? nextChore(s) : undefined));
	s.lastWasPoll = other === undefined;
	if (other !== undefined || !pollIsDue) return other;
	s.pollDueMs = s.nowMs + s.settings.pollMs;
	return { code: COMMAND.POLL, data: NOTHING };
}

function nextWanted(s: SessionState): Command | undefined {
	if (s.work.length > 0) return commandOfWork(s.work.shift());
	const [showing, ...showings] = s.showings;
	s.showings = showings;
	return showing;
}

function nextChore(s: SessionState): Command | undefined {
	const [chore, ...chores] = s.chores;
	s.chores = chores;
	return chore === undefined ? undefined : commandOfChore(chore);
}

function commandOfWork(work: Work | undefined): Command | undefined {
	switch (work?.kind) {
		case undefined:
			return undefined;
		case 'pulse':
			return { code: COMMAND.OUT, data: work.data, work };
		case 'communication':
			return { code: COMMAND.COMSET, data: encodeCommunication(work.communication), work };
		case 'key':
			return { code: COMMAND.KEYSET, data: encodeKeyset(work.key), work };
	}
}

function commandOfChore(chore: Chore): Command {
	switch (chore) {
		case 'capabilities':
			return { code: COMMAND.CAP, data: STANDARD_QUERY };
		case 'localStatus':
			return { code: COMMAND.LSTAT, data: NOTHING };
		case 'inputs':
			return { code: COMMAND.ISTAT, data: NOTHING };
		case 'outputs':
			return { code: COMMAND.OSTAT, data: NOTHING };
	}
}
