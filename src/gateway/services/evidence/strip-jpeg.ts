/**
 * A JPEG without what is not its picture: EXIF with places and serial numbers, comments, profiles, thumbnails, and whatever
 * follows its end. The picture's own bytes stay as the camera made them. Segments by ITU-T T.81, annex B.
 *
 * @returns undefined: no whole sequence of segments from SOI to EOI.
 */
export function stripJpeg(bytes: Uint8Array): Uint8Array | undefined {
	if (bytes[0] !== 0xff || bytes[1] !== SOI) return undefined;
	const kept: Uint8Array[] = [Uint8Array.of(0xff, SOI)];
	for (let at = 2; bytes[at] === 0xff; ) {
		const marker = bytes[at + 1];
		if (marker === EOI) return Buffer.concat([...kept, Uint8Array.of(0xff, EOI)]);
		// Any marker may be preceded by fill bytes (B.1.1.2).
		const end = marker === 0xff ? at + 1 : segmentEnd(bytes, at, marker);
		if (end === undefined) return undefined;
		if (marker !== 0xff) kept.push(...keptOf(marker, bytes.subarray(at, end)));
		at = end;
	}
	return undefined;
}

/** Behind a segment, and behind the coded data that follows the head of a scan. */
function segmentEnd(bytes: Uint8Array, at: number, marker: number | undefined): number | undefined {
	const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
	const end = at + 2 + length;
	if (marker === undefined || marker < FIRST_WITH_LENGTH || length < 2 || end > bytes.length) return undefined;
	return marker === SOS ? scanEnd(bytes, end) : end;
}

function keptOf(marker: number | undefined, segment: Uint8Array): readonly Uint8Array[] {
	if (marker === undefined || isPicture(marker)) return [segment];
	if (marker === APP0) return density(segment);
	return marker === APP14 && startsWith(segment, 'Adobe') ? [segment.subarray(0, ADOBE_BYTES)] : [];
}

const [SOI, EOI, SOS, APP0, APP14] = [0xd8, 0xd9, 0xda, 0xe0, 0xee];
const FIRST_WITH_LENGTH = 0xc0;
/** Marker, length and the twelve bytes that say how colours are coded. */
const ADOBE_BYTES = 16;

/** Frames, scans, tables and what they need: SOFn, DHT, DAC, SOS, DQT, DNL, DRI, DHP, EXP. */
function isPicture(marker: number): boolean {
	return (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8) || (marker >= SOS && marker <= 0xdf);
}

/** Coded data up to the next marker that is no restart and no escaped byte (B.1.1.5). */
function scanEnd(bytes: Uint8Array, from: number): number {
	for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
		const next = bytes[at + 1] ?? EOI;
		const isData = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7);
		if (!isData) return at;
	}
	return bytes.length;
}

/** JFIF 1.02: version, units and density, without the thumbnail that may follow. */
function density(segment: Uint8Array): readonly Uint8Array[] {
	if (!startsWith(segment, 'JFIF\0') || segment.length < 18) return [];
	return [Uint8Array.of(0xff, APP0, 0, 16), segment.subarray(4, 16), Uint8Array.of(0, 0)];
}

function startsWith(segment: Uint8Array, text: string): boolean {
	return Buffer.from(segment.subarray(4, 4 + text.length)).toString('latin1') === text;
}
