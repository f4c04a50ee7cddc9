import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMMAND, REPLY } from '../../../src/drivers/osdp/codes.ts';
import { decodeOsdp } from '../../../src/drivers/osdp/decode.ts';
import { encodeFrame, type FrameFields } from '../../../src/drivers/osdp/frame.ts';
import { createOsdpMask } from '../../../src/drivers/osdp/mask-secrets.ts';

const KEY = Uint8Array.fromHex('00112233445566778899aabbccddeeff');
const plain = { address: 5, sequence: 1 } as const;

function keyset(check: 'crc' | 'checksum', security?: FrameFields['security']): Uint8Array {
	const fields = { ...plain, check, reply: false, code: COMMAND.KEYSET, data: Uint8Array.of(1, 16, ...KEY) };
	return encodeFrame(security === undefined ? fields : { ...fields, security }, () => Uint8Array.of(9, 9, 9, 9));
}

function keypad(digits: string): Uint8Array {
	const data = Uint8Array.of(0, digits.length, ...new TextEncoder().encode(digits));
	return encodeFrame({ ...plain, check: 'crc', reply: true, code: REPLY.KEYPAD, data });
}

function maskedIn(chunks: readonly Uint8Array[]): Uint8Array {
	const mask = createOsdpMask();
	return Uint8Array.from(chunks.flatMap((chunk) => [...mask(chunk)]));
}

/** No four bytes of it in a row. */
function hasPartOf(secret: Uint8Array, bytes: Uint8Array): boolean {
	const hex = bytes.toHex();
	return Array.from({ length: secret.length - 3 }, (_, at) => secret.slice(at, at + 4).toHex()).some((part) =>
		hex.includes(part),
	);
}

describe('what a technician sees of an OSDP line', () => {
	test.each(['crc', 'checksum'] as const)('hides the key of a KEYSET and keeps the frame a frame (%s)', (check) => {
		const seen = maskedIn([keyset(check)]);
		expect(hasPartOf(KEY, seen)).toBe(false);
		expect([...decodeOsdp(seen)]).toMatchObject([{ kind: 'frame', name: 'KEYSET', data: 'redacted', dataBytes: 18 }]);
		expect(seen.length).toBe(keyset(check).length);
	});

	test('hides it within a secure channel too, whose default key everybody knows', () => {
		expect(hasPartOf(KEY, maskedIn([keyset('crc', { type: 0x17, data: new Uint8Array(0) })]))).toBe(false);
	});

	test('hides what a keypad says: frames of all PINs of a length look the same, their checks too', () => {
		const seen = new Set(['0000', '1234', '9876'].map((pin) => maskedIn([keypad(pin)]).toHex()));
		expect(seen.size).toBe(1);
		expect([...decodeOsdp(maskedIn([keypad('1234')]))]).toMatchObject([{ name: 'KEYPAD', data: 'redacted', keys: 4 }]);
	});

	test('hides both in any chunks, whatever noise stands before them', () => {
		const noise = fc.array(fc.oneof(fc.constant(0x53), fc.nat(255)), { maxLength: 60 });
		const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 });
		fc.assert(
			fc.property(noise, cuts, (before, lengths) => {
				const bytes = Uint8Array.of(...before, ...keyset('crc'));
				const chunks: Uint8Array[] = [];
				let at = 0;
				for (const length of lengths) {
					chunks.push(bytes.subarray(at, at + length));
					at += length;
				}
				const seen = maskedIn([...chunks, bytes.subarray(at)]);
				expect(hasPartOf(KEY, seen)).toBe(false);
			}),
			{ numRuns: 500 },
		);
	});

	test('hides a key whose frame was damaged', () => {
		const damaged = keyset('crc');
		damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 0x55;
		damaged[12] = 0x42;
		const seen = maskedIn([damaged]);
		expect(hasPartOf(KEY.slice(8), seen)).toBe(false);
	});

	test('changes no other byte', () => {
		const card = encodeFrame({
			...{ ...plain, check: 'crc', reply: true, code: REPLY.RAW },
			data: Uint8Array.fromHex('00001a009adddf00'),
		});
		const poll = encodeFrame({ ...plain, check: 'crc', reply: false, code: COMMAND.POLL, data: new Uint8Array(0) });
		const bytes = Uint8Array.of(0xff, ...poll, 0xff, ...card, 0x53, 0x53, ...poll);
		expect(maskedIn([bytes])).toEqual(bytes);
	});
});
