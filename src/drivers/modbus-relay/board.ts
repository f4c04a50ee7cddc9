import type { CommandOutcome, DeviceState } from '../../gateway/core/device.ts';
import type { InputSettings, ModbusRelayConfig } from './config.ts';
import { inputSettings } from './config.ts';
import { type Debounced, stepDebounce, UNKNOWN_LEVEL } from './debounce.ts';
import { FLASH_ON_BASE, FLASH_STEP_MS, FUNCTION, type ModbusRequest } from './frame.ts';

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

export type Statistic = 'frames' | 'frameErrors' | 'timeouts' | 'exceptions' | 'pulses' | 'reconnects';

export function createBoard(config: ModbusRelayConfig): Board {
	return {
		config,
		inputSettings: inputSettings(config.inputs),
		state: 'starting',
		problem: undefined,
		failures: 0,
		lastSeenMs: undefined,
		nextPollMs: 0,
		nextOutputsMs: 0,
		inputsRefused: undefined,
		pulses: [],
		offs: new Map(),
		held: new Set(),
		inputs: new Map(),
		outputs: new Map(),
		statistics: { frames: 0, frameErrors: 0, timeouts: 0, exceptions: 0, pulses: 0, reconnects: 0 },
	};
}

export function isAnswering({ state }: Board): boolean {
	return state === 'online' || state === 'faulted';
}

/** It answered the last request, so that nothing it was asked before is still to be answered. */
export function isInStep(board: Board): boolean {
	return isAnswering(board) && board.failures === 0;
}

export function readInputsRequest({ config }: Board): ModbusRequest {
	return { function: FUNCTION.readInputs, unit: config.unit, address: config.inputOffset, count: config.channels };
}

export function readOutputsRequest({ config }: Board): ModbusRequest {
	return { function: FUNCTION.readCoils, unit: config.unit, address: config.coilOffset, count: config.channels };
}

/** Flash: on for as long as it says. Coil: on until told otherwise. */
export function pulseRequest({ config }: Board, pulse: WaitingPulse): ModbusRequest {
	if (pulse.switchTo !== undefined) return coilRequest(config, pulse.channel, pulse.switchTo ? config.onValue : 0);
	if (config.pulseMode === 'coil') return coilRequest(config, pulse.channel, config.onValue);
	const address = FLASH_ON_BASE + config.coilOffset + pulse.channel - 1;
	const value = Math.ceil(pulse.durationMs / FLASH_STEP_MS);
	return { function: FUNCTION.writeCoil, unit: config.unit, address, value };
}

export function switchOffRequest({ config }: Board, channel: number): ModbusRequest {
	return coilRequest(config, channel, 0);
}

function coilRequest(config: ModbusRelayConfig, channel: number, value: number): ModbusRequest {
	return {
		function: FUNCTION.writeCoil,
		unit: config.unit,
		address: config.coilOffset + channel - 1,
		value,
	};
}

/** Takes one sample of all inputs; returns those whose level is new. */
export function sampleInputs(
	board: Board,
	bits: readonly boolean[],
	nowMs: number,
): readonly { readonly input: string; readonly active: boolean }[] {
	const changes: { input: string; active: boolean }[] = [];
	for (const { name, channel, invert, debounceMs } of board.inputSettings) {
		const before = board.inputs.get(name) ?? UNKNOWN_LEVEL;
		const after = stepDebounce(before, bits[channel - 1] !== invert, nowMs, debounceMs);
		board.inputs.set(name, after);
		if (after.level !== undefined && after.level !== before.level) changes.push({ input: name, active: after.level });
	}
	return changes;
}

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
