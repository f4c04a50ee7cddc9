import { defineJsonCamera } from '../push-camera/json-camera.ts';
import { dahuaConfigSchema } from './config.ts';
import { readDahuaEvent } from './event.ts';
import { createDahuaSimulator } from './simulator.ts';

/** Dahua ITC cameras and the same under other names (Intelbras), which post by ITSAPI; see docs/drivers/dahua-push.md. */
export const dahuaPush = defineJsonCamera({
	kind: 'dahua-push',
	vendor: 'Dahua',
	config: dahuaConfigSchema,
	read: readDahuaEvent,
	// Firmwares look for one spelling or the other, and send again for ever what they find no true result for.
	reply: {
		status: 200,
		contentType: 'application/json',
		body: '{"Result":true,"result":true,"Message":"Success"}',
	},
	ownPath: ({ address }) =>
		address === undefined ? undefined : { prefix: '/NotificationInfo/', fromAddress: address },
	simulator: createDahuaSimulator,
});
