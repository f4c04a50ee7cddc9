import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import { stripJpeg } from '../../../../src/gateway/services/evidence/strip-jpeg.ts';
import { blurImage, treatImage } from '../../../../src/gateway/services/evidence/treat-image.ts';
import { metadataOf, noise, noiseJpeg, pixelsOf, solidJpeg } from '../../../support/images.ts';

async function keptOf(bytes: Uint8Array) {
	const treated = await treatImage(bytes);
	if (treated.result !== 'kept') throw new Error(`refused: ${treated.because}`);
	return treated;
}

/** A PNG that says it is of this size and holds next to nothing (W3C PNG, 11.2). */
function emptyPng(widthPx: number, heightPx: number): Buffer {
	const chunk = (type: string, data: Buffer) => {
		const length = Buffer.alloc(4);
		length.writeUInt32BE(data.length);
		// Readers look at the size before they look at checksums.
		return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
	};
	const header = Buffer.alloc(13);
	header.writeUInt32BE(widthPx, 0);
	header.writeUInt32BE(heightPx, 4);
	header.set([8, 2, 0, 0, 0], 8);
	const data = deflateSync(Buffer.alloc(1_000));
	const start = Buffer.from('89504e470d0a1a0a', 'hex');
	return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

describe('I15: a picture that came with a read', () => {
	it('is kept with the camera’s own coding and a small form', async () => {
		const camera = await noiseJpeg(1_280, 720);
		const { bytes, thumbnail, widthPx, heightPx, contentType } = await keptOf(camera);
		expect({ widthPx, heightPx, contentType }).toEqual({ widthPx: 1_280, heightPx: 720, contentType: 'image/jpeg' });
		expect((await pixelsOf(bytes)).data.equals((await pixelsOf(camera)).data)).toBe(true);
		expect(await metadataOf(thumbnail)).toMatchObject({
			format: 'jpeg',
			width: LIMITS.evidenceThumbnailPx,
			height: 180,
		});
	});

	it('loses places, serial numbers and comments, as JPEG and as PNG', async () => {
		const told = { IFD0: { Copyright: 'SERIAL-4711' }, IFD3: { GPSLatitude: '50/1 51/1 0/1', GPSLatitudeRef: 'N' } };
		const pictures = [
			await noise(64, 64).withExif(told).jpeg().toBuffer(),
			await noise(64, 64).withExif(told).png().toBuffer(),
			Buffer.from(solidJpeg('SERIAL-4711')),
		];
		for (const picture of pictures) {
			expect(picture.includes('SERIAL-4711')).toBe(true);
			const { bytes, thumbnail } = await keptOf(picture);
			for (const kept of [bytes, thumbnail]) {
				expect(Buffer.from(kept).includes('SERIAL-4711')).toBe(false);
				expect((await metadataOf(kept)).exif).toBeUndefined();
			}
		}
	});

	it('is turned as its metadata said before that is gone', async () => {
		const turned = await noise(80, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer();
		expect(await keptOf(turned)).toMatchObject({ widthPx: 40, heightPx: 80 });
	});

	it('loses what is appended: no second file hides in it', async () => {
		const archive = Buffer.from('PK\u0003\u0004<script>alert(1)</script>');
		for (const picture of [await noiseJpeg(32, 32), await noise(32, 32).png().toBuffer()]) {
			const { bytes } = await keptOf(Buffer.concat([picture, archive]));
			expect(Buffer.from(bytes).includes('<script>')).toBe(false);
		}
	});

	it('is refused when a small file unfolds to a huge picture', async () => {
		const bomb = emptyPng(60_000, 60_000);
		expect(bomb.length).toBeLessThan(200);
		expect(await treatImage(bomb)).toEqual({ result: 'refused', because: 'tooManyPixels' });
		const wide = await noise(6_000, 6_000).jpeg({ quality: 1 }).toBuffer();
		expect(await treatImage(wide)).toEqual({ result: 'refused', because: 'tooManyPixels' });
	});

	it('is refused when it is cut, damaged or too large', async () => {
		const whole = await noiseJpeg(320, 240);
		for (const share of [0.99, 0.5, 0.1]) {
			const cut = whole.subarray(0, Math.floor(whole.length * share));
			expect(await treatImage(cut)).toEqual({ result: 'refused', because: 'broken' });
		}
		const large = Buffer.concat([whole, Buffer.alloc(LIMITS.evidenceImageBytes)]);
		expect(await treatImage(large)).toEqual({ result: 'refused', because: 'tooLarge' });
		expect(await treatImage(emptyPng(10, 10))).toEqual({ result: 'refused', because: 'broken' });
	});

	it('is refused when it is no picture, whatever it is called', async () => {
		const others = [
			'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
			'<!doctype html><script>alert(1)</script>',
			'GIF89a',
			'RIFF\u0000\u0000\u0000\u0000WEBPVP8 ',
			'',
		];
		for (const text of others) expect(await treatImage(Buffer.from(text))).toMatchObject({ because: 'notAnImage' });
		// Begins like one, and goes on like a page.
		const half = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), Buffer.from('<script>alert(1)</script>')]);
		expect(await treatImage(half)).toEqual({ result: 'refused', because: 'broken' });
	});

	it('never breaks who looks at it, whatever bytes come', async () => {
		const [jpeg, png] = [await noiseJpeg(48, 32), await noise(48, 32).png().toBuffer()];
		const changes = fc.array(fc.tuple(fc.nat(20_000), fc.integer({ min: 0, max: 255 })), {
			minLength: 1,
			maxLength: 12,
		});
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(jpeg, png), changes, async (picture, damage) => {
				const bytes = Buffer.from(picture);
				for (const [at, value] of damage) bytes[at % bytes.length] = value;
				expect(['kept', 'refused']).toContain((await treatImage(bytes)).result);
				stripJpeg(bytes);
			}),
			{ numRuns: 60 },
		);
	});
});

