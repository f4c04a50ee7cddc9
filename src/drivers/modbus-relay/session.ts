import type { PulseCommand } from '../../gateway/core/device.ts';
import type { GuardState } from '../ports/pulse-guard.ts';
import { onAnswer, settled, tellAnswering, tellOffline } from './answers.ts';
import {
	answerWithinMs,
	type Board,
	beginBoard,
	createBoard,
	failedPulse,
	guardKey,
	hasAnswered,
	isAnswering,
	isInStep,
	noteAnswer,
	refusalOf,
	sentPulse,
	switchOffRequest,
	takeExpired,
	takePulses,
} from './board.ts';
import type { ModbusRelayConfig } from './config.ts';
import { encodeRequest } from './frame.ts';
import { createReplyFramer } from './reply-framer.ts';
import type { SessionEffect, SessionInput } from './session-input.ts';
import { chooseTurn, type InFlight, nextWorkMs, notePlans, requestOf } from './turns.ts';

const FAILURES_TO_OFFLINE = 3;
/** A dead board costs the others its whole time-out: it is asked rarely. */
const OFFLINE_POLL_MS = 2_000;
const SWITCH_OFF_RETRY_MS = 100;
/** After a failure the line must be silent this long: a late answer must not be taken for the next one. */
const SETTLE_MS = 50;
/** One that missed an answer lets the others be asked a few times before it is asked again. */
const SUSPECT_POLL_MS = 250;
/** A guard says within this that it will end a pulse, or never. */
const GUARD_MS = 500;

/** All boards of one line: one request at a time, pulses before polls. */
export interface ModbusSession {
	readonly boards: readonly Board[];
	step(input: SessionInput): readonly SessionEffect[];
	/** When to step with `tick`; undefined: nothing is planned. */
	wakeAtMs(): number | undefined;
}

