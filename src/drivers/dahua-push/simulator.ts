import type { PushSimulator } from '../driver.ts';
import { jsonPush, simulatedBase64 } from '../push-camera/simulated-push.ts';
import type { DahuaConfig } from './config.ts';

/** Builds what an ITC camera posts by ITSAPI; its clock is set to UTC. */
export function createDahuaSimulator(config: DahuaConfig): PushSimulator {
	const DeviceID = config.serial ?? 'SIM0000001';
	return {
		plate(read) {
			const time = read.at.toISOString().replace('T', ' ').replace('Z', '');
			return jsonPush({
				Picture: {
					Plate: {
						PlateNumber: read.plate,
						PlateColor: 'Yellow',
						Confidence: Math.round(read.confidence * (config.confidenceScale ?? 100)),
						IsExist: true,
						BoundingBox: [3_000, 4_000, 3_600, 4_200],
					},
					SnapInfo: {
						SnapTime: time.slice(0, 19),
						AccurateTime: time,
						DeviceID,
						Direction: read.direction === 'approaching' ? 'Obverse' : 'Reverse',
						LanNo: 1,
						TriggerSource: 'Video',
					},
					Vehicle: { VehicleColor: 'Black', VehicleType: 'SaloonCar' },
					NormalPic: { Content: simulatedBase64(read, 640, 360), PicName: `${read.eventId}.jpg` },
					CutoutPic: { Content: simulatedBase64(read, 120, 40), PicName: `${read.eventId}-plate.jpg` },
				},
			});
		},
		heartbeat: () => jsonPush({ Active: true, DeviceID }),
	};
}
