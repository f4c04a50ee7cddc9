import type { DriverDeps, PushReceiver, PushReply } from '../driver.ts';
import type { CameraEvent } from '../push-camera/camera-event.ts';
import { type CameraIntake, createCameraIntake } from '../push-camera/camera-intake.ts';
import { readDateTime } from '../push-camera/camera-time.ts';
import { macIdentity, parseMac } from '../push-camera/mac-address.ts';
import { type CatchUp, createCatchUp } from './catch-up.ts';
import type { HikvisionConfig } from './config.ts';
import { decodePush, eventKey, type HikvisionEvent } from './event.ts';

/** Cameras that are refused send the event again and again, or turn the push off: whatever came, it was received. */
const RECEIVED: PushReply = { status: 200 };

/** The gateway's side of one camera: its pushes become observations, input changes and its status. */
export function createHikvisionReceiver(deps: DriverDeps, config: HikvisionConfig): PushReceiver {
	const intake = createCameraIntake(deps, config, {
		vendor: 'Hikvision',
		...macIdentity(config.mac),
		measure: () => catchUp?.measure() ?? {},
	});
	const catchUp = catchUpOf(deps, config, intake);
	return {
		device: { id: config.id, status: intake.status },
		handle({ body, headers }) {
			const events = decodePush(body, headers.get('content-type')).map(toCameraEvent);
			for (const event of events) if (event.kind === 'plate') catchUp?.told(event);
			intake.take(events);
			return RECEIVED;
		},
		...(catchUp && { begin: catchUp.begin }),
	};
}

/** What is asked for at the camera's own address is this camera's. */
function catchUpOf(deps: DriverDeps, config: HikvisionConfig, intake: CameraIntake): CatchUp | undefined {
	const { catchUp, timeZone } = config;
	if (catchUp === undefined || timeZone === undefined) return undefined;
	const mac = parseMac(config.mac);
	const identity = mac === undefined ? {} : { identity: mac };
	const log = deps.log.child({ deviceId: config.id });
	const place = {
		get: () => deps.memory?.get(config.id),
		set: (text: string) => deps.memory?.set(config.id, text),
	};
	return createCatchUp({ clock: deps.clock, log, place }, { ...catchUp, timeZone }, (missed) =>
		intake.take(missed.map((event) => ({ ...event, ...identity }))),
	);
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
