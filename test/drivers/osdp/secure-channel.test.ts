import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMMAND, REPLY } from '../../../src/drivers/osdp/codes.ts';
import { type FrameFields, MARK, type OsdpFrame } from '../../../src/drivers/osdp/frame.ts';
import { createOsdpFramer } from '../../../src/drivers/osdp/framer.ts';
import {
	clientCryptogram,
	createSecureChannel,
	deriveSessionKeys,
	initialMac,
	SCBK_D,
	type SecureChannel,
	type SessionKeys,
	serverCryptogram,
} from '../../../src/drivers/osdp/secure-channel.ts';
import { readTranscript, type TranscriptLine } from './transcript.ts';

const ZERO_KEYS: SessionKeys = {
	encryption: new Uint8Array(16),
	mac1: new Uint8Array(16),
	mac2: new Uint8Array(16),
};

test('keys and cryptograms are those of the SIA sample handshake (libosdp, test-sc-sia-vectors)', () => {
	const randomOfPanel = Uint8Array.fromHex('b0b1b2b3b4b5b6b7');
	const randomOfReader = Uint8Array.fromHex('a0a1a2a3a4a5a6a7');
	const keys = deriveSessionKeys(SCBK_D, randomOfPanel);
	expect(upper(keys.mac1)).toBe('5E86C676603BDEE2D8BEAFE178637332');
	expect(upper(keys.mac2)).toBe('6FDA86E857777E81132035758239172E');
	expect(upper(keys.encryption)).toBe('BF8DC2A8329ACB8C67C6D0CD9A451682');
	expect(upper(clientCryptogram(keys, randomOfPanel, randomOfReader))).toBe('FDE5D2F428EC16312471EA3C02BD7796');
	const server = serverCryptogram(keys, randomOfPanel, randomOfReader);
	expect(upper(server)).toBe('26D3356E07762D262801FC8E6665A891');
	expect(upper(initialMac(keys, server))).toBe('B2A30057EB98BA2229EC1F875662B524');
});

test.each([
	['POLL', COMMAND.POLL, '', 'FF53000E000E0215604B32767773B6'],
	['LSTAT', COMMAND.LSTAT, '', 'FF53000E000E0215646F63246FD050'],
	['COMSET', COMMAND.COMSET, '0180250000', 'FF53001E000E02176EACA3C2FFE4D9E599CD771B8EF3D13F23FAAB634E0895'],
	['CAP', COMMAND.CAP, '00', 'FF53001E000E021762D14EB7AD982CC5F9AA2531 8A7EAED6260F6A2AA73870'],
])('%s under all-zero session keys is the frame OSDP.Net sends', (_name, code, data, hex) => {
	const expected = Uint8Array.fromHex(hex.replaceAll(' ', ''));
	const fields: FrameFields = {
		address: 0,
		reply: false,
		sequence: 2,
		check: 'crc',
		code,
		data: Uint8Array.fromHex(data),
	};
	const sealed = createSecureChannel(ZERO_KEYS, new Uint8Array(16)).seal(fields);
	expect(Uint8Array.of(MARK, ...sealed)).toEqual(expected);
	const opened = createSecureChannel(ZERO_KEYS, new Uint8Array(16)).open(frameOf(expected));
	expect(opened).toEqual({ result: 'ok', data: fields.data, clear: false });
});

describe('the recorded secure conversation', () => {
	const lines = readTranscript('osdp-secure-install-keyset');

	test('every handshake gives the same keys, cryptograms and R-MAC(I)', () => {
		let handshakes = 0;
		for (const [index, line] of lines.entries()) {
			if (line.session === null) continue;
			handshakes += 1;
			const { keys, randomOfPanel, randomOfReader } = sessionOf(line);
			expect(keys.encryption.toHex()).toBe(line.session.s_enc);
			expect(keys.mac1.toHex()).toBe(line.session.s_mac1);
			expect(keys.mac2.toHex()).toBe(line.session.s_mac2);
			expect(clientCryptogram(keys, randomOfPanel, randomOfReader).toHex()).toBe(line.data.slice(32));
			const server = serverCryptogram(keys, randomOfPanel, randomOfReader);
			expect(initialMac(keys, server).toHex()).toBe(line.session.rmac_i);
			const answer = lines[index + 1];
			if (answer?.name === 'SCRYPT') expect(answer.data).toBe(server.toHex());
		}
		expect(handshakes).toBe(4);
	});

	test('a reader that does not know our key gives another cryptogram', () => {
		const refused = lines.find((line) => line.session?.key === 'ZERO');
		if (refused === undefined) throw new Error('the recording holds a refused key');
		const { randomOfPanel, randomOfReader } = sessionOf(refused);
		const ours = deriveSessionKeys(Uint8Array.fromHex('00112233445566778899aabbccddeeff'), randomOfPanel);
		expect(clientCryptogram(ours, randomOfPanel, randomOfReader).toHex()).not.toBe(refused.data.slice(32));
	});

	test('every frame is verified, decrypted, and sealed again byte for byte by its own side', () => {
		let ends = pair();
		let clear = 0;
		for (const line of lines) {
			if (line.session !== null) ends = pairOf(line);
			if (!isSecured(line)) continue;
			if (sealedAgain(line, ends) === 'clear') clear += 1;
		}
		expect(lines.filter(isSecured)).toHaveLength(108);
		expect(clear).toBe(4);
	});
});

