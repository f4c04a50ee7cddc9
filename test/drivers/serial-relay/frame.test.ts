import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { serialRelayConfig } from '../../../src/drivers/serial-relay/config.ts';
import { decodeCapture } from '../../../src/drivers/serial-relay/decode.ts';
import { relayDialect } from '../../../src/drivers/serial-relay/dialect.ts';
import {
	decodeKmtronicCommand,
	decodeKmtronicStates,
	decodeLcusSwitch,
	encodeKmtronicLook,
	encodeKmtronicStates,
	encodeKmtronicSwitch,
	encodeLcusSwitch,
} from '../../../src/drivers/serial-relay/frame.ts';
import VECTORS from '../../fixtures/relays/serial-relay.json' with { type: 'json' };

const bytesOf = (hex: string) => Uint8Array.fromHex(hex);
const hexOf = (bytes: Uint8Array) => bytes.toHex().toUpperCase();

describe('the codec of serial relays', () => {
	test.each(VECTORS.lcus)('makes and reads the published LCUS command: $origin', ({ hex, channel, on }) => {
		expect(hexOf(encodeLcusSwitch(channel, on))).toBe(hex);
		expect(decodeLcusSwitch(bytesOf(hex))).toEqual({ channel, on });
	});

	test.each(VECTORS.kmtronic)('reads the published KMtronic command: $origin', ({ hex, command }) => {
		expect(decodeKmtronicCommand(bytesOf(hex))).toEqual(command);
	});

	test('makes the published KMtronic commands', () => {
		expect(hexOf(encodeKmtronicSwitch(1, true))).toBe('FF0101');
		expect(hexOf(encodeKmtronicSwitch(8, false))).toBe('FF0800');
		expect(hexOf(encodeKmtronicLook(1))).toBe('FF0103');
		expect(hexOf(encodeKmtronicLook(4))).toBe('FF0900');
		expect(hexOf(encodeKmtronicLook(8))).toBe('FF0900');
	});

	test.each(VECTORS.kmtronicStates)('reads the published KMtronic answer: $origin', ({ hex, channels, on }) => {
		expect(decodeKmtronicStates(bytesOf(hex), channels)).toEqual(on);
		expect(hexOf(encodeKmtronicStates(on))).toBe(hex);
	});

	test.each(VECTORS.wrong.lcus)('refuses the LCUS command $hex for its $reason', ({ hex, reason }) => {
		expect(decodeLcusSwitch(bytesOf(hex))).toEqual({ problem: reason });
	});

	test.each(VECTORS.wrong.kmtronic)('refuses the KMtronic command $hex for its $reason', ({ hex, reason }) => {
		expect(decodeKmtronicCommand(bytesOf(hex))).toEqual({ kind: 'none', problem: reason });
	});

	test.each(VECTORS.wrong.kmtronicStates)(
		'refuses the KMtronic answer $hex of $channels relays',
		({ hex, channels }) => {
			expect(decodeKmtronicStates(bytesOf(hex), channels)).toBeUndefined();
		},
	);

	test('finds an answer in any chunks, whatever stands before it', () => {
		const config = serialRelayConfig.parse({
			id: 'b',
			driver: 'serial-relay',
			port: 'x',
			board: 'kmtronic',
			channels: 4,
		});
		fc.assert(
			fc.property(
				fc.uint8Array({ max: 0xfe, maxLength: 40 }),
				fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
				fc.integer({ min: 1, max: 9 }),
				(noise, on, size) => {
					const framer = relayDialect(config).look?.createFramer();
					const bytes = Uint8Array.from([...noise, ...encodeKmtronicStates(on)]);
					const found = [];
					for (let at = 0; at < bytes.length; at += size)
						found.push(...(framer?.push(bytes.subarray(at, at + size)) ?? []));
					expect(found.filter(({ kind }) => kind === 'states')).toEqual([{ kind: 'states', on }]);
				},
			),
		);
	});

	test('tells what a captured line says, and what is no command', () => {
		const lines = [...decodeCapture(bytesOf('00A00101A2A00101A3FF0101FF0900'))];
		expect(lines).toMatchObject([
			{ offset: 0, kind: 'error', reason: 'no command' },
			{ offset: 1, kind: 'frame', board: 'lcus', channel: 1, on: true },
			{ offset: 5, kind: 'error', reason: 'LCUS: checksum' },
			{ offset: 6, kind: 'error', reason: 'no command' },
			{ offset: 9, kind: 'frame', board: 'kmtronic', name: 'switch', channel: 1, on: true },
			{ offset: 12, kind: 'frame', board: 'kmtronic', name: 'lookAll' },
		]);
	});
});
