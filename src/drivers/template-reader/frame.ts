import { createFrameSearch, type FrameFormat, type FrameSearch, type Scan } from '../frame-search.ts';

/**
 * The pure codec. An invented protocol: `AA`, the count of what follows but the check, a command, data, and the XOR of
 * all but `AA`. Name the manual and its section here.
 */
const HEAD = 0xaa;
/** Head, count, command, check. */
const SHORTEST_BYTES = 4;
/** No answer is longer: a damaged count must not make the search wait for bytes that never come. */
const LONGEST_BYTES = 36;

export const COMMAND = { whoAreYou: 0x01, look: 0x02 } as const;
/** Set in the command of an answer, so that no answer looks like the question given back by a converter. */
export const ANSWER = 0x80;

export interface TemplateFrame {
	readonly kind: 'frame';
	readonly command: number;
	readonly data: Uint8Array;
	/** As it came. */
	readonly bytes: Uint8Array;
}

/** Resynchronising, chunks and the bound on memory are `createFrameSearch`'s; this only judges the bytes at one place. */
const format: FrameFormat<TemplateFrame> = {
	longest: LONGEST_BYTES,
	scan(bytes, at): Scan<TemplateFrame> {
		if (bytes[at] !== HEAD) return { result: 'none' };
		const count = bytes[at + 1];
		if (count === undefined) return { result: 'partial' };
		const end = at + count + SHORTEST_BYTES - 1;
		if (count < 1 || end - at > LONGEST_BYTES) return { result: 'bad', reason: 'length', end: at + 2 };
		if (end > bytes.length) return { result: 'partial' };
		const frame = bytes.slice(at, end);
		if (checkOf(frame.subarray(1)) !== 0) return { result: 'bad', reason: 'checksum', end };
		return {
			result: 'frame',
			frame: { kind: 'frame', command: frame[2] ?? 0, data: frame.slice(3, -1), bytes: frame },
			end,
		};
	},
};

export function createTemplateSearch(): FrameSearch<TemplateFrame> {
	return createFrameSearch(format);
}

export function encodeTemplate(command: number, data: Uint8Array = new Uint8Array(0)): Uint8Array {
	const body = Uint8Array.of(data.length + 1, command, ...data);
	return Uint8Array.of(HEAD, ...body, checkOf(body));
}

function checkOf(bytes: Uint8Array): number {
	return bytes.reduce((check, byte) => check ^ byte, 0);
}
