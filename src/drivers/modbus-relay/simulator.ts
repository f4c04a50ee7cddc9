import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import { inputSettings, type ModbusRelayConfig } from './config.ts';
import { EXCEPTION_BIT, encodeFrame, hasValidCrc, packBits } from './frame.ts';

/** Boards answer within a few ms of the last byte. */
const ANSWER_DELAY_MS = 5;
/** A pause this long between bytes begins a new frame. */
const FRAME_GAP_MS = 20;

/** How long a relay is on that pulses by a time of its own. */
const OWN_PULSE_MS = 1_000;

const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
const ILLEGAL_VALUE = 3;

interface BoardState {
	readonly config: ModbusRelayConfig;
	/** Until when each relay is on, monotonic ms; Infinity until told. Index 0 is channel 1. */
	readonly onUntilMs: number[];
	/** Whether each contact is closed. */
	readonly closed: boolean[];
	powered: boolean;
}

type Answer = readonly number[] | { readonly exception: number };

/** Boards as Waveshare and LC-Tech make them, with the addresses and values their configuration names. */
export function createBoardSimulator(clock: Clock, configs: readonly ModbusRelayConfig[]): DeviceSimulator {
	const boards = configs.map(createBoardState);
	let buffer: number[] = [];
	let lastByteMs = Number.NEGATIVE_INFINITY;

	function receive(bytes: Uint8Array): readonly SimulatedAnswer[] {
		const nowMs = clock.monotonicMs();
		if (nowMs - lastByteMs > FRAME_GAP_MS) buffer = [];
		lastByteMs = nowMs;
		buffer.push(...bytes.subarray(-LIMITS.modbusFrameBytes));
		const answers: SimulatedAnswer[] = [];
		for (let frame = takeRequest(); frame !== undefined; frame = takeRequest()) {
			for (const board of boards) {
				const answer = answerOf(board, frame, nowMs);
				if (answer !== undefined) answers.push({ bytes: answer, delayMs: ANSWER_DELAY_MS });
			}
		}
		buffer = buffer.slice(-LIMITS.modbusFrameBytes);
		return answers;
	}

	/** The first run of bytes that is a whole request; what stands before it is dropped. */
	function takeRequest(): Uint8Array | undefined {
		for (let start = 0; start + 8 <= buffer.length; start++) {
			const frame = Uint8Array.from(buffer.slice(start, start + requestLength(buffer, start)));
			if (!hasValidCrc(frame)) continue;
			buffer = buffer.slice(start + frame.length);
			return frame;
		}
		return undefined;
	}

	function boardOf(deviceId: string): BoardState | undefined {
		return boards.find(({ config }) => config.id === deviceId);
	}

	return {
		receive,
		stimulate(deviceId, what) {
			const board = boardOf(deviceId);
			const problem = board === undefined ? `there is no board ${deviceId}` : stimulateBoard(board, what);
			return problem === undefined ? { answers: [] } : { problem };
		},
		outputs(deviceId) {
			const board = boardOf(deviceId);
			if (board === undefined) return {};
			const nowMs = clock.monotonicMs();
			return Object.fromEntries(
				Object.entries(board.config.outputs).map(([name, channel]) => [name, isOn(board, channel - 1, nowMs)]),
			);
		},
	};
}

function createBoardState(config: ModbusRelayConfig): BoardState {
	const closed = Array.from({ length: config.channels }, () => false);
	// At rest every input is inactive, so normally closed contacts are closed.
	for (const { channel, invert } of inputSettings(config.inputs)) closed[channel - 1] = invert;
	return { config, closed, onUntilMs: Array.from({ length: config.channels }, () => 0), powered: true };
}

/** Write multiple coils carries its own length; all other requests have eight bytes. */
function requestLength(buffer: readonly number[], start: number): number {
	return buffer[start + 1] === 0x0f ? 9 + (buffer[start + 6] ?? 0) : 8;
}

/** undefined: not for this board, or it has no power. */
function answerOf(board: BoardState, frame: Uint8Array, nowMs: number): Uint8Array | undefined {
	const [unit = 0, func = 0] = frame;
	if (!board.powered || unit !== board.config.unit) return undefined;
	const answer = execute(board, frame, nowMs);
	return 'exception' in answer
		? encodeFrame([unit, func | EXCEPTION_BIT, answer.exception])
		: encodeFrame([unit, func, ...answer]);
}

