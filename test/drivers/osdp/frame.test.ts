import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMMAND, nameOfCode, REPLY } from '../../../src/drivers/osdp/codes.ts';
import { encodeFrame, type FrameFields, MARK, type OsdpFrame } from '../../../src/drivers/osdp/frame.ts';
import { createOsdpFramer } from '../../../src/drivers/osdp/framer.ts';
import { readTranscript } from './transcript.ts';

/** Captures and vectors published by libosdp, OSDP.Net and their issue threads; RAW, KEYPAD, LED, OUT and BUZ were computed by an independent script. */
const VECTORS: readonly { hex: string; address: number; sequence: number; code: number; data?: string }[] = [
	{ hex: '53000800066089CC', address: 0, sequence: 2, code: COMMAND.POLL },
	{ hex: '53000700026044', address: 0, sequence: 2, code: COMMAND.POLL },
	{ hex: '530009000461 00C066', address: 0, sequence: 0, code: COMMAND.ID, data: '00' },
	{ hex: '537F0D00046E00802500006E38', address: 0x7f, sequence: 0, code: COMMAND.COMSET, data: '0080250000' },
	{ hex: '53000D00066E0180250000EC7B', address: 0, sequence: 2, code: COMMAND.COMSET, data: '0180250000' },
	{ hex: '53000C00026E01802500008B', address: 0, sequence: 2, code: COMMAND.COMSET, data: '0180250000' },
	{ hex: 'FF531808000760CFF9', address: 0x18, sequence: 3, code: COMMAND.POLL },
	{ hex: 'FF53980A0007480000248E', address: 0x18, sequence: 3, code: REPLY.LSTATR, data: '0000' },
	{ hex: 'FF531808000560AD9F', address: 0x18, sequence: 1, code: COMMAND.POLL },
	{ hex: 'FF5398080005401F99', address: 0x18, sequence: 1, code: REPLY.ACK },
	{ hex: 'FF5398090006410181DD', address: 0x18, sequence: 2, code: REPLY.NAK, data: '01' },
	{ hex: '5380100006 500000 1A009ADDDF00E7E7', address: 0, sequence: 2, code: REPLY.RAW, data: '00001A009ADDDF00' },
	{ hex: '53800F0002 500000 1A009ADDDF005C', address: 0, sequence: 2, code: REPLY.RAW, data: '00001A009ADDDF00' },
	{ hex: '53800F0007530005313233340D1CFE', address: 0, sequence: 3, code: REPLY.KEYPAD, data: '0005313233340D' },
	{
		hex: '5300160005690000000000000000 00010A000202CC77',
		address: 0,
		sequence: 1,
		code: COMMAND.LED,
		data: '000000000000000000010A000202',
	},
	{ hex: '53000C00066800050A002650', address: 0, sequence: 2, code: COMMAND.OUT, data: '00050A00' },
	{ hex: '53000D00076A0002020103295F', address: 0, sequence: 3, code: COMMAND.BUZ, data: '0002020103' },
];

describe('frames', () => {
	test.each(VECTORS)('the published frame $hex decodes and encodes byte for byte', (vector) => {
		const bytes = fromHex(vector.hex);
		const frame = onlyFrame(bytes);
		expect(frame).toMatchObject({ address: vector.address, sequence: vector.sequence, code: vector.code });
		expect(frame.data.toHex()).toBe((vector.data ?? '').toLowerCase());
		expect(encodeAgain(frame)).toEqual(bytes);
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
				marked: line.hex.startsWith('ff'),
			});
			expect(nameOfCode(frame.reply, frame.code)).toBe(line.name);
			expect(frame.security?.type.toString(16)).toBe(line.scs ?? undefined);
			expect(frame.data.toHex()).toBe(line.data);
			expect(encodeAgain(frame)).toEqual(bytes);
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
					lines.map((line) => line.hex),
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
				expect(frame).toMatchObject({ ...fields, marked });
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

function encodeAgain(frame: OsdpFrame): Uint8Array {
	const bytes = encodeFrame(frame, () => frame.mac ?? new Uint8Array(0));
	return frame.marked ? Uint8Array.of(MARK, ...bytes) : bytes;
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
