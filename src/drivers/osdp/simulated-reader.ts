import { COMMAND, NAK, REPLY, SCB } from './codes.ts';
import { OUT_CONTROL, parseCommunication, parseKeyset, parseOut, parseText } from './commands.ts';
import { encodeFrame, MARK, type OsdpFrame } from './frame.ts';
import { CAPABILITY, encodeLevels, encodeLstatr, encodePdcap, encodePdid } from './replies.ts';
import {
	clientCryptogram,
	createSecureChannel,
	deriveSessionKeys,
	initialMac,
	KEY_BYTES,
	SCBK_D,
	type SecureChannel,
	sameBytes,
	serverCryptogram,
} from './secure-channel.ts';
import { loseSession, type Report, type SimulatedReaderState } from './simulated-reader-state.ts';

/** A reader forgets its session after this much silence. */
const SESSION_TIMEOUT_MS = 8_000;
const ACK: Report = { code: REPLY.ACK, data: new Uint8Array(0) };

/** What the reader answers to a command frame; undefined when it is not for it. */
export function answerCommand(r: SimulatedReaderState, frame: OsdpFrame, nowMs: number): Uint8Array | undefined {
	if (frame.reply || (frame.address !== r.address && frame.address !== 0x7f)) return undefined;
	if (nowMs - r.lastHeardMs > SESSION_TIMEOUT_MS) loseSession(r);
	r.lastHeardMs = nowMs;
	if (frame.check === 'crc' && r.settings.quirks.checksumOnly) {
		return encodeReply(r, { ...frame, check: 'checksum' }, nak(NAK.BAD_CHECK), undefined);
	}
	if (frame.sequence === 0) loseSession(r);
	else if (frame.sequence === r.sequence && r.lastReply !== undefined) return r.lastReply;
	else if (r.sequence === undefined || frame.sequence !== (r.sequence % 3) + 1) {
		return encodeReply(r, frame, nak(NAK.SEQUENCE), undefined);
	}
	r.sequence = frame.sequence;
	r.lastReply = answerNew(r, frame, nowMs);
	r.address = r.next.address;
	r.baud = r.next.baud;
	return r.lastReply;
}

function answerNew(r: SimulatedReaderState, frame: OsdpFrame, nowMs: number): Uint8Array {
	const { channel } = r;
	const sealed = frame.mac !== undefined;
	if (channel === undefined && sealed) return encodeReply(r, frame, nak(NAK.NOT_SECURED), undefined);
	if (channel === undefined) return encodeReply(r, frame, answerPlain(r, frame, nowMs), undefined);
	const opened = channel.open(frame);
	if (opened.result === 'bad') {
		r.channel = undefined;
		return encodeReply(r, frame, nak(NAK.NOT_SECURED), undefined);
	}
	return encodeReply(r, frame, carryOut(r, frame.code, opened.data, nowMs), channel);
}

function answerPlain(r: SimulatedReaderState, frame: OsdpFrame, nowMs: number): Report {
	if (frame.code === COMMAND.CHLNG) return answerChallenge(r, frame);
	if (frame.code === COMMAND.SCRYPT) return answerCryptogram(r, frame);
	const introduces = frame.code === COMMAND.ID || frame.code === COMMAND.CAP;
	const secured = r.key !== undefined || r.installMode;
	if (secured && (!introduces || r.settings.quirks.secretive)) return nak(NAK.NOT_SECURED);
	return carryOut(r, frame.code, frame.data, nowMs);
}

function encodeReply(
	r: SimulatedReaderState,
	frame: OsdpFrame,
	report: Report,
	channel: SecureChannel | undefined,
): Uint8Array {
	const { sequence, check } = frame;
	const fields = { address: r.address, reply: true, sequence, check, ...report };
	const isStatus = report.code >= REPLY.LSTATR && report.code <= REPLY.RSTATR;
	const oddly = isStatus && r.settings.quirks.clearStatus ? 'clear' : undefined;
	const bytes = channel === undefined ? encodeFrame(fields) : channel.seal(fields, oddly);
	return r.settings.quirks.unmarked ? bytes : Uint8Array.of(MARK, ...bytes);
}

function nak(reason: number): Report {
	return { code: REPLY.NAK, data: Uint8Array.of(reason) };
}

function answerChallenge(r: SimulatedReaderState, frame: OsdpFrame): Report {
	const selector = frame.security?.data[0] ?? 0;
	if (frame.data.length !== 8 || (selector === 0 && !r.installMode)) return nak(NAK.NOT_SECURED);
	if (r.key === undefined && !r.installMode) return nak(NAK.NO_SECURE_CHANNEL);
	// A reader without own key answers with one of zeros, as the recorded one does; the panel sees that it differs.
	const ownKey = r.installMode ? new Uint8Array(KEY_BYTES) : (r.key ?? SCBK_D);
	const key = selector === 0 ? SCBK_D : ownKey;
	r.handshakes += 1;
	const randomOfPanel = frame.data.slice();
	const randomOfReader = Uint8Array.of(0xa0, 0xa1, 0xa2, r.address, ...u32(r.handshakes));
	r.handshake = { randomOfPanel, randomOfReader, key };
	const cryptogram = clientCryptogram(deriveSessionKeys(key, randomOfPanel), randomOfPanel, randomOfReader);
	const uniqueId = encodePdid(identityOf(r)).subarray(0, 8);
	return {
		code: REPLY.CCRYPT,
		data: Uint8Array.of(...uniqueId, ...randomOfReader, ...cryptogram),
		security: { type: SCB.CCRYPT, data: Uint8Array.of(selector) },
	};
}

