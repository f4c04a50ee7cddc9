import type { z } from 'zod';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { EvidenceImage, PlateDirection } from '../../gateway/core/observation.ts';
import { definePushDriver, type PushDriver, type PushReceiver, type PushReply, type PushSimulator } from '../driver.ts';
import type { CameraEvent, EventOrigin, PlateSize } from './camera-event.ts';
import { type CameraKind, createCameraIntake } from './camera-intake.ts';
import type { CameraTime } from './camera-time.ts';
import type { CameraConfig, PushCameraConfig } from './config.ts';
import { describeEvent } from './describe-event.ts';
import { type JsonDocument, type JsonProblem, readJsonPush } from './json-push.ts';
import { parsePlateText } from './plate-text.ts';

/** What one JSON object says, in the terms of every camera; the shared part does the rest. */
export type JsonReading = {
	/** The vendor's name for the kind of event. */
	readonly eventType: string | undefined;
	/** What the camera is known by in its events, compared with `serial:`. */
	readonly serial?: string | undefined;
	/** What the camera calls itself: model, name, firmware. */
	readonly names?: Readonly<Record<string, string | undefined>>;
	/** Buffered, retransmitted, `lost` or faked. */
	readonly historical?: boolean | undefined;
} & (
	| ({ readonly kind: 'vehicle' } & VehicleReading)
	| { readonly kind: 'input'; readonly port: number; readonly active: boolean }
	| { readonly kind: 'heartbeat' | 'other' }
);

/** A vehicle as the camera saw it; `plate` as written, its words for "none" too. */
export interface VehicleReading {
	readonly plate: string | undefined;
	/** 0–1, see `confidence.ts`; undefined: the camera tells none, and `assumedConfidence` counts. */
	readonly confidence: number | undefined;
	readonly direction?: PlateDirection;
	/** ISO 3166-1 alpha-2; see `country.ts`. */
	readonly country?: string | undefined;
	readonly time?: CameraTime | undefined;
	readonly key?: string | undefined;
	readonly keyLifeMs?: number | undefined;
	/** The same plate within this is the same vehicle, ms. */
	readonly sameWithinMs?: number | undefined;
	readonly size?: PlateSize | undefined;
	/** Besides those in parts of their own. */
	readonly pictures?: readonly (EvidenceImage | undefined)[];
}

/** A vendor whose cameras post JSON: a table of fields and what they mean. */
export interface JsonCamera<Config extends PushCameraConfig> {
	readonly kind: string;
	readonly vendor: string;
	readonly config: z.ZodType<Config>;
	/** Pure. A string is the reason why the object says nothing; `config` only for what firmwares differ in. */
	readonly read: (document: JsonDocument, config: Config) => readonly JsonReading[] | string;
	/** What this vendor's cameras take for "received"; default: 200 without a body. */
	readonly reply?: PushReply;
	/** For cameras that choose the path themselves. */
	readonly ownPath?: (config: Config) => PushReceiver['ownPath'];
	/** The camera's side. */
	readonly simulator: (config: Config) => PushSimulator;
	/** Absent: every push is answered at once with `reply`. */
	readonly createReceiver?: PushDriver<Config>['createReceiver'];
}

/** A driver of a vendor's table. */
export function defineJsonCamera<Config extends PushCameraConfig>(camera: JsonCamera<Config>) {
	return definePushDriver<Config>({
		carrier: 'push',
		kind: camera.kind,
		config: camera.config,
		createSimulator: camera.simulator,
		createReceiver: camera.createReceiver ?? ((deps, config) => createJsonReceiver(camera, deps, config)),
		*decode(bytes, contentType) {
			const config = camera.config.parse({ id: 'decode', driver: camera.kind, path: 'decode' });
			for (const event of decodeJsonPush(camera, config, bytes, contentType)) yield* describeEvent(event);
		},
	});
}

