import { createRequire } from 'node:module';
import type { Sharp, SharpOptions } from 'sharp';
import { encodeSolidJpeg } from '../../src/drivers/push-camera/solid-jpeg.ts';

/** Makes pictures for tests; the program's own use of it stays in one place. */
const sharp = createRequire(import.meta.url)('sharp') as (input: Buffer, options?: SharpOptions) => Sharp;

/** A small JPEG of its own, as a simulated camera sends. */
export function solidJpeg(name: string): Uint8Array {
	return encodeSolidJpeg(64, 48, 120, name);
}

/** A picture full of noise: blurring it shows. */
export function noise(widthPx: number, heightPx: number, seed = 1): Sharp {
	const raw = Buffer.alloc(widthPx * heightPx * 3);
	let state = seed;
	for (let at = 0; at < raw.length; at += 1) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		raw[at] = state >>> 24;
	}
	return sharp(raw, { raw: { width: widthPx, height: heightPx, channels: 3 } });
}

export const noiseJpeg = (widthPx: number, heightPx: number, seed = 1): Promise<Buffer> =>
	noise(widthPx, heightPx, seed).jpeg({ quality: 80 }).toBuffer();

/** Its pixels, three bytes each. */
export function pixelsOf(bytes: Uint8Array) {
	return sharp(Buffer.from(bytes)).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
}

export function metadataOf(bytes: Uint8Array) {
	return sharp(Buffer.from(bytes)).metadata();
}
