import { defineJsonCamera } from '../push-camera/json-camera.ts';
import { platerecognizerConfigSchema } from './config.ts';
import { readPlaterecognizerEvent } from './event.ts';
import { createPlaterecognizerSimulator } from './simulator.ts';

/** Plate Recognizer Stream and Snapshot, and the webhooks of Verkada and Genetec; see docs/drivers/platerecognizer-push.md. */
export const platerecognizerPush = defineJsonCamera({
	kind: 'platerecognizer-push',
	vendor: 'Plate Recognizer',
	config: platerecognizerConfigSchema,
	read: readPlaterecognizerEvent,
	simulator: createPlaterecognizerSimulator,
});
