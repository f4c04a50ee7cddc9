import { LIMITS } from '../../gateway/core/limits.ts';
import type { FrameError, Framer } from '../framer.ts';
import {
	decodeReply,
	EXCEPTION_BIT,
	EXCEPTION_LENGTH,
	encodeRequest,
	hasValidCrc,
	isWrite,
	type ModbusReply,
	type ModbusRequest,
	replyLength,
	sameBytes,
} from './frame.ts';

/** Finds the answer to one request by its expected length; pauses of 3.5 characters cannot be relied on in a process. */
export interface ReplyFramer extends Framer<ModbusReply> {
	/** The bytes to come answer this request; what was left over is dropped. */
	expect(request: ModbusRequest): void;
	timeout(): readonly FrameError[];
	/** The adapter gives back what is sent, as the last read request showed; undefined before the first. */
	echoes(): boolean | undefined;
}

export function createReplyFramer(): ReplyFramer {
	let request: ModbusRequest | undefined;
	let sent = new Uint8Array();
	let echoes: boolean | undefined;
	let echoSeen = false;
	let buffer = new Uint8Array();

	function push(chunk: Uint8Array): readonly (ModbusReply | FrameError)[] {
		if (request === undefined) return chunk.length === 0 ? [] : [frameError('noise', chunk)];
		buffer = joined(buffer, chunk);
		const found: (ModbusReply | FrameError)[] = [];
		const reply = search(request);
		if (reply !== undefined) {
			if (reply.before.length > 0) found.push(frameError('noise', reply.before));
			found.push(reply.reply);
			request = undefined;
			buffer = new Uint8Array();
			return found;
		}
		const excess = buffer.length - LIMITS.modbusFrameBytes;
		if (excess > 0) {
			found.push(frameError('overrun', buffer.subarray(0, excess)));
			buffer = buffer.slice(excess);
		}
		return found;
	}

	/** A false start never hides a whole answer behind it: every position is tried. */
	function search(awaited: ModbusRequest): { before: Uint8Array; reply: ModbusReply } | undefined {
		for (let start = 0; start + EXCEPTION_LENGTH <= buffer.length; start++) {
			if (isEcho(awaited, start)) {
				echoSeen = true;
				buffer = joined(buffer.subarray(0, start), buffer.subarray(start + sent.length));
			}
			const reply = replyAt(awaited, start);
			if (reply === undefined) continue;
			if (!isWrite(awaited)) echoes = echoSeen;
			return { before: buffer.subarray(0, start), reply };
		}
		return undefined;
	}

	/** A board confirms a write with the same bytes: only where the adapter is known to echo, the first copy is no answer. */
	function isEcho(awaited: ModbusRequest, start: number): boolean {
		if (echoSeen || (isWrite(awaited) && echoes !== true)) return false;
		return sameBytes(buffer.subarray(start, start + sent.length), sent);
	}

	function replyAt(awaited: ModbusRequest, start: number): ModbusReply | undefined {
		if (buffer[start] !== awaited.unit) return undefined;
		const func = buffer[start + 1];
		const refused = func === (awaited.function | EXCEPTION_BIT);
		if (!refused && func !== awaited.function) return undefined;
		const end = start + (refused ? EXCEPTION_LENGTH : replyLength(awaited));
		if (end > buffer.length) return undefined;
		const frame = buffer.subarray(start, end);
		return hasValidCrc(frame) ? decodeReply(awaited, frame) : undefined;
	}

	return {
		expect(next) {
			request = next;
			sent = encodeRequest(next).slice();
			echoSeen = false;
			buffer = new Uint8Array();
		},
		echoes: () => echoes,
		push,
		timeout() {
			const partial = buffer;
			const whole = request !== undefined && partial.length >= replyLength(request);
			request = undefined;
			buffer = new Uint8Array();
			return partial.length === 0 ? [] : [frameError(whole ? 'checksum' : 'timeout', partial)];
		},
		reset() {
			request = undefined;
			echoes = undefined;
			buffer = new Uint8Array();
		},
	};
}

function frameError(reason: string, bytes: Uint8Array): FrameError {
	return { kind: 'frameError', reason, bytes: bytes.slice(0, LIMITS.modbusFrameBytes) };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
	const both = new Uint8Array(first.length + second.length);
	both.set(first);
	both.set(second, first.length);
	return both;
}
