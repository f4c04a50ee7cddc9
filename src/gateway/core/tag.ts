/**
 * Canonical text of a tag, the value credentials are matched by.
 *
 * Bit-oriented cards (Wiegand, OSDP RAW): `<bit count>:<bits left-justified, upper-case hex>`, parity
 * bits included, unused bits of the last byte zero; for example `26:9ADDDF00`. Byte-oriented tags
 * (EM4100, ISO 14443 UID, EPC): upper-case hex alone, for example `0F0368568B`.
 */
export type TagValue = string;

/**
 * @param bits bytes holding `bitCount` bits, left-justified, most significant first (OSDP RAW order);
 * @returns the canonical value; bits beyond `bitCount` are cleared so that sloppy readers still match.
 */
export function tagFromBits(bits: Uint8Array, bitCount: number): TagValue {
	const used = bits.slice(0, Math.ceil(bitCount / 8));
	const spare = used.length * 8 - bitCount;
	const last = used.at(-1);
	if (last !== undefined && spare > 0) used[used.length - 1] = last & (0xff << spare);
	return `${bitCount}:${toHex(used)}`;
}

export function tagFromBytes(bytes: Uint8Array): TagValue {
	return toHex(bytes);
}

const TAG = /^(?:(\d{1,4}):)?((?:[0-9A-F]{2}){1,128})$/;

/** Accepts what a person types (spaces, dashes, colons between bytes, lower case); undefined when it is no tag. */
export function parseTag(text: string): TagValue | undefined {
	const compact = text.trim().toUpperCase().replace(/[\s-]/g, '');
	const direct = TAG.exec(compact);
	const match = direct ?? TAG.exec(compact.replaceAll(':', ''));
	if (match === null) return undefined;
	const [, bitCount, hex = ''] = match;
	if (bitCount === undefined) return hex;
	const bytes = Uint8Array.fromHex(hex);
	const count = Number(bitCount);
	return count > 0 && Math.ceil(count / 8) === bytes.length ? tagFromBits(bytes, count) : undefined;
}

function toHex(bytes: Uint8Array): string {
	return bytes.toHex().toUpperCase();
}
