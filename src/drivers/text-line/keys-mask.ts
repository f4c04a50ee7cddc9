import { LIMITS } from '../../gateway/core/limits.ts';
import type { TrafficMask } from '../traffic-mask.ts';
import { CR, ETX, LF, type LineFormat, STX } from './line-search.ts';

/** A figure in hex or decimal, with the letters beside it: a key's complement (A5 for 5) gives the key away. */
const FIGURE = /[0-9A-Fa-f]*[0-9][0-9A-Fa-f]*/g;

/**
 * A line that is no card, as it may be shown: keypads behind a reader's line say each key, or a whole PIN, as a line of
 * their own. What is too long for a PIN stays, so that a pattern can be written for it.
 */
export function withoutKeys(text: string): string {
	return text.replaceAll(FIGURE, (figure) =>
		figure.length > LIMITS.pinDigitsMost ? figure : '*'.repeat(figure.length),
	);
}

/** Shows a line once it has ended: without keys unless it is a card. */
export function createKeysMask(
	{ end, longest, gapMs }: Pick<LineFormat, 'end' | 'longest'> & { readonly gapMs: number },
	isCard: (text: string) => boolean,
): TrafficMask {
	let line = '';

	function isEnd(byte: number): boolean {
		return byte === STX || (end === 'character' && (byte === CR || byte === LF || byte === ETX));
	}

	function shown(): string {
		const seen = isCard(line.trim()) ? line : withoutKeys(line);
		line = '';
		return seen;
	}

	function pass(byte: number): string {
		const character = String.fromCharCode(byte);
		if (isEnd(byte)) return shown() + character;
		line += character;
		return line.length > longest ? shown() : '';
	}

	return {
		push: (chunk) => chunksOf(Array.from(chunk, pass).join('')),
		held: { gapMs, take: () => chunksOf(shown()) },
	};
}

/** One character is one byte. */
function chunksOf(text: string): readonly Uint8Array[] {
	return text === '' ? [] : [Uint8Array.from(text, (character) => character.charCodeAt(0))];
}
