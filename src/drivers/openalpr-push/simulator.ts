import type { PushSimulator } from '../driver.ts';
import { jsonPush, simulatedBase64 } from '../push-camera/simulated-push.ts';
import type { OpenalprConfig } from './config.ts';

/** Builds what an agent posts: the result of one frame, or a group where groups open. */
export function createOpenalprSimulator(config: OpenalprConfig): PushSimulator {
	const agent_uid = config.serial ?? 'SIMULATEDAGENT0000000000000';
	const camera_id = config.camera ?? '1';
	const approach = config.approachDegrees ?? 180;
	const coordinates = [
		{ x: 812, y: 604 },
		{ x: 932, y: 604 },
		{ x: 932, y: 644 },
		{ x: 812, y: 644 },
	];
	return {
		plate(read) {
			const plate = { plate: read.plate, confidence: read.confidence * 100, region: 'eu-be', coordinates };
			const origin = {
				...{ version: 2, camera_id, agent_uid },
				travel_direction: read.direction === 'approaching' ? approach : (approach + 180) % 360,
			};
			const crops = {
				plate_crop_jpeg: simulatedBase64(read, 120, 40),
				vehicle_crop_jpeg: simulatedBase64(read, 640, 360),
			};
			const at = read.at.getTime();
			if (config.opensBy === 'groups')
				return jsonPush({
					...{ ...origin, data_type: 'alpr_group', epoch_start: at - 2_000, epoch_end: at, best_uuid: read.eventId },
					...{ best_plate: plate, best_plate_number: read.plate, best_confidence: plate.confidence, ...crops },
				});
			const result = { ...plate, plate_crop_jpeg: crops.plate_crop_jpeg };
			return jsonPush({ ...origin, data_type: 'alpr_results', epoch_time: at, uuid: read.eventId, results: [result] });
		},
		heartbeat: (at) => jsonPush({ data_type: 'heartbeat', version: 2, agent_uid, timestamp: at.getTime() }),
	};
}
