import { createHash } from 'node:crypto';
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import type { EvidenceRefusal, ImageArea } from '../../core/evidence.ts';
import { LIMITS } from '../../core/limits.ts';
import type { PortraitAnswer } from './image-messages.ts';
import { stripJpeg } from './strip-jpeg.ts';

export type ImageType = 'image/jpeg' | 'image/png';

/** A picture as it is kept, and its small form (JPEG). */
export interface TreatedImage {
	readonly contentType: ImageType;
	readonly bytes: Uint8Array;
	/** SHA-256 of `bytes`, hex. */
	readonly sha256: string;
	readonly thumbnail: Uint8Array;
	readonly widthPx: number;
	readonly heightPx: number;
}

export type Treated =
	| ({ readonly result: 'kept' } & TreatedImage)
	| { readonly result: 'refused'; readonly because: EvidenceRefusal };

// Of the many formats of the library only these two are read: less code meets bytes of strangers.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng'] });
sharp.cache(false);
sharp.concurrency(1);

const READ = { limitInputPixels: LIMITS.evidencePixels, failOn: 'error', sequentialRead: true } as const;
const TIMEOUT = { seconds: Math.ceil(LIMITS.evidenceTreatMs / 2_000) };
const JPEG = { quality: 90 };
const THUMBNAIL_JPEG = { quality: 72 };
/** Cells along the longer side of what is blurred: a plate of eight characters leaves four greys. */
const BLUR_CELLS = 4;

/** Checks a picture and takes out what is not picture: places, serial numbers, comments, what is appended. */
export async function treatImage(bytes: Uint8Array): Promise<Treated> {
	const contentType = imageType(bytes);
	if (contentType === undefined) return refused('notAnImage');
	if (bytes.length > LIMITS.evidenceImageBytes) return refused('tooLarge');
	try {
		const { width, height, orientation = 1, space } = await sharp(bytes, READ).metadata();
		if (width * height > LIMITS.evidencePixels) return refused('tooManyPixels');
		// Turned by their metadata, or in colours that browsers show wrongly: coded anew. Others keep the camera's own coding.
		const isPlain = contentType === 'image/jpeg' && orientation <= 1 && (space === 'srgb' || space === 'b-w');
		const clean = isPlain ? stripJpeg(bytes) : await encode(sharp(bytes, READ).autoOrient(), contentType);
		return clean === undefined ? refused('broken') : await kept(clean, contentType);
	} catch (error) {
		return refused(refusalOf(error));
	}
}

/** A photo that somebody took: upright, within LIMITS.photoSidePx, coded anew without anything but its pixels. */
export async function treatPhoto(bytes: Uint8Array): Promise<Treated> {
	if (imageType(bytes) === undefined) return refused('notAnImage');
	if (bytes.length > LIMITS.photoBytes) return refused('tooLarge');
	try {
		const { width, height } = await sharp(bytes, READ).metadata();
		if (width * height > LIMITS.evidencePixels) return refused('tooManyPixels');
		const side = LIMITS.photoSidePx;
		const small = sharp(bytes, READ)
			.autoOrient()
			.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
			.flatten({ background: '#fff' });
		return await kept(await encode(small, 'image/jpeg'), 'image/jpeg');
	} catch (error) {
		return refused(refusalOf(error));
	}
}

/** A picture of a person: upright, its middle as a square of LIMITS.portraitSidePx, coded anew (JPEG) without anything but its pixels. */
export async function treatPortrait(bytes: Uint8Array): Promise<PortraitAnswer> {
	if (imageType(bytes) === undefined) return refusedAs('notAnImage');
	if (bytes.length > LIMITS.portraitBytes) return refusedAs('tooLarge');
	try {
		const { width, height } = await sharp(bytes, READ).metadata();
		if (width * height > LIMITS.evidencePixels) return refusedAs('tooManyPixels');
		const side = LIMITS.portraitSidePx;
		const square = sharp(bytes, READ)
			.autoOrient()
			.resize({ width: side, height: side, fit: 'cover' })
			.flatten({ background: '#fff' });
		return { result: 'portrait', bytes: await encode(square, 'image/jpeg') };
	} catch (error) {
		return refusedAs(refusalOf(error));
	}
}

