import {
	type Board,
	isAnswering,
	isInStep,
	pulseRequest,
	readInputsRequest,
	readOutputsRequest,
	switchOffRequest,
	type WaitingPulse,
} from './board.ts';
import type { ModbusRequest } from './frame.ts';

const OUTPUTS_POLL_MS = 1_000;
/** A board without inputs is only asked whether it is there. */
const IDLE_POLL_MS = 500;

/** What one request is for. */
export type Turn =
	| { readonly kind: 'inputs' | 'outputs' }
	| { readonly kind: 'pulse'; readonly pulse: WaitingPulse }
	| { readonly kind: 'switchOff'; readonly channel: number };

/** The one request that is under way. */
export interface InFlight {
	readonly sendId: number;
	readonly board: Board;
	readonly turn: Turn;
	readonly sentMs: number;
	dueMs: number;
	/** The port has not yet said that the bytes left. */
	writing: boolean;
}

/** When each kind of turn is due again. */
export function notePlans(board: Board, turn: Turn, nowMs: number): void {
	switch (turn.kind) {
		case 'inputs':
			board.nextPollMs = nowMs + board.config.pollMs;
			return;
		case 'outputs':
			board.nextOutputsMs = nowMs + OUTPUTS_POLL_MS;
			if (board.inputSettings.length === 0) board.nextPollMs = nowMs + IDLE_POLL_MS;
			return;
		case 'pulse':
			board.statistics.pulses += 1;
			board.nextOutputsMs = nowMs;
			if (turn.pulse.switchTo !== undefined) {
				board.offs.delete(turn.pulse.channel);
				if (turn.pulse.switchTo) board.held.add(turn.pulse.channel);
				else board.held.delete(turn.pulse.channel);
				return;
			}
			// From the moment it may be on, whatever the answer.
			if (board.config.pulseMode === 'coil') board.offs.set(turn.pulse.channel, nowMs + turn.pulse.durationMs);
			return;
		case 'switchOff':
			return;
	}
}

export function requestOf(board: Board, turn: Turn): ModbusRequest {
	switch (turn.kind) {
		case 'inputs':
			return readInputsRequest(board);
		case 'outputs':
			return readOutputsRequest(board);
		case 'pulse':
			return pulseRequest(board, turn.pulse);
		case 'switchOff':
			return switchOffRequest(board, turn.channel);
	}
}

/** Ends of pulses first, then pulses in the order they were asked for, then the look that is most overdue. */
export function chooseTurn(
	boards: readonly Board[],
	nowMs: number,
	nextProbeMs: number,
): { board: Board; turn: Turn } | undefined {
	for (const board of boards) {
		if (!isAnswering(board)) continue;
		for (const [channel, dueMs] of board.offs)
			if (dueMs <= nowMs) return { board, turn: { kind: 'switchOff', channel } };
	}
	const told = firstBy(boards.filter(isInStep), ({ pulses: [first] }) => first?.id);
	const [pulse] = told?.pulses ?? [];
	if (told !== undefined && pulse !== undefined) return { board: told, turn: { kind: 'pulse', pulse } };
	// A silent board is asked before it is told: no answer then means that nothing was opened, and
	// a late confirmation of an earlier pulse comes before this answer.
	const silent = boards.find((board) => board.pulses.length > 0);
	if (silent !== undefined) return { board: silent, turn: look(silent, nowMs) };
	const due = boards.filter((board) => nextLookMs(board, boards, nextProbeMs) <= nowMs);
	const first = firstBy(due, (board) => board.nextPollMs);
	return first === undefined ? undefined : { board: first, turn: look(first, nowMs) };
}

function firstBy(boards: readonly Board[], rank: (board: Board) => number | undefined): Board | undefined {
	let first: Board | undefined;
	let least = Number.POSITIVE_INFINITY;
	for (const board of boards) {
		const own = rank(board);
		if (own === undefined || own >= least) continue;
		first = board;
		least = own;
	}
	return first;
}

/** Silent boards take their turns one at a time while others answer, however many they are. */
function nextLookMs(board: Board, boards: readonly Board[], nextProbeMs: number): number {
	const isSilent = board.state === 'offline' && boards.some(isAnswering);
	return isSilent ? Math.max(board.nextPollMs, nextProbeMs) : board.nextPollMs;
}

function look(board: Board, nowMs: number): Turn {
	const wantsOutputs = board.inputSettings.length === 0 || (board.nextOutputsMs <= nowMs && isAnswering(board));
	return { kind: wantsOutputs ? 'outputs' : 'inputs' };
}

/** When this board next has something to say. */
export function nextWorkMs(board: Board, boards: readonly Board[], nextProbeMs: number): number {
	if (board.pulses.length > 0) return 0;
	const offs = isAnswering(board) ? [...board.offs.values()] : [];
	return Math.min(nextLookMs(board, boards, nextProbeMs), ...offs);
}
