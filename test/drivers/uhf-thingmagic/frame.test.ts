import { describe, expect, test } from 'vitest';
import {
	createMercurySearch,
	encodeAnswer,
	encodeCommand,
	mercuryCrc,
	OPCODE,
	readNotice,
	STATUS,
} from '../../../src/drivers/uhf-thingmagic/frame.ts';
import { uhfThingmagic } from '../../../src/drivers/uhf-thingmagic/index.ts';
import vectors from '../../fixtures/serial-readers/uhf-thingmagic.json' with { type: 'json' };
import { bytesOf, expectSameInAnyChunks, foundIn, onlyFrame } from '../../support/framing.ts';

describe('frames of ThingMagic modules', () => {
	test.each(vectors.commands)('N9 $hex ($origin) is encoded and understood', ({ hex, opcode, data }) => {
		const bytes = Uint8Array.fromHex(data);
		expect(encodeCommand(opcode, [...bytes])).toEqual(bytesOf(hex));
		expect(onlyFrame(createMercurySearch(), hex)).toMatchObject({ direction: 'command', opcode, data: bytes });
	});

	test.each(vectors.answers)('N9 $hex ($origin) is encoded and understood', ({ hex, opcode, status, data }) => {
		const bytes = Uint8Array.fromHex(data);
		expect(encodeAnswer(opcode, status, [...bytes])).toEqual(bytesOf(hex));
		expect(onlyFrame(createMercurySearch(), hex)).toMatchObject({ direction: 'answer', opcode, status, data: bytes });
	});

	test.each(vectors.tags)('N9 $hex ($origin) is the tag $tag', ({ hex, tag, antenna, rssiDbm }) => {
		const read = { tag, antenna, rssiDbm };
		expect(readNotice(onlyFrame(createMercurySearch(), hex))).toEqual({ read: { ...read, raw: bytesOf(hex) } });
		expect([...uhfThingmagic.decode(bytesOf(hex))]).toMatchObject([
			{ kind: 'frame', direction: 'answer', name: 'notice', status: '0000' },
			{ kind: 'observation', ...read },
		]);
	});

	test.each(vectors.rejected)('N9 $hex ($origin) is no frame', ({ hex, reason }) => {
		const found = foundIn(createMercurySearch(), [bytesOf(hex)]);
		expect(found[0]?.item).toMatchObject({ kind: 'frameError', reason });
		expect(found.every(({ item }) => item.kind === 'frameError')).toBe(true);
	});

	test('have a CRC of their own: the plain CCITT one is wrong', () => {
		expect(mercuryCrc(Uint8Array.of(0x00, 0x03))).toBe(0x1d0c);
		expect(mercuryCrc(new TextEncoder().encode('123456789'))).not.toBe(0x29b1);
	});

	test('N9 are the same whatever the chunks', () => {
		const all = [...vectors.commands, ...vectors.answers, ...vectors.tags];
		expectSameInAnyChunks(
			createMercurySearch,
			all.map(({ hex }) => bytesOf(hex)),
		);
	});
});

describe('a notice', () => {
	const [tag] = vectors.tags;
	const data = [...bytesOf(tag?.hex ?? '').subarray(5, -2)];
	const told = (change: (data: number[]) => number[], status: number = STATUS.ok) =>
		readNotice(onlyFrame(createMercurySearch(), encodeAnswer(OPCODE.notice, status, change([...data])).toHex()));

	test('whose tag has a wrong CRC, PC or length is rejected', () => {
		expect(told((all) => all.with(-1, 0))).toEqual({ rejected: 'the CRC of its EPC is wrong' });
		expect(told((all) => all.with(24, 0xf8))).toEqual({ rejected: 'its length is not what its PC says' });
		expect(told((all) => all.with(23, 0x78))).toEqual({ rejected: 'its length is not what it says' });
		expect(told((all) => all.slice(0, -1))).toEqual({ rejected: 'its length is not what it says' });
	});

	test('with data of the tag besides its EPC is read all the same', () => {
		const embedded = (all: number[]) => [...all.slice(0, 19), 0, 16, 0xab, 0xcd, ...all.slice(21)];
		expect(told(embedded)).toMatchObject({ read: { tag: '000000000000000000001545' } });
	});

	test('of a second that passed, of a temperature or of another kind of tag is none', () => {
		expect(told(() => [], STATUS.alive)).toBeUndefined();
		expect(told((all) => all.slice(0, 10))).toBeUndefined();
		expect(told((all) => all.with(18, 3))).toBeUndefined();
	});
});
