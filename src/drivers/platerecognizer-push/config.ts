import { z } from 'zod';
import { approachDegreesField, cameraSerialField, pushCameraFields } from '../push-camera/config.ts';

/** One camera of an engine in `gateway.yaml`. */
export const platerecognizerConfigSchema = z.strictObject({
	...pushCameraFields,
	driver: z.literal('platerecognizer-push'),
	serial: cameraSerialField.describe(
		'The camera_id in the webhook; events that tell another one, or none, are refused',
	),
	approachDegrees: approachDegreesField,
});
export type PlaterecognizerConfig = z.infer<typeof platerecognizerConfigSchema>;
