import { describe, expect, test } from 'vitest';
import { COMMAND, createCfSearch, encodeCf, readCfTag, STATUS } from '../../../src/drivers/uhf-chafon-cf/frame.ts';
import { uhfChafonCf } from '../../../src/drivers/uhf-chafon-cf/index.ts';
import { buildParameters, parseParameters } from '../../../src/drivers/uhf-chafon-cf/parameters.ts';
import vectors from '../../fixtures/serial-readers/uhf-chafon-cf.json' with { type: 'json' };
import { bytesOf, expectSameInAnyChunks, foundIn, onlyFrame } from '../../support/framing.ts';

describe('frames that begin with CF', () => {
	test.each([...vectors.commands, ...vectors.answers])(
		'N9 $hex ($origin) is encoded and understood',
		({ hex, address, command, body }) => {
			const data = Uint8Array.fromHex(body);
			expect(encodeCf(address, command, [...data])).toEqual(bytesOf(hex));
			expect(onlyFrame(createCfSearch(), hex)).toMatchObject({ address, command, body: data });
		},
	);

	test.each(vectors.tags)('N9 $hex ($origin) is the tag $tag', ({ hex, tag, antenna, rssiDbm }) => {
		const frame = onlyFrame(createCfSearch(), hex);
		expect(readCfTag(frame)).toEqual({ read: { tag, antenna, rssiDbm, raw: bytesOf(hex) } });
		expect([...uhfChafonCf.decode(bytesOf(hex))]).toMatchObject([
			{ kind: 'frame', name: 'inventory' },
			{ kind: 'observation', tag, antenna, rssiDbm },
		]);
	});

	test.each(vectors.rejected)('N9 $hex ($origin) is no frame', ({ hex, reason }) => {
		const found = foundIn(createCfSearch(), [bytesOf(hex)]);
		expect(found[0]?.item).toMatchObject({ kind: 'frameError', reason });
		expect(found.every(({ item }) => item.kind === 'frameError')).toBe(true);
	});

	test('end by their length: the header stands inside an EPC too', () => {
		const body = [STATUS.ok, 0xfd, 0x3a, 1, 0, 4, 0xcf, 0x00, 0x00, 0x01];
		const frame = encodeCf(0, COMMAND.inventory, body);
		const kinds = foundIn(createCfSearch(), [frame, frame]).map(({ item }) => item.kind);
		expect(kinds).toEqual(['frame', 'frame']);
	});

	test('N9 are the same whatever the chunks', () => {
		const all = [...vectors.commands, ...vectors.answers, ...vectors.tags];
		expectSameInAnyChunks(
			createCfSearch,
			all.map(({ hex }) => bytesOf(hex)),
		);
	});
});

describe('a tag', () => {
	const told = (body: readonly number[]) =>
		readCfTag(onlyFrame(createCfSearch(), encodeCf(0, COMMAND.inventory, body).toHex()));

	test.each([
		['longer than its length says', [0, 0xfd, 0x3a, 1, 0, 2, 0xe2, 0x80, 0x11]],
		['shorter than its length says', [0, 0xfd, 0x3a, 1, 0, 4, 0xe2, 0x80]],
		['of an odd length', [0, 0xfd, 0x3a, 1, 0, 3, 0xe2, 0x80, 0x11]],
		['of no length', [0, 0xfd, 0x3a, 1, 0, 0]],
	])('%s is rejected', (_, body) => {
		expect(told(body)).toEqual({ rejected: 'its length is not what it says' });
	});

	test('is none in a command, in an end, or in an error', () => {
		for (const body of [[1, 0, 0, 0, 1], [0, 0, 0, 0, 0], [0x12], [0x01]]) expect(told(body)).toBeUndefined();
	});
});

test('all parameters tell mode, antennas, band and power', () => {
	const block = bytesOf(vectors.answers.at(-1)?.body ?? '').subarray(1);
	expect(parseParameters(block)).toEqual({
		workMode: 'active',
		antennas: [1],
		region: 'US',
		band: '902.75–926.75 MHz',
		powerDbm: 33,
	});
	expect(parseParameters(block.subarray(0, 24))).toBeUndefined();
	for (const band of ['EU', 'US', 'CN', 'KR'] as const) {
		const built = Uint8Array.from(buildParameters({ workMode: 0, powerDbm: 20, antennaMask: 3, band }));
		expect(parseParameters(built)).toMatchObject({ workMode: 'answer', antennas: [1, 2], region: band, powerDbm: 20 });
	}
});
