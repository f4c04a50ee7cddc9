import { createFrameSearch, type FrameFormat, type FrameSearch } from '../frame-search.ts';
import { crc8408 } from '../uhf/crc-8408.ts';

/**
 * Frames of the UHFReader18 and UHFReader288 families (manufacturer's manuals): length of what follows, address, command,
 * in answers a status, data, CRC with its low byte first. Nothing marks where one begins.
 */
const SHORTEST_LENGTH = 4;
const LONGEST_BYTES = 256;

export const COMMAND = {
	inventory: 0x01,
	info: 0x21,
	setRegion: 0x22,
	setPower: 0x2f,
	/** What a reader in active mode says by itself. */
	active: 0xee,
} as const;

/** All commands of the manuals: other bytes in that place begin no frame. */
const KNOWN_COMMANDS = [
	...[0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x18, 0x19, 0x1a],
	...[0x21, 0x22, 0x24, 0x25, 0x28, 0x2f, 0x33, 0x35, 0x36, 0x3f, 0x40, 0x46, 0x47, 0x4c, 0x66, 0x6e, 0x76, 0x77, 0xee],
];
/** By command: almost every byte of noise is looked up here. */
const IS_KNOWN = Uint8Array.from({ length: 256 }, (_, command) => (KNOWN_COMMANDS.includes(command) ? 1 : 0));

export const STATUS = {
	ok: 0x00,
	/** Inventory: all tags were told. */
	finished: 0x01,
	/** Inventory: its time was over. */
	timeOver: 0x02,
	/** Inventory: another frame follows. */
	more: 0x03,
	memoryFull: 0x04,
	antenna: 0xf8,
	noTag: 0xfb,
	length: 0xfd,
	illegalCommand: 0xfe,
} as const;

export interface ChafonFrame {
	readonly kind: 'frame';
	readonly address: number;
	readonly command: number;
	/** Behind the command: in answers the status and its data, in commands data alone. */
	readonly body: Uint8Array;
	/** Whole, as it came. */
	readonly bytes: Uint8Array;
}

const format: FrameFormat<ChafonFrame> = {
	longest: LONGEST_BYTES,
	scan(bytes, at) {
		const length = bytes[at] ?? 0;
		if (length < SHORTEST_LENGTH) return { result: 'none' };
		const command = bytes[at + 2];
		if (command !== undefined && IS_KNOWN[command] !== 1) return { result: 'none' };
		const end = at + length + 1;
		if (command === undefined || bytes.length < end) return { result: 'partial' };
		const crc = crc8408(bytes, at, end - 2);
		if (bytes[end - 2] !== (crc & 0xff) || bytes[end - 1] !== crc >>> 8)
			return { result: 'bad', reason: 'checksum', end };
		const frame = bytes.slice(at, end);
		const body = frame.subarray(3, -2);
		return { result: 'frame', frame: { kind: 'frame', address: frame[1] ?? 0, command, body, bytes: frame }, end };
	},
};

export function createChafonSearch(): FrameSearch<ChafonFrame> {
	return createFrameSearch(format);
}

/** @param body data of a command, or status and data of an answer */
export function encodeChafon(address: number, command: number, body: readonly number[] = []): Uint8Array {
	const frame = Uint8Array.of(4 + body.length, address, command, ...body, 0, 0);
	const crc = crc8408(frame.subarray(0, -2));
	frame[frame.length - 2] = crc & 0xff;
	frame[frame.length - 1] = crc >>> 8;
	return frame;
}
