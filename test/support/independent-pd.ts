import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import type { DeviceSimulator, SimulatedAnswer } from '../../src/drivers/driver.ts';

/**
 * A reader (PD) written from the text of the standard alone: it shares no line with the driver or its simulator, so
 * that a mistake in one is not repeated by the other. Byte arrays, a bitwise CRC, AES called directly.
 */
export interface IndependentPd {
	readonly simulator: DeviceSimulator;
	/** Bits as text, such as `1001…`: told at the next poll. */
	present(bits: string): void;
	press(keys: string): void;
	powerCycle(): void;
	/** What becomes of each reply: undefined is lost. */
	spoil: (reply: number[], command: Command) => readonly Spoiled[];
	/** The next new commands of this code are refused with this reason. */
	refuse(code: number, reason: number, times: number): void;
	/** What the panel did that a strict reader would hold against it. */
	readonly violations: readonly string[];
	/** Commands that were carried out, each once. */
	readonly carriedOut: readonly Command[];
	/** The key that opens its secure channel now; undefined: only the default one. */
	key(): string | undefined;
	isSecured(): boolean;
}

export interface Spoiled {
	readonly bytes: number[];
	readonly lateMs?: number;
}

export interface Command {
	readonly code: number;
	readonly data: number[];
	readonly sequence: number;
	readonly secured: boolean;
}

export interface IndependentPdOptions {
	readonly address: number;
	/** `plain`: no secure channel at all. `install`: the default key only. Otherwise its own key, hex. */
	readonly security: 'plain' | 'install' | { readonly key: string };
	readonly checksumOnly?: boolean;
	readonly unmarked?: boolean;
	readonly rmacInBlock12?: boolean;
	/** Between a command's end and the reply. */
	readonly answerMs?: number;
}

interface Channel {
	enc: number[];
	mac1: number[];
	mac2: number[];
	/** Last MAC of each side. */
	commandMac: number[];
	replyMac: number[];
}

interface Reply {
	readonly id: number;
	readonly data: number[];
	readonly block?: number[];
}

const DEFAULT_KEY = [0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f];
const ACK: Reply = { id: 0x40, data: [] };
/** Who it is and what it can is told before the secure channel too. */
const OPEN_TO_ALL: ReadonlySet<number> = new Set([0x61, 0x62]);
/** By command: who it is, what it can, states, and the commands that do nothing to see. */
const REPLIES: ReadonlyMap<number, Reply> = new Map([
	[0x61, { id: 0x45, data: [0x00, 0x06, 0x8e, 1, 1, 0x78, 0x56, 0x34, 0x12, 1, 2, 3] }],
	[0x62, { id: 0x46, data: [1, 1, 1, 2, 1, 1, 3, 1, 0, 4, 4, 1, 5, 2, 1, 8, 1, 0, 9, 1, 1, 10, 128, 0, 13, 0, 1] }],
	[0x64, { id: 0x48, data: [0, 0] }],
	[0x65, { id: 0x49, data: [0] }],
	[0x66, { id: 0x4a, data: [0] }],
	...[0x68, 0x69, 0x6a, 0x6b].map((code): [number, Reply] => [code, ACK]),
]);

