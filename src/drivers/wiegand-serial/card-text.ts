import { type CardBits, decodeWiegand, encodeWiegand } from '../wiegand/card-bits.ts';
import type { BitRange, WiegandFormat } from '../wiegand/formats.ts';

/**
 * How a converter writes the bits of a card. `bits`: all of them as 0 and 1. `hex`: all of them as one number, in hex.
 * `data-hex`, `data-decimal`: without the parity bits, which the converter checked. `facility-number`: the figures on
 * the card.
 */
export const CARD_NOTATIONS = ['bits', 'hex', 'data-hex', 'data-decimal', 'facility-number'] as const;

export type CardNotation = (typeof CARD_NOTATIONS)[number];

/** Whole lines, by their notation. */
export const WHOLE_CARD_LINE: Readonly<Record<CardNotation, RegExp>> = {
	bits: /^(?<tag>[01]{24,128})$/,
	hex: /^(?<tag>[0-9A-Fa-f]{6,32})$/,
	'data-hex': /^(?<tag>[0-9A-Fa-f]{6,32})$/,
	'data-decimal': /^(?<tag>\d{4,24})$/,
	'facility-number': /^(?<tag>\d{1,10}[-,;:/ ]\d{1,12})$/,
};

/** @param format of the site's cards; `bits` tells its length by itself. Undefined: it can be no such card. */
export function cardFromText(text: string, notation: CardNotation, format: WiegandFormat): CardBits | undefined {
	switch (notation) {
		case 'bits':
			return bitsOf(text);
		case 'hex':
			return wholeNumber(BigInt(`0x${text}`), format.bits);
		case 'data-hex':
			return fromData(BigInt(`0x${text}`), format);
		case 'data-decimal':
			return fromData(BigInt(text), format);
		case 'facility-number': {
			const [facility = '', number = ''] = text.split(/[-,;:/ ]/);
			return encodeWiegand(format, { facility: BigInt(facility), number: BigInt(number) });
		}
	}
}

/** What a converter with this notation writes; undefined when it cannot write such a card. */
export function textFromCard(card: CardBits, notation: CardNotation, format: WiegandFormat): string | undefined {
	const all = bitText(card);
	if (notation === 'bits') return all;
	if (card.bitCount !== format.bits) return undefined;
	if (notation === 'hex') return hexOf(BigInt(`0b${all}`), format.bits);
	const reading = decodeWiegand(format, card);
	if (reading.result !== 'card') return undefined;
	const { facility, number } = reading.card;
	if (notation === 'facility-number') return facility === undefined ? undefined : `${facility},${number}`;
	const data = ((facility ?? 0n) << BigInt(widthOf(format.number))) | number;
	return notation === 'data-hex' ? hexOf(data, dataBits(format)) : data.toString().padStart(10, '0');
}

function bitsOf(text: string): CardBits {
	const bytes = new Uint8Array(Math.ceil(text.length / 8));
	[...text].forEach((bit, at) => {
		if (bit === '1') bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (0x80 >> (at & 7));
	});
	return { bytes, bitCount: text.length };
}

function bitText({ bytes, bitCount }: CardBits): string {
	return Array.from({ length: bitCount }, (_, at) => (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1 ? '1' : '0')).join(
		'',
	);
}

/** The last bit sent is the lowest. */
function wholeNumber(value: bigint, bits: number): CardBits | undefined {
	return value >> BigInt(bits) === 0n ? bitsOf(value.toString(2).padStart(bits, '0')) : undefined;
}

/** Facility code and number as one number; the parity bits are made anew. */
function fromData(data: bigint, format: WiegandFormat): CardBits | undefined {
	const width = BigInt(widthOf(format.number));
	const number = data & ((1n << width) - 1n);
	const rest = data >> width;
	if (format.facility === undefined) return rest === 0n ? encodeWiegand(format, { number }) : undefined;
	return encodeWiegand(format, { facility: rest, number });
}

function dataBits({ facility, number }: WiegandFormat): number {
	return widthOf(number) + (facility === undefined ? 0 : widthOf(facility));
}

function widthOf([first, last]: BitRange): number {
	return last - first + 1;
}

function hexOf(value: bigint, bits: number): string {
	return value
		.toString(16)
		.toUpperCase()
		.padStart(Math.ceil(bits / 4), '0');
}
