import type { Explained } from '../tag-readers/decode-capture.ts';
import { createListeningDialect, type ReaderDialect, type Taken } from '../tag-readers/dialect.ts';
import { readLine } from '../text-line/line-pattern.ts';
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

const SHOWN_LENGTH = 64;

const USUAL: LineMeaning = { notation: 'hex', reversed: false, checksum: 'none' };

export function patternOf({ pattern, notation }: LineMeaning): RegExp {
	return pattern === undefined ? WHOLE_LINE[notation] : new RegExp(pattern);
}

export function createAsciiLineDialect(config: LineMeaning): ReaderDialect<TextLine> {
	const pattern = patternOf(config);
	let other: string | undefined;
	return {
		...createListeningDialect((line: TextLine) => {
			const taken = takeLine(line, pattern, config);
			if (taken.isStray) other = line.text.slice(0, SHOWN_LENGTH);
			return taken;
		}),
		// Who writes a pattern wants to see what does not fit.
		identity: () => (other === undefined ? {} : { 'line that is no card': other }),
	};
}

function takeLine({ text, bytes }: TextLine, pattern: RegExp, how: Notation): Taken {
	const parts = readLine(pattern, text);
	if (parts === undefined) return { isStray: true };
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
	const { reads, rejected } = takeLine(line, WHOLE_LINE.hex, USUAL);
	return { fields: { text: line.text }, ...(reads && { reads }), ...(rejected !== undefined && { rejected }) };
}