function answerCryptogram(r: SimulatedReaderState, frame: OsdpFrame): Report {
	const { handshake } = r;
	if (handshake === undefined) return nak(NAK.NOT_SECURED);
	const { key, randomOfPanel, randomOfReader } = handshake;
	const keys = deriveSessionKeys(key, randomOfPanel);
	const expected = serverCryptogram(keys, randomOfPanel, randomOfReader);
	r.handshake = undefined;
	if (!sameBytes(expected, frame.data)) {
		return { code: REPLY.RMAC_I, data: new Uint8Array(16), security: { type: SCB.RMAC_I, data: Uint8Array.of(0xff) } };
	}
	const data = initialMac(keys, expected);
	r.channel = createSecureChannel(keys, data);
	const type = r.settings.quirks.oldRmac ? SCB.CCRYPT : SCB.RMAC_I;
	return { code: REPLY.RMAC_I, data, security: { type, data: Uint8Array.of(1) } };
}

function carryOut(r: SimulatedReaderState, code: number, data: Uint8Array, nowMs: number): Report {
	switch (code) {
		case COMMAND.POLL:
			return r.reports.shift() ?? ACK;
		case COMMAND.ID:
			return { code: REPLY.PDID, data: encodePdid(identityOf(r)) };
		case COMMAND.CAP:
			return { code: REPLY.PDCAP, data: encodePdcap(capabilitiesOf(r)) };
		case COMMAND.LSTAT:
			return { code: REPLY.LSTATR, data: encodeLstatr(r) };
		case COMMAND.ISTAT:
			return { code: REPLY.ISTATR, data: encodeLevels(r.inputs) };
		case COMMAND.OSTAT:
			return { code: REPLY.OSTATR, data: encodeLevels(outputLevels(r, nowMs)) };
		case COMMAND.OUT:
			return setOutputs(r, data, nowMs);
		case COMMAND.LED:
		case COMMAND.BUZ:
			return ACK;
		case COMMAND.TEXT:
			return parseText(data) === undefined ? nak(NAK.BAD_LENGTH) : ACK;
		case COMMAND.COMSET:
			return setCommunication(r, data);
		case COMMAND.KEYSET:
			return setKey(r, data);
		default:
			return nak(NAK.UNKNOWN_COMMAND);
	}
}

function identityOf(r: SimulatedReaderState) {
	return { vendor: '00d0ca', model: 1, version: 1, serial: r.settings.serial, firmware: '1.0.0' };
}

function capabilitiesOf(r: SimulatedReaderState) {
	return new Map([
		[CAPABILITY.contacts, { compliance: 1, count: r.settings.inputCount }],
		[CAPABILITY.outputs, { compliance: 4, count: r.settings.outputCount }],
		[CAPABILITY.cardFormat, { compliance: 1, count: 0 }],
		[CAPABILITY.led, { compliance: 4, count: 1 }],
		[CAPABILITY.audible, { compliance: 2, count: 1 }],
		[CAPABILITY.text, { compliance: 1, count: 1 }],
		[CAPABILITY.check, { compliance: r.settings.quirks.checksumOnly ? 0 : 1, count: 0 }],
		[CAPABILITY.security, { compliance: r.key === undefined && !r.installMode ? 0 : 1, count: r.installMode ? 1 : 0 }],
		[CAPABILITY.readers, { compliance: 0, count: 1 }],
		[CAPABILITY.version, { compliance: 2, count: 0 }],
	]);
}

/** Levels by number; a timed state that has run out is over. */
export function outputLevels(r: SimulatedReaderState, nowMs: number): boolean[] {
	return r.outputs.map(({ on, untilMs }) => (nowMs < untilMs ? on : !on));
}

function setOutputs(r: SimulatedReaderState, data: Uint8Array, nowMs: number): Report {
	const commands = parseOut(data);
	if (commands === undefined) return nak(NAK.BAD_LENGTH);
	if (commands.some(({ output }) => r.outputs[output] === undefined)) return nak(NAK.CANNOT_PROCESS);
	for (const { output, control, durationMs } of commands) {
		const timed = control === OUT_CONTROL.onTimed || control === OUT_CONTROL.offTimed;
		// Even controls switch on: 2 and 4 for good; of the timed ones 5 does.
		const on = timed ? control === OUT_CONTROL.onTimed : control % 2 === 0;
		if (control === OUT_CONTROL.nothing) continue;
		r.outputs[output] = { on, untilMs: timed ? nowMs + durationMs : Number.POSITIVE_INFINITY };
	}
	return ACK;
}

function setCommunication(r: SimulatedReaderState, data: Uint8Array): Report {
	const communication = parseCommunication(data);
	if (communication === undefined || communication.address > 126) return nak(NAK.CANNOT_PROCESS);
	r.next = communication;
	return { code: REPLY.COM, data: data.slice(0, 5) };
}

function setKey(r: SimulatedReaderState, data: Uint8Array): Report {
	const key = parseKeyset(data);
	if (key === undefined || r.channel === undefined) return nak(NAK.CANNOT_PROCESS);
	r.key = key;
	r.installMode = false;
	return ACK;
}

function u32(value: number): number[] {
	return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}
