import { z } from 'zod';
import { approachDegreesField, cameraSerialField, pushCameraFields } from '../push-camera/config.ts';

/** One camera of an agent in `gateway.yaml`. */
export const openalprConfigSchema = z.strictObject({
	...pushCameraFields,
	driver: z.literal('openalpr-push'),
	serial: cameraSerialField.describe("The agent's agent_uid; events that tell another one, or none, are refused"),
	camera: z
		.string()
		.min(1)
		.max(64)
		.optional()
		.describe("The camera's camera_id: an agent posts for all its cameras to one URL"),
	opensBy: z
		.enum(['results', 'groups'])
		.default('results')
		.describe('Which events open: results of single frames, at once; or groups, 5 to 10 s after the vehicle'),
	approachDegrees: approachDegreesField,
});
export type OpenalprConfig = z.infer<typeof openalprConfigSchema>;
