import type { CommandOutcome, DeviceState, PulseCommand } from '../../gateway/core/device.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { GuardedPulse } from '../ports/pulse-guard.ts';
import { pulseLengthProblem } from '../pulse-length.ts';
import type { InputSettings, ModbusRelayConfig } from './config.ts';
import { inputSettings } from './config.ts';
import { type Debounced, stepDebounce, UNKNOWN_LEVEL } from './debounce.ts';
import { encodeRequest, exceptionText, type ModbusReply, type ModbusRequest, unpackBits } from './frame.ts';
import type { SessionEffect } from './session-input.ts';

/** A board that answered before is not waited for as long as one that never did. */
const SHORTEST_PROBE_MS = 80;

/** A pulse that was asked for and has not been sent. */
export interface WaitingPulse {
	readonly id: number;
	/** From 1. */
	readonly channel: number;
	readonly durationMs: number;
	readonly deadlineMs: number;
	/** Switches for good instead of pulsing. */
	readonly switchTo?: boolean;
	/** Looks at a silent board made for it. */
	probes: number;
}

/** One board as the session knows it; times are monotonic ms. */
export interface Board {
	readonly config: ModbusRelayConfig;
	readonly inputSettings: readonly InputSettings[];
	state: DeviceState;
	problem: string | undefined;
	/** Requests without a valid answer in a row. */
	failures: number;
	lastSeenMs: number | undefined;
	/** The longest it took to answer since it came online. */
	slowestAnswerMs: number;
	nextPollMs: number;
	nextOutputsMs: number;
	/** It refused to read its inputs, with this exception. */
	inputsRefused: number | undefined;
	readonly pulses: WaitingPulse[];
	/** Coil mode: relays to switch off, and when to try. */
	readonly offs: Map<number, number>;
	/** Relays switched on for good: a line that comes back lets none of them go. */
	readonly held: Set<number>;
	readonly inputs: Map<string, Debounced>;
	readonly outputs: Map<string, boolean>;
	readonly statistics: Record<Statistic, number>;
}

export type Statistic = 'frames' | 'frameErrors' | 'timeouts' | 'exceptions' | 'pulses' | 'reconnects' | 'guardEnds';

export function createBoard(config: ModbusRelayConfig): Board {
	return {
		config,
		inputSettings: inputSettings(config.inputs),
		state: 'starting',
		problem: undefined,
		failures: 0,
		lastSeenMs: undefined,
		slowestAnswerMs: 0,
		nextPollMs: 0,
		nextOutputsMs: 0,
		inputsRefused: undefined,
		pulses: [],
		offs: new Map(),
		held: new Set(),
		inputs: new Map(),
		outputs: new Map(),
		statistics: { frames: 0, frameErrors: 0, timeouts: 0, exceptions: 0, pulses: 0, reconnects: 0, guardEnds: 0 },
	};
}

export function isAnswering({ state }: Board): boolean {
	return state === 'online' || state === 'faulted';
}

/** The line was opened. */
export function beginBoard(board: Board, nowMs: number, isAgain: boolean): void {
	board.failures = 0;
	board.nextPollMs = nowMs;
	board.nextOutputsMs = nowMs;
	if (isAgain) board.statistics.reconnects += 1;
	// A pulse the gateway did not live to end: relays that only software switches off begin switched off.
	if (board.config.pulseMode !== 'coil') return;
	for (const channel of Object.values(board.config.outputs))
		if (!board.held.has(channel)) board.offs.set(channel, nowMs);
}

/** It is there, and its pulses still wait for what would end them. */
export function hasAnswered({ state, lastSeenMs }: Board): boolean {
	return state === 'starting' && lastSeenMs !== undefined;
}

/** It answered the last request, so that nothing it was asked before is still to be answered. */
export function isInStep(board: Board): boolean {
	return isAnswering(board) && board.failures === 0;
}

export function readInputsRequest({ config }: Board): ModbusRequest {
	const { unit, inputFunction, inputOffset: address, inputsPacked, channels } = config;
	const arePacked = inputFunction > 2 && inputsPacked;
	return { function: inputFunction, unit, address, count: arePacked ? Math.ceil(channels / 16) : channels };
}

export function readOutputsRequest({ config }: Board): ModbusRequest {
	const { unit, stateFunction, coilOffset: address, channels } = config;
	return { function: stateFunction, unit, address, count: channels };
}

/** What an answer says of each input, or of each relay. */
export function bitsOf(reply: ModbusReply, isPacked: boolean): readonly boolean[] {
	if (reply.kind === 'bits') return reply.bits;
	if (reply.kind !== 'words') return [];
	return isPacked
		? reply.words.flatMap((word) => unpackBits(Uint8Array.of(word & 0xff, word >>> 8)))
		: reply.words.map((word) => word !== 0);
}

/** Flash: on for as long as it says. Value: for as long as the board is made to. Coil: on until told otherwise. */
export function pulseRequest({ config }: Board, pulse: WaitingPulse): ModbusRequest {
	const { channel, durationMs, switchTo } = pulse;
	if (switchTo !== undefined) return switchRequest(config, channel, switchTo ? config.onValue : config.offValue);
	if (config.pulseMode === 'value') return switchRequest(config, channel, config.pulseValue ?? config.onValue);
	if (config.pulseMode === 'coil') return switchRequest(config, channel, config.onValue);
	const value = Math.ceil(durationMs / config.flashStepMs);
	return { ...switchRequest(config, channel, value), address: config.flashBase + config.coilOffset + channel - 1 };
}

export function switchOffRequest({ config }: Board, channel: number): ModbusRequest {
	return switchRequest(config, channel, config.offValue);
}

