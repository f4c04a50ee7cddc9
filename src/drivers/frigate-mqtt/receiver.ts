import type { DriverDeps, SubscriptionReceiver } from '../driver.ts';
import type { TopicMessage } from '../ports/subscription.ts';
import type { CameraEvent } from '../push-camera/camera-event.ts';
import { createCameraIntake } from '../push-camera/camera-intake.ts';
import { decodeJsonDocuments } from '../push-camera/json-camera.ts';
import { readJsonPush } from '../push-camera/json-push.ts';
import type { FrigateConfig } from './config.ts';
import { readFrigateMessage } from './event.ts';

/** What Frigate says of itself in `available`, retained. */
const AVAILABLE = 'online';

/** The gateway's side of one of Frigate's cameras. */
export function createFrigateReceiver(deps: DriverDeps, config: FrigateConfig): SubscriptionReceiver {
	const { clock } = deps;
	const topics = topicsOf(config);
	const intake = createCameraIntake(deps, config, {
		vendor: 'Frigate',
		heardAt: {
			address: `${config.url} ${config.topicPrefix} ${config.camera}`,
			awaiting: 'not yet connected to its broker',
		},
	});

	/** What was, and what the network held back, is no vehicle that stands there now. */
	const asOfNow = (event: CameraEvent, { retained }: TopicMessage): CameraEvent => {
		if (event.kind === 'malformed') return event;
		const time = event.kind === 'plate' ? event.time : undefined;
		const isOld = time?.kind === 'instant' && clock.nowMs() - time.ms > config.maximumAgeS * 1_000;
		return { ...event, historical: event.historical || retained || isOld };
	};

	const onAvailable = (text: string) => {
		if (text === AVAILABLE) intake.become('online');
		else intake.become('offline', `Frigate says that it is ${text === 'stopped' ? 'stopped' : 'offline'}`);
	};

	return {
		device: { id: config.id, status: intake.status },
		events: {
			onUp: () => intake.become('starting', `connected; Frigate has not yet said anything below ${config.topicPrefix}`),
			onDown: (problem) => intake.become('offline', problem),
			onMessage(message) {
				const { topic, payload } = message;
				if (topic === topics.available) return onAvailable(Buffer.from(payload.subarray(0, 32)).toString('latin1'));
				const events = decodeJsonDocuments({ read: readFrigateMessage }, config, readJsonPush(payload));
				// Of the many messages only those that say something of this camera's plates.
				if (events.length > 0) intake.take(events.map((event) => asOfNow(event, message)));
			},
		},
	};
}

export function topicsOf({ topicPrefix }: Pick<FrigateConfig, 'topicPrefix'>) {
	return {
		updates: `${topicPrefix}/tracked_object_update`,
		events: `${topicPrefix}/events`,
		available: `${topicPrefix}/available`,
	};
}
