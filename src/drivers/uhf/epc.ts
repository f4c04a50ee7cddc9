import { tagFromBytes } from '../../gateway/core/tag.ts';

/** EPC memory of one Gen2 tag as a reader gives it (EPC Gen2 v2.1, 6.3.2.1.2): protocol control word and code. */
export interface Epc {
	readonly pc: number;
	readonly code: Uint8Array;
}

/** Shortest and longest code that a tag may have, bytes: one word to 31. */
const SHORTEST_EPC_BYTES = 2;
const LONGEST_EPC_BYTES = 62;

/** Length of the code in bytes, as the upper five bits of the PC count its words. */
function epcLengthOf(pc: number): number {
	return (pc >>> 11) * 2;
}

/**
 * The code, when its length is what the PC says. Readers that add something of their own behind it do so within the
 * length of their frame; of these as much as the PC says is the code.
 */
export function parseEpc(pc: number, bytes: Uint8Array): Epc | undefined {
	const length = epcLengthOf(pc);
	return length < SHORTEST_EPC_BYTES || length > bytes.length ? undefined : { pc, code: bytes.slice(0, length) };
}

export function isEpcLength(length: number): boolean {
	return length >= SHORTEST_EPC_BYTES && length <= LONGEST_EPC_BYTES && length % 2 === 0;
}

/** CRC-16 that the tag itself keeps over PC and code (EPC Gen2 annex F: polynomial 0x1021, start and end 0xFFFF). */
export function epcCrc(pcAndCode: Uint8Array): number {
	let crc = 0xffff;
	for (const byte of pcAndCode) {
		crc ^= byte << 8;
		for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? (crc << 1) & 0xffff : ((crc << 1) ^ 0x1021) & 0xffff;
	}
	return crc ^ 0xffff;
}

/** Canonical tag of a code: upper-case hex. */
export function tagOfEpc({ code }: Epc): string {
	return tagFromBytes(code);
}

/** What a tag with this code keeps as its PC, and over both as its CRC. */
export function pcOf(code: Uint8Array): number {
	return (code.length / 2) << 11;
}

/** High byte first. */
export function word(bytes: Uint8Array, at: number): number {
	return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function signedByte(byte: number | undefined): number {
	return ((byte ?? 0) << 24) >> 24;
}
