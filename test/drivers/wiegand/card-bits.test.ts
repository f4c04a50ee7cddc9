import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	type CardBits,
	decodeWiegand,
	encodeWiegand,
	labelWiegand,
	readCard,
} from '../../../src/drivers/wiegand/card-bits.ts';
import { WIEGAND_FORMAT_NAMES, WIEGAND_FORMATS, type WiegandFormatName } from '../../../src/drivers/wiegand/formats.ts';

/** Vectors of the Proxmark3 test suite, and figures recomputed by an independent script from the published layouts. */
const VECTORS: readonly { name: WiegandFormatName; facility?: bigint; number: bigint; bits?: string; hex?: string }[] =
	[
		{ name: 'H10301', facility: 123n, number: 4567n, bits: '10111101100010001110101110' },
		{ name: 'H10301', facility: 53n, number: 48062n, bits: '10011010110111011101111100', hex: '9ADDDF00' },
		{
			name: 'H10306',
			facility: 4097n,
			number: 31337n,
			bits: '0000100000000000101111010011010010',
			hex: '0800BD3480',
		},
		{
			name: 'C1000-35',
			facility: 1234n,
			number: 567890n,
			bits: '11010011010010100010101010010100100',
			hex: 'D34A2A9480',
		},
		{ name: 'H10302', number: 12345678901n, bits: '1010110111111101110000011100001101010', hex: 'ADFDC1C350' },
		// Of the Proxmark3 tests, `wiegand encode -w Verkada40`.
		{ name: 'Verkada40', facility: 50n, number: 1001n, hex: '86400007D3' },
		{ name: 'Verkada40', facility: 50n, number: 1004n, hex: '86400007D9' },
		{ name: 'Verkada40', facility: 81n, number: 5008n, hex: '8A20002721' },
		{ name: 'C1000-48', facility: 42069n, number: 42069n, hex: '00A4550148AB' },
	];

describe('Wiegand vectors', () => {
	test.each(VECTORS)('$name FC $facility CN $number reads and writes as published', (vector) => {
		const format = WIEGAND_FORMATS[vector.name];
		const card = { number: vector.number, ...(vector.facility !== undefined && { facility: vector.facility }) };
		const bits = vector.bits === undefined ? bytesOf(vector.hex ?? '', format.bits) : bitsOf(vector.bits);
		if (vector.hex !== undefined) expect(bits.bytes.toHex().toUpperCase()).toBe(vector.hex);
		expect(decodeWiegand(format, bits)).toEqual({ result: 'card', card });
		expect(encodeWiegand(format, card)).toEqual(bits);
	});

	test('the PACS container 06BD88EB80 (6 pad bits first) holds H10301 FC 123 CN 4567', () => {
		const bits = bytesOf('BD88EB80', 26);
		expect(readCard(bits, [WIEGAND_FORMATS.H10301])).toEqual({
			result: 'accepted',
			label: 'H10301 FC 123 CN 4567',
		});
	});

	test('the HID word 2006F623AE holds the same 26 bits behind preamble and sentinel', () => {
		const word = BigInt('0x2006F623AE') & ((1n << 26n) - 1n);
		expect(bitsOf(word.toString(2).padStart(26, '0'))).toEqual(bytesOf('BD88EB80', 26));
	});
});

describe('parity', () => {
	test('any single wrong bit is a parity error in every format that has parity', () => {
		for (const vector of VECTORS) {
			const format = WIEGAND_FORMATS[vector.name];
			const good = vector.bits === undefined ? bytesOf(vector.hex ?? '', format.bits) : bitsOf(vector.bits);
			for (let bit = 0; bit < format.bits; bit += 1) {
				// Bit 18 of H10302 is in both halves, so it too is seen twice.
				expect(decodeWiegand(format, flipped(good, bit)), `${format.name} bit ${bit}`).toEqual({
					result: 'parityError',
				});
			}
		}
	});

	test('a misread of a configured format is rejected, not read with less confidence', () => {
		const misread = flipped(bytesOf('9ADDDF00', 26), 5);
		expect(readCard(misread, [WIEGAND_FORMATS.H10301, WIEGAND_FORMATS.H10302])).toEqual({
			result: 'rejected',
			formats: ['H10301'],
		});
	});

	test('a length nobody configured is accepted without a label', () => {
		expect(readCard(bytesOf('04A1B2C3', 32), [WIEGAND_FORMATS.H10301])).toEqual({ result: 'accepted' });
	});
});

