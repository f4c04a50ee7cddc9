import { tagFromBits } from '../../gateway/core/tag.ts';
import { type CardBits, encodeWiegand, labelWiegand, readCard } from '../wiegand/card-bits.ts';
import type { BitRange, WiegandFormat } from '../wiegand/formats.ts';
import { REPORT_BYTES, type StrippedBits } from './frame.ts';

export type PcproxCard =
	| { readonly result: 'card'; readonly tag: string; readonly label?: string }
	/** In constant words. */
	| { readonly result: 'wrong'; readonly why: string };

/**
 * The card of the reader's buffer: one number, its lowest byte first, without the bits the reader takes away. With a
 * format of the card's whole length these are made anew, so that the card has the tag other readers give it.
 */
export function cardOf(
	buffer: Uint8Array,
	bitCount: number,
	stripped: StrippedBits,
	formats: readonly WiegandFormat[],
): PcproxCard {
	if (bitCount < 1 || bitCount > REPORT_BYTES * 8) return { result: 'wrong', why: 'no length a card can have' };
	const value = numberOf(buffer);
	if (value >> BigInt(bitCount) !== 0n) return { result: 'wrong', why: 'more bits than its length' };
	const { leading, trailing } = stripped;
	const all = bitsOf(value << BigInt(trailing), bitCount + leading + trailing);
	if (leading + trailing === 0) return checked(all, formats);
	const format = formats.find(({ bits }) => bits === all.bitCount);
	if (format === undefined) return { result: 'card', tag: tagOf(bitsOf(value, bitCount)) };
	return withParity(all, format);
}

/** All bits of the card came: its parity says whether it was read well. */
function checked(all: CardBits, formats: readonly WiegandFormat[]): PcproxCard {
	const reading = readCard(all, formats);
	if (reading.result === 'rejected') return { result: 'wrong', why: `wrong parity for ${reading.formats.join(', ')}` };
	return { result: 'card', tag: tagOf(all), ...(reading.label !== undefined && { label: reading.label }) };
}

function withParity(all: CardBits, format: WiegandFormat): PcproxCard {
	const number = fieldOf(all, format.number);
	const card = format.facility === undefined ? { number } : { facility: fieldOf(all, format.facility), number };
	const whole = encodeWiegand(format, card);
	if (whole === undefined) return { result: 'wrong', why: `no card of ${format.name}` };
	return { result: 'card', tag: tagOf(whole), label: labelWiegand(format, card) };
}

/** What the reader's buffer holds for a card; undefined when it is longer than the buffer. */
export function bufferOf(card: CardBits, { leading, trailing }: StrippedBits) {
	const bitCount = card.bitCount - leading - trailing;
	if (bitCount < 1 || bitCount > REPORT_BYTES * 8) return undefined;
	const spare = BigInt(card.bytes.length * 8 - card.bitCount);
	const whole = numberOf(card.bytes.toReversed()) >> spare;
	const data = (whole >> BigInt(trailing)) & ((1n << BigInt(bitCount)) - 1n);
	const buffer = new Uint8Array(REPORT_BYTES);
	buffer.forEach((_, at) => {
		buffer[at] = Number((data >> BigInt(8 * at)) & 0xffn);
	});
	return { buffer, bitCount };
}

/** The first byte is the lowest. */
function numberOf(bytes: Uint8Array): bigint {
	return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Left-justified, as cards are. */
function bitsOf(value: bigint, bitCount: number): CardBits {
	const bytes = new Uint8Array(Math.ceil(bitCount / 8));
	const justified = value << BigInt(bytes.length * 8 - bitCount);
	bytes.forEach((_, at) => {
		bytes[at] = Number((justified >> BigInt(8 * (bytes.length - 1 - at))) & 0xffn);
	});
	return { bytes, bitCount };
}

function fieldOf({ bytes, bitCount }: CardBits, [first, last]: BitRange): bigint {
	const whole = numberOf(bytes.toReversed()) >> BigInt(bytes.length * 8 - bitCount);
	return (whole >> BigInt(bitCount - 1 - last)) & ((1n << BigInt(last - first + 1)) - 1n);
}

function tagOf({ bytes, bitCount }: CardBits): string {
	return tagFromBits(bytes, bitCount);
}