export function createIndependentPd(options: IndependentPdOptions): IndependentPd {
	const { address, security } = options;
	const violations: string[] = [];
	const carriedOut: Command[] = [];
	const refusals: { code: number; reason: number; times: number }[] = [];
	let queue: Reply[] = [];
	let inbox: number[] = [];
	let ownKey = typeof security === 'object' ? bytesOf(security.key) : undefined;
	let lastSequence = -1;
	let lastCommand: number[] = [];
	let lastReply: number[] = [];
	let channel: Channel | undefined;
	let pendingChannel: (Channel & { server: number[] }) | undefined;

	function forget(): void {
		lastSequence = -1;
		lastReply = [];
		channel = undefined;
		pendingChannel = undefined;
	}

	function onBytes(bytes: Uint8Array): readonly SimulatedAnswer[] {
		inbox.push(...bytes);
		const answers: SimulatedAnswer[] = [];
		for (let frame = nextFrame(); frame !== undefined; frame = nextFrame()) {
			if (frame[1] === address || frame[1] === 0x7f) answers.push(...answer(frame));
		}
		return answers;
	}

	/** The next whole one; what is none is passed by, byte for byte. */
	function nextFrame(): number[] | undefined {
		for (let start = inbox.indexOf(0x53); start >= 0; start = inbox.indexOf(0x53, 1)) {
			inbox = inbox.slice(start);
			const length = (inbox[2] ?? 0) + 256 * (inbox[3] ?? 0);
			const isPossible = inbox.length < 4 || (length >= 7 && length <= 200);
			if (isPossible && (inbox.length < 4 || inbox.length < length)) return undefined;
			const frame = inbox.slice(0, length);
			if (!isPossible || !isIntact(frame)) continue;
			inbox = inbox.slice(length);
			return frame;
		}
		inbox = [];
		return undefined;
	}

	function answer(frame: number[]): readonly SimulatedAnswer[] {
		const parts = partsOf(frame);
		const { sequence, usesCrc, data } = parts;
		const plain = commandOf(parts, data);
		if (frame.length > 128) violations.push('longer than the receive buffer');
		if (usesCrc && options.checksumOnly) return say(pack(sequence, false, nak(1)), plain);
		if (sequence === 0) forget();
		else if (sequence === lastSequence) {
			if (frame.join() !== lastCommand.join()) violations.push(`not the same bytes again: ${hex(frame)}`);
			return say(lastReply, plain);
		} else if (lastSequence === -1 || sequence !== (lastSequence % 3) + 1) {
			return say(pack(sequence, usesCrc, nak(4)), plain);
		}
		lastSequence = sequence;
		lastCommand = frame;
		return parts.isSealed ? answerSealed(frame, parts) : answerPlain(parts);
	}

	function answerPlain(parts: Parts): readonly SimulatedAnswer[] {
		const { sequence, usesCrc, code, block, data } = parts;
		if (channel !== undefined) violations.push(`in plain within the secure channel: ${code.toString(16)}`);
		const command = commandOf(parts, data);
		return remember(pack(sequence, usesCrc, carryOut(command, block)), command);
	}

	function answerSealed(frame: number[], parts: Parts): readonly SimulatedAnswer[] {
		const { sequence, usesCrc, block, data } = parts;
		const clear = channel && open(channel, frame, parts);
		if (channel === undefined || clear === undefined) {
			channel = undefined;
			return remember(pack(sequence, usesCrc, nak(6)), commandOf(parts, data));
		}
		const command = commandOf(parts, clear);
		return remember(pack(sequence, usesCrc, carryOut(command, block), channel), command);
	}

	function remember(reply: number[], command: Command): readonly SimulatedAnswer[] {
		lastReply = reply;
		return say(reply, command);
	}

	function say(reply: number[], command: Command): readonly SimulatedAnswer[] {
		const marked = options.unmarked ? reply : [0xff, ...reply];
		return self
			.spoil(marked, command)
			.map(({ bytes, lateMs = 0 }) => ({ bytes: Uint8Array.from(bytes), delayMs: (options.answerMs ?? 2) + lateMs }));
	}

	function carryOut(command: Command, block: number[]): Reply {
		const { code, data } = command;
		const refusal = refusalOf(code);
		if (refusal !== undefined) return nak(refusal);
		if (code === 0x76 || code === 0x77) {
			if (security === 'plain') return nak(5);
			return code === 0x76 ? challenge(data, block) : cryptogram(data);
		}
		if (ownKey !== undefined && !command.secured && !OPEN_TO_ALL.has(code)) return nak(6);
		carriedOut.push(command);
		if (code === 0x60) return queue.shift() ?? ACK;
		if (code === 0x75) return takeKey(command);
		return REPLIES.get(code) ?? nak(3);
	}

	/** Why it is refused this time. */
	function refusalOf(code: number): number | undefined {
		const refusal = refusals.find((each) => each.code === code && each.times > 0);
		if (refusal !== undefined) refusal.times -= 1;
		return refusal?.reason;
	}

	function takeKey({ data, secured }: Command): Reply {
		if (!secured) violations.push('a key outside the secure channel');
		if (data.length !== 18 || data[0] !== 1 || data[1] !== 16) return nak(2);
		ownKey = data.slice(2);
		return ACK;
	}

	function challenge(rndA: number[], block: number[]): Reply {
		const asksDefault = block[2] === 0;
		if (asksDefault && security !== 'install') return nak(6);
		// A reader that has no key of its own can't prove one.
		const key = asksDefault ? DEFAULT_KEY : (ownKey ?? Array.from<number>({ length: 16 }).fill(0));
		const rndB = [...randomFillSync(new Uint8Array(8))];
		const session = (purpose: number) => block16(key, [1, purpose, ...rndA.slice(0, 6), 0, 0, 0, 0, 0, 0, 0, 0]);
		const [enc, mac1, mac2] = [session(0x82), session(0x01), session(0x02)];
		pendingChannel = { enc, mac1, mac2, commandMac: [], replyMac: [], server: block16(enc, [...rndB, ...rndA]) };
		const data = [0x00, 0x06, 0x8e, 1, 0x78, 0x56, 0x34, 0x12, ...rndB, ...block16(enc, [...rndA, ...rndB])];
		return { id: 0x76, data, block: [3, 0x12, asksDefault ? 0 : 1] };
	}

	function cryptogram(server: number[]): Reply {
		const made = pendingChannel;
		pendingChannel = undefined;
		if (made === undefined) return nak(6);
		if (made.server.join() !== server.join())
			return { id: 0x78, data: Array.from<number>({ length: 16 }).fill(0), block: [3, 0x14, 0xff] };
		const initial = block16(made.mac2, block16(made.mac1, server));
		channel = { ...made, commandMac: initial, replyMac: initial };
		return { id: 0x78, data: initial, block: [3, options.rmacInBlock12 ? 0x12 : 0x14, 1] };
	}

	function pack(sequence: number, usesCrc: boolean, reply: Reply, sealing?: Channel): number[] {
		const isEncrypted = sealing !== undefined && reply.data.length > 0;
		const block = sealing === undefined ? (reply.block ?? []) : [2, isEncrypted ? 0x18 : 0x16];
		const body = [...block, reply.id, ...(isEncrypted ? encrypted(sealing, reply.data) : reply.data)];
		const length = 5 + body.length + (sealing === undefined ? 0 : 4) + (usesCrc ? 2 : 1);
		const control = sequence + (usesCrc ? 4 : 0) + (block.length > 0 ? 8 : 0);
		const bytes = [0x53, address + 0x80, length % 256, Math.floor(length / 256), control, ...body];
		if (sealing !== undefined) {
			sealing.replyMac = macOf(sealing, sealing.commandMac, bytes);
			bytes.push(...sealing.replyMac.slice(0, 4));
		}
		return [...bytes, ...checkOf(bytes, usesCrc)];
	}

	const self: IndependentPd = {
		simulator: {
			receive: onBytes,
			stimulate: () => ({ problem: 'it has methods of its own' }),
			outputs: () => ({}),
		},
		present(bits) {
			const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
			const bytes = (padded.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
			queue.push({ id: 0x50, data: [0, 1, bits.length & 0xff, bits.length >> 8, ...bytes] });
		},
		press(keys) {
			const codes = [...keys].map((key) => ({ '*': 0x7f, '#': 0x0d })[key] ?? key.charCodeAt(0));
			queue.push({ id: 0x53, data: [0, codes.length, ...codes] });
		},
		powerCycle() {
			forget();
			queue = [];
		},
		spoil: (bytes) => [{ bytes }],
		refuse: (code, reason, times) => void refusals.push({ code, reason, times }),
		violations,
		carriedOut,
		key: () => ownKey && hex(ownKey),
		isSecured: () => channel !== undefined,
	};
	return self;
}

function nak(reason: number): Reply {
	return { id: 0x41, data: [reason] };
}

interface Parts {
	readonly sequence: number;
	readonly usesCrc: boolean;
	/** Length, type and what else belongs to it; empty without one. */
	readonly block: number[];
	readonly isSealed: boolean;
	readonly code: number;
	readonly data: number[];
	/** Where the MAC or the check begins. */
	readonly end: number;
}

function partsOf(frame: number[]): Parts {
	const control = frame[4] ?? 0;
	const usesCrc = (control & 4) !== 0;
	const block = (control & 8) === 0 ? [] : frame.slice(5, 5 + (frame[5] ?? 0));
	const isSealed = (block[1] ?? 0) >= 0x15;
	const end = frame.length - (usesCrc ? 2 : 1) - (isSealed ? 4 : 0);
	const at = 5 + block.length;
	return { sequence: control & 3, usesCrc, block, isSealed, code: frame[at] ?? 0, data: frame.slice(at + 1, end), end };
}

function commandOf({ code, sequence, isSealed }: Parts, data: number[]): Command {
	return { code, data, sequence, secured: isSealed };
}

/** @returns the data in clear; undefined: not of this channel */
function open(channel: Channel, frame: number[], { end, block, data }: Parts): number[] | undefined {
	const mac = macOf(channel, channel.replyMac, frame.slice(0, end));
	if (mac.slice(0, 4).join() !== frame.slice(end, end + 4).join()) return undefined;
	channel.commandMac = mac;
	if (block[1] !== 0x17) return data;
	const iv = channel.replyMac.map((byte) => 255 - byte);
	const decipher = createDecipheriv('aes-128-cbc', Buffer.from(channel.enc), Buffer.from(iv)).setAutoPadding(false);
	const clear = [...decipher.update(Buffer.from(data))];
	while (clear.at(-1) === 0) clear.pop();
	return clear.pop() === 0x80 ? clear : undefined;
}

function encrypted(channel: Channel, data: number[]): number[] {
	const padded = [...data, 0x80];
	while (padded.length % 16 !== 0) padded.push(0);
	const iv = channel.commandMac.map((byte) => 255 - byte);
	const cipher = createCipheriv('aes-128-cbc', Buffer.from(channel.enc), Buffer.from(iv)).setAutoPadding(false);
	return [...cipher.update(Buffer.from(padded))];
}

/** CBC by hand: each block is mixed with what came before; the last one goes under the other key. */
function macOf(channel: Channel, iv: number[], bytes: number[]): number[] {
	const padded = [...bytes];
	if (padded.length % 16 !== 0) padded.push(0x80);
	while (padded.length % 16 !== 0) padded.push(0);
	let mixed = iv;
	for (let at = 0; at < padded.length; at += 16) {
		const isLast = at + 16 === padded.length;
		const block = mixed.map((byte, index) => byte ^ (padded[at + index] ?? 0));
		mixed = block16(isLast ? channel.mac2 : channel.mac1, block);
	}
	return mixed;
}

function block16(key: number[], block: number[]): number[] {
	return [...createCipheriv('aes-128-ecb', Buffer.from(key), null).setAutoPadding(false).update(Buffer.from(block))];
}

function isIntact(frame: number[]): boolean {
	if (((frame[4] ?? 0) & 4) === 0) return sum(frame) % 256 === 0;
	const crc = crcOf(frame.slice(0, -2));
	return frame.at(-2) === (crc & 0xff) && frame.at(-1) === crc >> 8;
}

function checkOf(bytes: number[], usesCrc: boolean): number[] {
	if (!usesCrc) return [(256 - (sum(bytes) % 256)) % 256];
	const crc = crcOf(bytes);
	return [crc & 0xff, crc >> 8];
}

function crcOf(bytes: number[]): number {
	let crc = 0x1d0f;
	for (const byte of bytes) {
		for (let bit = 7; bit >= 0; bit -= 1) {
			const top = ((crc >> 15) & 1) ^ ((byte >> bit) & 1);
			crc = ((crc << 1) & 0xffff) ^ (top === 1 ? 0x1021 : 0);
		}
	}
	return crc;
}

function sum(bytes: number[]): number {
	return bytes.reduce((total, byte) => total + byte, 0);
}

function bytesOf(text: string): number[] {
	return (text.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
}

function hex(bytes: number[]): string {
	return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
