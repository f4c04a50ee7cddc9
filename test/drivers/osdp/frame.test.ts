import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { nameOfCode, REPLY } from '../../../src/drivers/osdp/codes.ts';
import { encodeFrame, type FrameFields, MARK, type OsdpFrame } from '../../../src/drivers/osdp/frame.ts';
import { createOsdpFramer } from '../../../src/drivers/osdp/framer.ts';
import { readTranscript } from './transcript.ts';

const vectors = z
	.strictObject({
		frames: z.array(
			z.strictObject({
				origin: z.string(),
				hex: z.string(),
				address: z.int(),
				sequence: z.int(),
				name: z.string(),
				data: z.string(),
			}),
		),
		wrong: z.array(z.strictObject({ origin: z.string(), hex: z.string() })),
	})
	.parse(JSON.parse(readFileSync(new URL('../../fixtures/osdp/vectors.json', import.meta.url), 'utf8')));

describe('frames', () => {
	test.each(vectors.frames)('N9 $origin: $hex decodes and encodes byte for byte', (vector) => {
		const bytes = fromHex(vector.hex);
		const frame = onlyFrame(bytes);
		expect(frame).toMatchObject({ address: vector.address, sequence: vector.sequence });
		expect(nameOfCode(frame.reply, frame.code)).toBe(vector.name);
		expect(frame.data.toHex()).toBe(vector.data.toLowerCase());
		expect(encodeAgain(frame)).toEqual(withoutMark(bytes));
	});

	test.each(vectors.wrong)('N9 $origin: $hex is no frame', ({ hex }) => {
		const framer = createOsdpFramer();
		const items = [...framer.push(fromHex(hex)), ...framer.timeout()];
		expect(items.map(({ kind }) => kind)).not.toContain('frame');
		expect(items).not.toEqual([]);
	});

	test.each(vectors.frames)('N9 $origin: any one wrong byte is no frame', ({ hex }) => {
		const bytes = fromHex(hex);
		const marked = bytes[0] === MARK ? 1 : 0;
		for (let at = marked; at < bytes.length; at += 1) {
			const wrong = bytes.slice();
			wrong[at] = (wrong[at] ?? 0) ^ 0x10;
			const framer = createOsdpFramer();
			expect(frames([...framer.push(wrong), ...framer.timeout()]), `byte ${at}`).toEqual([]);
		}
	});

	test.each(['osdp-plain', 'osdp-secure-install-keyset'])('every frame of the recording %s', (name) => {
		for (const line of readTranscript(name)) {
			const bytes = fromHex(line.hex);
			const frame = onlyFrame(bytes);
			expect(frame).toMatchObject({
				address: line.addr,
				sequence: line.seq,
				reply: line.dir === 'pd',
				check: line.crc ? 'crc' : 'checksum',
			});
			expect(nameOfCode(frame.reply, frame.code)).toBe(line.name);
			expect(frame.security?.type.toString(16)).toBe(line.scs ?? undefined);
			expect(frame.data.toHex()).toBe(line.data);
			expect(encodeAgain(frame)).toEqual(withoutMark(bytes));
		}
	});

	test('a whole recording cut anywhere gives the same frames', () => {
		const lines = readTranscript('osdp-secure-install-keyset').slice(0, 20);
		const stream = fromHex(lines.map((line) => line.hex).join(''));
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }), (cuts) => {
				const framer = createOsdpFramer();
				const frames = chunksOf(stream, cuts).flatMap((chunk) => framer.push(chunk));
				expect(frames.map((frame) => frame.kind === 'frame' && encodeAgain(frame).toHex())).toEqual(
					lines.map((line) => line.hex.replace(/^ff/, '')),
				);
			}),
		);
	});

	test('a frame with a wrong check is an error', () => {
		const wrong = fromHex('FF5398090006410181DC');
		expect(createOsdpFramer().push(wrong)).toEqual([{ kind: 'frameError', reason: 'checksum', bytes: wrong.slice(1) }]);
	});
});

