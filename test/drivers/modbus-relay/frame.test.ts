import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCapture } from '../../../src/drivers/modbus-relay/decode.ts';
import {
	decodeReply,
	encodeFrame,
	encodeRequest,
	FUNCTION,
	hasValidCrc,
	type ModbusRequest,
	packBits,
	unpackBits,
} from '../../../src/drivers/modbus-relay/frame.ts';
import { createReplyFramer } from '../../../src/drivers/modbus-relay/reply-framer.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { requestFrom, requestOf, VECTORS } from './vectors.ts';

const bytesOf = (hex: string) => Uint8Array.fromHex(hex);
const channelsOn = (bits: readonly boolean[]) => bits.flatMap((on, index) => (on ? [index + 1] : []));

const unit = fc.integer({ min: 1, max: 255 });
const word = fc.nat(0xffff);
const anyRequest: fc.Arbitrary<ModbusRequest> = fc.oneof(
	fc.record({
		function: fc.constantFrom(FUNCTION.readCoils, FUNCTION.readInputs),
		unit,
		address: word,
		count: fc.integer({ min: 1, max: 64 }),
	}),
	fc.record({ function: fc.constant(FUNCTION.writeCoil), unit, address: word, value: word }),
);

/** A whole right answer to a request. */
function answerTo(request: ModbusRequest, bits: readonly boolean[]): Uint8Array {
	if ('value' in request) return encodeRequest(request);
	const packed = packBits(Array.from({ length: request.count }, (_, index) => bits[index] === true));
	return encodeFrame([request.unit, request.function, packed.length, ...packed]);
}

