import { describe, expect, test } from 'vitest';
import { readBand } from '../../../src/drivers/uhf-indy/band.ts';
import {
	COMMAND,
	createIndySearch,
	encodeIndy,
	readInventory,
	rssiOf,
	valueOfRssi,
} from '../../../src/drivers/uhf-indy/frame.ts';
import { uhfIndy } from '../../../src/drivers/uhf-indy/index.ts';
import vectors from '../../fixtures/serial-readers/uhf-indy.json' with { type: 'json' };
import { bytesOf, expectSameInAnyChunks, foundIn, onlyFrame } from '../../support/framing.ts';

describe('frames that begin with A0', () => {
	test.each([...vectors.commands, ...vectors.answers])(
		'N9 $hex ($origin) is encoded and understood',
		({ hex, address, command, data }) => {
			const bytes = Uint8Array.fromHex(data);
			expect(encodeIndy(address, command, [...bytes])).toEqual(bytesOf(hex));
			expect(onlyFrame(createIndySearch(), hex)).toMatchObject({ address, command, data: bytes });
		},
	);

	test.each(vectors.tags)('N9 $hex ($origin) is the tag $tag', ({ hex, tag, antenna, rssiDbm }) => {
		const read = { tag, antenna, rssiDbm };
		expect(readInventory(onlyFrame(createIndySearch(), hex))).toEqual({
			kind: 'tag',
			read: { ...read, raw: bytesOf(hex) },
		});
		expect([...uhfIndy.decode(bytesOf(hex))]).toMatchObject([
			{ kind: 'frame', name: 'inventory' },
			{ kind: 'observation', ...read },
		]);
	});

	test.each(vectors.rejected)('N9 $hex ($origin) is no frame', ({ hex, reason }) => {
		const found = foundIn(createIndySearch(), [bytesOf(hex)]);
		expect(found[0]?.item).toMatchObject({ kind: 'frameError', reason });
		expect(found.every(({ item }) => item.kind === 'frameError')).toBe(true);
	});

	test('end by their length: the header stands inside an EPC too', () => {
		const frame = encodeIndy(1, COMMAND.inventory, [0, 0x20, 0, 0xa0, 0x13, 0x01, 0x89, 0x48]);
		expect(foundIn(createIndySearch(), [frame, frame]).map(({ item }) => item.kind)).toEqual(['frame', 'frame']);
	});

	test('N9 are the same whatever the chunks', () => {
		const all = [...vectors.commands, ...vectors.answers, ...vectors.tags];
		expectSameInAnyChunks(
			createIndySearch,
			all.map(({ hex }) => bytesOf(hex)),
		);
	});
});

describe('an answer to an inventory', () => {
	const told = (data: readonly number[], command: number = COMMAND.inventory) =>
		readInventory(onlyFrame(createIndySearch(), encodeIndy(1, command, data).toHex()));

	test('is an end by its length, in the older and the newer form', () => {
		expect(told([0, 0, 17, 0, 0, 0, 5])).toEqual({ kind: 'end' });
		expect(told([0, 0, 0, 0, 5])).toEqual({ kind: 'end' });
	});

	test('is an error with one code, and the antenna that is missing', () => {
		expect(told([0x36])).toEqual({ kind: 'error', code: 0x36 });
		expect(told([2, 0x22], COMMAND.fastSwitchInventory)).toEqual({ kind: 'error', code: 0x22, antenna: 3 });
	});

	test('tells the antenna of a tag in the lower bits of its frequency', () => {
		expect(told([0x0b, 0x08, 0x00, 0xe2, 0x80, 72])).toMatchObject({ read: { tag: 'E280', antenna: 4 } });
	});

	test.each([
		['shorter than its PC says', [0, 0x30, 0x00, 0xe2, 0x80, 72]],
		['without a code', [0, 0x00, 0x00, 0xe2, 0x80, 72]],
	])('%s is rejected', (_, data) => {
		expect(told(data)).toEqual({ kind: 'rejected', why: 'its length is not what its PC says' });
	});

	test('of another command is none', () => {
		expect(told([1, 9], COMMAND.firmware)).toBeUndefined();
	});
});

test.each(vectors.strengths)('the strength %i is %i dBm, as the table of the protocol says', (value = 0, dbm = 0) => {
	expect(rssiOf(value)).toBe(dbm);
	expect(valueOfRssi(dbm)).toBe(value);
});

test('a band is named with its frequencies, the own ones too', () => {
	expect(readBand(Uint8Array.of(2, 0, 6))).toEqual({ region: 'EU', band: '865–868 MHz' });
	expect(readBand(Uint8Array.of(1, 7, 0x3b))).toEqual({ region: 'US', band: '902–928 MHz' });
	expect(readBand(Uint8Array.of(3, 0x2b, 0x35))).toEqual({ region: 'CN', band: '920–925 MHz' });
	// 865.7 MHz, four channels of 600 kHz.
	expect(readBand(Uint8Array.of(4, 60, 4, 0x0d, 0x35, 0xa4))).toEqual({ region: 'EU', band: '865.7–867.5 MHz' });
	expect(readBand(Uint8Array.of(9, 0, 0)).region).toBe('unknown (9)');
});
