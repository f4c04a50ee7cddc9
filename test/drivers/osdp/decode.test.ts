import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMMAND } from '../../../src/drivers/osdp/codes.ts';
import { encodeKeyset } from '../../../src/drivers/osdp/commands.ts';
import { decodeOsdp } from '../../../src/drivers/osdp/decode.ts';
import { encodeFrame } from '../../../src/drivers/osdp/frame.ts';
import { KEY } from './osdp-bench.ts';
import { readTranscript } from './transcript.ts';

function captureOf(name: string): Uint8Array {
	const lines = readTranscript(name);
	return Uint8Array.fromHex(lines.map((line) => line.hex).join(''));
}

describe('a captured conversation', () => {
	test('gives one line per frame, with its place, and the cards it holds', () => {
		const capture = captureOf('osdp-plain');
		const lines = [...decodeOsdp(capture)];
		const frames = lines.filter(({ kind }) => kind === 'frame');
		expect(frames.map((line) => line['name'])).toEqual(readTranscript('osdp-plain').map(({ name }) => name));
		for (const { offset } of frames) expect(capture[offset]).toBe(0x53);
		expect(frames[0]).toMatchObject({
			offset: 1,
			direction: 'command',
			address: 5,
			name: 'ID',
			sequence: 0,
			check: 'crc',
		});
		expect(frames[1]).toMatchObject({ direction: 'reply', identity: { vendor: '1f4c0a', firmware: '1.2.3' } });
		expect(lines.filter(({ kind }) => kind === 'observation')).toMatchObject([
			{ tag: '26:B2A9C040', address: 5, reader: 0 },
			{ tag: '26:32981CC0', address: 5, reader: 0 },
		]);
		expect(lines.some(({ kind }) => kind === 'error')).toBe(false);
		expect(() => JSON.stringify(lines)).not.toThrow();
	});

	test('shows neither keys nor what was typed', () => {
		const secure = [...decodeOsdp(captureOf('osdp-secure-install-keyset'))];
		const keysets = secure.filter((line) => line['name'] === 'KEYSET');
		expect(keysets).toHaveLength(2);
		for (const line of keysets) expect(line).toMatchObject({ data: 'redacted', dataBytes: 32 });
		// Sent in clear a KEYSET is a key leak; a trace must not repeat it.
		const data = encodeKeyset(Uint8Array.fromHex(KEY));
		const inClear = encodeFrame({ address: 5, reply: false, sequence: 1, check: 'crc', code: COMMAND.KEYSET, data });
		const [line] = decodeOsdp(inClear);
		expect(line).toMatchObject({ name: 'KEYSET', data: 'redacted', dataBytes: 18 });
		expect(JSON.stringify(line)).not.toContain(KEY);
		const typed = [...decodeOsdp(captureOf('osdp-plain'))].filter((line) => line['name'] === 'KEYPAD');
		expect(typed).toMatchObject([{ data: 'redacted', keys: 4 }]);
	});

	test('damaged and cut frames are errors, and what follows is decoded', () => {
		const capture = captureOf('osdp-plain').slice(0, 197);
		capture[3] = (capture[3] ?? 0) ^ 0x01;
		const lines = [...decodeOsdp(capture)];
		expect(lines[0]).toMatchObject({ kind: 'error', offset: 1 });
		expect(lines.find(({ kind }) => kind === 'frame')).toMatchObject({ name: 'PDID' });
		expect(lines.at(-1)).toMatchObject({ kind: 'error', reason: 'timeout' });
	});
});

test('any bytes give lines and never throw', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
			for (const { offset } of decodeOsdp(bytes)) expect(offset).toBeLessThan(bytes.length);
		}),
	);
});
