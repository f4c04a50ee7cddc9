import { createFrameSearch, type FrameFormat, type FrameSearch, mapSearch, type Scan } from '../frame-search.ts';
import type { FrameError } from '../framer.ts';
import { createLineSearch } from '../text-line/line-search.ts';

const STX = 0x02;
const ETX = 0x03;
const CR = 0x0d;
const LF = 0x0a;
/** Ten hex digits of the card, two of their check. */
const DIGITS = 12;
const LONGEST_BYTES = 16;

export const MODELS = ['rdm6300', 'id-12', 'em-18'] as const;

export type Model = (typeof MODELS)[number];

/** One 125 kHz card (EM4100): version or customer byte and four bytes of serial number. */
export interface EmFrame {
	readonly kind: 'card';
	readonly data: Uint8Array;
	/** As it came. */
	readonly bytes: Uint8Array;
}

/** RDM6300 (STX … ETX) and ID-2, ID-12, ID-20 (STX … CR LF ETX) alike; each recognises the other's frames. */
const framed: FrameFormat<EmFrame> = {
	longest: LONGEST_BYTES,
	scan(bytes, at) {
		if (bytes[at] !== STX) return { result: 'none' };
		for (let index = at + 1; index <= at + DIGITS; index++) {
			if (index >= bytes.length) return { result: 'partial' };
			if (!isHexDigit(bytes[index])) return { result: 'bad', reason: 'length', end: index };
		}
		return scanEnd(bytes, at);
	},
};

function scanEnd(bytes: Uint8Array, at: number): Scan<EmFrame> {
	for (let index = at + 1 + DIGITS; index < at + LONGEST_BYTES; index++) {
		const byte = bytes[index];
		if (byte === undefined) return { result: 'partial' };
		if (byte === ETX) return checked(bytes.slice(at, index + 1), at);
		if (byte !== CR && byte !== LF) return { result: 'bad', reason: 'length', end: index };
	}
	return { result: 'bad', reason: 'length', end: at + LONGEST_BYTES };
}

function checked(bytes: Uint8Array, at: number): Scan<EmFrame> {
	const end = at + bytes.length;
	const data = dataOf(bytes.subarray(1, 1 + DIGITS));
	return data === undefined
		? { result: 'bad', reason: 'checksum', end }
		: { result: 'frame', frame: { kind: 'card', data, bytes }, end };
}

/** The five bytes of the card when their XOR is the sixth. */
function dataOf(digits: Uint8Array): Uint8Array | undefined {
	const bytes = Uint8Array.fromHex(String.fromCharCode(...digits));
	return bytes.reduce((sum, byte) => sum ^ byte, 0) === 0 ? bytes.slice(0, -1) : undefined;
}

function isHexDigit(byte: number | undefined): boolean {
	return byte !== undefined && /^[0-9A-Fa-f]$/.test(String.fromCharCode(byte));
}

export function createEmSearch(model: Model): FrameSearch<EmFrame> {
	if (model !== 'em-18') return createFrameSearch(framed);
	// Twelve bare characters: only the silence around them says where they begin.
	const bursts = createLineSearch({ start: 'none', end: 'silence', longest: DIGITS });
	return mapSearch(bursts, ({ bytes }): EmFrame | FrameError => {
		if (bytes.length !== DIGITS || !bytes.every(isHexDigit)) return { kind: 'frameError', reason: 'length', bytes };
		const data = dataOf(bytes);
		return data === undefined ? { kind: 'frameError', reason: 'checksum', bytes } : { kind: 'card', data, bytes };
	});
}

/** @param data five bytes */
export function encodeEm(data: Uint8Array, model: Model): Uint8Array {
	const sum = data.reduce((left, byte) => left ^ byte, 0);
	const digits = `${data.toHex()}${Uint8Array.of(sum).toHex()}`.toUpperCase();
	const text = { rdm6300: `\x02${digits}\x03`, 'id-12': `\x02${digits}\r\n\x03`, 'em-18': digits }[model];
	return new TextEncoder().encode(text);
}

/** What is printed on such cards: ten digits of the low 32 bits, and `facility,number` of the low 24. */
export function labelEm(data: Uint8Array): string {
	const [, second = 0, third = 0, fourth = 0, fifth = 0] = data;
	const serial = second * 0x1_00_00_00 + ((third << 16) | (fourth << 8) | fifth);
	return `${String(serial).padStart(10, '0')} ${String(third).padStart(3, '0')},${String((fourth << 8) | fifth).padStart(5, '0')}`;
}
