import { z } from 'zod';
import { ioName } from '../io-name.ts';
import { cameraInputFields, cameraSerialField, cameraTimeZoneField, pushCameraFields } from '../push-camera/config.ts';

const outputName = ioName('open');

/** One camera in `gateway.yaml`. */
export const vzenithConfigSchema = z.strictObject({
	...pushCameraFields,
	driver: z.literal('vzenith-push'),
	serial: cameraSerialField.describe("The camera's serialno; events that tell another one, or none, are refused"),
	timeZone: cameraTimeZoneField,
	clock: z
		.enum(['utc', 'local'])
		.default('utc')
		.describe("What the camera's seconds count: UTC, or its local time as some firmwares do; local needs timeZone"),
	approachDirection: z
		.enum(['left', 'right', 'up', 'down'])
		.optional()
		.describe('Where in the picture a vehicle moves that comes toward the camera'),
	outputs: z
		.record(outputName, z.int().min(0).max(3))
		.refine((outputs) => Object.keys(outputs).length === 1, 'exactly one output: an answer opens one barrier')
		.optional()
		.describe("Makes the camera a barrier: the name of its relay and the relay's number, such as open: 0"),
	...cameraInputFields,
});
export type VzenithConfig = z.infer<typeof vzenithConfigSchema>;
