import { z } from 'zod';
import { cameraSerialField, cameraTimeZoneField, pushCameraFields } from '../push-camera/config.ts';

/** One camera in `gateway.yaml`. */
export const dahuaConfigSchema = z.strictObject({
	...pushCameraFields,
	driver: z.literal('dahua-push'),
	serial: cameraSerialField.describe("The camera's DeviceID; events that tell another one, or none, are refused"),
	address: z
		.union([z.ipv4(), z.ipv6()])
		.optional()
		.describe('Address of a camera that posts to /NotificationInfo/, whatever path it is given'),
	timeZone: cameraTimeZoneField,
	confidenceScale: z
		.union([z.literal(100), z.literal(255)])
		.optional()
		.describe('What the firmware writes for certain; without it values over 100 are taken on the scale to 255'),
});
export type DahuaConfig = z.infer<typeof dahuaConfigSchema>;
