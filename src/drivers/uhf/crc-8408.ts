const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
	let crc = byte;
	for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0x8408;
	return crc;
});

/** CRC-16 of several families of readers: polynomial 0x8408 reflected, start 0xFFFF, no final change (CRC-16/MCRF4XX). */
export function crc8408(bytes: Uint8Array, from = 0, to = bytes.length): number {
	let crc = 0xffff;
	for (let at = from; at < to; at++) crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
	return crc;
}
