import { codeName } from './directory/code-text.ts';
import { parseTag, type TagValue } from './tag.ts';

/**
 * The text of a code that a reader told as if it were a tag: OSDP readers send its characters as RAW bits, eight each
 * (`24:414243` is `ABC`), others the text itself. Ends of lines that readers add do not count.
 * @returns undefined when it is no text.
 */
export function scannedText(tag: TagValue): string | undefined {
	const [, bits, hex] = /^(\d{1,4}):((?:[0-9A-F]{2})+)$/.exec(tag) ?? [];
	if (hex === undefined) return printable(tag);
	if (Number(bits) !== hex.length * 4) return undefined;
	return printable(Array.from(Uint8Array.fromHex(hex), (byte) => String.fromCharCode(byte)).join(''));
}

/** Shorter cards may have bits that all happen to be letters. */
const CARD_BITS = 64;

/** Whether what a reader told is the text of a code and no card's number: whoever carries such a code opens by it, once it is known. */
export function isCodeText(tag: TagValue): boolean {
	const bits = /^(\d{1,4}):/.exec(tag)?.[1];
	const isCard = bits === undefined ? parseTag(tag) === tag : Number(bits) < CARD_BITS;
	return !isCard && scannedText(tag) !== undefined;
}

/** What a read that is nobody's is called in logs: a card by its number, a code by its end. */
export function tagName(tag: TagValue): string {
	return isCodeText(tag) ? codeName('qr', scannedText(tag) ?? '') : tag;
}

function printable(text: string): string | undefined {
	const trimmed = text.replace(/[\r\n\0]+$/, '');
	return /^[\x20-\x7e]+$/.test(trimmed) ? trimmed : undefined;
}
