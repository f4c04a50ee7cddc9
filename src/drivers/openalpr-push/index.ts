import { defineJsonCamera } from '../push-camera/json-camera.ts';
import { openalprConfigSchema } from './config.ts';
import { readOpenalprEvent } from './event.ts';
import { createOpenalprSimulator } from './simulator.ts';

/** OpenALPR and Rekor Scout agents; see docs/drivers/openalpr-push.md. */
export const openalprPush = defineJsonCamera({
	kind: 'openalpr-push',
	vendor: 'OpenALPR',
	config: openalprConfigSchema,
	read: readOpenalprEvent,
	simulator: createOpenalprSimulator,
});
