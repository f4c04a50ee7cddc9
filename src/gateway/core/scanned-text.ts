import type { TagValue } from './tag.ts';

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

function printable(text: string): string | undefined {
	const trimmed = text.replace(/[\r\n\0]+$/, '');
	return /^[\x20-\x7e]+$/.test(trimmed) ? trimmed : undefined;
}
