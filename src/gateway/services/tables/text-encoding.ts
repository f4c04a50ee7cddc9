import { isUtf8 } from 'node:buffer';

export const TEXT_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type TextEncoding = (typeof TEXT_ENCODINGS)[number];

export interface EncodingGuess {
	readonly encoding: TextEncoding;
	/** False: a byte order mark says it, or every byte is ASCII. */
	readonly assumed: boolean;
	/** Length of the byte order mark. */
	readonly markBytes: number;
}

/** Bytes looked at where a part tells enough. */
const SAMPLE_BYTES = 65_536;
/** Small enough for the event loop: decoding and parsing a slice takes some 2 ms. */
const SLICE_BYTES = 65_536;

/**
 * A byte order mark decides (Unicode 23.8), then NULs at every other place, then whether all is UTF-8 (RFC 3629). What
 * remains is what Excel in Western Europe saves as "CSV", unless most of what lies beyond ASCII is UTF-8 after all:
 * that is a damaged file, read as UTF-8 so that only its damaged cells are.
 */
export function detectEncoding(bytes: Uint8Array): EncodingGuess {
	if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return { encoding: 'utf-8', assumed: false, markBytes: 3 };
	if (startsWith(bytes, 0xff, 0xfe)) return { encoding: 'utf-16le', assumed: false, markBytes: 2 };
	if (startsWith(bytes, 0xfe, 0xff)) return { encoding: 'utf-16be', assumed: false, markBytes: 2 };
	const wide = wideEncoding(bytes.subarray(0, SAMPLE_BYTES));
	if (wide !== undefined) return { encoding: wide, assumed: true, markBytes: 0 };
	const { sequences, strays } = countUtf8(bytes);
	if (strays === 0) return { encoding: 'utf-8', assumed: sequences > 0, markBytes: 0 };
	return { encoding: sequences > strays ? 'utf-8' : 'windows-1252', assumed: true, markBytes: 0 };
}

/** Slices of text, in order. Bytes that mean nothing become U+FFFD. */
export function* decodeSlices(bytes: Uint8Array, encoding: TextEncoding, markBytes: number): Generator<string> {
	const decoder = new TextDecoder(encoding, { ignoreBOM: true });
	for (let at = markBytes; at < bytes.length; at += SLICE_BYTES) {
		const text = decoder.decode(bytes.subarray(at, at + SLICE_BYTES), { stream: true });
		if (text !== '') yield text;
	}
	const rest = decoder.decode();
	if (rest !== '') yield rest;
}

function startsWith(bytes: Uint8Array, ...mark: readonly number[]): boolean {
	return mark.every((byte, at) => bytes[at] === byte);
}

/** Text in Latin letters has a NUL in almost every second byte of UTF-16, and none in any other encoding. */
function wideEncoding(sample: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
	let even = 0;
	let odd = 0;
	for (let at = 0; at < sample.length; at++) {
		if (sample[at] !== 0) continue;
		if (at % 2 === 0) even++;
		else odd++;
	}
	const many = sample.length / 5;
	if (odd > many && even < odd / 10) return 'utf-16le';
	if (even > many && odd < even / 10) return 'utf-16be';
	return undefined;
}

/** Whole sequences of two bytes and more, and bytes that belong to none. */
function countUtf8(bytes: Uint8Array): { sequences: number; strays: number } {
	let sequences = 0;
	let strays = 0;
	for (let at = 0; at < bytes.length; ) {
		const lead = bytes[at] ?? 0;
		if (lead < 0x80) {
			at++;
			continue;
		}
		const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
		if (lead >= 0xc2 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) {
			sequences++;
			at += length;
		} else {
			strays++;
			at++;
		}
	}
	return { sequences, strays };
}
