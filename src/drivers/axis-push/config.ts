import { z } from 'zod';
import {
	assumedConfidenceField,
	cameraSerialField,
	cameraTimeZoneField,
	pushCameraFields,
} from '../push-camera/config.ts';

/** One camera in `gateway.yaml`. */
export const axisConfigSchema = z.strictObject({
	...pushCameraFields,
	driver: z.literal('axis-push'),
	serial: cameraSerialField,
	timeZone: cameraTimeZoneField,
	assumedConfidence: assumedConfidenceField,
});
export type AxisConfig = z.infer<typeof axisConfigSchema>;