function createJsonReceiver<Config extends PushCameraConfig>(
	camera: JsonCamera<Config>,
	deps: Parameters<PushDriver<Config>['createReceiver']>[0],
	config: Config,
): PushReceiver {
	const intake = createCameraIntake(deps, config, { vendor: camera.vendor, ...serialIdentity(config) });
	// Cameras that are refused send the event again and again, or turn the push off: whatever came, it was received.
	const reply = camera.reply ?? { status: 200 };
	const ownPath = camera.ownPath?.(config);
	return {
		...(ownPath && { ownPath }),
		device: { id: config.id, status: intake.status },
		handle({ body, headers }) {
			intake.take(decodeJsonPush(camera, config, body, headers.get('content-type')));
			return reply;
		},
	};
}

/** `serial:` of the configuration as what events must tell. */
export function serialIdentity({ serial }: PushCameraConfig): Pick<CameraKind, 'identity'> {
	return serial === undefined ? {} : { identity: { name: 'serial number', setting: 'serial', expected: serial } };
}

/** Any bytes give at least one event, `malformed` with a reason if need be; never throws. */
export function decodeJsonPush<Config extends PushCameraConfig>(
	camera: Pick<JsonCamera<Config>, 'read'>,
	config: Config,
	body: Uint8Array,
	contentType?: string,
): readonly CameraEvent[] {
	return decodeJsonDocuments(camera, config, readJsonPush(body, contentType));
}

/** The same for what was read from a body already. */
export function decodeJsonDocuments<Config extends CameraConfig>(
	camera: { readonly read: (document: JsonDocument, config: Config) => readonly JsonReading[] | string },
	config: Config,
	documents: readonly (JsonDocument | JsonProblem)[],
): readonly CameraEvent[] {
	return documents.flatMap((found): readonly CameraEvent[] => {
		if ('reason' in found) return [{ kind: 'malformed', ...found }];
		const readings = camera.read(found, config);
		if (typeof readings === 'string') return [{ kind: 'malformed', offset: found.offset, reason: readings }];
		return readings
			.slice(0, LIMITS.pushBatch)
			.map((reading, index) =>
				toCameraEvent(reading, found, { hasPictures: index === 0, untold: config.assumedConfidence ?? 0 }),
			);
	});
}

function toCameraEvent(
	reading: JsonReading,
	document: JsonDocument,
	{ hasPictures, untold }: { readonly hasPictures: boolean; readonly untold: number },
): CameraEvent {
	const { offset } = document;
	const { serial, historical = false } = reading;
	const names = Object.entries({ ...reading.names, serial }).flatMap(([name, text]) =>
		text === undefined ? [] : [[name, text.slice(0, 64)]],
	);
	const origin: EventOrigin = {
		...{ offset, eventType: (reading.eventType ?? '').slice(0, 64), historical },
		...(serial === undefined ? {} : { identity: serial }),
		names: Object.fromEntries(names),
	};
	if (reading.kind === 'input') return { ...origin, kind: 'input', port: reading.port, active: reading.active };
	if (reading.kind !== 'vehicle') return { ...origin, kind: reading.kind };
	const text = parsePlateText(reading.plate);
	if (text.result === 'refused') return { kind: 'malformed', offset, reason: text.reason };
	if (text.result === 'none') return { ...origin, kind: 'noPlate' };
	const { country, time, key, keyLifeMs, sameWithinMs, size } = reading;
	const pictures = [...(hasPictures ? document.pictures : []), ...(reading.pictures ?? [])];
	return {
		...origin,
		...{
			kind: 'plate',
			plate: text.plate,
			confidence: reading.confidence ?? untold,
			direction: reading.direction ?? 'unknown',
		},
		...(country === undefined ? {} : { country }),
		...(time === undefined ? {} : { time }),
		...(key === undefined ? {} : { key }),
		...(keyLifeMs === undefined ? {} : { keyLifeMs }),
		...(sameWithinMs === undefined ? {} : { sameWithinMs }),
		...(size === undefined ? {} : { size }),
		pictures: pictures.filter((picture) => picture !== undefined).slice(0, LIMITS.evidenceImages),
		raw: document.raw,
	};
}
