import type { PushSimulator } from '../driver.ts';
import { formPush, jsonPush, simulatedBase64, simulatedNumber } from '../push-camera/simulated-push.ts';
import type { VzenithConfig } from './config.ts';

const DIRECTIONS = { left: 1, right: 2, up: 3, down: 4 } as const;
const OPPOSITE = { left: 'right', right: 'left', up: 'down', down: 'up' } as const;

/** Builds what such a camera posts: one JSON text with its pictures, and heartbeats as a form. */
export function createVzenithSimulator(config: VzenithConfig): PushSimulator {
	const serialno = config.serial ?? 'fe71e106-57263272';
	const approach = config.approachDirection ?? 'down';
	return {
		plate(read) {
			const moved = read.direction === 'approaching' ? approach : OPPOSITE[approach];
			const atMs = read.at.getTime();
			const PlateResult = {
				license: read.plate,
				confidence: Math.round(read.confidence * 100),
				colorType: 1,
				direction: DIRECTIONS[moved],
				triggerType: 1,
				type: 1,
				plateid: simulatedNumber(read.eventId),
				isoffline: 0,
				is_fake_plate: 0,
				location: { RECT: { left: 812, top: 604, right: 932, bottom: 644 } },
				timeStamp: { Timeval: { sec: Math.floor(atMs / 1_000), usec: (atMs % 1_000) * 1_000 } },
				imageFile: simulatedBase64(read, 640, 360),
				imageFragmentFile: simulatedBase64(read, 120, 40),
			};
			return jsonPush({
				AlarmInfoPlate: { channel: 0, deviceName: 'IVS', ipaddr: '192.168.1.100', serialno, result: { PlateResult } },
			});
		},
		heartbeat: () =>
			formPush([
				{ name: 'serialno', content: serialno },
				{ name: 'device_name', content: 'IVS' },
				{ name: 'ipaddr', content: '192.168.1.100' },
			]),
	};
}
