import type { Capability, DeviceState, DeviceStatus } from '../../gateway/core/device.ts';
import type { PlateObservation } from '../../gateway/core/observation.ts';
import type { DriverDeps } from '../driver.ts';
import { createLogLimit } from '../ports/http-push-failures.ts';
import { createPushStatus } from '../ports/http-push-status.ts';
import type { CameraEvent, PlateEvent, UnderstoodEvent } from './camera-event.ts';
import { createCameraHealth } from './camera-health.ts';
import { placeCameraTime } from './camera-time.ts';
import type { CameraConfig } from './config.ts';
import { createInputs } from './inputs.ts';
import { createRecentEvents } from './recent-events.ts';

export interface CameraKind {
	/** Shown with the device. */
	readonly vendor: string;
	/** Where its events are heard, and what to do while nothing has come; absent for a camera that posts to its path. */
	readonly heardAt?: { readonly address: string; readonly awaiting: string };
	/** Besides reading plates, and inputs where some are configured. */
	readonly capabilities?: readonly Capability[];
	/** What this camera's events must tell of themselves, where the configuration says so. */
	readonly identity?: {
		/** In a sentence: `MAC address`. */
		readonly name: string;
		/** In the configuration: `mac`. */
		readonly setting: string;
		readonly expected: string;
	};
	/** Statistics of its own. */
	readonly measure?: () => Readonly<Record<string, number>>;
	/** A live read that was not told before, just before the lanes hear of it. */
	readonly onRead?: (event: PlateEvent) => void;
	/** Such a read came again. */
	readonly onRepeated?: (event: PlateEvent) => void;
}

function heardByPush({ path = '' }: CameraConfig): NonNullable<CameraKind['heardAt']> {
	const address = `/ingest/${path}`;
	return { address, awaiting: `nothing received yet; the camera must post to ${address}` };
}

/** What becomes of everything one camera says: observations, input changes, and its status. */
export interface CameraIntake {
	status(): DeviceStatus;
	/** For what carries the events: it broke, or is back. */
	become(state: DeviceState, problem?: string): void;
	/** Everything one message said, in its order; none is no message at all. */
	take(events: readonly CameraEvent[]): void;
}

/** The gateway's side of one camera, whatever carries its events. */
export function createCameraIntake(deps: DriverDeps, config: CameraConfig, kind: CameraKind): CameraIntake {
	const { clock } = deps;
	const log = deps.log.child({ deviceId: config.id });
	const limitLog = createLogLimit(clock);
	const counts = {
		...{ pushes: 0, events: 0, plates: 0, noPlate: 0, duplicates: 0, historical: 0, heartbeats: 0 },
		...{ inputs: 0, unknownInputs: 0, other: 0, malformed: 0, wrongCamera: 0 },
	};
	const inputs = createInputs(deps, config);
	const health = createCameraHealth(clock);
	const takePlate = createPlateIntake(deps, config, kind, counts, health);
	const more = config.inputs === undefined ? [] : (['reads inputs'] as const);
	const camera = createPushStatus(
		clock,
		{
			...{ id: config.id, driver: config.driver },
			...(kind.heardAt ?? heardByPush(config)),
			vendor: kind.vendor,
			capabilities: ['reads plates', ...more, ...(kind.capabilities ?? [])],
			offlineAfterMinutes: config.offlineAfterMinutes,
		},
		() => ({
			statistics: { ...counts, ...health.measure(), ...kind.measure?.() },
			inputs: inputs.levels(),
		}),
		deps.events.onStatus,
	);

	/** The path and its credentials say which camera this is; the body may only contradict them. */
	const isThisCamera = (told: string | undefined): boolean => {
		const { identity } = kind;
		if (identity === undefined || told === identity.expected) return true;
		counts.wrongCamera += 1;
		const what = told === undefined ? `no ${identity.name}` : `the ${identity.name} ${told}`;
		const why = `events on this path tell ${what}, configured is ${identity.expected}`;
		camera.become('faulted', `${why}; another camera posts here, or ${identity.setting}: is wrong`);
		return false;
	};

	const refuse = (reason: string) => {
		counts.malformed += 1;
		limitLog(reason, (times) => log.warn({ reason, times }, 'camera sent what is no event'));
	};
	const takeEvent = (event: UnderstoodEvent, monotonicMs: number) => {
		if (!isThisCamera(event.identity)) return;
		camera.identify(event.names);
		camera.become('online');
		switch (event.kind) {
			case 'plate':
				takePlate(event, monotonicMs);
				break;
			case 'input':
				if (event.historical) counts.historical += 1;
				else counts[inputs.change(event.port, event.active, monotonicMs) ? 'inputs' : 'unknownInputs'] += 1;
				break;
			case 'heartbeat':
				counts.heartbeats += 1;
				break;
			case 'noPlate':
				counts.noPlate += 1;
				if (!event.historical) health.vehicle({ isRead: false });
				break;
			case 'other':
				counts.other += 1;
				break;
		}
	};

	return {
		status: camera.status,
		become: camera.become,
		take(events) {
			const monotonicMs = clock.monotonicMs();
			counts.pushes += 1;
			camera.seen();
			counts.events += events.length;
			for (const event of events) {
				if (event.kind === 'malformed') refuse(event.reason);
				else takeEvent(event, monotonicMs);
			}
		},
	};
}

/** Turns plate events into observations, each event once. */
function createPlateIntake(
	{ clock, events, newId }: DriverDeps,
	config: CameraConfig,
	kind: CameraKind,
	counts: { plates: number; duplicates: number; historical: number },
	health: ReturnType<typeof createCameraHealth>,
) {
	const recent = createRecentEvents(clock);
	return (event: PlateEvent, monotonicMs: number): void => {
		const { key, plate, country, pictures, historical } = event;
		if (recent.isRepeated(event)) {
			counts.duplicates += 1;
			kind.onRepeated?.(event);
			return;
		}
		const id = newId();
		const time = placeCameraTime(event.time, config.timeZone);
		if (historical) counts.historical += 1;
		else {
			health.time(time);
			health.vehicle({ isRead: true, size: event.size });
			kind.onRead?.(event);
		}
		counts.plates += 1;
		const observation: PlateObservation = {
			...{ kind: 'plate', id, deviceId: config.id, atMs: clock.nowMs(), monotonicMs, raw: event.raw },
			...{ plate, confidence: event.confidence, direction: event.direction },
			...(country === undefined ? {} : { country }),
			...(time === undefined ? {} : { cameraTimeMs: time.ms, cameraTimeTrust: time.trust }),
			dedupeKey: key ?? id,
			historical,
			...(pictures.length === 0 ? {} : { evidence: pictures }),
		};
		events.onObservation(observation);
	};
}
