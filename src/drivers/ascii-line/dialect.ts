import type { Explained } from '../tag-readers/decode-capture.ts';
import type { ReaderDialect, Taken } from '../tag-readers/dialect.ts';
import { createLineDialect } from '../text-line/line-dialect.ts';
import { type LineParts, readLine } from '../text-line/line-pattern.ts';
import type { TextLine } from '../text-line/line-search.ts';
import type { AsciiLineConfig } from './config.ts';
import { type Notation, tagOf } from './notation.ts';

/** Whole lines, by their notation. */
const WHOLE_LINE: Readonly<Record<AsciiLineConfig['notation'], RegExp>> = {
	hex: /^(?<tag>[0-9A-Fa-f]{6,64})$/,
	decimal: /^(?<tag>[0-9]{4,40})$/,
	text: /^(?<tag>[!-~]{4,64})$/,
};

export type LineMeaning = Notation & { readonly pattern?: string | undefined };

const USUAL: LineMeaning = { notation: 'hex', reversed: false, checksum: 'none' };

export function patternOf({ pattern, notation }: LineMeaning): RegExp {
	return pattern === undefined ? WHOLE_LINE[notation] : new RegExp(pattern);
}

export function createAsciiLineDialect(config: LineMeaning): ReaderDialect<TextLine> {
	return createLineDialect(patternOf(config), (parts, line) => takeCard(parts, line, config));
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

/** A capture is read as whole lines of hex digits. */
export function explainLine(line: TextLine): Explained {
	const parts = readLine(WHOLE_LINE.hex, line.text);
	const { reads, rejected }: Taken = parts === undefined ? {} : takeCard(parts, line, USUAL);
	return { fields: { text: line.text }, ...(reads && { reads }), ...(rejected !== undefined && { rejected }) };
}
