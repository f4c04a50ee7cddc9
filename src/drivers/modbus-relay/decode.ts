import type { DecodedLine } from '../driver.ts';
import {
	EXCEPTION_BIT,
	EXCEPTION_LENGTH,
	exceptionText,
	FLASH_ON_BASE,
	FLASH_STEP_MS,
	FUNCTION,
	hasValidCrc,
	unpackBits,
} from './frame.ts';

const NAMES: Readonly<Record<number, string>> = {
	1: 'read coils',
	2: 'read inputs',
	3: 'read holding registers',
	4: 'read input registers',
	5: 'write coil',
	6: 'write register',
	15: 'write coils',
	16: 'write registers',
};

/** Frames of both directions in a captured line, found by length and CRC; bytes of no frame come as errors. */
export function* decodeCapture(bytes: Uint8Array): Iterable<DecodedLine> {
	let offset = 0;
	let strayFrom = 0;
	while (offset < bytes.length) {
		const frame = frameAt(bytes, offset);
		if (frame === undefined) {
			offset += 1;
			continue;
		}
		if (strayFrom < offset) yield stray(bytes, strayFrom, offset);
		yield describe(offset, frame);
		offset += frame.length;
		strayFrom = offset;
	}
	if (strayFrom < offset) yield stray(bytes, strayFrom, offset);
}

function frameAt(bytes: Uint8Array, offset: number): Uint8Array | undefined {
	for (const length of candidateLengths(bytes, offset)) {
		const frame = bytes.subarray(offset, offset + length);
		if (frame.length === length && hasValidCrc(frame)) return frame;
	}
	return undefined;
}

/** A capture does not tell the direction: requests and answers of a function differ in length. */
function candidateLengths(bytes: Uint8Array, offset: number): readonly number[] {
	const func = bytes[offset + 1] ?? 0;
	if ((func & EXCEPTION_BIT) !== 0) return [EXCEPTION_LENGTH];
	switch (func) {
		case 1:
		case 2:
		case 3:
		case 4:
			return [8, 5 + (bytes[offset + 2] ?? 0)];
		case 5:
		case 6:
			return [8];
		case 15:
		case 16:
			return [8, 9 + (bytes[offset + 6] ?? 0)];
		default:
			return [];
	}
}

function describe(offset: number, frame: Uint8Array): DecodedLine {
	const [unit = 0, func = 0, third = 0] = frame;
	const base = { offset, kind: 'frame' as const, hex: frame.toHex(), unit, function: func & 0x7f };
	if ((func & EXCEPTION_BIT) !== 0) return { ...base, name: 'exception', exception: exceptionText(third) };
	const name = NAMES[func] ?? '';
	const reads = func <= 4;
	if (reads && frame.length !== 8) return { ...base, name, ...readAnswer(func, frame) };
	if (reads && third === 3 && func <= 2)
		return { ...base, name, ...readAnswer(func, frame), alsoRequest: asked(frame) };
	if (reads) return { ...base, name, ...asked(frame) };
	return { ...base, name, ...written(func, frame) };
}

function readAnswer(func: number, frame: Uint8Array): object {
	const data = frame.subarray(3, -2);
	return func <= 2 ? { on: activeChannels(data) } : { registers: data.toHex() };
}

function asked(frame: Uint8Array): object {
	return { address: word(frame, 2), count: word(frame, 4) };
}

function written(func: number, frame: Uint8Array): object {
	const address = word(frame, 2);
	if (func !== FUNCTION.writeCoil) return { address, value: word(frame, 4) };
	if (address >= FLASH_ON_BASE && address < FLASH_ON_BASE + 0x100)
		return { address, flashMs: word(frame, 4) * FLASH_STEP_MS };
	return { address, value: word(frame, 4) };
}

/** Channels from 1 that are on. */
function activeChannels(data: Uint8Array): readonly number[] {
	return unpackBits(data).flatMap((on, index) => (on ? [index + 1] : []));
}

function word(frame: Uint8Array, at: number): number {
	return ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
}

function stray(bytes: Uint8Array, from: number, to: number): DecodedLine {
	return {
		offset: from,
		kind: 'error',
		reason: 'no frame',
		bytes: to - from,
		hex: bytes.subarray(from, Math.min(to, from + 64)).toHex(),
	};
}
