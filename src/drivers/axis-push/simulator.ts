import type { PushSimulator } from '../driver.ts';
import { formPush, simulatedNumber, simulatedPicture } from '../push-camera/simulated-push.ts';
import type { AxisConfig } from './config.ts';

/** Builds the requests License Plate Verifier posts: the event, then the plate's picture and the vehicle's. */
export function createAxisSimulator(config: AxisConfig): PushSimulator {
	const camera_info = {
		SerialNumber: config.serial ?? 'ACCC8E000001',
		ProdShortName: 'AXIS Q1805-LE',
		MACAddress: '02:00:00:00:00:01',
	};
	return {
		plate(read) {
			const event = {
				packetCounter: `${simulatedNumber(read.eventId)}`,
				capture_timestamp: `${read.at.getTime()}`,
				plateUTF8: read.plate,
				plateASCII: read.plate,
				plateConfidence: read.confidence.toFixed(6),
				carState: 'new',
				carMoveDirection: read.direction === 'approaching' ? 'in' : 'out',
				carID: `${simulatedNumber(read.eventId)}`,
				roiID: '1',
				plateCoordinates: ['812', '604', '120', '40'],
				camera_info,
			};
			return formPush([
				{ name: 'event', contentType: 'application/json', content: JSON.stringify(event) },
				{
					...{ name: 'image', fileName: 'plate.jpg', contentType: 'image/jpeg' },
					content: simulatedPicture(read, 120, 40),
				},
				{
					...{ name: 'image', fileName: 'vehicle.jpg', contentType: 'image/jpeg' },
					content: simulatedPicture(read, 640, 360),
				},
			]);
		},
	};
}
