import { createFrameSearch, type FrameFormat, type FrameSearch } from '../frame-search.ts';
import type { TagRead } from '../tag-readers/dialect.ts';
import { epcCrc, parseEpc, signedByte, tagOfEpc, word } from '../uhf/epc.ts';

/**
 * Frames of R200, M100 and YRM100 modules (manufacturer's user protocol manual): header, type, command, length of the
 * parameters, parameters, sum from type to the last of them, end.
 */
const HEADER = 0xbb;
const END = 0x7e;
/** Header, type, command, length, sum, end. */
const OVERHEAD_BYTES = 7;
/** An EPC of 62 bytes with RSSI, PC and CRC has 67; texts of modules are shorter. */
const LONGEST_PARAMETERS = 128;

export const TYPE = { command: 0, response: 1, notice: 2 } as const;

export const COMMAND = {
	info: 0x03,
	setRegion: 0x07,
	getRegion: 0x08,
	inventory: 0x22,
	multiInventory: 0x27,
	stop: 0x28,
	setPower: 0xb6,
	getPower: 0xb7,
	error: 0xff,
} as const;

/** Error of an inventory that found no tag. */
export const NO_TAG = 0x15;

export interface R200Frame {
	readonly kind: 'frame';
	readonly type: number;
	readonly command: number;
	readonly parameters: Uint8Array;
	/** Whole, as it came. */
	readonly bytes: Uint8Array;
}

/** Header and end stand inside data too, so that only the length tells where a frame ends. */
const format: FrameFormat<R200Frame> = {
	longest: LONGEST_PARAMETERS + OVERHEAD_BYTES,
	scan(bytes, at) {
		if (bytes[at] !== HEADER) return { result: 'none' };
		const type = bytes[at + 1];
		if (type === undefined) return { result: 'partial' };
		if (type > TYPE.notice) return { result: 'none' };
		if (bytes.length < at + 5) return { result: 'partial' };
		const length = word(bytes, at + 3);
		if (length > LONGEST_PARAMETERS) return { result: 'bad', reason: 'length', end: at + 5 };
		const end = at + length + OVERHEAD_BYTES;
		if (bytes.length < end) return { result: 'partial' };
		if (bytes[end - 1] !== END) return { result: 'bad', reason: 'end', end };
		const frame = bytes.slice(at, end);
		if (frame.at(-2) !== sumOf(frame.subarray(1, -2))) return { result: 'bad', reason: 'checksum', end };
		const parameters = frame.subarray(5, -2);
		return { result: 'frame', frame: { kind: 'frame', type, command: frame[2] ?? 0, parameters, bytes: frame }, end };
	},
};

export function createR200Search(): FrameSearch<R200Frame> {
	return createFrameSearch(format);
}

export function encodeR200(type: number, command: number, parameters: readonly number[] = []): Uint8Array {
	const body = [type, command, parameters.length >>> 8, parameters.length & 0xff, ...parameters];
	return Uint8Array.of(HEADER, ...body, sumOf(body), END);
}

function sumOf(bytes: Iterable<number>): number {
	let sum = 0;
	for (const byte of bytes) sum = (sum + byte) & 0xff;
	return sum;
}

export type TagNotice = { readonly read: TagRead } | { readonly rejected: string };

/**
 * RSSI, PC, EPC and the CRC the tag keeps over both; undefined: no notice of a tag.
 * @param checksEpc the sum of a frame is weak: the tag's own CRC decides
 */
export function readNotice({ type, command, parameters, bytes }: R200Frame, checksEpc: boolean): TagNotice | undefined {
	if (type !== TYPE.notice || command !== COMMAND.inventory) return undefined;
	const epc = parameters.length < 5 ? undefined : parseEpc(word(parameters, 1), parameters.subarray(3, -2));
	if (epc === undefined) return { rejected: 'its length is not what its PC says' };
	const isWhole = epcCrc(parameters.subarray(1, -2)) === word(parameters, parameters.length - 2);
	if (checksEpc && !isWhole) return { rejected: 'the CRC of its EPC is wrong' };
	return { read: { tag: tagOfEpc(epc), rssiDbm: signedByte(parameters[0]), raw: bytes } };
}