describe('what is not authentic', () => {
	test('any changed byte of a sealed reply is refused and does not move the chain', () => {
		fc.assert(
			fc.property(
				fc.uint8Array({ minLength: 1, maxLength: 40 }),
				fc.nat(),
				fc.integer({ min: 1, max: 255 }),
				(data, at, flip) => {
					const pairNow = pair();
					pairNow.reader.open(frameOf(pairNow.panel.seal(command(COMMAND.POLL))));
					const sealed = pairNow.reader.seal({ ...command(REPLY.RAW), reply: true, data });
					const frame = frameOf(sealed);
					const covered = frame.covered.slice();
					const place = at % covered.length;
					covered[place] = (covered[place] ?? 0) ^ flip;
					expect(pairNow.panel.open({ ...frame, covered })).toEqual({ result: 'bad', reason: 'mac' });
					expect(pairNow.panel.open(frame)).toEqual({ result: 'ok', data, clear: false });
				},
			),
		);
	});

	test('a frame without MAC, and a replayed one, are refused', () => {
		const { panel, reader } = pair();
		reader.open(frameOf(panel.seal(command(COMMAND.POLL))));
		const first = frameOf(reader.seal({ ...command(REPLY.ACK), reply: true }));
		expect(panel.open(first).result).toBe('ok');
		reader.open(frameOf(panel.seal(command(COMMAND.POLL))));
		expect(panel.open(first)).toEqual({ result: 'bad', reason: 'mac' });
		const { mac, security, ...plain } = first;
		expect(mac && security).toBeDefined();
		expect(panel.open(plain)).toEqual({ result: 'bad', reason: 'notSecured' });
	});
});

function pair(): { panel: SecureChannel; reader: SecureChannel } {
	const keys = deriveSessionKeys(SCBK_D, Uint8Array.fromHex('b0b1b2b3b4b5b6b7'));
	const rMacI = Uint8Array.fromHex('B2A30057EB98BA2229EC1F875662B524');
	return { panel: createSecureChannel(keys, rMacI), reader: createSecureChannel(keys, rMacI) };
}

function pairOf(line: TranscriptLine): { panel: SecureChannel; reader: SecureChannel } {
	const { keys } = sessionOf(line);
	const rMacI = Uint8Array.fromHex(line.session?.rmac_i ?? '');
	return { panel: createSecureChannel(keys, rMacI), reader: createSecureChannel(keys, rMacI) };
}

/** Opens the recorded frame with one end, seals the same with the other and compares. */
function sealedAgain(line: TranscriptLine, ends: ReturnType<typeof pair>): 'encrypted' | 'clear' {
	const [sender, receiver] = line.dir === 'cp' ? [ends.panel, ends.reader] : [ends.reader, ends.panel];
	const frame = frameOf(Uint8Array.fromHex(line.hex));
	const opened = receiver.open(frame);
	if (opened.result === 'bad') throw new Error(`line ${line.n}: ${opened.reason}`);
	expect(opened.data.toHex()).toBe(line.plain ?? '');
	const sealed = sender.seal({ ...frame, data: opened.data }, opened.clear ? 'clear' : undefined);
	expect(Uint8Array.of(MARK, ...sealed).toHex()).toBe(line.hex);
	return opened.clear ? 'clear' : 'encrypted';
}

function isSecured(line: TranscriptLine): boolean {
	return Number.parseInt(line.scs ?? '0', 16) >= 0x15;
}

function command(code: number): FrameFields {
	return { address: 5, reply: false, sequence: 2, check: 'crc', code, data: new Uint8Array(0) };
}

function sessionOf(line: TranscriptLine) {
	if (line.session === null) throw new Error(`line ${line.n} has no session`);
	const randomOfPanel = Uint8Array.fromHex(line.session.rnd_a);
	const randomOfReader = Uint8Array.fromHex(line.session.rnd_b);
	return {
		keys: deriveSessionKeys(Uint8Array.fromHex(line.session.scbk), randomOfPanel),
		randomOfPanel,
		randomOfReader,
	};
}

function frameOf(bytes: Uint8Array): OsdpFrame {
	const [frame] = createOsdpFramer().push(bytes);
	if (frame?.kind !== 'frame') throw new Error(`no frame: ${bytes.toHex()}`);
	return frame;
}

function upper(bytes: Uint8Array): string {
	return bytes.toHex().toUpperCase();
}
