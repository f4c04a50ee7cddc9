import { tagFromBytes } from '../../gateway/core/tag.ts';
import { createFrameSearch, type FrameFormat, type FrameSearch } from '../frame-search.ts';
import type { TagRead } from '../tag-readers/dialect.ts';
import { crc8408 } from '../uhf/crc-8408.ts';
import { isEpcLength, word } from '../uhf/epc.ts';

/**
 * Frames of Chafon's "UHF Prime" readers (CF591 and its line; vendor's user manual): header, address, command of two
 * bytes, length, in answers a status, data, CRC with its high byte first.
 */
const HEADER = 0xcf;
/** Header, address, command, length, CRC. */
const OVERHEAD_BYTES = 7;

export const COMMAND = {
	inventory: 0x0001,
	stop: 0x0002,
	setPower: 0x0053,
	info: 0x0070,
	setParameters: 0x0071,
	getParameters: 0x0072,
} as const;

export const STATUS = {
	ok: 0x00,
	/** Inventory: it is over, or a round found nothing. */
	end: 0x12,
} as const;

export interface CfFrame {
	readonly kind: 'frame';
	readonly address: number;
	readonly command: number;
	/** In answers the status and its data, in commands data alone. */
	readonly body: Uint8Array;
	/** Whole, as it came. */
	readonly bytes: Uint8Array;
}

/** The header may stand in an EPC too: length and CRC tell where a frame is. */
const format: FrameFormat<CfFrame> = {
	longest: OVERHEAD_BYTES + 255,
	scan(bytes, at) {
		if (bytes[at] !== HEADER) return { result: 'none' };
		const [high, length] = [bytes[at + 2], bytes[at + 4]];
		// All commands of the manual are below 0x100.
		if (high !== undefined && high !== 0) return { result: 'none' };
		const end = at + OVERHEAD_BYTES + (length ?? 0);
		if (length === undefined || bytes.length < end) return { result: 'partial' };
		if (crc8408(bytes, at, end - 2) !== word(bytes, end - 2)) return { result: 'bad', reason: 'checksum', end };
		const frame = bytes.slice(at, end);
		const [, address = 0] = frame;
		const body = frame.subarray(5, -2);
		return { result: 'frame', frame: { kind: 'frame', address, command: word(frame, 2), body, bytes: frame }, end };
	},
};

export function createCfSearch(): FrameSearch<CfFrame> {
	return createFrameSearch(format);
}

/** @param body data of a command, or status and data of an answer */
export function encodeCf(address: number, command: number, body: readonly number[] = []): Uint8Array {
	const frame = Uint8Array.of(HEADER, address, command >>> 8, command & 0xff, body.length, ...body, 0, 0);
	const crc = crc8408(frame.subarray(0, -2));
	frame[frame.length - 2] = crc >>> 8;
	frame[frame.length - 1] = crc & 0xff;
	return frame;
}

export type CfTag = { readonly read: TagRead } | { readonly rejected: string };

/** Signal strength in tenths of a dBm, antenna, channel, length, EPC; undefined: no tag. */
export function readCfTag({ command, body, bytes }: CfFrame): CfTag | undefined {
	// A command that starts an inventory has five bytes and no EPC.
	if (command !== COMMAND.inventory || body[0] !== STATUS.ok || body.length <= 5) return undefined;
	const length = body[5] ?? 0;
	if (!isEpcLength(length) || body.length !== 6 + length) return { rejected: 'its length is not what it says' };
	const rssiDbm = ((word(body, 1) << 16) >> 16) / 10;
	return { read: { tag: tagFromBytes(body.subarray(6)), antenna: body[3] ?? 0, rssiDbm, raw: bytes } };
}
