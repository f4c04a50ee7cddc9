/**
 * A small valid picture: baseline JPEG (ITU-T T.81), grey, one level all over, with a comment that makes
 * its bytes its own. For simulated cameras, whose evidence must go the same way as real pictures.
 *
 * @param level 1 black to 255 white.
 */
export function encodeSolidJpeg(widthPx: number, heightPx: number, level: number, comment: string): Uint8Array {
	const text = Buffer.from(comment, 'utf8').subarray(0, 1_000);
	return Buffer.concat([
		Buffer.of(0xff, 0xd8),
		segment(0xe0, Buffer.from('4a46494600010100000100010000', 'hex')),
		segment(0xfe, text),
		// Quantisation: 8 for every coefficient, so one DC step is one grey level.
		segment(0xdb, Buffer.concat([Buffer.of(0), Buffer.alloc(64, 8)])),
		segment(0xc0, Buffer.of(8, heightPx >> 8, heightPx & 0xff, widthPx >> 8, widthPx & 0xff, 1, 1, 0x11, 0)),
		// Huffman codes, DC: the length of the difference in four bits. AC: `0` end of block.
		segment(0xc4, codeTable(0x00, [0, 0, 0, 9], [0, 1, 2, 3, 4, 5, 6, 7, 8])),
		segment(0xc4, codeTable(0x10, [1], [0])),
		segment(0xda, Buffer.of(1, 1, 0x00, 0, 63, 0)),
		encodeBlocks(Math.ceil(widthPx / 8) * Math.ceil(heightPx / 8), level),
		Buffer.of(0xff, 0xd9),
	]);
}

function segment(marker: number, content: Uint8Array): Buffer {
	const length = content.length + 2;
	return Buffer.concat([Buffer.of(0xff, marker, length >> 8, length & 0xff), content]);
}

/** T.81, B.2.4.2: how many codes have 1, 2, … bits, and what they stand for. */
function codeTable(id: number, counts: readonly number[], values: readonly number[]): Buffer {
	const lengths = Buffer.alloc(16);
	lengths.set(counts);
	return Buffer.concat([Buffer.of(id), lengths, Buffer.from(values)]);
}

/** The first block carries the level as its difference from mid-grey, the others repeat it (T.81, F.1.2.1). */
function encodeBlocks(blocks: number, level: number): Buffer {
	const difference = level - 128;
	const length = Math.abs(difference).toString(2).length * Math.abs(Math.sign(difference));
	const value = difference < 0 ? difference + 2 ** length - 1 : difference;
	const valueBits = length === 0 ? '' : value.toString(2).padStart(length, '0');
	const bits = `${length.toString(2).padStart(4, '0')}${valueBits}0${'00000'.repeat(blocks - 1)}`;
	const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
	const bytes = (padded.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
	// A data byte FF is followed by 00 (T.81, F.1.2.3).
	return Buffer.from(bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])));
}