describe('resynchronisation', () => {
	const good = fromHex('FF53980A0007480000248E');

	test('a frame that a false header swallowed is found behind it', () => {
		const framer = createOsdpFramer();
		const falseHeader = fromHex('5398200004');
		expect(frames(framer.push(falseHeader))).toEqual([]);
		expect(frames(framer.push(good))).toEqual([]);
		expect(framer.partial()).toBe(true);
		expect(frames(framer.timeout()).map((frame) => frame.code)).toEqual([REPLY.LSTATR]);
		expect(framer.partial()).toBe(false);
	});

	test('a frame cut short is given up at the time-out and the next one is read', () => {
		const framer = createOsdpFramer();
		framer.push(good.slice(0, 7));
		expect(framer.timeout()).toEqual([{ kind: 'frameError', reason: 'timeout', bytes: good.slice(1, 7) }]);
		expect(frames(framer.push(good))).toHaveLength(1);
	});

	test('any bytes before, any time-outs between: a frame behind them is read, and memory stays bounded', () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 }), (noise) => {
				const framer = createOsdpFramer();
				let shown = 0;
				for (const chunk of noise) {
					for (const item of framer.push(chunk)) shown += item.kind === 'frameError' ? item.bytes.length : 0;
				}
				expect(shown).toBeLessThanOrEqual(3_600);
				framer.timeout();
				expect(frames(framer.push(good)).at(-1)).toMatchObject({ code: REPLY.LSTATR });
			}),
		);
	});

	test('bytes made of headers cost no more than the bytes', () => {
		const framer = createOsdpFramer();
		const flood = new Uint8Array(100_000).map((_, index) => [0x53, 0x00, 0x00, 0x05][index % 4] ?? 0);
		let frameErrors = 0;
		for (const item of framer.push(flood)) frameErrors += item.kind === 'frameError' ? 1 : 0;
		expect(frameErrors).toBeLessThan(flood.length);
		framer.reset();
		expect(frames(framer.push(good))).toHaveLength(1);
	});

	test('any frame survives encoding, noise and mark bytes around it', () => {
		fc.assert(
			fc.property(anyFields(), fc.boolean(), (fields, marked) => {
				const bytes = encodeFrame(fields, () => fromHex('01020304'));
				const stream = marked ? Uint8Array.of(0x00, MARK, ...bytes, MARK) : bytes;
				const [frame] = frames(createOsdpFramer().push(stream));
				expect(frame).toMatchObject(fields);
			}),
		);
	});
});

function anyFields(): fc.Arbitrary<FrameFields> {
	return fc.record(
		{
			address: fc.integer({ min: 0, max: 127 }),
			reply: fc.boolean(),
			sequence: fc.integer({ min: 0, max: 3 }),
			check: fc.constantFrom('crc', 'checksum'),
			security: fc.record({
				type: fc.integer({ min: 0x11, max: 0x18 }),
				data: fc.uint8Array({ maxLength: 3 }),
			}),
			code: fc.integer({ min: 0, max: 255 }),
			data: fc.uint8Array({ maxLength: 300 }),
		},
		{ requiredKeys: ['address', 'reply', 'sequence', 'check', 'code', 'data'] },
	);
}

function frames(items: readonly ({ kind: 'frameError' } | OsdpFrame)[]): OsdpFrame[] {
	return items.filter((item) => item.kind === 'frame');
}

function onlyFrame(bytes: Uint8Array): OsdpFrame {
	const items = createOsdpFramer().push(bytes);
	const [frame] = frames(items);
	if (frame === undefined || items.length !== 1) throw new Error(`not one frame: ${bytes.toHex()}`);
	return frame;
}

function withoutMark(bytes: Uint8Array): Uint8Array {
	return bytes[0] === MARK ? bytes.subarray(1) : bytes;
}

function encodeAgain(frame: OsdpFrame): Uint8Array {
	return encodeFrame(frame, () => frame.mac ?? new Uint8Array(0));
}

function chunksOf(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
	const chunks: Uint8Array[] = [];
	let at = 0;
	for (const cut of cuts) {
		chunks.push(bytes.subarray(at, at + cut));
		at += cut;
	}
	return [...chunks, bytes.subarray(at)];
}

function fromHex(hex: string): Uint8Array {
	return Uint8Array.fromHex(hex.replaceAll(' ', ''));
}
