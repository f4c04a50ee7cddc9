/** Functions of relay and input boards (Modbus Application Protocol 1.1b3, 6.1 to 6.6). */
export const FUNCTION = {
	readCoils: 0x01,
	readInputs: 0x02,
	readRegisters: 0x03,
	readInputRegisters: 0x04,
	writeCoil: 0x05,
	writeRegister: 0x06,
} as const;

type ReadFunction = 1 | 2 | 3 | 4;
type WriteFunction = 5 | 6;

/** Set in the function of an answer that refuses. */
export const EXCEPTION_BIT = 0x80;
export const EXCEPTION_LENGTH = 5;

/** Waveshare, for captures: a relay switched on here switches off by itself; the value counts tenths of a second. */
export const FLASH_ON_BASE = 0x0200;
export const FLASH_STEP_MS = 100;

export type ModbusRequest =
	| {
			readonly function: ReadFunction;
			readonly unit: number;
			readonly address: number;
			/** Bits, 1–2000; registers, 1–125. */
			readonly count: number;
	  }
	| {
			readonly function: WriteFunction;
			readonly unit: number;
			readonly address: number;
			readonly value: number;
	  };

export type ModbusReply =
	/** At least as many as asked for; the last byte is filled up with zeros. */
	| { readonly kind: 'bits'; readonly bits: readonly boolean[] }
	| { readonly kind: 'words'; readonly words: readonly number[] }
	| { readonly kind: 'written' }
	| { readonly kind: 'exception'; readonly code: number };

/** CRC-16 of Modbus: polynomial 0xA001 reflected, start 0xFFFF (Modbus over Serial Line 1.02, 6.2.2). */
function modbusCrc(bytes: Uint8Array): number {
	let crc = 0xffff;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xa001;
	}
	return crc;
}

/** Whether the last two bytes are the CRC of the others, low byte first. */
export function hasValidCrc(frame: Uint8Array): boolean {
	const end = frame.length - 2;
	if (end < 1) return false;
	const crc = modbusCrc(frame.subarray(0, end));
	return frame[end] === (crc & 0xff) && frame[end + 1] === crc >>> 8;
}

/** Puts the CRC behind a message. */
export function encodeFrame(message: readonly number[]): Uint8Array {
	const frame = new Uint8Array(message.length + 2);
	frame.set(message);
	const crc = modbusCrc(frame.subarray(0, message.length));
	frame[message.length] = crc & 0xff;
	frame[message.length + 1] = crc >>> 8;
	return frame;
}

export function encodeRequest(request: ModbusRequest): Uint8Array {
	const { unit, address } = request;
	const last = 'value' in request ? request.value : request.count;
	return encodeFrame([unit, request.function, address >>> 8, address & 0xff, last >>> 8, last & 0xff]);
}

/** Bytes of the answer that grants a request, CRC included. */
export function replyLength(request: ModbusRequest): number {
	if ('value' in request) return 8;
	return 5 + (isOfRegisters(request) ? 2 * request.count : Math.ceil(request.count / 8));
}

/** A board confirms a write with the same bytes. */
export function isWrite(request: ModbusRequest): boolean {
	return 'value' in request;
}

function isOfRegisters(request: ModbusRequest): boolean {
	return request.function === FUNCTION.readRegisters || request.function === FUNCTION.readInputRegisters;
}

/**
 * @param frame a whole frame with a valid CRC from the request's unit;
 * @returns undefined when it does not answer this request.
 */
export function decodeReply(request: ModbusRequest, frame: Uint8Array): ModbusReply | undefined {
	const [unit, func, third = 0] = frame;
	if (unit !== request.unit) return undefined;
	if (func === (request.function | EXCEPTION_BIT))
		return frame.length === EXCEPTION_LENGTH ? { kind: 'exception', code: third } : undefined;
	if (func !== request.function || frame.length !== replyLength(request)) return undefined;
	if (isWrite(request)) return sameBytes(frame, encodeRequest(request)) ? { kind: 'written' } : undefined;
	if (third !== frame.length - 5) return undefined;
	const data = frame.subarray(3, -2);
	return isOfRegisters(request)
		? { kind: 'words', words: unpackWords(data) }
		: { kind: 'bits', bits: unpackBits(data) };
}

/** High byte first. */
function unpackWords(bytes: Uint8Array): number[] {
	return Array.from({ length: bytes.length / 2 }, (_, index) => {
		const [high = 0, low = 0] = bytes.subarray(2 * index);
		return (high << 8) | low;
	});
}

/** Lowest bit first, as channels are counted. */
export function unpackBits(bytes: Uint8Array): boolean[] {
	return [...bytes].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => ((byte >>> bit) & 1) === 1));
}

/** Lowest bit first; the last byte is filled up with zeros. */
export function packBits(bits: readonly boolean[]): number[] {
	const bytes = Array.from({ length: Math.ceil(bits.length / 8) }, () => 0);
	bits.forEach((on, index) => {
		if (on) bytes[index >>> 3] = (bytes[index >>> 3] ?? 0) | (1 << (index & 7));
	});
	return bytes;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Exception codes of Modbus Application Protocol 1.1b3, section 7. */
const EXCEPTIONS: Readonly<Record<number, string>> = {
	1: 'illegal function',
	2: 'illegal data address',
	3: 'illegal data value',
	4: 'device failure',
	5: 'accepted, not yet done',
	6: 'device busy',
	8: 'memory parity error',
	10: 'gateway path unavailable',
	11: 'gateway target does not answer',
};

export function exceptionText(code: number): string {
	return EXCEPTIONS[code] ?? `exception ${code}`;
}

/** The board does not know what was asked; asking again is of no use. */
export function isIllegal(code: number): boolean {
	return code >= 1 && code <= 3;
}
