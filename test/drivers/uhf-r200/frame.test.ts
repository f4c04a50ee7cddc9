import { describe, expect, test } from 'vitest';
import { createR200Search, encodeR200, readNotice, TYPE } from '../../../src/drivers/uhf-r200/frame.ts';
import { uhfR200 } from '../../../src/drivers/uhf-r200/index.ts';
import vectors from '../../fixtures/serial-readers/uhf-r200.json' with { type: 'json' };
import { bytesOf, expectSameInAnyChunks, foundIn, onlyFrame } from '../../support/framing.ts';

const [tag] = vectors.tags;
if (tag === undefined) throw new Error('no tag');

describe('frames of R200 modules', () => {
	test.each(vectors.commands)('N9 $hex ($origin) is encoded and understood', ({ hex, command, parameters }) => {
		const data = Uint8Array.fromHex(parameters);
		expect(encodeR200(TYPE.command, command, [...data])).toEqual(bytesOf(hex));
		expect(onlyFrame(createR200Search(), hex)).toMatchObject({ type: 0, command, parameters: data });
	});

	test.each(vectors.answers)('N9 $hex ($origin) is understood', ({ hex, type, command, parameters }) => {
		expect(onlyFrame(createR200Search(), hex)).toMatchObject({
			type,
			command,
			parameters: Uint8Array.fromHex(parameters),
		});
	});

	test.each(vectors.tags)('N9 $hex ($origin) is the tag $tag', ({ hex, tag, rssiDbm }) => {
		const frame = onlyFrame(createR200Search(), hex);
		expect(readNotice(frame, true)).toEqual({ read: { tag, rssiDbm, raw: bytesOf(hex) } });
	});

	test.each(vectors.rejected)('N9 $hex ($origin) is no frame', ({ hex, reason }) => {
		const found = foundIn(createR200Search(), [bytesOf(hex)]);
		expect(found[0]?.item).toMatchObject({ kind: 'frameError', reason });
		expect(found.every(({ item }) => item.kind === 'frameError')).toBe(true);
	});

	test('end by their length: header and end stand inside an EPC too', () => {
		const code = Uint8Array.fromHex('BB7E02BB7E02BB7E02BB7E02');
		const bytes = encodeR200(TYPE.notice, 0x22, [0xc9, 0x30, 0x00, ...code, 0, 0]);
		const frames = foundIn(createR200Search(), [bytes, bytes]).map(({ item }) => item.kind);
		expect(frames).toEqual(['frame', 'frame']);
	});

	test('are found behind a false header, once it is known to be none', () => {
		const bytes = Uint8Array.fromHex(`bb0100000060${tag.hex.replaceAll(' ', '')}`);
		expect(foundIn(createR200Search(), [bytes]).map(({ item }) => item.kind)).toContain('frame');
	});

	test('N9 are the same whatever the chunks', () => {
		const frames = [...vectors.commands, ...vectors.answers, ...vectors.tags].map(({ hex }) => bytesOf(hex));
		expectSameInAnyChunks(createR200Search, frames);
	});
});

describe('a notice of a tag', () => {
	const notice = (parameters: readonly number[]) =>
		onlyFrame(createR200Search(), encodeR200(TYPE.notice, 0x22, parameters).toHex());
	const code = [...Uint8Array.fromHex('30751FEB705C5904E3D50D70')];

	test('whose own CRC is wrong is rejected, unless the module is said to pass none on', () => {
		const wrong = notice([0xc9, 0x34, 0x00, ...code, 0x3a, 0x77]);
		expect(readNotice(wrong, true)).toEqual({ rejected: 'the CRC of its EPC is wrong' });
		expect(readNotice(wrong, false)).toMatchObject({ read: { tag: '30751FEB705C5904E3D50D70' } });
	});

	test.each([
		[[0xc9, 0x3c, 0x00, ...code, 0x3a, 0x76]],
		[[0xc9, 0x00, 0x00, ...code, 0x3a, 0x76]],
		[[0xc9, 0x34]],
		[[]],
	])('that is shorter than its PC says is rejected: %j', (parameters) => {
		expect(readNotice(notice(parameters), false)).toEqual({ rejected: 'its length is not what its PC says' });
	});

	test('is explained by decode', () => {
		expect([...uhfR200.decode(bytesOf(tag.hex))]).toEqual([
			{ offset: 0, kind: 'frame', type: 'notice', name: 'inventory', parameters: expect.any(String) },
			{ offset: 0, kind: 'observation', tag: tag.tag, rssiDbm: -55 },
		]);
	});
});
