import { z } from 'zod';
import { cameraInputFields, cameraTimeZoneField, pushCameraFields } from '../push-camera/config.ts';
import { cameraMacField } from '../push-camera/mac-address.ts';

/** How the camera is asked for plates whose pushes never came. */
const catchUpSchema = z.strictObject({
	host: z
		.string()
		.regex(/^[\w.:-]{1,253}$/, 'an address such as 10.0.0.21')
		.describe("The camera's own address"),
	port: z.int().min(1).max(65_535).default(80),
	login: z
		.strictObject({ username: z.string().min(1).max(64), password: z.string().min(1).max(128) })
		.describe('An account of the camera that may read its events; digest only'),
	channel: z.int().min(1).max(64).default(1),
	everyMinutes: z.number().min(0.1).max(1_440).default(5).describe('How often it is asked'),
	hours: z.number().min(0).max(48).default(1).describe('How far back it is asked first, after a start'),
});
export type CatchUpConfig = z.infer<typeof catchUpSchema>;

/** One camera in `gateway.yaml`. */
export const hikvisionConfigSchema = z
	.strictObject({
		...pushCameraFields,
		driver: z.literal('hikvision-push'),
		mac: cameraMacField,
		timeZone: cameraTimeZoneField,
		...cameraInputFields,
		catchUp: catchUpSchema.optional().describe('Absent: plates that were missed stay missed'),
	})
	.refine((camera) => camera.catchUp === undefined || camera.timeZone !== undefined, {
		path: ['timeZone'],
		error: "the camera's list tells its local time: write the zone of its clock, such as Europe/Brussels",
	});
export type HikvisionConfig = z.infer<typeof hikvisionConfigSchema>;
