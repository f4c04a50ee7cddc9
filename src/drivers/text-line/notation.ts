import { tagFromBytes } from '../../gateway/core/tag.ts';

/** How a line writes the number of a card. */
export const NOTATIONS = ['hex', 'decimal', 'text'] as const;

export interface Notation {
	readonly notation: (typeof NOTATIONS)[number];
	/** Length of the canonical tag: shorter numbers get zeros in front. */
	readonly bytes?: number | undefined;
	/** The line begins with the last byte. */
	readonly reversed: boolean;
	/** `xor`: the last byte is the XOR of the others. */
	readonly checksum: 'none' | 'xor';
}

export type ReadTag =
	| { readonly result: 'tag'; readonly tag: string }
	/** A card that is none; why, in constant words. */
	| { readonly result: 'wrong'; readonly why: string };

/** The canonical tag of what stands in a line. */
export function tagOf(text: string, how: Notation): ReadTag {
	const bytes = bytesOf(text, how);
	if (bytes === undefined) return wrong('no number in this notation');
	const data = how.checksum === 'xor' ? checked(bytes) : bytes;
	if (data === undefined) return wrong('its checksum is wrong');
	const sized = how.bytes === undefined ? data : padded(data, how.bytes);
	if (sized === undefined || sized.length === 0) return wrong('longer than bytes says');
	return { result: 'tag', tag: tagFromBytes(how.reversed ? sized.toReversed() : sized) };
}

function bytesOf(text: string, { notation }: Notation): Uint8Array | undefined {
	switch (notation) {
		case 'hex':
			return /^[0-9A-Fa-f]+$/.test(text) ? fromHex(text) : undefined;
		case 'decimal':
			return /^\d{1,77}$/.test(text) ? fromHex(BigInt(text).toString(16)) : undefined;
		case 'text':
			return new TextEncoder().encode(text);
	}
}

function fromHex(digits: string): Uint8Array {
	return Uint8Array.fromHex(digits.length % 2 === 0 ? digits : `0${digits}`);
}

function checked(bytes: Uint8Array): Uint8Array | undefined {
	const isRight = bytes.length > 1 && bytes.reduce((sum, byte) => sum ^ byte, 0) === 0;
	return isRight ? bytes.subarray(0, -1) : undefined;
}

/** Zeros in front are no part of a number: they are added, and taken away, until the length fits. */
function padded(bytes: Uint8Array, length: number): Uint8Array | undefined {
	if (bytes.length > length)
		return bytes.subarray(0, -length).every((byte) => byte === 0) ? bytes.subarray(-length) : undefined;
	const filled = new Uint8Array(length);
	filled.set(bytes, length - bytes.length);
	return filled;
}

/** What a device with this notation writes for a tag; undefined when it has no such number. */
export function writeTag(tag: string, { notation, reversed, checksum }: Notation): string | undefined {
	const bytes = Uint8Array.fromHex(tag);
	const ordered = reversed ? bytes.toReversed() : bytes;
	const sum = ordered.reduce((left, byte) => left ^ byte, 0);
	const written = checksum === 'xor' ? Uint8Array.of(...ordered, sum) : ordered;
	switch (notation) {
		case 'hex':
			return written.toHex().toUpperCase();
		case 'decimal':
			return BigInt(`0x${written.toHex()}`).toString().padStart(10, '0');
		case 'text':
			return written.every((byte) => byte > 0x20 && byte < 0x7f) ? String.fromCharCode(...written) : undefined;
	}
}

function wrong(why: string): ReadTag {
	return { result: 'wrong', why };
}
