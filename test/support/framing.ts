import fc from 'fast-check';
import { expect } from 'vitest';
import { type Found, type FrameSearch, isFrameError } from '../../src/drivers/frame-search.ts';

/** All that a search finds in these chunks, the end of the line included. */
export function foundIn<Frame>(search: FrameSearch<Frame>, chunks: readonly Uint8Array[]): readonly Found<Frame>[] {
	return [...chunks.flatMap((chunk) => search.push(chunk)), ...search.timeout()];
}

/** Bytes as a line carries them: whole frames, pieces of them, and noise. */
export function lineBytes(frames: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
	const frame = fc.constantFrom(...frames);
	const piece = fc
		.tuple(frame, fc.nat(40), fc.nat(40))
		.map(([bytes, from, length]) => bytes.slice(from, from + length));
	const damaged = fc.tuple(frame, fc.nat(1_000), fc.nat(255)).map(([bytes, at, value]) => {
		const other = bytes.slice();
		other[at % bytes.length] = value;
		return other;
	});
	const any = fc.oneof({ weight: 3, arbitrary: frame }, piece, damaged, fc.uint8Array({ maxLength: 40 }));
	return fc.array(any, { maxLength: 12 }).map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));
}

/** N9: any bytes, any chunks: nothing thrown, the same frames and errors, every offset within, and no more kept than given. */
export function expectSameInAnyChunks<Frame>(create: () => FrameSearch<Frame>, frames: readonly Uint8Array[]): void {
	const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 40 });
	fc.assert(
		fc.property(lineBytes(frames), cuts, (bytes, lengths) => {
			const chunks: Uint8Array[] = [];
			let at = 0;
			for (const length of lengths) {
				chunks.push(bytes.subarray(at, at + length));
				at += length;
			}
			chunks.push(bytes.subarray(at));
			const whole = foundIn(create(), [bytes]);
			expect(foundIn(create(), chunks)).toEqual(whole);
			for (const { offset } of whole) {
				expect(offset).toBeGreaterThanOrEqual(0);
				expect(offset).toBeLessThan(bytes.length);
			}
		}),
		{ numRuns: 300 },
	);
}

/** Hex as vectors write it, with spaces between its parts. */
export function bytesOf(hex: string): Uint8Array {
	return Uint8Array.fromHex(hex.replaceAll(' ', ''));
}

/** The one frame that these bytes are, whole. */
export function onlyFrame<Frame extends { readonly kind: string }>(search: FrameSearch<Frame>, hex: string): Frame {
	const [found, ...others] = foundIn(search, [bytesOf(hex)]);
	expect(others).toEqual([]);
	if (found === undefined || isFrameError(found.item)) throw new Error(`no frame: ${hex}`);
	return found.item;
}
