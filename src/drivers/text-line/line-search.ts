import type { Found, FrameSearch } from '../frame-search.ts';

export const STX = 0x02;
export const ETX = 0x03;
const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
/** Bytes of one error that are kept to be shown. */
const SHOWN_BYTES = 64;

/** One line of printable text, without what begins and ends it, trimmed. */
export interface TextLine {
	readonly kind: 'line';
	/** One character a byte: for other encodings see `bytes`. */
	readonly text: string;
	/** As it came, without what begins and ends it. */
	readonly bytes: Uint8Array;
}

export interface LineFormat {
	/** `STX`: what stands before an STX belongs to nothing. An STX begins a line in any case. */
	readonly start: 'none' | 'STX';
	/** `character`: CR, LF or ETX, or several of them. `silence`: a pause ends it. */
	readonly end: 'character' | 'silence';
	/** Characters; a longer line is given up as a whole. */
	readonly longest: number;
	/** `any`: bytes from 80 on are text too, of an encoding its driver knows. */
	readonly characters?: 'ascii' | 'any';
}

/** `skipping`: this line is spoilt, its rest belongs to nothing. */
type Mode = 'outside' | 'inside' | 'skipping';

/**
 * Finds lines of text. One byte that is no text spoils its line: what is left of a damaged line could be
 * taken for another card.
 */
export function createLineSearch(format: LineFormat): FrameSearch<TextLine> {
	const rest: Mode = format.start === 'STX' ? 'outside' : 'inside';
	let mode: Mode = rest;
	let bytes: number[] = [];
	/** Offset of the first of `bytes`, and of the next byte. */
	let from = 0;
	let at = 0;
	let found: Found<TextLine>[] = [];

	function take(byte: number): void {
		if (byte === STX) begin();
		else if (isEnd(byte)) end();
		else if (mode === 'inside') addText(byte);
		else addNoise(byte);
		at += 1;
	}

	function begin(): void {
		giveUp(mode === 'inside' ? 'unfinished' : 'noise');
		mode = 'inside';
		from = at + 1;
	}

	function isEnd(byte: number): boolean {
		return format.end === 'character' && (byte === CR || byte === LF || byte === ETX);
	}

	/** The bytes since the last end are a line, when they are one. */
	function end(): void {
		if (mode === 'inside') finish();
		else giveUp('noise');
		mode = rest;
		from = at + 1;
	}

	function finish(): void {
		const text = String.fromCharCode(...bytes).trim();
		if (text !== '') found.push({ offset: from, item: { kind: 'line', text, bytes: Uint8Array.from(bytes) } });
		bytes = [];
	}

	function addText(byte: number): void {
		// Devices begin with a NUL or two when they get power, and some end a line with more than one character.
		if (byte < 0x20 && byte !== TAB && bytes.length === 0) {
			from = at + 1;
			return;
		}
		bytes.push(byte);
		if (!isText(byte)) spoil('noise');
		else if (bytes.length > format.longest) spoil('overrun');
	}

	function isText(byte: number): boolean {
		if (byte === CR || byte === LF) return format.end === 'silence';
		const isHigh = byte >= 0x80 && format.characters === 'any';
		return byte === TAB || (byte >= 0x20 && byte < 0x7f) || isHigh;
	}

	function spoil(reason: string): void {
		giveUp(reason);
		mode = 'skipping';
	}

	/** Of the rest of a spoilt line nothing more is said. */
	function addNoise(byte: number): void {
		if (mode === 'skipping') return;
		if (bytes.length === 0) from = at;
		bytes.push(byte);
		if (bytes.length === SHOWN_BYTES) giveUp('noise');
	}

	function giveUp(reason: string): void {
		if (bytes.length > 0) {
			const shown = Uint8Array.from(bytes.slice(0, SHOWN_BYTES));
			found.push({ offset: from, item: { kind: 'frameError', reason, bytes: shown } });
		}
		bytes = [];
	}

	function taken(): readonly Found<TextLine>[] {
		const all = found;
		found = [];
		return all;
	}

	return {
		push(chunk) {
			for (const byte of chunk) take(byte);
			return taken();
		},
		timeout() {
			if (mode === 'inside' && format.end === 'silence') finish();
			else giveUp(mode === 'inside' ? 'timeout' : 'noise');
			mode = rest;
			from = at;
			return taken();
		},
		reset() {
			mode = rest;
			bytes = [];
			from = 0;
			at = 0;
			found = [];
		},
		partial: () => bytes.length > 0 || mode !== rest,
	};
}
