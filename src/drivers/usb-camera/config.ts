import { z } from 'zod';
import { LIMITS } from '../../gateway/core/limits.ts';

/** Each engine answers for itself, and all of them on the local network: plain HTTP. */
const url = z
	.string()
	.max(256)
	.regex(/^http:\/\/[\w.-]{1,253}(?::\d{1,5})?(?:\/[\w./-]*)?$/, 'an address such as http://10.0.0.5:8080')
	.refine((text) => URL.canParse(text), 'an address such as http://10.0.0.5:8080');

const common = {
	url: url.describe('Where the engine listens'),
	timeoutMs: z.int().min(200).max(8_000).default(3_000).describe('How long its answer to one still is waited for'),
	stills: z.int().min(1).max(10).default(3).describe('Most stills of one vehicle'),
	enough: z
		.number()
		.min(0)
		.max(1)
		.default(0.9)
		.describe('A plate read with this confidence ends the stills of its vehicle'),
};
const token = z
	.string()
	.min(1)
	.max(256)
	.regex(/^[\x21-\x7e]+$/, 'letters, digits and signs without spaces');

/** A field of the answer: names and, in lists, numbers. */
const answerPath = z
	.string()
	.max(128)
	.regex(/^\w{1,64}(?:\.\w{1,64}){0,7}$/, 'names and numbers with dots, such as results.0.plate');

const recognizer = z.discriminatedUnion('engine', [
	z.strictObject({
		engine: z.literal('platerecognizer').describe('Plate Recognizer Snapshot SDK'),
		...common,
		token: token.optional().describe('For installations that ask for one'),
		regions: z
			.array(z.string().regex(/^[a-z]{2}(?:-[a-z]{2,3})?$/, 'a region such as be'))
			.max(8)
			.optional()
			.describe('Countries whose plates are expected'),
	}),
	z.strictObject({
		engine: z.literal('codeproject-ai').describe('CodeProject.AI Server with an ALPR module'),
		...common,
	}),
	z.strictObject({
		engine: z.literal('http').describe('Any engine that takes a picture by POST and answers JSON'),
		...common,
		token: token.optional().describe('Sent as a bearer token'),
		field: z
			.string()
			.regex(/^[\w-]{1,64}$/, 'a name such as image')
			.optional()
			.describe('Field of a form that holds the picture; absent: the picture is the whole body'),
		plate: answerPath.describe('Where its answer tells the plate'),
		confidence: answerPath.optional().describe('Where it tells the confidence; absent: plates wait for a second still'),
		country: answerPath.optional().describe('Where it tells the country'),
		fullConfidence: z
			.union([z.literal(1), z.literal(100), z.literal(255)])
			.default(1)
			.describe('What it writes for certain'),
	}),
]);
export type RecognizerConfig = z.infer<typeof recognizer>;

const side = z.int().min(160).max(LIMITS.stillSidePx);

/** One camera in `gateway.yaml`. */
export const usbCameraConfigSchema = z.strictObject({
	id: z.string().regex(/^[a-zA-Z0-9-]{1,64}$/, 'an id of 1 to 64 letters, digits and dashes'),
	driver: z.literal('usb-camera'),
	port: z
		.string()
		.max(256)
		.regex(
			/^(?:\/dev\/v4l\/by-(?:id|path)\/[\w.:@+-]+|\/dev\/video\d{1,3}|sim:[\w-]{1,64})$/,
			'a camera such as /dev/v4l/by-id/…-video-index0, or sim:NAME',
		)
		.describe('The camera; a name below /dev/v4l/by-id/ or by-path/ stays'),
	format: z.enum(['mjpeg', 'yuyv']).default('mjpeg').describe('How the camera sends pictures'),
	size: z
		.strictObject({ width: side, height: side })
		.default({ width: 1_920, height: 1_080 })
		.describe('Of the picture, pixels; one that the camera has'),
	skipFrames: z.int().min(0).max(60).default(10).describe('Frames let by until the exposure is right'),
	recognizer: recognizer
		.optional()
		.describe('Engine that reads plates in its stills; absent: stills are evidence only'),
});
export type UsbCameraConfig = z.infer<typeof usbCameraConfigSchema>;
