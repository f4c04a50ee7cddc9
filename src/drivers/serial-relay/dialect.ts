import type { FrameError, Framer } from '../framer.ts';
import type { RelayDialect, RelayStates } from '../plain-relays/dialect.ts';
import type { SerialRelayConfig } from './config.ts';
import {
	decodeKmtronicStates,
	encodeKmtronicLook,
	encodeKmtronicSwitch,
	encodeLcusSwitch,
	kmtronicStatesLength,
} from './frame.ts';

/** Opening the port of a CH340 toggles its control lines, and some boards begin anew. */
const SETTLE_MS = 200;
const ANSWER_MS = 300;
/** Bytes kept while looking for an answer. */
const KEPT_BYTES = 64;

export function relayDialect({ board, channels }: SerialRelayConfig): RelayDialect {
	if (board === 'lcus') return { encodeSwitch: encodeLcusSwitch, settleMs: SETTLE_MS, answerMs: ANSWER_MS };
	return {
		encodeSwitch: encodeKmtronicSwitch,
		look: { request: encodeKmtronicLook(channels), createFramer: () => createStatesFramer(channels) },
		settleMs: SETTLE_MS,
		answerMs: ANSWER_MS,
	};
}

/** The answer by its length: nothing else tells where it ends. */
function createStatesFramer(channels: number): Framer<RelayStates> {
	const length = kmtronicStatesLength(channels);
	let buffer = new Uint8Array();

	function noise(bytes: Uint8Array): readonly FrameError[] {
		return bytes.length === 0 ? [] : [{ kind: 'frameError', reason: 'noise', bytes: bytes.slice(0, KEPT_BYTES) }];
	}

	return {
		push(chunk) {
			const joined = new Uint8Array(buffer.length + chunk.length);
			joined.set(buffer);
			joined.set(chunk, buffer.length);
			for (let start = 0; start + length <= joined.length; start++) {
				const on = decodeKmtronicStates(joined.subarray(start, start + length), channels);
				if (on === undefined) continue;
				buffer = new Uint8Array();
				return [...noise(joined.subarray(0, start)), { kind: 'states', on }];
			}
			buffer = joined.slice(-length + 1);
			return joined.length < length ? [] : noise(joined.subarray(0, 1 - length));
		},
		timeout() {
			const rest = buffer;
			buffer = new Uint8Array();
			return noise(rest);
		},
		reset() {
			buffer = new Uint8Array();
		},
	};
}