export function createModbusSession(configs: readonly ModbusRelayConfig[]): ModbusSession {
	const boards = configs.map(createBoard);
	const framer = createReplyFramer();
	const baud = configs[0]?.baud ?? 9600;
	/** 3.5 characters between frames, never under 1.75 ms (Modbus over Serial Line 2.5.1.1). */
	const gapMs = Math.max(1.75, (3.5 * 11 * 1_000) / baud);
	let effects: SessionEffect[] = [];
	let isOpen = false;
	let opens = 0;
	let sends = 0;
	let inFlight: InFlight | undefined;
	/** A write the port never ended; nothing is sent behind it. */
	let stuckSendId: number | undefined;
	let quietUntilMs = 0;
	/** When the next of the silent boards is asked, while others answer. */
	let nextProbeMs = 0;
	let guardProblem: string | undefined;

	function step(input: SessionInput): readonly SessionEffect[] {
		effects = [];
		handle(input);
		for (const board of boards)
			for (const pulse of takeExpired(board, input.nowMs)) effects.push(settled(pulse, { result: 'expired' }));
		takeTurn(input.nowMs);
		return effects;
	}

	function handle(input: SessionInput): void {
		switch (input.type) {
			case 'opened':
				begin(input.nowMs);
				break;
			case 'closed':
				end(input.problem);
				break;
			case 'bytes':
				receive(input.chunk, input.nowMs);
				break;
			case 'tick':
				if (inFlight !== undefined && input.nowMs >= inFlight.dueMs) missReply(inFlight, input.nowMs);
				break;
			case 'pulse':
				acceptPulse(input.boardId, input.id, input.command, input.switchTo);
				break;
			case 'written':
				if (inFlight?.sendId === input.sendId) noteWritten(inFlight, input.nowMs);
				if (stuckSendId === input.sendId) stuckSendId = undefined;
				break;
			case 'writeFailed':
				if (inFlight?.sendId === input.sendId) missReply({ ...inFlight, writing: false }, input.nowMs);
				break;
			case 'unsent':
				if (inFlight?.sendId === input.sendId) withhold(inFlight, input.problem);
				break;
			case 'guard':
				noteGuard(input.state);
				break;
		}
	}

	function noteGuard({ problem, ends }: GuardState): void {
		guardProblem = problem;
		for (const board of boards) {
			board.statistics.guardEnds = ends;
			if (isAnswering(board) || hasAnswered(board)) effects.push(...tellAnswering(board, problem));
		}
	}

	/** Its answer is due from now on, however long the guard took. */
	function noteWritten(sent: InFlight, nowMs: number): void {
		sent.writing = false;
		sent.dueMs = Math.min(sent.dueMs, nowMs + sent.board.config.timeoutMs);
	}

	function withhold({ board, turn }: InFlight, problem: string | undefined): void {
		inFlight = undefined;
		if (turn.kind !== 'pulse') return;
		board.statistics.pulses -= 1;
		effects.push(settled(turn.pulse, problem === undefined ? { result: 'expired' } : failedPulse(problem)));
	}

	function begin(nowMs: number): void {
		isOpen = true;
		opens += 1;
		inFlight = undefined;
		stuckSendId = undefined;
		quietUntilMs = nowMs + gapMs;
		framer.reset();
		for (const board of boards) beginBoard(board, nowMs, opens > 1);
	}

	function end(problem: string): void {
		if (isOpen) sendLastWords();
		isOpen = false;
		const pulse = inFlight?.turn.kind === 'pulse' ? inFlight.turn.pulse : undefined;
		inFlight = undefined;
		framer.reset();
		if (pulse !== undefined) effects.push(settled(pulse, { result: 'unknown', problem }));
		for (const board of boards) effects.push(...tellOffline(board, problem, () => true));
	}

	/** The port may still be there, when Parkgate stops: nothing else would end these pulses. */
	function sendLastWords(): void {
		for (const board of boards.filter(isAnswering)) {
			for (const channel of board.offs.keys()) {
				sends += 1;
				const bytes = encodeRequest(switchOffRequest(board, channel));
				effects.push({ type: 'send', sendId: sends, bytes, releases: guardKey(board, channel) });
			}
		}
	}

	function acceptPulse(boardId: string, id: number, command: PulseCommand, switchTo: boolean | undefined): void {
		const board = boards.find(({ config }) => config.id === boardId);
		const channel = board?.config.outputs[command.output];
		const problem = board && refusalOf(board, command, switchTo, { isOpen, guardProblem });
		if (board === undefined || channel === undefined || problem !== undefined) {
			const outcome = failedPulse(problem ?? `there is no board ${boardId}`);
			effects.push({ type: 'outcome', pulseId: id, outcome });
			return;
		}
		const { durationMs, deadlineMonotonicMs: deadlineMs } = command;
		const maintained = switchTo === undefined ? {} : { switchTo };
		board.pulses.push({ id, channel, durationMs, deadlineMs, probes: 0, ...maintained });
	}

	function receive(chunk: Uint8Array, nowMs: number): void {
		for (const found of framer.push(chunk)) {
			if (found.kind === 'frameError') {
				if (inFlight !== undefined) inFlight.board.statistics.frameErrors += 1;
			} else if (inFlight !== undefined) {
				const { board, turn, sentMs } = inFlight;
				inFlight = undefined;
				quietUntilMs = nowMs + gapMs;
				if (noteAnswer(board, nowMs - sentMs, nowMs)) askSilent(nowMs);
				effects.push(...onAnswer(board, turn, found, guardProblem, nowMs));
			}
		}
	}

	/** One is back, perhaps the line as a whole: whoever was silent is asked at once. */
	function askSilent(nowMs: number): void {
		nextProbeMs = nowMs;
		for (const each of boards) if (each.state === 'offline') each.nextPollMs = Math.min(each.nextPollMs, nowMs);
	}

	function missReply({ sendId, board, turn, writing }: InFlight, nowMs: number): void {
		inFlight = undefined;
		const errors = framer.timeout();
		board.statistics.timeouts += 1;
		board.statistics.frameErrors += errors.length;
		quietUntilMs = nowMs + SETTLE_MS;
		board.failures += 1;
		if (turn.kind === 'pulse') {
			const problem = errors.length > 0 ? 'the answer was damaged' : 'no answer came';
			effects.push(settled(turn.pulse, { result: 'unknown', problem }));
		}
		if (turn.kind === 'switchOff') board.offs.set(turn.channel, nowMs + SWITCH_OFF_RETRY_MS);
		if (!writing) {
			noteSilence(board, nowMs);
			return;
		}
		stuckSendId = sendId;
		const problem = 'the port takes no bytes; unplug the adapter and plug it in again';
		for (const each of boards) effects.push(...tellOffline(each, problem, () => true));
	}

	function noteSilence(board: Board, nowMs: number): void {
		for (const pulse of board.pulses) pulse.probes += 1;
		if (board.failures < FAILURES_TO_OFFLINE) {
			if (boards.some(isInStep)) board.nextPollMs = nowMs + SUSPECT_POLL_MS;
			return;
		}
		board.nextPollMs = nowMs + OFFLINE_POLL_MS;
		const problem = `no valid answer from unit ${board.config.unit}; check its power, wiring, address and baud, and that this adapter is its line's`;
		effects.push(...tellOffline(board, problem, ({ probes }) => probes >= FAILURES_TO_OFFLINE));
	}

	function takeTurn(nowMs: number): void {
		if (!isOpen || inFlight !== undefined || stuckSendId !== undefined || nowMs < quietUntilMs) return;
		const next = chooseTurn(boards, nowMs, nextProbeMs);
		if (next === undefined) return;
		const { board, turn } = next;
		if (turn.kind === 'pulse') takePulses(board, (pulse) => pulse === turn.pulse);
		if (board.state === 'offline') nextProbeMs = nowMs + OFFLINE_POLL_MS;
		notePlans(board, turn, nowMs);
		// What holds from now on must not be ended as a pulse of before.
		if (turn.kind === 'pulse' && turn.pulse.switchTo !== undefined)
			effects.push({ type: 'release', key: guardKey(board, turn.pulse.channel) });
		sends += 1;
		const pulse = turn.kind === 'pulse' ? sentPulse(board, turn.pulse, guardProblem) : undefined;
		const withinMs = answerWithinMs(board, boards.some(isAnswering)) + (pulse?.guarded === undefined ? 0 : GUARD_MS);
		inFlight = { sendId: sends, board, turn, sentMs: nowMs, dueMs: nowMs + withinMs, writing: true };
		const request = requestOf(board, turn);
		framer.expect(request);
		effects.push({ type: 'send', sendId: sends, bytes: encodeRequest(request), ...(pulse && { pulse }) });
	}

	function wakeAtMs(): number | undefined {
		const deadlines = boards.flatMap((board) => board.pulses.map((pulse) => pulse.deadlineMs + 1));
		if (inFlight !== undefined) return Math.min(inFlight.dueMs, ...deadlines);
		if (!isOpen || stuckSendId !== undefined) return deadlines.length > 0 ? Math.min(...deadlines) : undefined;
		return Math.max(
			quietUntilMs,
			Math.min(...boards.map((board) => nextWorkMs(board, boards, nextProbeMs)), ...deadlines),
		);
	}

	return { boards, step, wakeAtMs };
}
