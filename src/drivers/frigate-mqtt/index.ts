import { defineSubscriptionDriver } from '../driver.ts';
import { describeEvent } from '../push-camera/describe-event.ts';
import { decodeJsonDocuments } from '../push-camera/json-camera.ts';
import { type JsonDocument, readJsonPush } from '../push-camera/json-push.ts';
import { type FrigateConfig, frigateConfigSchema } from './config.ts';
import { readFrigateMessage } from './event.ts';
import { createFrigateReceiver, topicsOf } from './receiver.ts';
import { createFrigateSimulator } from './simulator.ts';

/** A camera of Frigate NVR, heard on Frigate's broker; see docs/drivers/frigate-mqtt.md. */
export const frigateMqtt = defineSubscriptionDriver<FrigateConfig>({
	carrier: 'subscription',
	kind: 'frigate-mqtt',
	config: frigateConfigSchema,
	subscription(config) {
		const { url, username, password, ca } = config;
		return { url, username, password, ca, topics: Object.values(topicsOf(config)) };
	},
	createReceiver: createFrigateReceiver,
	createSimulator: createFrigateSimulator,
	*decode(bytes) {
		for (const event of decodeJsonDocuments({ read: readAnyCamera }, DECODED, readJsonPush(bytes)))
			yield* describeEvent(event);
	},
});

const DECODED = frigateConfigSchema.parse({
	id: 'decode',
	driver: 'frigate-mqtt',
	url: 'mqtt://decode',
	camera: 'any',
});

/** A captured message is of the camera it names. */
function readAnyCamera(document: JsonDocument, config: FrigateConfig) {
	const { after = document.fields } = document.fields;
	const camera: unknown = typeof after === 'object' && after !== null && 'camera' in after ? after.camera : undefined;
	return readFrigateMessage(document, typeof camera === 'string' ? { ...config, camera } : config);
}