describe('I15: blurring', () => {
	it('makes a part unreadable and leaves the rest', async () => {
		const camera = await noiseJpeg(400, 300);
		const blurred = await blurImage(camera, [{ x: 0.25, y: 0.5, width: 0.5, height: 0.2 }]);
		if (blurred.result !== 'kept') throw new Error(blurred.because);
		const [before, after] = [await pixelsOf(camera), await pixelsOf(blurred.bytes)];
		const differences = (left: number, top: number, right: number, bottom: number) => {
			let [sum, count] = [0, 0];
			for (let y = top; y < bottom; y += 1) {
				for (let at = (y * 400 + left) * 3; at < (y * 400 + right) * 3; at += 1, count += 1) {
					sum += Math.abs((before.data[at] ?? 0) - (after.data[at] ?? 0));
				}
			}
			return sum / count;
		};
		expect(differences(100, 150, 300, 210)).toBeGreaterThan(20);
		expect(differences(0, 0, 400, 140)).toBeLessThan(8);
	});

	it('leaves nothing of the whole but a few greys, in the small form too', async () => {
		const blurred = await blurImage(await noiseJpeg(400, 300), null);
		if (blurred.result !== 'kept') throw new Error(blurred.because);
		for (const bytes of [blurred.bytes, blurred.thumbnail]) {
			const { data, info } = await pixelsOf(bytes);
			let sharpest = 0;
			for (let at = 3; at < data.length; at += 3) {
				if ((at / 3) % info.width === 0) continue;
				sharpest = Math.max(sharpest, Math.abs((data[at] ?? 0) - (data[at - 3] ?? 0)));
			}
			expect(sharpest).toBeLessThan(16);
		}
	});

	it('takes areas at and beyond the edges', async () => {
		const camera = await noiseJpeg(50, 40);
		const areas = [
			{ x: 0, y: 0, width: 0.001, height: 0.001 },
			{ x: 0.9, y: 0.9, width: 5, height: 5 },
			{ x: 1, y: 1, width: 0, height: 0 },
		];
		expect(await blurImage(camera, areas)).toMatchObject({ result: 'kept', widthPx: 50, heightPx: 40 });
		expect(await blurImage(await noise(50, 40).png().toBuffer(), areas)).toMatchObject({ contentType: 'image/png' });
	});
});
