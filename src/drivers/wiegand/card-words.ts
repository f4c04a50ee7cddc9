import { parseTag } from '../../gateway/core/tag.ts';
import { type CardBits, encodeWiegand } from './card-bits.ts';
import { WIEGAND_FORMATS } from './formats.ts';

/** A card as people name it: `26:9ADDDF00`, or its format and figures such as `H10301 53 48062`; undefined when it is none. */
export function cardFromWords(words: string): CardBits | undefined {
	const [first = '', ...figures] = words.trim().split(/\s+/);
	const format = Object.values(WIEGAND_FORMATS).find(({ name }) => name === first);
	if (format === undefined) return cardFromTag(first);
	if (figures.length === 0 || figures.length > 2 || !figures.every((figure) => /^\d{1,20}$/.test(figure)))
		return undefined;
	const number = BigInt(figures.at(-1) ?? 0);
	return encodeWiegand(format, figures.length === 2 ? { facility: BigInt(figures[0] ?? 0), number } : { number });
}

function cardFromTag(text: string): CardBits | undefined {
	const tag = parseTag(text);
	if (tag === undefined) return undefined;
	const [count, hex = ''] = tag.includes(':') ? tag.split(':') : [undefined, tag];
	const bytes = Uint8Array.fromHex(hex);
	return { bytes, bitCount: count === undefined ? bytes.length * 8 : Number(count) };
}
