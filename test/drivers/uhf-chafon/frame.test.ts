import { describe, expect, test } from 'vitest';
import { crc8408 } from '../../../src/drivers/uhf/crc-8408.ts';
import { readBand } from '../../../src/drivers/uhf-chafon/band.ts';
import { createChafonSearch, encodeChafon } from '../../../src/drivers/uhf-chafon/frame.ts';
import { uhfChafon } from '../../../src/drivers/uhf-chafon/index.ts';
import { FAMILIES, type Family, readInventory } from '../../../src/drivers/uhf-chafon/inventory.ts';
import vectors from '../../fixtures/serial-readers/uhf-chafon.json' with { type: 'json' };
import { bytesOf, expectSameInAnyChunks, foundIn, onlyFrame } from '../../support/framing.ts';

const familyOf = (name: string): Family => {
	const family = FAMILIES.find((known) => known === name);
	if (family === undefined) throw new Error(name);
	return family;
};

describe('frames of UHFReader18 and UHFReader288', () => {
	test.each([...vectors.commands, ...vectors.answers])(
		'N9 $hex ($origin) is encoded and understood',
		({ hex, address, command, body }) => {
			const data = Uint8Array.fromHex(body);
			expect(encodeChafon(address, command, [...data])).toEqual(bytesOf(hex));
			expect(onlyFrame(createChafonSearch(), hex)).toMatchObject({ address, command, body: data });
		},
	);

	test.each(vectors.tags)('N9 $hex ($origin) tells its tags', ({ hex, family, tags }) => {
		const frame = onlyFrame(createChafonSearch(), hex);
		const raw = bytesOf(hex);
		expect(readInventory(frame, familyOf(family))).toEqual({
			reads: tags.map(({ rssi: _, ...tag }: { tag: string; antenna?: number; rssi?: number }) => ({ ...tag, raw })),
		});
	});

	test.each(vectors.tags)('N9 $hex is told apart by decode, which knows no family', ({ hex, family, tags }) => {
		const lines = [...uhfChafon.decode(bytesOf(hex))];
		expect(lines[0]).toMatchObject({ kind: 'frame', family });
		expect(lines.slice(1).map((line) => line['tag'])).toEqual(tags.map(({ tag }) => tag));
	});

	test.each(vectors.rejected)('N9 $hex ($origin) is no frame', ({ hex, reason }) => {
		const found = foundIn(createChafonSearch(), [bytesOf(hex)]);
		expect(found[0]?.item).toMatchObject({ kind: 'frameError', reason });
		expect(found.every(({ item }) => item.kind === 'frameError')).toBe(true);
	});

	test.each(vectors.crc)('N9 $hex ($origin): low byte first', ({ hex }) => {
		const bytes = bytesOf(hex);
		const crc = crc8408(bytes.subarray(0, -2));
		expect([...bytes.subarray(-2)]).toEqual([crc & 0xff, crc >>> 8]);
	});

	test('N9 are the same whatever the chunks', () => {
		const all = [...vectors.commands, ...vectors.answers, ...vectors.tags];
		expectSameInAnyChunks(
			createChafonSearch,
			all.map(({ hex }) => bytesOf(hex)),
		);
	});
});

describe('an inventory', () => {
	const told = (family: Family, body: readonly number[]) =>
		readInventory(onlyFrame(createChafonSearch(), encodeChafon(0, 1, body).toHex()), family, -130);

	test('makes dBm of its strength only as the configuration says', () => {
		expect(told('reader288', [3, 1, 1, 2, 0xe2, 0x80, 70])).toMatchObject({ reads: [{ rssiDbm: -60 }] });
	});

	test.each([
		['a count of more tags than there are', [3, 1, 2, 2, 0xe2, 0x80, 70]],
		['more bytes than its tags', [3, 1, 1, 2, 0xe2, 0x80, 70, 1]],
		['an odd length', [3, 1, 1, 3, 0xe2, 0x80, 1, 70]],
		['no length', [3, 1, 1, 0, 70]],
		['a length with flags: something else follows the EPC', [3, 1, 1, 0x82, 0xe2, 0x80, 70]],
		['no antenna', [3, 0, 1, 2, 0xe2, 0x80, 70]],
		['two antennas at once', [3, 3, 1, 2, 0xe2, 0x80, 70]],
	])('with %s is rejected whole', (_, body) => {
		expect(told('reader288', body)).toEqual({ rejected: 'its length is not what it says' });
	});

	test('of another status tells nothing', () => {
		for (const status of [0xf8, 0xfb, 0xfd, 0xfe, 0xff]) expect(told('reader288', [status])).toBeUndefined();
	});

	test('of a reader in active mode has one tag', () => {
		const frame = onlyFrame(createChafonSearch(), encodeChafon(0, 0xee, [0, 2, 2, 0xe2, 0x80, 70]).toHex());
		expect(readInventory(frame, 'reader288')).toMatchObject({ reads: [{ tag: 'E280', antenna: 2 }] });
	});
});

test('a band is named with what of it is used', () => {
	expect(readBand(0x4e, 0x00)).toEqual({ name: 'EU', range: '865.1–867.9 MHz' });
	expect(readBand(0x31, 0x80)).toEqual({ name: 'US', range: '902.75–927.25 MHz' });
	expect(readBand(0x13, 0x40)).toEqual({ name: 'CN', range: '920.125–924.875 MHz' });
	expect(readBand(0xff, 0xff)).toEqual({ name: 'unknown (15)' });
});
