import type { Clock } from '../../gateway/core/clock.ts';
import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import { createSimulatedReaders, type SimulatedReader } from '../uhf/simulated-readers.ts';
import type { TagField, TagInField } from '../uhf/tag-field.ts';
import { WHOLE_BANDS } from './band.ts';
import type { UhfChafonConfig } from './config.ts';
import { type ChafonFrame, COMMAND, createChafonSearch, encodeChafon, STATUS } from './frame.ts';

const ANSWER_DELAY_MS = 4;
const ROUND_MS = 40;
const ACTIVE_EVERY_MS = 100;
const TYPES = { reader18: 0x09, reader288: 0x0c } as const;
/** Tags in one frame of an answer; the next ones follow in another. */
const TAGS_PER_FRAME = 3;

/** Readers with the settings of their entries, until somebody changes them. */
export function createChafonSimulator(clock: Clock, configs: readonly UhfChafonConfig[]): DeviceSimulator {
	return createSimulatedReaders(clock, configs, { search: createChafonSearch(), antennas: 8, create: createReader });
}

function createReader(config: UhfChafonConfig, field: TagField): SimulatedReader<ChafonFrame> {
	const address = config.address === 0xff ? 0 : config.address;
	const family = config.family === 'auto' ? 'reader288' : config.family;
	const [highest = 0, lowest = 0] = WHOLE_BANDS[config.region ?? 'EU'] ?? [];
	const state = { power: config.powerDbm ?? 30, highest, lowest };
	const unplugged = new Set<number>();

	const respond = (command: number, body: readonly number[], delayMs = ANSWER_DELAY_MS): SimulatedAnswer => ({
		bytes: encodeChafon(address, command, body),
		delayMs,
	});

	function answer(frame: ChafonFrame): readonly SimulatedAnswer[] {
		const { command, body } = frame;
		if ((frame.address !== address && frame.address !== 0xff) || config.mode === 'listen') return [];
		switch (command) {
			case COMMAND.info:
				return [respond(command, [0, 0, 22, TYPES[family], 3, state.highest, state.lowest, state.power, 10])];
			case COMMAND.setPower:
				state.power = body[0] ?? 0;
				return [respond(command, [STATUS.ok])];
			case COMMAND.setRegion:
				state.highest = body[0] ?? 0;
				state.lowest = body[1] ?? 0;
				return [respond(command, [STATUS.ok])];
			case COMMAND.inventory:
				return inventory(body);
			default:
				return [respond(command, [STATUS.illegalCommand])];
		}
	}

	function inventory(parameters: Uint8Array): readonly SimulatedAnswer[] {
		const { inventory: command } = COMMAND;
		if (family === 'reader18') return listed(field.present(), undefined);
		if (parameters.length !== 9) return [respond(command, [STATUS.length])];
		const antenna = ((parameters[7] ?? 0x80) & 0x7f) + 1;
		if (unplugged.has(antenna)) return [respond(command, [STATUS.antenna], ROUND_MS)];
		return listed(
			field.present().filter((tag) => tag.antenna === antenna),
			antenna,
		);
	}

	function listed(tags: readonly TagInField[], antenna: number | undefined): readonly SimulatedAnswer[] {
		const place = antenna === undefined ? [] : [1 << (antenna - 1)];
		const frames: SimulatedAnswer[] = [];
		for (let at = 0; at < tags.length; at += TAGS_PER_FRAME) {
			const some = tags.slice(at, at + TAGS_PER_FRAME);
			const list = some.flatMap(({ code, rssiDbm }) => [
				code.length,
				...code,
				...(antenna === undefined ? [] : [strength(rssiDbm)]),
			]);
			frames.push(respond(COMMAND.inventory, [STATUS.more, ...place, some.length, ...list], ROUND_MS + frames.length));
		}
		return [...frames, respond(COMMAND.inventory, [STATUS.finished, ...place, 0], ROUND_MS + frames.length)];
	}

	function strength(rssiDbm: number): number {
		return Math.min(255, Math.max(0, rssiDbm - (config.rssiOffsetDbm ?? -130)));
	}

	return {
		answer,
		...(config.mode === 'listen' && {
			speaks: {
				everyMs: ACTIVE_EVERY_MS,
				say: () =>
					field
						.present()
						.map(({ code, antenna, rssiDbm }) =>
							encodeChafon(address, COMMAND.active, [
								...[STATUS.ok, 1 << (antenna - 1), code.length, ...code],
								strength(rssiDbm),
							]),
						),
			},
		}),
		restart: () => undefined,
		stimulate(what) {
			const [verb, name = '', value = ''] = what.split(/\s+/);
			if (verb === 'set' && name === 'power' && /^\d{1,2}$/.test(value)) state.power = Number(value);
			else if (verb === 'set' && name === 'region' && Object.hasOwn(WHOLE_BANDS, value))
				[state.highest, state.lowest] = Object.entries(WHOLE_BANDS).find(([region]) => region === value)?.[1] ?? [0, 0];
			else if (verb === 'antenna' && /^[1-8]$/.test(name) && value === 'off') unplugged.add(Number(name));
			else if (verb === 'antenna' && /^[1-8]$/.test(name) && value === 'on') unplugged.delete(Number(name));
			else return undefined;
			return {};
		},
		stimuli: 'set power DBM, set region EU|US|CN|KR, antenna N on|off',
	};
}
