/** How much of evidence images is kept; the oldest go first. */
export interface EvidenceSettings {
	/** Of all files together; 0: none are kept. */
	readonly maxBytes: number;
	readonly maxImages: number;
}

/** A week of a site with two lanes and two pictures of 200 kB each vehicle; some percent of a small disk. */
export const DEFAULT_EVIDENCE: EvidenceSettings = { maxBytes: 4_294_967_296, maxImages: 50_000 };

/** Part of a picture, from its upper left corner; of its width and height, 0–1. */
export interface ImageArea {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** Why a picture that came is not kept. The read and its decision stand in any case. */
export const EVIDENCE_REFUSALS = [
	/** Neither JPEG nor PNG by its first bytes. */
	'notAnImage',
	'tooLarge',
	'tooManyPixels',
	/** It does not decode, or ends too early. */
	'broken',
	'timeout',
	/** Whoever looked at it died. */
	'crashed',
	/** Too many came at once. */
	'busy',
	/** No room within the limits: all is held, or the disk is nearly full. */
	'noRoom',
	/** The disk took no file, or the store no row. */
	'disk',
] as const;
export type EvidenceRefusal = (typeof EVIDENCE_REFUSALS)[number];