function execute(board: BoardState, frame: Uint8Array, nowMs: number): Answer {
	const { config } = board;
	const func = frame[1];
	const address = word(frame, 2);
	const value = word(frame, 4);
	if (func === config.writeFunction) return writeRelay(board, frame, address, value, nowMs);
	if (func === 0x0f && config.writeFunction === 5) return writeCoils(board, frame, address - config.coilOffset, value);
	const isOfInputs = func === config.inputFunction && (func !== config.stateFunction || !isOfRelays(board, address));
	if (isOfInputs) return readLevels(board, board.closed, address - config.inputOffset, value);
	if (func !== config.stateFunction) return { exception: ILLEGAL_FUNCTION };
	const relays = board.onUntilMs.map((_, channel) => isOn(board, channel, nowMs));
	return func === 3
		? readWords(relays.map(Number), address - config.coilOffset, value)
		: readBits(relays, address - config.coilOffset, value);
}

/** Where one function reads relays and inputs, their addresses tell them apart. */
function isOfRelays({ config }: BoardState, address: number): boolean {
	return address >= config.coilOffset && address < config.coilOffset + config.channels;
}

function readLevels({ config }: BoardState, levels: readonly boolean[], first: number, count: number): Answer {
	if (config.inputFunction < 3) return readBits(levels, first, count);
	if (!config.inputsPacked) return readWords(levels.map(Number), first, count);
	const bytes = packBits(levels);
	const words = Array.from(
		{ length: Math.ceil(levels.length / 16) },
		(_, index) => ((bytes[2 * index + 1] ?? 0) << 8) | (bytes[2 * index] ?? 0),
	);
	return readWords(words, first, count);
}

function readWords(words: readonly number[], first: number, count: number): Answer {
	if (count < 1 || count > 125) return { exception: ILLEGAL_VALUE };
	if (first < 0 || first + count > words.length) return { exception: ILLEGAL_ADDRESS };
	return [2 * count, ...words.slice(first, first + count).flatMap((each) => [each >>> 8, each & 0xff])];
}

function readBits(bits: readonly boolean[], first: number, count: number): Answer {
	if (count < 1 || count > 2_000) return { exception: ILLEGAL_VALUE };
	if (first < 0 || first + count > bits.length) return { exception: ILLEGAL_ADDRESS };
	const packed = packBits(bits.slice(first, first + count));
	return [packed.length, ...packed];
}

function writeRelay(board: BoardState, frame: Uint8Array, address: number, value: number, nowMs: number): Answer {
	const { config, onUntilMs } = board;
	const flash = config.pulseMode === 'flash' && address >= config.flashBase;
	const channel = address - config.coilOffset - (flash ? config.flashBase : 0);
	if (channel < 0 || channel >= onUntilMs.length) return { exception: ILLEGAL_ADDRESS };
	if (flash) onUntilMs[channel] = nowMs + value * config.flashStepMs;
	else if (value === config.onValue) onUntilMs[channel] = Number.POSITIVE_INFINITY;
	else if (value === config.offValue) onUntilMs[channel] = 0;
	else if (config.pulseMode === 'value' && value === config.pulseValue) onUntilMs[channel] = nowMs + OWN_PULSE_MS;
	else return { exception: ILLEGAL_VALUE };
	return [...frame.subarray(2, 6)];
}

function writeCoils(board: BoardState, frame: Uint8Array, first: number, count: number): Answer {
	if (first < 0 || first + count > board.onUntilMs.length) return { exception: ILLEGAL_ADDRESS };
	if (frame[6] !== Math.ceil(count / 8)) return { exception: ILLEGAL_VALUE };
	for (let index = 0; index < count; index++) {
		const on = (((frame[7 + (index >>> 3)] ?? 0) >>> (index & 7)) & 1) === 1;
		board.onUntilMs[first + index] = on ? Number.POSITIVE_INFINITY : 0;
	}
	return [...frame.subarray(2, 6)];
}

function isOn(board: BoardState, channel: number, nowMs: number): boolean {
	return nowMs < (board.onUntilMs[channel] ?? 0);
}

function word(frame: Uint8Array, at: number): number {
	return ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
}

/** Returns a problem that names what is possible. */
function stimulateBoard(board: BoardState, what: string): string | undefined {
	const [kind, name = '', level = ''] = what.trim().split(/\s+/);
	const inputs = inputSettings(board.config.inputs);
	const names = inputs.map((input) => input.name).join(', ') || 'none';
	if (kind === 'power' && (name === 'on' || name === 'off')) {
		board.powered = name === 'on';
		if (!board.powered) board.onUntilMs.fill(0);
		return undefined;
	}
	const input = inputs.find((candidate) => candidate.name === name);
	if (kind === 'input' && input !== undefined && (level === 'on' || level === 'off')) {
		board.closed[input.channel - 1] = (level === 'on') !== input.invert;
		return undefined;
	}
	return `a relay board knows "input NAME on|off" (inputs: ${names}) and "power on|off"`;
}
