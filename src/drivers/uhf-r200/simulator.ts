import type { Clock } from '../../gateway/core/clock.ts';
import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import { epcCrc, pcOf, word } from '../uhf/epc.ts';
import { createSimulatedReaders, type SimulatedReader } from '../uhf/simulated-readers.ts';
import type { TagField, TagInField } from '../uhf/tag-field.ts';
import type { UhfR200Config } from './config.ts';
import { REGION_CODES } from './dialect.ts';
import { COMMAND, createR200Search, encodeR200, NO_TAG, type R200Frame, TYPE } from './frame.ts';

const ANSWER_DELAY_MS = 2;
/** One round of the air protocol. */
const ROUND_MS = 30;
const TEXTS = ['M100 26dBm V1.0', 'V2.3.5', 'MagicRf'];

/** Modules with the settings of their entries, until somebody changes them. */
export function createR200Simulator(clock: Clock, configs: readonly UhfR200Config[]): DeviceSimulator {
	return createSimulatedReaders(clock, configs, { search: createR200Search(), antennas: 1, create: createModule });
}

function createModule(config: UhfR200Config, field: TagField): SimulatedReader<R200Frame> {
	const made = { power: Math.round((config.powerDbm ?? 26) * 100), region: REGION_CODES[config.region ?? 'EU'] ?? 3 };
	let state = { ...made };

	function answer({ type, command, parameters }: R200Frame): readonly SimulatedAnswer[] {
		if (type !== TYPE.command) return [];
		switch (command) {
			case COMMAND.info:
				return respond(command, [parameters[0] ?? 0, ...new TextEncoder().encode(TEXTS[parameters[0] ?? 0] ?? '')]);
			case COMMAND.stop:
				return respond(command, [0]);
			case COMMAND.getRegion:
				return respond(command, [state.region]);
			case COMMAND.setRegion:
				state.region = parameters[0] ?? 0;
				return respond(command, [0]);
			case COMMAND.getPower:
				return respond(command, [state.power >>> 8, state.power & 0xff]);
			case COMMAND.setPower:
				state.power = word(parameters, 0);
				return respond(command, [0]);
			case COMMAND.inventory:
				return inventory(field.present());
			default:
				return respond(COMMAND.error, [0x17]);
		}
	}

	return {
		answer,
		restart() {
			state = { ...made };
		},
		stimulate(what) {
			const [, setting, value] = /^set (power|region) (\S+)$/.exec(what) ?? [];
			if (setting === undefined) return undefined;
			const code = setting === 'power' ? Math.round(Number(value) * 100) : codeOf(value);
			if (code === undefined || !(code >= 0 && code <= 0xffff))
				return { problem: `${value} is no ${setting} of such a module` };
			made[setting === 'power' ? 'power' : 'region'] = code;
			state = { ...made };
			return {};
		},
		stimuli: 'set power DBM or set region EU|US|CN|KR, as if somebody had changed its settings',
	};
}

function codeOf(region: string | undefined): number | undefined {
	return Object.entries(REGION_CODES).find(([name]) => name === region)?.[1];
}

function respond(command: number, parameters: readonly number[]): readonly SimulatedAnswer[] {
	return [{ bytes: encodeR200(TYPE.response, command, parameters), delayMs: ANSWER_DELAY_MS }];
}

function inventory(tags: readonly TagInField[]): readonly SimulatedAnswer[] {
	if (tags.length === 0) return [{ bytes: encodeR200(TYPE.response, COMMAND.error, [NO_TAG]), delayMs: ROUND_MS }];
	return tags.map(({ code, rssiDbm }, index) => {
		const pc = pcOf(code);
		const kept = [pc >>> 8, pc & 0xff, ...code];
		const crc = epcCrc(Uint8Array.from(kept));
		const notice = [rssiDbm & 0xff, ...kept, crc >>> 8, crc & 0xff];
		return { bytes: encodeR200(TYPE.notice, COMMAND.inventory, notice), delayMs: ROUND_MS / 2 + index };
	});
}
