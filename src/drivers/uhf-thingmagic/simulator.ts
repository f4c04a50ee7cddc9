import type { Clock } from '../../gateway/core/clock.ts';
import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import { epcCrc, pcOf } from '../uhf/epc.ts';
import { createSimulatedReaders, type SimulatedReader } from '../uhf/simulated-readers.ts';
import type { TagField, TagInField } from '../uhf/tag-field.ts';
import type { UhfThingmagicConfig } from './config.ts';
import { createMercurySearch, encodeAnswer, type MercuryFrame, OPCODE, STATUS } from './frame.ts';

const ANSWER_DELAY_MS = 3;
const READ_EVERY_MS = 100;
const READS_PER_ALIVE = 10;
const DEFAULT_CENTIDBM = 2_000;
const NO_REGION = 0x010a;
const UNKNOWN_OPCODE = 0x0101;
/** Bootloader, hardware (Nano), date, firmware, protocols. */
const VERSION = [
	...[0x12, 0x12, 0x13, 0x00, 0x30, 0x00, 0x00, 0x01, 0x20, 0x16, 0x08, 0x24],
	...[0x01, 0x07, 0x01, 0x02, 0x00, 0x00, 0x00, 0x10],
];

/** Modules that know nothing after each start, as real ones. */
export function createThingmagicSimulator(clock: Clock, configs: readonly UhfThingmagicConfig[]): DeviceSimulator {
	return createSimulatedReaders(clock, configs, { search: createMercurySearch(), antennas: 4, create: createModule });
}

function createModule(_: UhfThingmagicConfig, field: TagField): SimulatedReader<MercuryFrame> {
	const fresh = () => ({
		region: 0,
		power: [DEFAULT_CENTIDBM >>> 8, DEFAULT_CENTIDBM & 0xff] as readonly number[],
		antennas: [1] as readonly number[],
		reading: false,
		ticks: 0,
	});
	let state = fresh();
	let trouble: number | undefined;

	function answer(frame: MercuryFrame): readonly SimulatedAnswer[] {
		if (frame.direction !== 'command') return [];
		const respond = (data: readonly number[] = [], status: number = STATUS.ok) => [
			{ bytes: encodeAnswer(frame.opcode, status, data), delayMs: ANSWER_DELAY_MS },
		];
		const data = [...frame.data];
		switch (frame.opcode) {
			case OPCODE.version:
				return respond(VERSION);
			case OPCODE.setRegion:
				state.region = data[0] ?? 0;
				return respond();
			case OPCODE.getRegion:
				return respond([state.region]);
			case OPCODE.setAntennas:
				state.antennas = data.slice(1).filter((_each, index) => index % 2 === 0);
				return respond();
			case OPCODE.setPower:
				state.power = data;
				return respond();
			case OPCODE.getPower:
				return respond(state.power);
			case OPCODE.setProtocol:
			case OPCODE.setReaderOption:
				return respond();
			case OPCODE.multiProtocol:
				state.reading = data[2] === 1 && state.region !== 0;
				return respond([], data[2] === 1 && !state.reading ? NO_REGION : STATUS.ok);
			default:
				return respond([], UNKNOWN_OPCODE);
		}
	}

	function say(): readonly Uint8Array[] {
		if (!state.reading) return [];
		state.ticks += 1;
		const isAlive = state.ticks % READS_PER_ALIVE === 0;
		const seen = field.present().filter(({ antenna }) => state.antennas.includes(antenna));
		return [...seen.map(noticeOf), ...(isAlive ? [encodeAnswer(OPCODE.notice, trouble ?? STATUS.alive)] : [])];
	}

	return {
		answer,
		speaks: { everyMs: READ_EVERY_MS, say },
		restart() {
			state = fresh();
		},
		stimulate(what) {
			if (what === 'antenna off') trouble = STATUS.returnLoss;
			else if (what === 'antenna on') trouble = undefined;
			// It loses its settings and goes on answering.
			else if (what === 'reset') state = fresh();
			else return undefined;
			return {};
		},
		stimuli: 'antenna on|off, reset',
	};
}

function noticeOf({ code, antenna, rssiDbm }: TagInField): Uint8Array {
	const pc = pcOf(code);
	const kept = [pc >>> 8, pc & 0xff, ...code];
	const crc = epcCrc(Uint8Array.from(kept));
	const bits = (kept.length + 2) * 8;
	const metadata = [0x10, 0, 0x1b, 1, 0xff, 1, 1, rssiDbm & 0xff, (antenna << 4) | antenna, 0x0d, 0x3a, 0x38];
	const time = [0, 0, 0, 100, 0, 0];
	const data = [...metadata, ...time, 5, 0, 0, 0x0f, bits >>> 8, bits & 0xff, ...kept, crc >>> 8, crc & 0xff];
	return encodeAnswer(OPCODE.notice, STATUS.ok, data);
}
