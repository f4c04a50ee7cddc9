import { z } from 'zod';
import { assumedConfidenceField, cameraTimeZoneField, pushCameraFields } from '../push-camera/config.ts';

/** One camera in `gateway.yaml`. */
export const milesightConfigSchema = z.strictObject({
	...pushCameraFields,
	driver: z.literal('milesight-push'),
	timeZone: cameraTimeZoneField,
	assumedConfidence: assumedConfidenceField,
});
export type MilesightConfig = z.infer<typeof milesightConfigSchema>;
