import { createFrameSearch, type FrameFormat, type FrameSearch, type Scan } from '../frame-search.ts';

const STX = 0x02;
const ETX = 0x03;
/** YYYYMMDDHHMMSS and two digits of the camera. */
const DIGITS = 16;
const LONGEST_BYTES = 96;

/** 02 YYYYMMDDHHMMSS CC plate 03 (Auto-Intellect, TCP port 55555). */
export interface AxxonFrame {
	readonly kind: 'axxon';
	/** YYYYMMDDHHMMSS, the server's local time. */
	readonly time: string;
	readonly camera: string;
	/** In the encoding of the server. */
	readonly plate: Uint8Array;
	readonly bytes: Uint8Array;
}

const format: FrameFormat<AxxonFrame> = {
	longest: LONGEST_BYTES,
	scan(bytes, at) {
		if (bytes[at] !== STX) return { result: 'none' };
		for (let index = at + 1; index <= at + DIGITS; index++) {
			const byte = bytes[index];
			if (byte === undefined) return { result: 'partial' };
			if (byte < 0x30 || byte > 0x39) return { result: 'bad', reason: 'length', end: index };
		}
		return scanPlate(bytes, at);
	},
};

function scanPlate(bytes: Uint8Array, at: number): Scan<AxxonFrame> {
	const start = at + 1 + DIGITS;
	for (let index = start; index < at + LONGEST_BYTES; index++) {
		const byte = bytes[index];
		if (byte === undefined) return { result: 'partial' };
		if (byte === ETX) return { result: 'frame', frame: frameOf(bytes.slice(at, index + 1)), end: index + 1 };
		if (byte < 0x20) return { result: 'bad', reason: 'noise', end: index };
	}
	return { result: 'bad', reason: 'length', end: at + LONGEST_BYTES };
}

function frameOf(bytes: Uint8Array): AxxonFrame {
	const digits = String.fromCharCode(...bytes.subarray(1, 1 + DIGITS));
	const plate = bytes.subarray(1 + DIGITS, -1);
	return { kind: 'axxon', time: digits.slice(0, 14), camera: digits.slice(14), plate, bytes };
}

export function createAxxonSearch(): FrameSearch<AxxonFrame> {
	return createFrameSearch(format);
}

/** @param time YYYYMMDDHHMMSS */
export function encodeAxxon(time: string, camera: string, plate: Uint8Array): Uint8Array {
	const head = new TextEncoder().encode(`\x02${time}${camera}`);
	return Uint8Array.of(...head, ...plate, ETX);
}
