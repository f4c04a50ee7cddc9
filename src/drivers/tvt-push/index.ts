import { definePushDriver, type PushReply } from '../driver.ts';
import { createCameraIntake } from '../push-camera/camera-intake.ts';
import { describeEvent } from '../push-camera/describe-event.ts';
import { macIdentity } from '../push-camera/mac-address.ts';
import { type TvtConfig, tvtConfigSchema } from './config.ts';
import { decodeTvtPush } from './event.ts';
import { createTvtSimulator } from './simulator.ts';

/** What the vendor's own receiver answers; cameras keep the connection then. */
const RECEIVED: PushReply = {
	status: 200,
	contentType: 'application/xml',
	body: '<?xml version="1.0" encoding="UTF-8"?>\n<config version="1.0" xmlns="http://www.ipc.com/ver10"><status>success</status></config>',
};

/** TVT, Viewtron and many other names for the same cameras and recorders; see docs/drivers/tvt-push.md. */
export const tvtPush = definePushDriver<TvtConfig>({
	carrier: 'push',
	kind: 'tvt-push',
	config: tvtConfigSchema,
	createSimulator: createTvtSimulator,
	createReceiver(deps, config) {
		const intake = createCameraIntake(deps, config, { vendor: 'TVT', ...macIdentity(config.mac) });
		return {
			device: { id: config.id, status: intake.status },
			handle({ body }) {
				intake.take(decodeTvtPush(body, config.assumedConfidence));
				return RECEIVED;
			},
		};
	},
	*decode(bytes) {
		for (const event of decodeTvtPush(bytes)) yield* describeEvent(event);
	},
});
