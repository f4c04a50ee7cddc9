import type { DeviceStatus } from '../../gateway/core/device.ts';
import type { DriverDeps, PushReceiver, PushReply } from '../driver.ts';
import { createCameraIntake } from '../push-camera/camera-intake.ts';
import { decodeJsonPush } from '../push-camera/json-camera.ts';
import type { UniviewConfig } from './config.ts';
import { readUniviewEvent } from './event.ts';
import { createSubscriber } from './subscription.ts';

const RECEIVED: PushReply = { status: 200 };

/** The gateway's side of one camera: what it sends, and the subscription that makes it send. */
export function createUniviewReceiver(deps: DriverDeps, config: UniviewConfig): PushReceiver {
	let problem: string | undefined;
	const subscriber =
		config.subscribe === undefined ? undefined : createSubscriber(deps.clock, config.subscribe, onProblem);
	const intake = createCameraIntake(deps, config, {
		vendor: 'Uniview',
		measure: () => subscriber?.measure() ?? {},
	});

	/** A camera that is not subscribed sends nothing, however well it is. */
	function status(): DeviceStatus {
		const own = intake.status();
		return problem === undefined ? own : { ...own, state: 'offline', problem };
	}

	function onProblem(next: string | undefined): void {
		if (next === problem) return;
		problem = next;
		deps.log.info({ deviceId: config.id, problem: problem ?? null }, 'subscription to the events of a camera');
		deps.events.onStatus(status());
	}

	return {
		device: { id: config.id, status },
		handle({ body, headers }) {
			intake.take(decodeJsonPush({ read: readUniviewEvent }, config, body, headers.get('content-type')));
			return RECEIVED;
		},
		...(config.subscribe && { ownPath: { prefix: '/LAPI/', fromAddress: config.subscribe.host } }),
		...(subscriber && { begin: subscriber.begin }),
	};
}
