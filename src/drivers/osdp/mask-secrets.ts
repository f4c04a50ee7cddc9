import { COMMAND, REPLY } from './codes.ts';
import { checksum8, crc16, MAX_FRAME_BYTES, SOM } from './frame.ts';

const SHORTEST_FRAME = 7;
/** A KEYSET says what kind of key follows and how long it is, a KEYPAD whose keys and how many. */
const HEADER = 2;

/** Bytes from an SOM on that may be a frame; those that are passed on, already masked. */
interface Candidate {
	readonly bytes: number[];
	/** Where what must not be seen begins; known once the code is. */
	secretFrom: number;
}

/**
 * Puts zeros for the key of a KEYSET and for what a keypad says, in a stream cut in any chunks, and makes the check of
 * such a frame anew: the check alone would give a PIN away. Every SOM may begin a frame, so that no noise before a frame
 * hides it. One mask for one direction.
 */
export function createOsdpMask(): (chunk: Uint8Array) => Uint8Array {
	let candidates: Candidate[] = [];

	function pass(byte: number): number {
		if (byte === SOM) candidates.push({ bytes: [], secretFrom: Number.POSITIVE_INFINITY });
		let seen = byte;
		for (const candidate of candidates) seen = maskedBy(candidate, seen);
		for (const { bytes } of candidates) bytes.push(seen);
		candidates = candidates.filter(mayBeFrame);
		return seen;
	}

	return (chunk) => chunk.map(pass);
}

/** What this candidate lets be seen of the next byte. */
function maskedBy(candidate: Candidate, byte: number): number {
	const { bytes, secretFrom } = candidate;
	const at = bytes.length;
	if (at === codeAt(bytes)) candidate.secretFrom = secretStart(bytes, byte);
	if (at < secretFrom) return byte;
	const checkBytes = ((bytes[4] ?? 0) & 0x04) === 0 ? 1 : 2;
	const checkFrom = lengthOf(bytes) - checkBytes;
	if (at < checkFrom) return 0;
	const checked = Uint8Array.from(bytes.slice(0, checkFrom));
	if (checkBytes === 1) return checksum8(checked);
	return at === checkFrom ? crc16(checked) & 0xff : crc16(checked) >> 8;
}

function secretStart(bytes: readonly number[], code: number): number {
	const isReply = ((bytes[1] ?? 0) & 0x80) !== 0;
	const isSecret = isReply ? code === REPLY.KEYPAD : code === COMMAND.KEYSET;
	if (isSecret) return bytes.length + 1 + HEADER;
	return Number.POSITIVE_INFINITY;
}

function codeAt(bytes: readonly number[]): number | undefined {
	const control = bytes[4];
	if (control === undefined) return undefined;
	const securityBytes = (control & 0x08) === 0 ? 0 : bytes[5];
	return securityBytes === undefined ? undefined : 5 + securityBytes;
}

function mayBeFrame({ bytes }: Candidate): boolean {
	if (bytes.length < 4) return true;
	const length = lengthOf(bytes);
	return length >= SHORTEST_FRAME && length <= MAX_FRAME_BYTES && bytes.length < length;
}

function lengthOf(bytes: readonly number[]): number {
	return (bytes[2] ?? 0) | ((bytes[3] ?? 0) << 8);
}
