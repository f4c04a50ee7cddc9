import type { PushSimulator, SimulatedPush } from '../driver.ts';
import { simulatedBase64 } from '../push-camera/simulated-push.ts';
import type { UniviewConfig } from './config.ts';

/** Builds what a camera notifies of by LAPI; its clock is set to UTC. The content type is as wrong as the camera's. */
export function createUniviewSimulator(config: UniviewConfig): PushSimulator {
	const receiver = config.subscribe?.receiver ?? { address: '127.0.0.1', port: 8081 };
	const notify = (more: object): SimulatedPush => ({
		contentType: 'multipart/form-data',
		body: Buffer.from(
			JSON.stringify({
				Reference: `${receiver.address}:${receiver.port}/Subscription/Subscribers/1`,
				SrcID: '1',
				SrcName: config.id,
				...more,
			}),
		),
	});
	return {
		plate: (read) =>
			notify({
				Timestamp: Math.floor(read.at.getTime() / 1_000),
				StructureInfo: {
					ObjInfo: {
						VehicleNum: 1,
						VehicleInfoList: [
							{
								ID: 1,
								PassTime: read.at.toISOString().replaceAll(/\D/g, ''),
								SmallPicAttachIndex: 2,
								LargePicAttachIndex: 1,
								VehicleAttributeInfo: { Color: 1, Type: 1 },
								PlateAttributeInfo: { PlateNo: read.plate, Color: 2, Type: 0 },
								Position: '1200,3400;3800,7200',
							},
						],
					},
					ImageNum: 2,
					ImageInfoList: [
						{ Index: 1, Format: 0, Data: simulatedBase64(read, 640, 360) },
						{ Index: 2, Format: 0, Data: simulatedBase64(read, 120, 40) },
					],
				},
			}),
	};
}
