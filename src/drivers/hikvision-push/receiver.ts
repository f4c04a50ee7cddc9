import type { PlateObservation } from '../../gateway/core/observation.ts';
import type { DriverDeps, PushReceiver, PushReply } from '../driver.ts';
import { createLogLimit } from '../ports/http-push-failures.ts';
import { createPushStatus } from '../ports/http-push-status.ts';
import { parseMac } from './alert.ts';
import { parseCameraTime } from './camera-time.ts';
import type { HikvisionConfig } from './config.ts';
import { type AlertEvent, decodePush, type HikvisionEvent, type PlateEvent } from './event.ts';
import { createInputs } from './inputs.ts';
import { createRecentEvents, eventKey } from './recent-events.ts';

/** Cameras that are refused send the event again and again, or turn the push off: whatever came, it was received. */
const RECEIVED: PushReply = { status: 200 };

/** The gateway's side of one camera: its pushes become observations, input changes and its status. */
export function createHikvisionReceiver(deps: DriverDeps, config: HikvisionConfig): PushReceiver {
	const { clock } = deps;
	const log = deps.log.child({ deviceId: config.id });
	const limitLog = createLogLimit(clock);
	const configuredMac = parseMac(config.mac);
	const counts = {
		...{ pushes: 0, events: 0, plates: 0, noPlate: 0, duplicates: 0, historical: 0, heartbeats: 0 },
		...{ inputs: 0, unknownInputs: 0, other: 0, malformed: 0, wrongCamera: 0 },
	};
	const inputs = createInputs(deps, config);
	const plates = createPlates(deps, config, counts);
	const camera = createPushStatus(
		clock,
		{
			...{ id: config.id, driver: config.driver, path: config.path, vendor: 'Hikvision' },
			capabilities: config.inputs === undefined ? ['reads plates'] : ['reads plates', 'reads inputs'],
			offlineAfterMinutes: config.offlineAfterMinutes,
		},
		() => ({ statistics: { ...counts, ...plates.measure() }, inputs: inputs.levels() }),
		deps.events.onStatus,
	);

	/** The path and its credentials say which camera this is; the body may only contradict them. */
	const isThisCamera = (mac: string | undefined): boolean => {
		if (configuredMac === undefined || mac === configuredMac) return true;
		counts.wrongCamera += 1;
		const told = mac === undefined ? 'no MAC address' : `the MAC address ${mac}`;
		const why = `events on this path tell ${told}, configured is ${configuredMac}`;
		camera.become('faulted', `${why}; another camera posts here, or mac: is wrong`);
		return false;
	};

	const onAlert = (event: AlertEvent, monotonicMs: number) => {
		if (!isThisCamera(event.mac)) return;
		camera.identify({ ...(event.mac === undefined ? {} : { mac: event.mac }), ...event.names });
		camera.become('online');
		switch (event.kind) {
			case 'plate':
				plates.take(event, monotonicMs);
				break;
			case 'input':
				if (event.historical) counts.historical += 1;
				else counts[inputs.change(event.port, event.active, monotonicMs) ? 'inputs' : 'unknownInputs'] += 1;
				break;
			case 'heartbeat':
				counts.heartbeats += 1;
				break;
			case 'noPlate':
			case 'other':
				counts[event.kind] += 1;
				break;
		}
	};
	const onEvent = (event: HikvisionEvent, monotonicMs: number) => {
		counts.events += 1;
		if (event.kind !== 'malformed') return onAlert(event, monotonicMs);
		counts.malformed += 1;
		const { reason } = event;
		limitLog(reason, (times) => log.warn({ reason, times }, 'camera sent what is no event'));
	};

	return {
		device: { id: config.id, status: camera.status },
		handle(request) {
			const monotonicMs = clock.monotonicMs();
			counts.pushes += 1;
			camera.seen();
			for (const event of decodePush(request.body, request.headers.get('content-type'))) onEvent(event, monotonicMs);
			return RECEIVED;
		},
	};
}

/** Turns plate events into observations, each event once. */
function createPlates(
	{ clock, events, newId }: DriverDeps,
	config: HikvisionConfig,
	counts: { plates: number; duplicates: number; historical: number },
) {
	const recent = createRecentEvents();
	let clockOffsetMs: number | undefined;
	return {
		/** Camera clock minus gateway clock at the last live event. */
		measure: (): Readonly<Record<string, number>> => (clockOffsetMs === undefined ? {} : { clockOffsetMs }),
		take(event: PlateEvent, monotonicMs: number): void {
			const key = eventKey(event);
			if (key !== undefined && recent.isRepeated(key, event.plate)) {
				counts.duplicates += 1;
				return;
			}
			const id = newId();
			const atMs = clock.nowMs();
			const cameraTimeMs = parseCameraTime(event.dateTime, config.timeZone);
			if (event.historical) counts.historical += 1;
			else if (cameraTimeMs !== undefined) clockOffsetMs = cameraTimeMs - atMs;
			counts.plates += 1;
			const observation: PlateObservation = {
				...{ kind: 'plate', id, deviceId: config.id, atMs, monotonicMs, raw: event.raw },
				...{ plate: event.plate, confidence: event.confidence, direction: event.direction },
				...(event.country === undefined ? {} : { country: event.country }),
				...(cameraTimeMs === undefined ? {} : { cameraTimeMs }),
				dedupeKey: key ?? id,
				historical: event.historical,
				...(event.pictures.length === 0 ? {} : { evidence: event.pictures }),
			};
			events.onObservation(observation);
		},
	};
}
