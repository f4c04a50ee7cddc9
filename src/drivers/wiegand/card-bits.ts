import type { BitRange, ParityRule, WiegandFormat } from './formats.ts';

/** Bits of a card, left-justified, most significant (first sent) first, as OSDP RAW carries them. */
export interface CardBits {
	readonly bytes: Uint8Array;
	readonly bitCount: number;
}

/** What a format finds in a card's bits. */
export interface WiegandCard {
	readonly facility?: bigint;
	readonly number: bigint;
}

export type WiegandReading =
	| { readonly result: 'card'; readonly card: WiegandCard }
	/** A misread: never a card that is let in with less confidence. */
	| { readonly result: 'parityError' }
	| { readonly result: 'otherLength' };

export function decodeWiegand(format: WiegandFormat, bits: CardBits): WiegandReading {
	if (bits.bitCount !== format.bits || bits.bytes.length * 8 < format.bits) return { result: 'otherLength' };
	if (!format.parity.every((rule) => parityHolds(rule, bits.bytes))) return { result: 'parityError' };
	const number = readField(bits.bytes, format.number);
	if (format.facility === undefined) return { result: 'card', card: { number } };
	return { result: 'card', card: { facility: readField(bits.bytes, format.facility), number } };
}

/** @returns undefined when a figure does not fit its field, or a facility code is given to a format without one. */
export function encodeWiegand(format: WiegandFormat, card: WiegandCard): CardBits | undefined {
	const bytes = new Uint8Array(Math.ceil(format.bits / 8));
	if (!writeField(bytes, format.number, card.number)) return undefined;
	if (format.facility === undefined) {
		if (card.facility !== undefined) return undefined;
	} else if (!writeField(bytes, format.facility, card.facility ?? 0n)) return undefined;
	for (const rule of format.parity) {
		if (!parityHolds(rule, bytes)) setBit(bytes, rule.at);
	}
	return { bytes, bitCount: format.bits };
}

/** What a person finds printed on the card: `H10301 FC 53 CN 48062`, `H10302 CN 12345678901`, `raw32 04A1B2C3`. */
export function labelWiegand(format: WiegandFormat, card: WiegandCard): string {
	if (format.uid) return `${format.name} ${hexOf(card.number, format.bits)}`;
	const facility = card.facility === undefined ? '' : ` FC ${card.facility}`;
	return `${format.name}${facility} CN ${card.number}`;
}

export type CardReading =
	| { readonly result: 'accepted'; readonly label?: string }
	| { readonly result: 'rejected'; readonly formats: readonly string[] };

/**
 * Reads a card by the formats a site configured: the first of the card's length whose parity holds
 * names it; when there are such formats and none holds, the read is rejected. Another length is
 * accepted without a label.
 */
export function readCard(bits: CardBits, formats: readonly WiegandFormat[]): CardReading {
	const failed: string[] = [];
	for (const format of formats) {
		const reading = decodeWiegand(format, bits);
		if (reading.result === 'card') return { result: 'accepted', label: labelWiegand(format, reading.card) };
		if (reading.result === 'parityError') failed.push(format.name);
	}
	return failed.length === 0 ? { result: 'accepted' } : { result: 'rejected', formats: failed };
}

function hexOf(value: bigint, bits: number): string {
	return value
		.toString(16)
		.toUpperCase()
		.padStart(bits / 4, '0');
}

function parityHolds(rule: ParityRule, bytes: Uint8Array): boolean {
	let ones = bitAt(bytes, rule.at);
	for (const bit of rule.over) ones += bitAt(bytes, bit);
	return ones % 2 === (rule.kind === 'odd' ? 1 : 0);
}

function bitAt(bytes: Uint8Array, bit: number): 0 | 1 {
	return ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) === 0 ? 0 : 1;
}

function setBit(bytes: Uint8Array, bit: number): void {
	bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
}

function readField(bytes: Uint8Array, [first, last]: BitRange): bigint {
	let value = 0n;
	for (let bit = first; bit <= last; bit += 1) value = (value << 1n) | BigInt(bitAt(bytes, bit));
	return value;
}

function writeField(bytes: Uint8Array, [first, last]: BitRange, value: bigint): boolean {
	if (value < 0n || value >> BigInt(last - first + 1) !== 0n) return false;
	for (let bit = last, rest = value; bit >= first; bit -= 1, rest >>= 1n) {
		if ((rest & 1n) === 1n) setBit(bytes, bit);
	}
	return true;
}
