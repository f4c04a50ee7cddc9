import { defineJsonCamera } from '../push-camera/json-camera.ts';
import { univiewConfigSchema } from './config.ts';
import { readUniviewEvent } from './event.ts';
import { createUniviewReceiver } from './receiver.ts';
import { createUniviewSimulator } from './simulator.ts';

/** Uniview (UNV) cameras and recorders by LAPI; see docs/drivers/uniview-push.md. */
export const univiewPush = defineJsonCamera({
	kind: 'uniview-push',
	vendor: 'Uniview',
	config: univiewConfigSchema,
	read: readUniviewEvent,
	simulator: createUniviewSimulator,
	createReceiver: createUniviewReceiver,
});