/** @param areas what is made unreadable; null: the whole. What was there can not be got back from the result. */
export async function blurImage(bytes: Uint8Array, areas: readonly ImageArea[] | null): Promise<Treated> {
	const contentType = imageType(bytes);
	if (contentType === undefined) return refused('notAnImage');
	try {
		const { data, info } = await sharp(bytes, READ).removeAlpha().raw().toBuffer({ resolveWithObject: true });
		const raw = { width: info.width, height: info.height, channels: info.channels };
		const patches: OverlayOptions[] = [];
		for (const area of areas ?? [{ x: 0, y: 0, width: 1, height: 1 }]) {
			const { left, top, width, height } = pixelsOf(area, info);
			const cells = { width: cellsOf(width, height), height: cellsOf(height, width), fit: 'fill' as const };
			const coarse = await sharp(data, { raw }).extract({ left, top, width, height }).resize(cells).png().toBuffer();
			const smooth = await sharp(coarse).resize({ width, height, fit: 'fill', kernel: 'cubic' }).png().toBuffer();
			patches.push({ input: smooth, left, top });
		}
		return await kept(await encode(sharp(data, { raw }).composite(patches), contentType), contentType);
	} catch (error) {
		return refused(refusalOf(error));
	}
}

/** By the first bytes: PNG (W3C, 5.2), JPEG (T.81). */
function imageType(bytes: Uint8Array): ImageType | undefined {
	const start = Buffer.from(bytes.subarray(0, 8)).toString('hex');
	if (start === '89504e470d0a1a0a') return 'image/png';
	return start.startsWith('ffd8ff') ? 'image/jpeg' : undefined;
}

/** Decodes it wholly: what does not decode throws here. */
async function kept(bytes: Uint8Array, contentType: ImageType): Promise<Treated> {
	const side = LIMITS.evidenceThumbnailPx;
	const { width, height } = await sharp(bytes, READ).metadata();
	const thumbnail = await sharp(bytes, READ)
		.timeout(TIMEOUT)
		.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
		.flatten({ background: '#fff' })
		.jpeg(THUMBNAIL_JPEG)
		.toBuffer();
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	return { result: 'kept', contentType, bytes, sha256, thumbnail, widthPx: width, heightPx: height };
}

function encode(image: Sharp, contentType: ImageType): Promise<Uint8Array> {
	const timed = image.timeout(TIMEOUT).toColourspace('srgb');
	return contentType === 'image/png' ? timed.png().toBuffer() : timed.jpeg(JPEG).toBuffer();
}

/** Rounded outward: no row of pixels at an edge is left. */
function pixelsOf({ x, y, width, height }: ImageArea, of: { readonly width: number; readonly height: number }) {
	const within = (value: number, largest: number) => Math.min(Math.max(value, 0), largest);
	const left = within(Math.floor(x * of.width), of.width - 1);
	const top = within(Math.floor(y * of.height), of.height - 1);
	const right = within(Math.ceil((x + width) * of.width), of.width);
	const bottom = within(Math.ceil((y + height) * of.height), of.height);
	return { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

function cellsOf(side: number, other: number): number {
	return Math.min(side, Math.max(1, Math.round((BLUR_CELLS * side) / Math.max(side, other))));
}

function refusedAs(because: EvidenceRefusal): Extract<PortraitAnswer, { readonly result: 'refused' }> {
	return { result: 'refused', because };
}

function refused(because: EvidenceRefusal): Treated {
	return { result: 'refused', because };
}

/** The library tells its reasons as text only. */
function refusalOf(error: unknown): EvidenceRefusal {
	const message = error instanceof Error ? error.message : String(error);
	if (/pixel limit/i.test(message)) return 'tooManyPixels';
	return /timeout/i.test(message) ? 'timeout' : 'broken';
}