function switchRequest(config: ModbusRelayConfig, channel: number, value: number): ModbusRequest & { value: number } {
	return { function: config.writeFunction, unit: config.unit, address: config.coilOffset + channel - 1, value };
}

/** What a second process is told to end, if nothing else does; undefined: the board does. */
function guardedPulse(board: Board, pulse: WaitingPulse): GuardedPulse | undefined {
	const { pulseMode, guard } = board.config;
	if (pulseMode !== 'coil' || guard === 'off' || pulse.switchTo !== undefined) return undefined;
	const off = encodeRequest(switchOffRequest(board, pulse.channel));
	return { key: guardKey(board, pulse.channel), off, endsInMs: pulse.durationMs };
}

/** How a pulse leaves: guarded where that is possible, or must be. */
export function sentPulse(board: Board, pulse: WaitingPulse, guardProblem: string | undefined) {
	const hasGuard = board.config.guard === 'required' || guardProblem === undefined;
	const guarded = hasGuard ? guardedPulse(board, pulse) : undefined;
	return { id: pulse.id, deadlineMs: pulse.deadlineMs, ...(guarded && { guarded }) };
}

/** Names a relay of the line to the guard. */
export function guardKey({ config }: Board, channel: number): string {
	return `unit-${config.unit}-relay-${channel}`;
}

/** It pulses only with a guard. */
function needsGuard({ config }: Board): boolean {
	return config.pulseMode === 'coil' && config.guard === 'required' && Object.keys(config.outputs).length > 0;
}

/** Why a command is not even tried. */
export function refusalOf(
	board: Board,
	{ output, durationMs }: PulseCommand,
	switchTo: boolean | undefined,
	line: { readonly isOpen: boolean; readonly guardProblem: string | undefined },
): string | undefined {
	if (board.config.outputs[output] === undefined) return `${board.config.id} has no output ${output}`;
	const isPulse = switchTo === undefined;
	const wrongLength = isPulse ? pulseLengthProblem(durationMs) : undefined;
	if (wrongLength !== undefined) return wrongLength;
	if (!line.isOpen) return board.problem ?? 'the port is not open';
	if (isPulse && needsGuard(board) && line.guardProblem !== undefined) return line.guardProblem;
	return board.pulses.length >= LIMITS.waitingPulses ? 'too many pulses are waiting' : undefined;
}

/** @returns whether it was silent before */
export function noteAnswer(board: Board, tookMs: number, nowMs: number): boolean {
	const wasAnswering = isAnswering(board);
	board.failures = 0;
	board.lastSeenMs = nowMs;
	board.statistics.frames += 1;
	board.slowestAnswerMs = wasAnswering ? Math.max(board.slowestAnswerMs, tookMs) : tookMs;
	return !wasAnswering;
}

/** @returns whether that is news */
export function changeState(board: Board, state: DeviceState, problem: string | undefined): boolean {
	if (board.state === state && board.problem === problem) return false;
	board.state = state;
	board.problem = problem;
	return true;
}

/** How a board that answers stands. */
export function answeringCondition(
	board: Board,
	guardProblem: string | undefined,
): readonly [state: DeviceState, problem: string | undefined] {
	if (board.inputsRefused !== undefined) {
		const refused = exceptionText(board.inputsRefused);
		return ['faulted', `its inputs cannot be read: ${refused}; check inputs, channels and inputOffset`];
	}
	if (needsGuard(board) && guardProblem !== undefined)
		return [board.state === 'starting' ? 'starting' : 'faulted', guardProblem];
	return ['online', undefined];
}

/** How long it may take to answer: a silent one that was quick before holds up the others for less. */
export function answerWithinMs(board: Board, othersWait: boolean): number {
	const { timeoutMs } = board.config;
	if (!othersWait || isAnswering(board) || board.slowestAnswerMs === 0) return timeoutMs;
	return Math.min(timeoutMs, Math.max(SHORTEST_PROBE_MS, 3 * board.slowestAnswerMs));
}

/** Takes one sample of all inputs; returns those whose level is new. */
export function sampleInputs(board: Board, bits: readonly boolean[], nowMs: number): readonly InputLevel[] {
	const changes: InputLevel[] = [];
	for (const { name, channel, invert, debounceMs } of board.inputSettings) {
		const before = board.inputs.get(name) ?? UNKNOWN_LEVEL;
		const after = stepDebounce(before, bits[channel - 1] !== invert, nowMs, debounceMs);
		board.inputs.set(name, after);
		if (after.level !== undefined && after.level !== before.level)
			changes.push({ type: 'input', boardId: board.config.id, input: name, active: after.level });
	}
	return changes;
}

type InputLevel = SessionEffect & { readonly type: 'input' };

export function noteOutputs(board: Board, bits: readonly boolean[]): void {
	for (const [name, channel] of Object.entries(board.config.outputs))
		board.outputs.set(name, bits[channel - 1] === true);
}

/** Nothing is known of its contacts any more; each is told again once it is. */
export function forgetLevels(board: Board): void {
	board.inputs.clear();
	board.outputs.clear();
}

/** Takes out the pulses whose moment has passed. */
export function takeExpired(board: Board, nowMs: number): readonly WaitingPulse[] {
	return takePulses(board, (pulse) => nowMs > pulse.deadlineMs);
}

export function takePulses(board: Board, which: (pulse: WaitingPulse) => boolean): readonly WaitingPulse[] {
	const taken = board.pulses.filter(which);
	for (const pulse of taken) board.pulses.splice(board.pulses.indexOf(pulse), 1);
	return taken;
}

export function failedPulse(problem: string): CommandOutcome {
	return { result: 'failed', problem };
}
