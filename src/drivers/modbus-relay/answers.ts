import type { CommandOutcome, DeviceState } from '../../gateway/core/device.ts';
import {
	answeringCondition,
	type Board,
	bitsOf,
	changeState,
	failedPulse,
	forgetLevels,
	guardKey,
	noteOutputs,
	sampleInputs,
	takePulses,
	type WaitingPulse,
} from './board.ts';
import { exceptionText, isIllegal, type ModbusReply } from './frame.ts';
import type { SessionEffect } from './session-input.ts';
import type { Turn } from './turns.ts';

const REFUSED_RETRY_MS = 1_000;

/** What an answer changes, and what follows. */
export function onAnswer(
	board: Board,
	turn: Turn,
	reply: ModbusReply,
	guardProblem: string | undefined,
	nowMs: number,
): readonly SessionEffect[] {
	const refused = reply.kind === 'exception' ? reply.code : undefined;
	if (refused !== undefined) board.statistics.exceptions += 1;
	if (turn.kind === 'inputs') board.inputsRefused = refused;
	if (board.inputsRefused !== undefined) forgetLevels(board);
	const condition = tellAnswering(board, guardProblem);
	switch (turn.kind) {
		case 'inputs':
			if (refused === undefined)
				return [...condition, ...sampleInputs(board, bitsOf(reply, board.config.inputsPacked), nowMs)];
			board.nextPollMs = nowMs + REFUSED_RETRY_MS;
			return condition;
		case 'outputs':
			if (refused === undefined) noteOutputs(board, bitsOf(reply, false));
			return condition;
		case 'pulse': {
			const isDone = refused === undefined;
			const outcome = isDone ? DONE : failedPulse(`the board refused it: ${exceptionText(refused)}`);
			return [...condition, settled(turn.pulse, outcome)];
		}
		case 'switchOff':
			return [...condition, ...onSwitchedOff(board, turn.channel, refused, nowMs)];
	}
}

const DONE: CommandOutcome = { result: 'done' };

/** A relay that does not exist was never on; one that is busy or failing is told again. */
function onSwitchedOff(
	board: Board,
	channel: number,
	refused: number | undefined,
	nowMs: number,
): readonly SessionEffect[] {
	if (refused !== undefined && !isIllegal(refused)) {
		board.offs.set(channel, nowMs + REFUSED_RETRY_MS);
		return [];
	}
	board.offs.delete(channel);
	return [{ type: 'release', key: guardKey(board, channel) }];
}

export function tellAnswering(board: Board, guardProblem: string | undefined): readonly SessionEffect[] {
	return tellState(board, ...answeringCondition(board, guardProblem));
}

/** The board is not there; which of the pulses that wait for it have failed, `hasFailed` says. */
export function tellOffline(
	board: Board,
	problem: string,
	hasFailed: (pulse: WaitingPulse) => boolean,
): readonly SessionEffect[] {
	board.inputsRefused = undefined;
	forgetLevels(board);
	return [
		...tellState(board, 'offline', problem),
		...takePulses(board, hasFailed).map((pulse) => settled(pulse, failedPulse(problem))),
	];
}

function tellState(board: Board, state: DeviceState, problem: string | undefined): readonly SessionEffect[] {
	return changeState(board, state, problem) ? [{ type: 'condition', boardId: board.config.id }] : [];
}

export function settled(pulse: WaitingPulse, outcome: CommandOutcome): SessionEffect {
	return { type: 'outcome', pulseId: pulse.id, outcome };
}
