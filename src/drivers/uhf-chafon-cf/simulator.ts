import type { Clock } from '../../gateway/core/clock.ts';
import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import { createSimulatedReaders, type SimulatedReader } from '../uhf/simulated-readers.ts';
import type { TagField, TagInField } from '../uhf/tag-field.ts';
import type { UhfChafonCfConfig } from './config.ts';
import { type CfFrame, COMMAND, createCfSearch, encodeCf, STATUS } from './frame.ts';
import { buildParameters, WORK_MODES } from './parameters.ts';

const ANSWER_DELAY_MS = 3;
const ROUND_MS = 30;
const ACTIVE_EVERY_MS = 100;
const UNKNOWN_COMMAND = 0x01;
const BANDS = ['EU', 'US', 'CN', 'KR'] as const;

/** Readers with the settings of their entries, until somebody changes them. */
export function createCfSimulator(clock: Clock, configs: readonly UhfChafonCfConfig[]): DeviceSimulator {
	return createSimulatedReaders(clock, configs, { search: createCfSearch(), antennas: 4, create: createReader });
}

function createReader(config: UhfChafonCfConfig, field: TagField): SimulatedReader<CfFrame> {
	const address = config.address === 0xff ? 0 : config.address;
	const state = {
		workMode: config.mode === 'listen' ? 1 : 0,
		powerDbm: config.powerDbm ?? 30,
		antennaMask: 0x0f,
		band: config.region ?? 'EU',
	};

	const respond = (command: number, body: readonly number[], delayMs = ANSWER_DELAY_MS): SimulatedAnswer => ({
		bytes: encodeCf(address, command, body),
		delayMs,
	});

	function answer(frame: CfFrame): readonly SimulatedAnswer[] {
		const { command, body } = frame;
		if (frame.address !== address && frame.address !== 0xff) return [];
		switch (command) {
			case COMMAND.stop:
				return [respond(command, [STATUS.ok])];
			case COMMAND.info:
				return [respond(command, [STATUS.ok, ...text('CF591 V1.1', 32), ...text('V2.07', 32), ...text('CF2026', 12)])];
			case COMMAND.getParameters:
				return [respond(command, [STATUS.ok, ...buildParameters(state)])];
			case COMMAND.setPower:
				state.powerDbm = body[0] ?? 0;
				return [respond(command, [STATUS.ok])];
			case COMMAND.inventory:
				return [
					...field.present().map((tag, index) => ({ bytes: tagFrame(tag), delayMs: ROUND_MS / 2 + index })),
					respond(command, [STATUS.end], ROUND_MS),
				];
			default:
				return [respond(command, [UNKNOWN_COMMAND])];
		}
	}

	function tagFrame({ code, antenna, rssiDbm }: TagInField): Uint8Array {
		const tenths = (rssiDbm * 10) & 0xffff;
		const body = [STATUS.ok, tenths >>> 8, tenths & 0xff, antenna, 0, code.length, ...code];
		return encodeCf(address, COMMAND.inventory, body);
	}

	return {
		answer,
		speaks: {
			everyMs: ACTIVE_EVERY_MS,
			say: () => (state.workMode === 0 ? [] : field.present().map(tagFrame)),
		},
		restart: () => undefined,
		stimulate(what) {
			const [verb, name = '', value = ''] = what.split(/\s+/);
			if (verb !== 'set') return undefined;
			const band = BANDS.find((each) => each === value);
			const workMode = WORK_MODES.find((each) => each === value);
			if (name === 'power' && /^\d{1,2}$/.test(value)) state.powerDbm = Number(value);
			else if (name === 'region' && band !== undefined) state.band = band;
			else if (name === 'mode' && workMode !== undefined) state.workMode = WORK_MODES.indexOf(workMode);
			else return undefined;
			return {};
		},
		stimuli: 'set power DBM, set region EU|US|CN|KR, set mode answer|active|trigger',
	};
}

function text(characters: string, length: number): readonly number[] {
	const bytes = new Uint8Array(length);
	bytes.set(new TextEncoder().encode(characters));
	return [...bytes];
}
