import type { CommandOutcome, DeviceState, PulseCommand } from '../../gateway/core/device.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import {
	type Board,
	createBoard,
	failedPulse,
	forgetLevels,
	isAnswering,
	noteOutputs,
	sampleInputs,
	switchOffRequest,
	takeExpired,
	takePulses,
	type WaitingPulse,
} from './board.ts';
import type { ModbusRelayConfig } from './config.ts';
import { encodeRequest, exceptionText, isIllegal, type ModbusReply } from './frame.ts';
import { createReplyFramer } from './reply-framer.ts';
import type { SessionEffect, SessionInput } from './session-input.ts';
import { chooseTurn, nextWorkMs, notePlans, requestOf, type Turn } from './turns.ts';

const FAILURES_TO_OFFLINE = 3;
/** A dead board costs the others its whole time-out: it is asked rarely. */
const OFFLINE_POLL_MS = 2_000;
const REFUSED_RETRY_MS = 1_000;
const SWITCH_OFF_RETRY_MS = 100;
/** After a failure the line must be silent this long: a late answer must not be taken for the next one. */
const SETTLE_MS = 50;
const MIN_PULSE_MS = 100;
const MAX_PULSE_MS = 3_000;

interface InFlight {
	readonly sendId: number;
	readonly board: Board;
	readonly turn: Turn;
	readonly dueMs: number;
	/** The port has not yet said that the bytes left. */
	writing: boolean;
}

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

	function step(input: SessionInput): readonly SessionEffect[] {
		effects = [];
		handle(input);
		for (const board of boards) endExpired(board, input.nowMs);
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
				if (inFlight?.sendId === input.sendId) inFlight.writing = false;
				if (stuckSendId === input.sendId) stuckSendId = undefined;
				break;
			case 'writeFailed':
				if (inFlight?.sendId === input.sendId) missReply({ ...inFlight, writing: false }, input.nowMs);
				break;
			case 'unsent':
				if (inFlight?.sendId === input.sendId) withhold(inFlight);
				break;
		}
	}

	function withhold({ board, turn }: InFlight): void {
		inFlight = undefined;
		if (turn.kind !== 'pulse') return;
		board.statistics.pulses -= 1;
		settle(turn.pulse, { result: 'expired' });
	}

	function begin(nowMs: number): void {
		isOpen = true;
		opens += 1;
		inFlight = undefined;
		stuckSendId = undefined;
		quietUntilMs = nowMs + gapMs;
		framer.reset();
		for (const board of boards) {
			board.failures = 0;
			board.nextPollMs = nowMs;
			board.nextOutputsMs = nowMs;
			if (opens > 1) board.statistics.reconnects += 1;
			// A pulse the gateway did not live to end: relays that only software switches off begin switched off.
			if (board.config.pulseMode === 'coil')
				for (const channel of Object.values(board.config.outputs))
					if (!board.held.has(channel)) board.offs.set(channel, nowMs);
		}
	}

	function end(problem: string): void {
		if (isOpen) sendLastWords();
		isOpen = false;
		const pulse = inFlight?.turn.kind === 'pulse' ? inFlight.turn.pulse : undefined;
		inFlight = undefined;
		framer.reset();
		if (pulse !== undefined) settle(pulse, { result: 'unknown', problem });
		for (const board of boards) goOffline(board, problem);
	}

	/** The port may still be there, when Parkgate stops: nothing else would end these pulses. */
	function sendLastWords(): void {
		for (const board of boards.filter(isAnswering)) {
			for (const channel of board.offs.keys()) {
				sends += 1;
				effects.push({ type: 'send', sendId: sends, bytes: encodeRequest(switchOffRequest(board, channel)) });
			}
		}
	}

	function acceptPulse(boardId: string, id: number, command: PulseCommand, switchTo: boolean | undefined): void {
		const board = boards.find(({ config }) => config.id === boardId);
		const refuse = (problem: string) => effects.push({ type: 'outcome', pulseId: id, outcome: failedPulse(problem) });
		const channel = board?.config.outputs[command.output];
		if (board === undefined || channel === undefined) return void refuse(`${boardId} has no output ${command.output}`);
		const { durationMs, deadlineMonotonicMs: deadlineMs } = command;
		if (switchTo === undefined && !(durationMs >= MIN_PULSE_MS && durationMs <= MAX_PULSE_MS))
			return void refuse(`a pulse of ${durationMs} ms is not between ${MIN_PULSE_MS} and ${MAX_PULSE_MS}`);
		if (!isOpen) return void refuse(board.problem ?? 'the port is not open');
		if (board.pulses.length >= LIMITS.waitingPulses) return void refuse('too many pulses are waiting');
		const maintained = switchTo === undefined ? {} : { switchTo };
		board.pulses.push({ id, channel, durationMs, deadlineMs, probes: 0, ...maintained });
	}

	function receive(chunk: Uint8Array, nowMs: number): void {
		for (const found of framer.push(chunk)) {
			if (found.kind === 'frameError') {
				if (inFlight !== undefined) inFlight.board.statistics.frameErrors += 1;
			} else if (inFlight !== undefined) {
				const { board, turn } = inFlight;
				inFlight = undefined;
				quietUntilMs = nowMs + gapMs;
				takeReply(board, turn, found, nowMs);
			}
		}
	}

	function takeReply(board: Board, turn: Turn, reply: ModbusReply, nowMs: number): void {
		board.failures = 0;
		board.lastSeenMs = nowMs;
		board.statistics.frames += 1;
		const refused = reply.kind === 'exception' ? reply.code : undefined;
		if (refused !== undefined) board.statistics.exceptions += 1;
		if (turn.kind === 'inputs') board.inputsRefused = refused;
		if (board.inputsRefused === undefined) setState(board, 'online', undefined);
		else {
			forgetLevels(board);
			const why = `its inputs cannot be read: ${exceptionText(board.inputsRefused)}; check inputs, channels and inputOffset`;
			setState(board, 'faulted', why);
		}
		switch (turn.kind) {
			case 'inputs':
				if (reply.kind === 'bits') tellInputs(board, reply.bits, nowMs);
				else board.nextPollMs = nowMs + REFUSED_RETRY_MS;
				return;
			case 'outputs':
				if (reply.kind === 'bits') noteOutputs(board, reply.bits);
				return;
			case 'pulse':
				settle(
					turn.pulse,
					refused === undefined ? { result: 'done' } : failedPulse(`the board refused it: ${exceptionText(refused)}`),
				);
				return;
			case 'switchOff':
				// A relay that does not exist was never on; one that is busy or failing is told again.
				if (refused === undefined || isIllegal(refused)) board.offs.delete(turn.channel);
				else board.offs.set(turn.channel, nowMs + REFUSED_RETRY_MS);
				return;
		}
	}

	function tellInputs(board: Board, bits: readonly boolean[], nowMs: number): void {
		for (const { input, active } of sampleInputs(board, bits, nowMs))
			effects.push({ type: 'input', boardId: board.config.id, input, active });
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
			settle(turn.pulse, { result: 'unknown', problem });
		}
		if (turn.kind === 'switchOff') board.offs.set(turn.channel, nowMs + SWITCH_OFF_RETRY_MS);
		if (writing) {
			stuckSendId = sendId;
			for (const each of boards) goOffline(each, 'the port takes no bytes; unplug the adapter and plug it in again');
			return;
		}
		for (const pulse of board.pulses) pulse.probes += 1;
		if (board.failures < FAILURES_TO_OFFLINE) return;
		board.nextPollMs = nowMs + OFFLINE_POLL_MS;
		const problem = `no valid answer from unit ${board.config.unit}; check its power, wiring, address and baud`;
		setOffline(board, problem);
		for (const pulse of takePulses(board, ({ probes }) => probes >= FAILURES_TO_OFFLINE))
			settle(pulse, failedPulse(problem));
	}

	function goOffline(board: Board, problem: string): void {
		setOffline(board, problem);
		for (const pulse of takePulses(board, () => true)) settle(pulse, failedPulse(problem));
	}

	function setOffline(board: Board, problem: string): void {
		board.inputsRefused = undefined;
		forgetLevels(board);
		setState(board, 'offline', problem);
	}

	function setState(board: Board, state: DeviceState, problem: string | undefined): void {
		if (board.state === state && board.problem === problem) return;
		board.state = state;
		board.problem = problem;
		effects.push({ type: 'condition', boardId: board.config.id });
	}

	function settle(pulse: WaitingPulse, outcome: CommandOutcome): void {
		effects.push({ type: 'outcome', pulseId: pulse.id, outcome });
	}

	function endExpired(board: Board, nowMs: number): void {
		for (const pulse of takeExpired(board, nowMs)) settle(pulse, { result: 'expired' });
	}

	function takeTurn(nowMs: number): void {
		if (!isOpen || inFlight !== undefined || stuckSendId !== undefined || nowMs < quietUntilMs) return;
		const next = chooseTurn(boards, nowMs);
		if (next === undefined) return;
		const { board, turn } = next;
		if (turn.kind === 'pulse') takePulses(board, (pulse) => pulse === turn.pulse);
		notePlans(board, turn, nowMs);
		sends += 1;
		inFlight = { sendId: sends, board, turn, dueMs: nowMs + board.config.timeoutMs, writing: true };
		const request = requestOf(board, turn);
		framer.expect(request);
		const pulse = turn.kind === 'pulse' ? { id: turn.pulse.id, deadlineMs: turn.pulse.deadlineMs } : undefined;
		effects.push({ type: 'send', sendId: sends, bytes: encodeRequest(request), ...(pulse && { pulse }) });
	}

	function wakeAtMs(): number | undefined {
		const deadlines = boards.flatMap((board) => board.pulses.map((pulse) => pulse.deadlineMs + 1));
		if (inFlight !== undefined) return Math.min(inFlight.dueMs, ...deadlines);
		if (!isOpen || stuckSendId !== undefined) return deadlines.length > 0 ? Math.min(...deadlines) : undefined;
		return Math.max(quietUntilMs, Math.min(...boards.map(nextWorkMs), ...deadlines));
	}

	return { boards, step, wakeAtMs };
}
