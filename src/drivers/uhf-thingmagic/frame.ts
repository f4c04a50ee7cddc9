import { createFrameSearch, type FrameFormat, type FrameSearch } from '../frame-search.ts';
import type { TagRead } from '../tag-readers/dialect.ts';
import { epcCrc, parseEpc, signedByte, tagOfEpc, word } from '../uhf/epc.ts';

/**
 * Frames of ThingMagic (JADAK) modules ("Mercury" serial protocol): header, length of the data, opcode, in answers a
 * status of two bytes, data, CRC with its high byte first.
 */
const HEADER = 0xff;
/** Header, length, opcode, CRC; answers have two bytes of status more. */
const COMMAND_OVERHEAD = 5;
const ANSWER_OVERHEAD = 7;
/** The protocol's own bound. */
const LONGEST_DATA = 250;

export const OPCODE = {
	version: 0x03,
	notice: 0x22,
	multiProtocol: 0x2f,
	getPower: 0x62,
	getRegion: 0x67,
	setAntennas: 0x91,
	setPower: 0x92,
	setProtocol: 0x93,
	setRegion: 0x97,
	setReaderOption: 0x9a,
} as const;

export const STATUS = {
	ok: 0x0000,
	/** In a notice: a second passed; the module lives and saw nothing new. */
	alive: 0x0400,
	antenna: 0x0503,
	temperature: 0x0504,
	returnLoss: 0x0505,
} as const;

const GEN2 = 0x05;

export type MercuryFrame = {
	readonly kind: 'frame';
	readonly opcode: number;
	readonly data: Uint8Array;
	/** Whole, as it came. */
	readonly bytes: Uint8Array;
} & ({ readonly direction: 'command' } | { readonly direction: 'answer'; readonly status: number });

/** Each half byte is shifted into the register, and what falls out at the top is looked up: not the plain CCITT. */
const TABLE = Uint16Array.from({ length: 16 }, (_, index) => {
	let value = index << 12;
	for (let bit = 0; bit < 4; bit++) value = (value & 0x8000) === 0 ? value << 1 : (value << 1) ^ 0x1021;
	return value & 0xffff;
});

/** CRC of everything between header and CRC; start 0xFFFF. */
export function mercuryCrc(bytes: Uint8Array): number {
	let crc = 0xffff;
	for (const byte of bytes)
		for (const nibble of [byte >>> 4, byte & 0x0f]) crc = (((crc << 4) | nibble) ^ (TABLE[crc >>> 12] ?? 0)) & 0xffff;
	return crc;
}

const format: FrameFormat<MercuryFrame> = {
	longest: LONGEST_DATA + ANSWER_OVERHEAD,
	scan(bytes, at) {
		if (bytes[at] !== HEADER) return { result: 'none' };
		const [length, opcode] = [bytes[at + 1], bytes[at + 2]];
		if (length !== undefined && length > LONGEST_DATA) return { result: 'none' };
		// No opcode of the protocol is above 0x9F.
		if (opcode !== undefined && (opcode < 0x03 || opcode > 0x9f)) return { result: 'none' };
		if (length === undefined || opcode === undefined) return { result: 'partial' };
		return frameOf(bytes, at, length, COMMAND_OVERHEAD) ?? answerOf(bytes, at, length);
	},
};

function answerOf(bytes: Uint8Array, at: number, length: number): ReturnType<typeof format.scan> {
	const end = at + length + ANSWER_OVERHEAD;
	if (bytes.length < end) return { result: 'partial' };
	return frameOf(bytes, at, length, ANSWER_OVERHEAD) ?? { result: 'bad', reason: 'checksum', end };
}

/** The frame of this length when its CRC holds: that tells commands and answers apart. */
function frameOf(bytes: Uint8Array, at: number, length: number, overhead: number) {
	const end = at + length + overhead;
	if (bytes.length < end) return undefined;
	const whole = bytes.slice(at, end);
	if (mercuryCrc(whole.subarray(1, -2)) !== word(whole, whole.length - 2)) return undefined;
	const common = { kind: 'frame', opcode: whole[2] ?? 0, bytes: whole } as const;
	const frame: MercuryFrame =
		overhead === COMMAND_OVERHEAD
			? { ...common, direction: 'command', data: whole.subarray(3, -2) }
			: { ...common, direction: 'answer', status: word(whole, 3), data: whole.subarray(5, -2) };
	return { result: 'frame', frame, end } as const;
}

export function createMercurySearch(): FrameSearch<MercuryFrame> {
	return createFrameSearch(format);
}

export function encodeCommand(opcode: number, data: readonly number[] = []): Uint8Array {
	return closed([HEADER, data.length, opcode, ...data]);
}

export function encodeAnswer(opcode: number, status: number, data: readonly number[] = []): Uint8Array {
	return closed([HEADER, data.length, opcode, status >>> 8, status & 0xff, ...data]);
}

function closed(bytes: readonly number[]): Uint8Array {
	const crc = mercuryCrc(Uint8Array.from(bytes.slice(1)));
	return Uint8Array.of(...bytes, crc >>> 8, crc & 0xff);
}

export type TagNotice = { readonly read: TagRead } | { readonly rejected: string };

/** Where things stand in the data of a notice, with the metadata that the start command asks for. */
const AT = { rssi: 7, antenna: 8, protocol: 18, embeddedBits: 19, embedded: 21 } as const;

/** Undefined: no notice of a tag. */
export function readNotice(frame: MercuryFrame): TagNotice | undefined {
	const { data, opcode, bytes } = frame;
	if (frame.direction !== 'answer' || opcode !== OPCODE.notice || frame.status !== STATUS.ok) return undefined;
	// Temperatures and other records are shorter than any tag.
	if (data.length < AT.embedded + 9 || data[AT.protocol] !== GEN2) return undefined;
	const lengthAt = AT.embedded + Math.ceil(word(data, AT.embeddedBits) / 8) + 1;
	const kept = data.subarray(lengthAt + 2);
	if (word(data, lengthAt) !== kept.length * 8) return { rejected: 'its length is not what it says' };
	const epc = kept.length < 6 ? undefined : parseEpc(word(kept, 0), kept.subarray(2, -2));
	if (epc === undefined) return { rejected: 'its length is not what its PC says' };
	if (epcCrc(kept.subarray(0, -2)) !== word(kept, kept.length - 2)) return { rejected: 'the CRC of its EPC is wrong' };
	const antenna = (data[AT.antenna] ?? 0) >>> 4;
	return { read: { tag: tagOfEpc(epc), antenna, rssiDbm: signedByte(data[AT.rssi]), raw: bytes } };
}
