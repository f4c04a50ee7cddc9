import type { Clock } from '../../gateway/core/clock.ts';
import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import { pcOf } from '../uhf/epc.ts';
import { createSimulatedReaders, type SimulatedReader } from '../uhf/simulated-readers.ts';
import type { TagField } from '../uhf/tag-field.ts';
import { WHOLE_BANDS } from './band.ts';
import type { UhfIndyConfig } from './config.ts';
import { CODE, COMMAND, createIndySearch, encodeIndy, type IndyFrame, valueOfRssi } from './frame.ts';

const ANSWER_DELAY_MS = 3;
const ROUND_MS = 30;
const PARAMETER_ERROR = 0x41;

/** Readers with the settings of their entries, until somebody changes them. */
export function createIndySimulator(clock: Clock, configs: readonly UhfIndyConfig[]): DeviceSimulator {
	return createSimulatedReaders(clock, configs, { search: createIndySearch(), antennas: 4, create: createReader });
}

function createReader(config: UhfIndyConfig, field: TagField): SimulatedReader<IndyFrame> {
	const address = config.address === 0xff ? 1 : config.address;
	const state = {
		antenna: 0,
		powerDbm: config.powerDbm ?? 30,
		band: [...(WHOLE_BANDS[config.region ?? 'EU'] ?? [])],
	};
	const unplugged = new Set<number>();

	const respond = (command: number, data: readonly number[], delayMs = ANSWER_DELAY_MS): SimulatedAnswer => ({
		bytes: encodeIndy(address, command, data),
		delayMs,
	});

	function answer(frame: IndyFrame): readonly SimulatedAnswer[] {
		const { command, data } = frame;
		if (frame.address !== address && frame.address !== 0xff) return [];
		switch (command) {
			case COMMAND.firmware:
				return [respond(command, [1, 9])];
			case COMMAND.setAntenna:
				state.antenna = (data[0] ?? 0) & 0x03;
				return [respond(command, [CODE.ok])];
			case COMMAND.getPower:
				return [respond(command, [state.powerDbm])];
			case COMMAND.setPower:
				state.powerDbm = data[0] ?? 0;
				return [respond(command, [CODE.ok])];
			case COMMAND.getRegion:
				return [respond(command, state.band)];
			case COMMAND.setRegion:
				state.band = [...data];
				return [respond(command, [CODE.ok])];
			case COMMAND.inventory:
				return inventory();
			default:
				return [respond(command, [PARAMETER_ERROR])];
		}
	}

	function inventory(): readonly SimulatedAnswer[] {
		const { inventory: command } = COMMAND;
		if (unplugged.has(state.antenna + 1)) return [respond(command, [CODE.antennaMissing], ROUND_MS)];
		const tags = field.present().filter(({ antenna }) => antenna === state.antenna + 1);
		const told = tags.map(({ code, rssiDbm }, index) => {
			const pc = pcOf(code);
			const data = [state.antenna | 0x08, pc >>> 8, pc & 0xff, ...code, valueOfRssi(rssiDbm)];
			return respond(command, data, ROUND_MS / 2 + index);
		});
		return [...told, respond(command, [state.antenna, 0, tags.length, 0, 0, 0, tags.length], ROUND_MS + tags.length)];
	}

	return {
		answer,
		restart() {
			state.antenna = 0;
		},
		stimulate(what) {
			const [verb, name = '', value = ''] = what.split(/\s+/);
			const band = Object.entries(WHOLE_BANDS).find(([region]) => region === value)?.[1];
			if (verb === 'set' && name === 'power' && /^\d{1,2}$/.test(value)) state.powerDbm = Number(value);
			else if (verb === 'set' && name === 'region' && band !== undefined) state.band = [...band];
			else if (verb === 'antenna' && /^[1-4]$/.test(name) && value === 'off') unplugged.add(Number(name));
			else if (verb === 'antenna' && /^[1-4]$/.test(name) && value === 'on') unplugged.delete(Number(name));
			else return undefined;
			return {};
		},
		stimuli: 'set power DBM, set region EU|US|CN, antenna N on|off',
	};
}
