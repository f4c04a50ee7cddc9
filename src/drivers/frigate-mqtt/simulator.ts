import type { SubscriptionSimulator } from '../driver.ts';
import type { FrigateConfig } from './config.ts';
import { topicsOf } from './receiver.ts';

/** Builds what Frigate publishes when it has read a plate: an update of the tracked vehicle, and its event. */
export function createFrigateSimulator(config: FrigateConfig): SubscriptionSimulator {
	const topics = topicsOf(config);
	const approach = config.approachDegrees ?? 180;
	return {
		plate({ plate, confidence, direction, at, eventId }) {
			const { camera } = config;
			const timestamp = at.getTime() / 1_000;
			const zones = config.approachZones ?? [];
			const after = {
				...{ id: eventId, camera, frame_time: timestamp, label: 'car', sub_label: null },
				...{ recognized_license_plate: plate, recognized_license_plate_score: confidence },
				current_zones: config.zone === undefined ? [] : [config.zone],
				entered_zones: direction === 'approaching' ? zones : zones.toReversed(),
				velocity_angle: direction === 'approaching' ? approach : (approach + 180) % 360 || 360,
			};
			const update = { type: 'lpr', id: eventId, name: null, plate, score: confidence, camera, timestamp };
			return [
				{ topic: topics.available, payload: 'online', retain: true },
				{
					topic: topics.updates,
					payload: JSON.stringify({ ...update, plate_box: [812, 604, 932, 644] }),
					retain: false,
				},
				{ topic: topics.events, payload: JSON.stringify({ type: 'update', before: {}, after }), retain: false },
			];
		},
	};
}
