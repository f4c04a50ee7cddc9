import { defineJsonCamera } from '../push-camera/json-camera.ts';
import { vzenithConfigSchema } from './config.ts';
import { readVzenithEvent } from './event.ts';
import { createVzenithReceiver } from './receiver.ts';
import { createVzenithSimulator } from './simulator.ts';

/** Vzenith (Zhenshi), Alphadigi and the many cameras like them, which open their barrier by the answer; see docs/drivers/vzenith-push.md. */
export const vzenithPush = defineJsonCamera({
	kind: 'vzenith-push',
	vendor: 'Vzenith',
	config: vzenithConfigSchema,
	read: readVzenithEvent,
	simulator: createVzenithSimulator,
	createReceiver: createVzenithReceiver,
});
