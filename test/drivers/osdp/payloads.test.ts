import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	encodeBuzzer,
	encodeCommunication,
	encodeKeyset,
	encodeLed,
	encodeOut,
	OUT_CONTROL,
	parseCommunication,
	parseKeyset,
	parseOut,
} from '../../../src/drivers/osdp/commands.ts';
import {
	encodeKeypad,
	encodeLevels,
	encodeLstatr,
	encodePdcap,
	encodePdid,
	encodeRaw,
	parseKeypad,
	parseLevels,
	parseLstatr,
	parsePdcap,
	parsePdid,
	parseRaw,
} from '../../../src/drivers/osdp/replies.ts';

test('LED permanent green, blinking, is the published data', () => {
	expect(encodeLed({ permanent: { onMs: 1000, offMs: 0, on: 'green', off: 'green' } }).toHex()).toBe(
		'000000000000000000010a000202',
	);
	const temporary = { onMs: 200, offMs: 500, on: 'amber', off: 'red', durationMs: 2000 } as const;
	expect(encodeLed({ temporary }).toHex()).toBe('0000020205030114000000000000');
	expect(encodeLed({ temporary: 'cancel' }).toHex()).toBe('0000010000000000000000000000');
});

test('a pulse of 1 s is timed by the board: OUT, control 5', () => {
	const pulse = { output: 0, control: OUT_CONTROL.onTimed, durationMs: 1000 };
	expect(encodeOut(pulse).toHex()).toBe('00050a00');
	expect(parseOut(Uint8Array.fromHex('00050a00'))).toEqual([pulse]);
	expect(parseOut(Uint8Array.fromHex('00051e'))).toBeUndefined();
	expect(encodeOut({ ...pulse, durationMs: 90_000_000 }).toHex()).toBe('0005ffff');
});

test('three beeps of 200 ms are the published data', () => {
	expect(encodeBuzzer({ onMs: 200, offMs: 100, count: 3 }).toHex()).toBe('0002020103');
});

test('COMSET and COM carry address and baud', () => {
	expect(encodeCommunication({ address: 1, baud: 9600 }).toHex()).toBe('0180250000');
	expect(parseCommunication(Uint8Array.fromHex('0100c20100'))).toEqual({ address: 1, baud: 115200 });
	expect(parseCommunication(Uint8Array.fromHex('0180'))).toBeUndefined();
});

test('KEYSET carries type, length and key', () => {
	const key = Uint8Array.fromHex('00112233445566778899aabbccddeeff');
	expect(encodeKeyset(key).toHex()).toBe('011000112233445566778899aabbccddeeff');
	expect(parseKeyset(encodeKeyset(key))).toEqual(key);
	expect(parseKeyset(Uint8Array.fromHex('0110'))).toBeUndefined();
});

test('PDID and PDCAP of the recorded reader', () => {
	const identity = { vendor: '1f4c0a', model: 0x99, version: 1, serial: 0x01020304, firmware: '1.2.3' };
	expect(parsePdid(Uint8Array.fromHex('1f4c0a990104030201010203'))).toEqual(identity);
	expect(encodePdid(identity).toHex()).toBe('1f4c0a990104030201010203');
	expect(parsePdid(Uint8Array.fromHex('1f4c0a'))).toBeUndefined();
	const capabilities = '0101020204020301000404010502010601010801000901000a00010d0001100200';
	expect(parsePdcap(Uint8Array.fromHex(capabilities)).get(9)).toEqual({ compliance: 1, count: 0 });
	expect(encodePdcap(parsePdcap(Uint8Array.fromHex(capabilities))).toHex()).toBe(capabilities);
});

test('cards keep their first bit: RAW is left-justified with a bit count of two bytes', () => {
	const card = parseRaw(Uint8Array.fromHex('00001a00b2a9c040'));
	expect(card).toEqual({ reader: 0, bitCount: 26, bytes: Uint8Array.fromHex('b2a9c040') });
	expect(parseRaw(Uint8Array.fromHex('00000001ff'))).toBeUndefined();
	expect(parseRaw(Uint8Array.fromHex('00000000ff'))).toBeUndefined();
	expect(encodeRaw({ bitCount: 26, bytes: Uint8Array.fromHex('32981cc0') }).toHex()).toBe('00011a0032981cc0');
});

test('keys, levels and local status', () => {
	expect(parseKeypad(Uint8Array.fromHex('000431327f0d'))).toBe('12*#');
	expect(encodeKeypad('1234#').toHex()).toBe('0005313233340d');
	expect(parseKeypad(Uint8Array.fromHex('000931'))).toBeUndefined();
	expect(parseLstatr(Uint8Array.fromHex('0100'))).toEqual({ tamper: true, powerFailure: false });
	expect(parseLstatr(Uint8Array.fromHex('01'))).toBeUndefined();
	expect(encodeLstatr({ tamper: true, powerFailure: true }).toHex()).toBe('0101');
	expect(parseLevels(Uint8Array.fromHex('0001'))).toEqual([false, true]);
	expect(encodeLevels([true, false]).toHex()).toBe('0100');
});

test('any data gives an answer and never throws', () => {
	const parsers = [
		parsePdid,
		parsePdcap,
		parseLstatr,
		parseLevels,
		parseRaw,
		parseKeypad,
		parseOut,
		parseCommunication,
		parseKeyset,
	];
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 64 }), (data) => {
			for (const parse of parsers) parse(data);
			const card = parseRaw(data);
			if (card !== undefined) expect(card.bytes.length * 8).toBeGreaterThanOrEqual(card.bitCount);
		}),
	);
});
