import { defineJsonCamera } from '../push-camera/json-camera.ts';
import { axisConfigSchema } from './config.ts';
import { readAxisEvent } from './event.ts';
import { createAxisSimulator } from './simulator.ts';

/** Axis License Plate Verifier and the FF Group applications on Axis cameras; see docs/drivers/axis-push.md. */
export const axisPush = defineJsonCamera({
	kind: 'axis-push',
	vendor: 'Axis',
	config: axisConfigSchema,
	read: readAxisEvent,
	simulator: createAxisSimulator,
});
