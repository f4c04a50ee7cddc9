import type { PushSimulator } from '../driver.ts';
import { jsonPush, simulatedBase64 } from '../push-camera/simulated-push.ts';
import type { MilesightConfig } from './config.ts';

/** Builds what an LPR camera posts; its clock is set to UTC. */
export function createMilesightSimulator(config: MilesightConfig): PushSimulator {
	return {
		plate: (read) =>
			jsonPush({
				device: config.id,
				time: read.at.toISOString().replace('T', ' ').replace('Z', ''),
				time_msec: `${read.at.getTime()}`,
				plate: read.plate,
				type: 'Visitor',
				speed: '-',
				direction: read.direction === 'approaching' ? 'Approach' : 'Away',
				detection_region: '1',
				region: '-',
				resolution_width: '1920',
				resolution_height: '1080',
				coordinate_x1: '812',
				coordinate_y1: '604',
				coordinate_x2: '932',
				coordinate_y2: '644',
				confidence: read.confidence.toFixed(2),
				plate_color: 'White',
				vehicle_type: 'Car',
				vehicle_color: 'Black',
				'Vehicle Brand': '-',
				plate_image: simulatedBase64(read, 120, 40),
				full_image: simulatedBase64(read, 640, 360),
			}),
	};
}
