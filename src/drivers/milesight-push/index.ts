import { defineJsonCamera } from '../push-camera/json-camera.ts';
import { milesightConfigSchema } from './config.ts';
import { readMilesightEvent } from './event.ts';
import { createMilesightSimulator } from './simulator.ts';

/** Milesight LPR cameras; see docs/drivers/milesight-push.md. */
export const milesightPush = defineJsonCamera({
	kind: 'milesight-push',
	vendor: 'Milesight',
	config: milesightConfigSchema,
	read: readMilesightEvent,
	simulator: createMilesightSimulator,
});
