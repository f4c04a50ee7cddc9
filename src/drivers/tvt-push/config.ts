import { z } from 'zod';
import { assumedConfidenceField, pushCameraFields } from '../push-camera/config.ts';
import { cameraMacField } from '../push-camera/mac-address.ts';

/** One camera, or a recorder that forwards for one, in `gateway.yaml`. */
export const tvtConfigSchema = z.strictObject({
	...pushCameraFields,
	driver: z.literal('tvt-push'),
	mac: cameraMacField,
	assumedConfidence: assumedConfidenceField,
});
export type TvtConfig = z.infer<typeof tvtConfigSchema>;
