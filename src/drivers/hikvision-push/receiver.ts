import type { DriverDeps, PushReceiver, PushReply } from '../driver.ts';
import type { CameraEvent } from '../push-camera/camera-event.ts';
import { createCameraIntake } from '../push-camera/camera-intake.ts';
import { readDateTime } from '../push-camera/camera-time.ts';
import { parseMac } from './alert.ts';
import type { HikvisionConfig } from './config.ts';
import { decodePush, eventKey, type HikvisionEvent } from './event.ts';

/** Cameras that are refused send the event again and again, or turn the push off: whatever came, it was received. */
const RECEIVED: PushReply = { status: 200 };

/** The gateway's side of one camera: its pushes become observations, input changes and its status. */
export function createHikvisionReceiver(deps: DriverDeps, config: HikvisionConfig): PushReceiver {
	const mac = parseMac(config.mac);
	const intake = createCameraIntake(deps, config, {
		vendor: 'Hikvision',
		...(mac === undefined ? {} : { identity: { name: 'MAC address', setting: 'mac', expected: mac } }),
	});
	return {
		device: { id: config.id, status: intake.status },
		handle({ body, headers }) {
			intake.take(decodePush(body, headers.get('content-type')).map(toCameraEvent));
			return RECEIVED;
		},
	};
}

/** As every camera's events are taken in. */
export function toCameraEvent(event: HikvisionEvent): CameraEvent {
	if (event.kind === 'malformed') return event;
	const { offset, eventType, mac, historical } = event;
	const identity = mac === undefined ? {} : { identity: mac };
	const names = mac === undefined ? event.names : { mac, ...event.names };
	const origin = { offset, eventType, ...identity, names, historical };
	if (event.kind === 'input') return { ...origin, kind: 'input', port: event.port, active: event.active };
	if (event.kind !== 'plate') return { ...origin, kind: event.kind };
	const { plate, confidence, direction, country, pictures, raw } = event;
	const time = readDateTime(event.dateTime);
	const key = eventKey(event);
	return {
		...origin,
		...{ kind: 'plate', plate, confidence, direction, pictures, raw },
		...(country === undefined ? {} : { country }),
		...(time === undefined ? {} : { time }),
		...(key === undefined ? {} : { key }),
	};
}
