import { type Answer, createAskingDialect, type Question } from '../tag-readers/asking-dialect.ts';
import type { Explained } from '../tag-readers/decode-capture.ts';
import type { ReaderDialect } from '../tag-readers/dialect.ts';
import { word } from '../uhf/epc.ts';
import { REGION_CODES, type UhfThingmagicConfig } from './config.ts';
import { encodeCommand, type MercuryFrame, OPCODE, readNotice, STATUS } from './frame.ts';

const TIMEOUT_MS = 700;
/** A module that reads takes up to two seconds to stop. */
const STOP_TIMEOUT_MS = 2_500;
/** While it reads it says once a second that it lives. */
const ALIVE_TIMEOUT_MS = 2_500;
const RETRY_MS = 1_000;
/** No time limit, stop (option 2). */
const STOP = [0, 0, 2];
/** No time limit, start (option 1) of "read multiple": Gen2, with antenna, strength and time of each tag. */
const START = [0, 0, 1, 0x22, 0, 0, 5, 7, 0x22, 0x10, 0, 0x1b, 0x03, 0xe8, 1, 0xff];
/** Without its filter a tag that stays is told again and again. */
const FILTER_OFF = [1, 0x0c, 0];
const GEN2 = [0, 5];

const FAULTS: Readonly<Record<number, string>> = {
	[STATUS.antenna]: 'an antenna is not connected',
	[STATUS.temperature]: 'it is too hot and sends less: give it air, or less powerDbm',
	[STATUS.returnLoss]: 'its power comes back from the antenna: is one connected, and is it for this band?',
};

export function createThingmagicDialect(config: UhfThingmagicConfig): ReaderDialect<MercuryFrame> {
	const { antennas, powerDbm, region } = config;
	let identity: Readonly<Record<string, string>> = {};
	let fault: string | undefined;

	function takeReading(frame: MercuryFrame): Answer {
		if (frame.direction !== 'answer') return 'none';
		if (frame.opcode === OPCODE.notice) {
			// A fault lasts until the module says that it goes on.
			fault = frame.status === STATUS.ok || frame.status === STATUS.alive ? undefined : faultOf(frame.status);
			return 'more';
		}
		if (frame.opcode !== OPCODE.multiProtocol) return 'none';
		if (frame.status === STATUS.ok) return 'more';
		fault = faultOf(frame.status);
		return 'restart';
	}

	return createAskingDialect<MercuryFrame>({
		owns: ({ direction }) => direction === 'answer',
		opening: [
			{ ...ask(OPCODE.multiProtocol, STOP), request: () => optional(OPCODE.multiProtocol, STOP, STOP_TIMEOUT_MS) },
			ask(OPCODE.version, [], ({ data }) => {
				identity = { ...identity, hardware: dotted(data.subarray(4, 8)), firmware: dotted(data.subarray(12, 16)) };
			}),
			ask(OPCODE.setRegion, [REGION_CODES[region]]),
			ask(OPCODE.getRegion, [], ({ data: [code = 0] }) => {
				identity = { ...identity, region: regionOf(code) };
			}),
			ask(OPCODE.setProtocol, GEN2),
			ask(OPCODE.setAntennas, [2, ...antennas.flatMap((antenna) => [antenna, antenna])]),
			ask(OPCODE.setReaderOption, FILTER_OFF),
			...(powerDbm === undefined ? [] : [ask(OPCODE.setPower, centidbm(powerDbm))]),
			ask(OPCODE.getPower, [], ({ data }) => {
				identity = { ...identity, power: `${word(data, 0) / 100} dBm` };
			}),
		],
		inventory: {
			// Never ends by itself: the module says its tags as it sees them.
			request: () => ({
				bytes: encodeCommand(OPCODE.multiProtocol, START),
				timeoutMs: ALIVE_TIMEOUT_MS,
				pauseMs: RETRY_MS,
			}),
			take: takeReading,
		},
		readsOf(frame) {
			const notice = readNotice(frame);
			if (notice === undefined) return {};
			return 'read' in notice ? { reads: [notice.read] } : notice;
		},
		forget() {
			identity = {};
			fault = undefined;
		},
		fault: () => fault ?? differenceOf(identity, config),
		identity: () => identity,
	});
}

/** What the module did not take. */
function differenceOf(identity: Readonly<Record<string, string>>, config: UhfThingmagicConfig): string | undefined {
	const { region, powerDbm } = config;
	if (identity['region'] !== undefined && identity['region'] !== region)
		return `it is set to ${identity['region']} and did not take the region ${region}; does this model know it?`;
	if (powerDbm !== undefined && identity['power'] !== undefined && identity['power'] !== `${powerDbm} dBm`)
		return `it sends with ${identity['power']} and did not take powerDbm ${powerDbm}; does this model send so much?`;
	return undefined;
}

function faultOf(status: number): string {
	const hex = status.toString(16).padStart(4, '0').toUpperCase();
	return FAULTS[status] ?? `it does not read: error ${hex}`;
}

function optional(opcode: number, data: readonly number[], timeoutMs: number) {
	return { bytes: encodeCommand(opcode, data), timeoutMs, pauseMs: 0, optional: true } as const;
}

/** @param learn what an answer without error says */
function ask(opcode: number, data: readonly number[], learn?: (frame: MercuryFrame) => void): Question<MercuryFrame> {
	const bytes = encodeCommand(opcode, data);
	return {
		request: () => ({ bytes, timeoutMs: TIMEOUT_MS, pauseMs: 0 }),
		take(frame) {
			if (frame.direction !== 'answer' || frame.opcode !== opcode) return 'none';
			if (frame.status === STATUS.ok) learn?.(frame);
			return 'end';
		},
	};
}

function regionOf(code: number): string {
	return Object.entries(REGION_CODES).find(([, known]) => known === code)?.[0] ?? `unknown (${code})`;
}

function centidbm(dbm: number): readonly number[] {
	const value = Math.round(dbm * 100);
	return [value >>> 8, value & 0xff];
}

function dotted(bytes: Uint8Array): string {
	return [...bytes].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('.');
}

const NAMES: Readonly<Record<number, string>> = Object.fromEntries(
	Object.entries(OPCODE).map(([name, code]) => [code, name]),
);

export function explainMercury(frame: MercuryFrame): Explained {
	const { direction, opcode, data } = frame;
	const status = frame.direction === 'answer' ? { status: frame.status.toString(16).padStart(4, '0') } : {};
	const fields = { direction, name: NAMES[opcode] ?? opcode.toString(16), ...status, data: data.toHex() };
	const notice = readNotice(frame);
	if (notice === undefined) return { fields };
	return 'read' in notice ? { fields, reads: [notice.read] } : { fields, rejected: notice.rejected };
}
