import type { Scan } from '../frame-search.ts';
import { SCB } from './codes.ts';

export const SOM = 0x53;
/** Many devices send it before a frame; outside length and check. */
export const MARK = 0xff;
export const MAX_FRAME_BYTES = 1440;
/** SOM, address, length 2, control, code, checksum. */
const MIN_FRAME_BYTES = 7;
const HEADER_BYTES = 5;
const MAC_BYTES = 4;
/** Longest security control block: length, type and one byte. */
const MAX_SCB_BYTES = 16;

export type CheckKind = 'crc' | 'checksum';

export interface SecurityBlock {
	/** 0x11–0x18. */
	readonly type: number;
	readonly data: Uint8Array;
}

/** What one message says, before secure channel and check are added. */
export interface FrameFields {
	/** 0–126; 127 is everyone's. */
	readonly address: number;
	/** From reader to panel. */
	readonly reply: boolean;
	/** 0–3. */
	readonly sequence: number;
	readonly check: CheckKind;
	readonly security?: SecurityBlock;
	readonly code: number;
	/** Ciphertext in frames of type 0x17 and 0x18. */
	readonly data: Uint8Array;
}

export interface OsdpFrame extends FrameFields {
	readonly kind: 'frame';
	/** First 4 bytes of the message authentication code, in frames of type 0x15–0x18. */
	readonly mac?: Uint8Array;
	/** What the MAC covers: from SOM up to the MAC. */
	readonly covered: Uint8Array;
}

/** CRC-16, polynomial 0x1021, start 0x1D0F, not reflected, no final XOR. */
export function crc16(bytes: Uint8Array): number {
	let crc = 0x1d0f;
	for (const byte of bytes) crc = ((crc << 8) & 0xff00) ^ (CRC_TABLE[(crc >> 8) ^ byte] ?? 0);
	return crc;
}

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
	let crc = byte << 8;
	for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
	return crc;
});

/** Two's complement of the sum of all bytes. */
export function checksum8(bytes: Uint8Array): number {
	let sum = 0;
	for (const byte of bytes) sum += byte;
	return -sum & 0xff;
}

/** Security blocks of these types are followed by a MAC. */
export function carriesMac(type: number | undefined): boolean {
	return type !== undefined && type >= SCB.PANEL_MAC && type <= SCB.READER_ENCRYPTED;
}

/**
 * @param macOf gives the 4 MAC bytes for what they cover; needed for security types 0x15–0x18.
 * @returns the frame without a mark byte.
 */
export function encodeFrame(fields: FrameFields, macOf?: (covered: Uint8Array) => Uint8Array): Uint8Array {
	const { security } = fields;
	const scbBytes = security === undefined ? 0 : 2 + security.data.length;
	const macBytes = carriesMac(security?.type) ? MAC_BYTES : 0;
	const checkAt = HEADER_BYTES + scbBytes + 1 + fields.data.length + macBytes;
	const bytes = new Uint8Array(checkAt + (fields.check === 'crc' ? 2 : 1));
	bytes[0] = SOM;
	bytes[1] = fields.address | (fields.reply ? 0x80 : 0);
	bytes[2] = bytes.length & 0xff;
	bytes[3] = bytes.length >> 8;
	bytes[4] = fields.sequence | (fields.check === 'crc' ? 0x04 : 0) | (security === undefined ? 0 : 0x08);
	if (security !== undefined) bytes.set([scbBytes, security.type, ...security.data], HEADER_BYTES);
	bytes[HEADER_BYTES + scbBytes] = fields.code;
	bytes.set(fields.data, HEADER_BYTES + scbBytes + 1);
	if (macBytes > 0) bytes.set(macOf?.(bytes.subarray(0, checkAt - macBytes)) ?? [], checkAt - macBytes);
	const checked = bytes.subarray(0, checkAt);
	if (fields.check === 'crc') {
		const crc = crc16(checked);
		bytes.set([crc & 0xff, crc >> 8], checkAt);
	} else bytes[checkAt] = checksum8(checked);
	return bytes;
}

/** Tries to read a frame whose SOM stands at `at`. */
export function scanFrame(bytes: Uint8Array, at: number): Scan<OsdpFrame> {
	const low = bytes[at + 2];
	const high = bytes[at + 3];
	if (low === undefined || high === undefined) return { result: 'partial' };
	const length = low | (high << 8);
	if (length < MIN_FRAME_BYTES || length > MAX_FRAME_BYTES) return { result: 'none' };
	if (bytes.length < at + length) return { result: 'partial' };
	const whole = bytes.slice(at, at + length);
	const control = whole[4] ?? 0;
	const check: CheckKind = (control & 0x04) === 0 ? 'checksum' : 'crc';
	const checkAt = length - (check === 'crc' ? 2 : 1);
	const checked = whole.subarray(0, checkAt);
	const given = check === 'crc' ? (whole[checkAt] ?? 0) | ((whole[checkAt + 1] ?? 0) << 8) : whole[checkAt];
	const end = at + length;
	if (given !== (check === 'crc' ? crc16(checked) : checksum8(checked)))
		return { result: 'bad', reason: 'checksum', end };
	const frame = readFields(whole, checkAt, check);
	return frame === undefined ? { result: 'bad', reason: 'layout', end } : { result: 'frame', frame, end };
}

function readFields(whole: Uint8Array, checkAt: number, check: CheckKind): OsdpFrame | undefined {
	const address = whole[1] ?? 0;
	const control = whole[4] ?? 0;
	const scbBytes = (control & 0x08) === 0 ? 0 : (whole[HEADER_BYTES] ?? 0);
	if ((control & 0x08) !== 0 && (scbBytes < 2 || scbBytes > MAX_SCB_BYTES)) return undefined;
	const codeAt = HEADER_BYTES + scbBytes;
	const type = scbBytes === 0 ? undefined : whole[HEADER_BYTES + 1];
	const macAt = carriesMac(type) ? checkAt - MAC_BYTES : checkAt;
	const code = whole[codeAt];
	if (codeAt >= macAt || code === undefined) return undefined;
	return {
		kind: 'frame',
		address: address & 0x7f,
		reply: (address & 0x80) !== 0,
		sequence: control & 0x03,
		check,
		...(type !== undefined && { security: { type, data: whole.subarray(HEADER_BYTES + 2, codeAt) } }),
		code,
		data: whole.subarray(codeAt + 1, macAt),
		...(macAt < checkAt && { mac: whole.subarray(macAt, checkAt) }),
		covered: whole.subarray(0, macAt),
	};
}
