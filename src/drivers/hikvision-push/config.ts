import { z } from 'zod';
import { cameraInputFields, cameraTimeZoneField, pushCameraFields } from '../push-camera/config.ts';
import { parseMac } from './alert.ts';

/** One camera in `gateway.yaml`. */
export const hikvisionConfigSchema = z.strictObject({
	...pushCameraFields,
	driver: z.literal('hikvision-push'),
	mac: z
		.string()
		.refine((text) => parseMac(text) !== undefined, 'a MAC address such as 44:a6:42:f3:2a:d7')
		.optional()
		.describe("The camera's MAC address; events that tell another one, or none, are refused"),
	timeZone: cameraTimeZoneField,
	...cameraInputFields,
});
export type HikvisionConfig = z.infer<typeof hikvisionConfigSchema>;