test('the masks of Corporate 1000 with 48 bits are the published words', () => {
	const [evenRule, oddRule] = WIEGAND_FORMATS['C1000-48'].parity;
	expect(maskOf(evenRule?.over ?? [])).toBe(0x1b6db6db6db6n);
	expect(maskOf(oddRule?.over ?? [])).toBe(0x36db6db6db6cn);
});

test('the configured format names a card that several formats fit', () => {
	const bits = encodeWiegand(WIEGAND_FORMATS.H10304, { facility: 7n, number: 99n });
	if (bits === undefined) throw new Error('must encode');
	expect(readCard(bits, [WIEGAND_FORMATS.H10304])).toMatchObject({ label: 'H10304 FC 7 CN 99' });
	expect(readCard(bits, [WIEGAND_FORMATS.H10302])).toMatchObject({ label: `H10302 CN ${(7n << 19n) + 99n}` });
});

test('a UID is shown in hex as received', () => {
	expect(readCard(bytesOf('00A1B2C3', 32), [WIEGAND_FORMATS.raw32])).toEqual({
		result: 'accepted',
		label: 'raw32 00A1B2C3',
	});
	expect(labelWiegand(WIEGAND_FORMATS.raw56, { number: 0x04a1b2c3d4e5f6n })).toBe('raw56 04A1B2C3D4E5F6');
});

test('figures that do not fit, or a facility code where there is none, are refused', () => {
	expect(encodeWiegand(WIEGAND_FORMATS.H10301, { facility: 256n, number: 1n })).toBeUndefined();
	expect(encodeWiegand(WIEGAND_FORMATS.H10301, { facility: 1n, number: 65536n })).toBeUndefined();
	expect(encodeWiegand(WIEGAND_FORMATS.H10302, { facility: 1n, number: 1n })).toBeUndefined();
});

test('what any format writes it reads back', () => {
	fc.assert(
		fc.property(
			fc.constantFrom(...WIEGAND_FORMAT_NAMES),
			fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
			(name, seed) => {
				const format = WIEGAND_FORMATS[name];
				const number = seed % (1n << BigInt(format.number[1] - format.number[0] + 1));
				const facility = format.facility && seed % (1n << BigInt(format.facility[1] - format.facility[0] + 1));
				const card = { number, ...(facility !== undefined && { facility }) };
				const bits = encodeWiegand(format, card);
				expect(bits && decodeWiegand(format, bits)).toEqual({ result: 'card', card });
			},
		),
	);
});

test('any bits of any length give an answer and never throw', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 20 }), fc.nat(200), (bytes, bitCount) => {
			const formats = WIEGAND_FORMAT_NAMES.map((name) => WIEGAND_FORMATS[name]);
			expect(['accepted', 'rejected']).toContain(readCard({ bytes, bitCount }, formats).result);
		}),
	);
});

function maskOf(bits: readonly number[]): bigint {
	return bits.reduce((mask, bit) => mask | (1n << BigInt(47 - bit)), 0n);
}

function bitsOf(text: string): CardBits {
	const bytes = new Uint8Array(Math.ceil(text.length / 8));
	for (const [index, bit] of [...text].entries()) {
		if (bit === '1') bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
	}
	return { bytes, bitCount: text.length };
}

function bytesOf(hex: string, bitCount: number): CardBits {
	return { bytes: Uint8Array.fromHex(hex), bitCount };
}

function flipped(bits: CardBits, bit: number): CardBits {
	const bytes = bits.bytes.slice();
	bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
	return { bytes, bitCount: bits.bitCount };
}
