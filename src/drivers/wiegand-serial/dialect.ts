import { tagFromBits } from '../../gateway/core/tag.ts';
import type { Explained } from '../tag-readers/decode-capture.ts';
import type { ReaderDialect, Taken } from '../tag-readers/dialect.ts';
import { createLineDialect } from '../text-line/line-dialect.ts';
import { type LineParts, readLine } from '../text-line/line-pattern.ts';
import type { TextLine } from '../text-line/line-search.ts';
import { readCard } from '../wiegand/card-bits.ts';
import { WIEGAND_FORMATS, type WiegandFormat } from '../wiegand/formats.ts';
import { type CardNotation, cardFromText, WHOLE_CARD_LINE } from './card-text.ts';
import type { WiegandSerialConfig } from './config.ts';

export type CardMeaning = Pick<WiegandSerialConfig, 'notation' | 'cards' | 'pattern'>;

export function patternOf({ pattern, notation }: CardMeaning): RegExp {
	return pattern === undefined ? WHOLE_CARD_LINE[notation] : new RegExp(pattern);
}

export function createWiegandSerialDialect(config: CardMeaning): ReaderDialect<TextLine> {
	const formats = config.cards.map((name) => WIEGAND_FORMATS[name]);
	return createLineDialect(patternOf(config), (parts, line) => takeCard(parts, line, config.notation, formats));
}

function takeCard(
	{ tag: text, antenna }: LineParts,
	{ bytes }: TextLine,
	notation: CardNotation,
	formats: readonly WiegandFormat[],
): Taken {
	const [format] = formats;
	if (format === undefined || !WHOLE_CARD_LINE[notation].test(text)) return { rejected: 'no card in this notation' };
	const card = cardFromText(text, notation, format);
	if (card === undefined) return { rejected: 'no card of the configured format' };
	const reading = readCard(card, formats);
	if (reading.result === 'rejected') return { rejected: `its parity is wrong for ${reading.formats.join(', ')}` };
	if (!formats.some(({ bits }) => bits === card.bitCount))
		return { rejected: 'no format of this length is configured' };
	const tag = tagFromBits(card.bytes, card.bitCount);
	const label = reading.label === undefined ? {} : { label: reading.label };
	return { reads: [{ tag, ...label, ...(antenna !== undefined && { antenna }), raw: bytes }] };
}

/** A capture tells no format: lines of bits are cards, whatever their parity. */
export function explainCardLine(line: TextLine): Explained {
	const parts = readLine(WHOLE_CARD_LINE.bits, line.text);
	const card = parts === undefined ? undefined : cardFromText(parts.tag, 'bits', WIEGAND_FORMATS.H10301);
	if (card === undefined) return { fields: { text: line.text } };
	const readings = Object.values(WIEGAND_FORMATS).map((format) => readCard(card, [format]));
	const formats = readings.flatMap((reading) =>
		reading.result === 'accepted' && reading.label !== undefined ? [reading.label] : [],
	);
	const read = { tag: tagFromBits(card.bytes, card.bitCount), raw: line.bytes };
	return { fields: { text: line.text, bits: card.bitCount, mayBe: formats }, reads: [read] };
}
