import { parseTag } from '../../gateway/core/tag.ts';
import type { Explained } from '../tag-readers/decode-capture.ts';
import type { ReaderDialect, Taken } from '../tag-readers/dialect.ts';
import { createLineDialect } from './line-dialect.ts';
import { type LineParts, readLine } from './line-pattern.ts';
import type { TextLine } from './line-search.ts';
import { type Notation, tagOf, writeTag } from './notation.ts';

/** Whole lines, by their notation. */
const WHOLE_LINE: Readonly<Record<Notation['notation'], RegExp>> = {
	hex: /^(?<tag>[0-9A-Fa-f]{6,64})$/,
	decimal: /^(?<tag>[0-9]{4,40})$/,
	text: /^(?<tag>[!-~]{4,64})$/,
};

/** What lines mean, as `cardFields` of an entry say it. */
export type LineMeaning = Notation & { readonly pattern?: string | undefined };

const USUAL: LineMeaning = { notation: 'hex', reversed: false, checksum: 'none' };

export function patternOf({ pattern, notation }: LineMeaning): RegExp {
	return pattern === undefined ? WHOLE_LINE[notation] : new RegExp(pattern);
}

/** A reader that says each card as a line. */
export function createCardLineDialect(meaning: LineMeaning): ReaderDialect<TextLine> {
	return createLineDialect(patternOf(meaning), (parts, line) => takeCard(parts, line, meaning));
}

function takeCard(parts: LineParts, { bytes }: TextLine, how: Notation): Taken {
	const read = tagOf(parts.tag, how);
	if (read.result === 'wrong') return { rejected: read.why };
	return { reads: [{ ...parts, tag: read.tag, ...labelOf(parts.tag, how), raw: bytes }] };
}

/** Hex digits are the tag already; other notations are what people find printed on the card. */
function labelOf(text: string, { notation }: Notation): { readonly label?: string } {
	return notation === 'hex' ? {} : { label: text };
}

/** A capture of an unknown reader is read as whole lines of hex digits. */
export function explainLine(line: TextLine, meaning: LineMeaning = USUAL): Explained {
	const parts = readLine(patternOf(meaning), line.text);
	const { reads, rejected }: Taken = parts === undefined ? {} : takeCard(parts, line, meaning);
	return { fields: { text: line.text }, ...(reads && { reads }), ...(rejected !== undefined && { rejected }) };
}

/** What a reader with this meaning writes of a card; undefined when nothing would be that card. */
export function cardText(meaning: LineMeaning, words: string): string | undefined {
	const tag = parseTag(words);
	const text = tag === undefined || tag.includes(':') ? undefined : writeTag(tag, meaning);
	return text !== undefined && readLine(patternOf(meaning), text) !== undefined ? text : undefined;
}
