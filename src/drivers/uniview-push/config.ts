import { isIP } from 'node:net';
import { z } from 'zod';
import { assumedConfidenceField, cameraTimeZoneField, pushCameraFields } from '../push-camera/config.ts';

const address = z.string().refine((text) => isIP(text) !== 0, 'an address such as 10.0.0.21');
const port = z.int().min(1).max(65_535);

/** How the camera is asked to send its events to us; LAPI has no other way. */
const subscribeSchema = z.strictObject({
	host: address.describe("The camera's own address: what comes from there to /LAPI/ is its events"),
	port: port.default(80),
	login: z
		.strictObject({ username: z.string().min(1).max(64), password: z.string().min(1).max(128) })
		.describe('An account of the camera that may subscribe'),
	receiver: z
		.strictObject({ address, port })
		.describe('This gateway as the camera reaches it: the address and port of ingest.listen'),
	durationS: z.int().min(30).max(86_400).default(300).describe('A subscription lives so long unless renewed'),
});

/** One camera in `gateway.yaml`. */
export const univiewConfigSchema = z.strictObject({
	...pushCameraFields,
	driver: z.literal('uniview-push'),
	timeZone: cameraTimeZoneField,
	assumedConfidence: assumedConfidenceField,
	subscribe: subscribeSchema
		.optional()
		.describe('Absent: the camera or its recorder is set up by hand to post to /ingest/…'),
});
export type UniviewConfig = z.infer<typeof univiewConfigSchema>;
export type Subscription = z.infer<typeof subscribeSchema>;
