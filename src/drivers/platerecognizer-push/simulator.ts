import type { PushSimulator } from '../driver.ts';
import { formPush, simulatedPicture } from '../push-camera/simulated-push.ts';
import type { PlaterecognizerConfig } from './config.ts';

/** Builds what Stream posts: the recognition as a form's field `json`, and the picture. */
export function createPlaterecognizerSimulator(config: PlaterecognizerConfig): PushSimulator {
	const camera_id = config.serial ?? config.id;
	const approach = config.approachDegrees ?? 180;
	return {
		plate(read) {
			const filename = `${camera_id}_screenshots/${read.eventId}.jpg`;
			const result = {
				plate: read.plate.toLowerCase(),
				score: read.confidence,
				dscore: 0.75,
				region: { code: 'be', score: 0.6 },
				box: { xmin: 812, ymin: 604, xmax: 932, ymax: 644 },
				candidates: [{ plate: read.plate.toLowerCase(), score: read.confidence }],
				vehicle: { type: 'Sedan', score: 0.8, box: { xmin: 700, ymin: 300, xmax: 1_100, ymax: 700 } },
				direction: read.direction === 'approaching' ? approach : (approach + 180) % 360,
				source_url: 'rtsp://127.0.0.1/stream',
				position_sec: 12.3,
			};
			const json = {
				hook: { target: 'http://127.0.0.1/', id: camera_id, event: 'recognition', filename },
				data: { camera_id, filename, timestamp: read.at.toISOString(), results: [result] },
			};
			return formPush([
				{ name: 'json', content: JSON.stringify(json) },
				{
					...{ name: 'upload', fileName: 'frame.jpg', contentType: 'image/jpeg' },
					content: simulatedPicture(read, 640, 360),
				},
			]);
		},
	};
}