describe('the Modbus codec', () => {
	test.each(VECTORS.requests)('makes the published request: $origin', (vector) => {
		expect(encodeRequest(requestOf(vector)).toHex().toUpperCase()).toBe(vector.hex);
	});

	test.each(VECTORS.conversations)('reads the published answer: $origin', ({ request, reply, on }) => {
		const answer = decodeReply(requestFrom(request), bytesOf(reply));
		expect(answer?.kind === 'bits' && channelsOn(answer.bits)).toEqual(on);
	});

	test('reads the published exception', () => {
		const { request, reply, code } = VECTORS.exception;
		expect(decodeReply(requestFrom(request), bytesOf(reply))).toEqual({ kind: 'exception', code });
	});

	test.each(VECTORS.otherFrames)('agrees with the CRC of: $origin', ({ hex }) => {
		expect(hasValidCrc(bytesOf(hex))).toBe(true);
	});

	test('packs and unpacks any bits, channel 1 lowest', () => {
		fc.assert(
			fc.property(fc.array(fc.boolean(), { maxLength: 70 }), (bits) => {
				const unpacked = unpackBits(Uint8Array.from(packBits(bits)));
				expect(unpacked.slice(0, bits.length)).toEqual(bits);
				expect(unpacked.slice(bits.length)).not.toContain(true);
			}),
		);
	});

	test('notices any one wrong bit', () => {
		fc.assert(
			fc.property(anyRequest, fc.nat(8 * 8 - 1), (request, bit) => {
				const frame = encodeRequest(request);
				frame[bit >>> 3] = (frame[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
				expect(hasValidCrc(frame)).toBe(false);
			}),
		);
	});
});

describe('the framer of answers', () => {
	test('finds an answer in any chunks, behind any noise that is no answer', () => {
		const noise = fc.uint8Array({ maxLength: 40 });
		fc.assert(
			fc.property(
				anyRequest,
				fc.array(fc.boolean(), { maxLength: 64 }),
				noise,
				fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
				(request, bits, before, cuts) => {
					const framer = createReplyFramer();
					framer.expect(request);
					const wire = Uint8Array.from([...before, ...answerTo(request, bits)]);
					const found = chunks(wire, cuts).flatMap((chunk) => framer.push(chunk));
					const replies = found.filter((item) => item.kind !== 'frameError');
					expect(replies).toEqual([decodeReply(request, answerTo(request, bits))]);
				},
			),
		);
	});

	test('survives any bytes in any chunks with bounded memory, and takes the next answer', () => {
		fc.assert(
			fc.property(anyRequest, fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 8 }), (request, flood) => {
				const framer = createReplyFramer();
				framer.expect(request);
				for (const chunk of flood) {
					for (const item of framer.push(chunk))
						if (item.kind === 'frameError') expect(item.bytes.length).toBeLessThanOrEqual(LIMITS.modbusFrameBytes);
				}
				for (const { bytes } of framer.timeout()) expect(bytes.length).toBeLessThanOrEqual(LIMITS.modbusFrameBytes);
				framer.expect(request);
				expect(framer.push(answerTo(request, [true]))).toHaveLength(1);
			}),
		);
	});

	test('takes no answer of another unit, function or length for its own', () => {
		const framer = createReplyFramer();
		framer.expect(requestFrom('01020000000879CC'));
		for (const hex of ['FF02010151A0', '01010105918B', '110105CD6BB20E1B45E6'])
			expect(framer.push(bytesOf(hex)).every((item) => item.kind === 'frameError')).toBe(true);
		expect(framer.push(bytesOf('010201116184')).at(-1)).toMatchObject({ kind: 'bits' });
	});

	test('says what was wrong when the time is up: nothing, too little, or a bad checksum', () => {
		const framer = createReplyFramer();
		const request = requestFrom('01020000000879CC');
		framer.expect(request);
		expect(framer.timeout()).toEqual([]);
		framer.expect(request);
		framer.push(bytesOf('010201'));
		expect(framer.timeout()).toMatchObject([{ reason: 'timeout' }]);
		framer.expect(request);
		framer.push(bytesOf('010201116185'));
		expect(framer.timeout()).toMatchObject([{ reason: 'checksum' }]);
	});

	test('never takes the echo of an adapter for the confirmation of a board', () => {
		const framer = createReplyFramer();
		const read = requestFrom('01020000000879CC');
		framer.expect(read);
		const heard = framer.push(Uint8Array.from([...encodeRequest(read), ...bytesOf('010201116184')]));
		expect(heard).toMatchObject([{ kind: 'bits' }]);
		expect(framer.echoes()).toBe(true);
		const pulse = requestFrom('0105020000078DB0');
		framer.expect(pulse);
		expect(framer.push(encodeRequest(pulse))).toEqual([]);
		expect(framer.push(encodeRequest(pulse))).toEqual([{ kind: 'written' }]);
		framer.expect(pulse);
		framer.push(encodeRequest(pulse));
		expect(framer.push(bytesOf('018502C351'))).toEqual([{ kind: 'exception', code: 2 }]);
	});
});

describe('decode of a capture', () => {
	test('names every frame of both directions and counts what is none', () => {
		const capture = ['01020000000879CC', '010201116184', '00AA', '0105020000078DB0', '018502C351', '0103000800038409'];
		const lines = [...decodeCapture(bytesOf(capture.join('')))];
		expect(lines).toMatchObject([
			{ offset: 0, kind: 'frame', name: 'read inputs', address: 0, count: 8 },
			{ offset: 8, kind: 'frame', name: 'read inputs', on: [1, 5] },
			{ offset: 14, kind: 'error', bytes: 2 },
			{ offset: 16, kind: 'frame', name: 'write coil', flashMs: 700 },
			{ offset: 24, kind: 'frame', name: 'exception', exception: 'illegal data address' },
			{ offset: 29, kind: 'frame', name: 'read holding registers' },
		]);
	});

	test('accounts for every byte of anything', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
				let next = 0;
				for (const line of decodeCapture(bytes)) {
					expect(line.offset).toBe(next);
					next += line.kind === 'error' ? Number(line['bytes']) : String(line['hex']).length / 2;
				}
				expect(next).toBe(bytes.length);
			}),
		);
	});
});

function chunks(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
	const parts: Uint8Array[] = [];
	let from = 0;
	for (const length of cuts) {
		parts.push(bytes.slice(from, from + length));
		from += length;
	}
	return [...parts, bytes.slice(from)];
}
