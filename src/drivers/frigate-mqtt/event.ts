import { z } from 'zod';
import type { PlateDirection } from '../../gateway/core/observation.ts';
import { readEpoch } from '../push-camera/camera-time.ts';
import { confidenceOf } from '../push-camera/confidence.ts';
import type { JsonReading } from '../push-camera/json-camera.ts';
import { listField, numberField, sectionField, textField } from '../push-camera/json-fields.ts';
import type { JsonDocument } from '../push-camera/json-push.ts';
import { travelOf } from '../push-camera/travel.ts';
import type { FrigateConfig } from './config.ts';

/** `tracked_object_update` of type `lpr`. */
const lprUpdate = z.object({
	id: textField,
	name: textField,
	plate: textField,
	score: numberField,
	camera: textField,
	timestamp: numberField,
	plate_box: listField(numberField),
});

/** `after` of `events`. */
const trackedObject = z.object({
	id: textField,
	camera: textField,
	label: textField,
	frame_time: numberField,
	/** The text, or text and score, by version. */
	recognized_license_plate: z.unknown().optional(),
	recognized_license_plate_score: numberField,
	current_zones: listField(textField),
	entered_zones: listField(textField),
	velocity_angle: numberField,
});
type TrackedObject = z.infer<typeof trackedObject>;

const message = z.object({ type: textField, after: sectionField(trackedObject.shape) });

/**
 * A message of `tracked_object_update` or `events`; other cameras' and what says nothing of a plate give no
 * reading. Source: Frigate, integrations/mqtt.
 */
export function readFrigateMessage({ fields }: JsonDocument, config: FrigateConfig): readonly JsonReading[] | string {
	const { type, after } = message.parse(fields);
	if (type === undefined) return 'noEvent';
	if (Object.hasOwn(fields, 'after')) return after.camera === config.camera ? readObject(type, after, config) : [];
	if (type !== 'lpr') return [];
	const update = lprUpdate.parse(fields);
	// It does not say where in the picture: then the events do.
	return update.camera === config.camera && config.zone === undefined ? [readUpdate(update)] : [];
}

function readUpdate(update: z.infer<typeof lprUpdate>): JsonReading {
	const [left, top, right, bottom] = update.plate_box;
	const isBox = left !== undefined && top !== undefined && right !== undefined && bottom !== undefined;
	return {
		...{ kind: 'vehicle', eventType: 'lpr', plate: update.plate, key: update.id },
		confidence: update.score === undefined ? undefined : confidenceOf(update.score, 1),
		time: readEpoch(update.timestamp, 's', 'instant'),
		size: isBox && right > left && bottom > top ? { widthPx: right - left, heightPx: bottom - top } : undefined,
	};
}

function readObject(type: string, object: TrackedObject, config: FrigateConfig): readonly JsonReading[] {
	const isElsewhere = config.zone !== undefined && !object.current_zones.includes(config.zone);
	// A plate is often read only in a later update of its vehicle: until its end nothing was misread.
	const hasEnded = type === 'end';
	const [plate, score] = plateOf(object);
	const isVehicle = ['car', 'motorcycle', 'truck', 'bus'].includes(object.label ?? '');
	if (isElsewhere || (plate === undefined && !(hasEnded && isVehicle))) return [];
	return [
		{
			...{ kind: 'vehicle', eventType: type, plate, key: object.id },
			// It has gone.
			historical: hasEnded,
			confidence: score === undefined ? undefined : confidenceOf(score, 1),
			direction: directionOf(object, config),
			time: readEpoch(object.frame_time, 's', 'instant'),
		},
	];
}

const plateAndScore = z.tuple([textField, numberField]);

function plateOf(object: TrackedObject): readonly [string | undefined, number | undefined] {
	const told = object.recognized_license_plate;
	if (!Array.isArray(told)) return [textField.parse(told), object.recognized_license_plate_score];
	const pair = plateAndScore.safeParse(told.slice(0, 2));
	return pair.success ? pair.data : [undefined, undefined];
}

/** By the order of zones where it went through two of them, else by the movement in the picture. */
function directionOf(object: TrackedObject, config: FrigateConfig): PlateDirection {
	const zones = config.approachZones ?? [];
	const passed = object.entered_zones.map((zone) => zones.indexOf(zone ?? '')).filter((place) => place >= 0);
	const [first, last] = [passed[0], passed.at(-1)];
	if (first !== undefined && last !== undefined && first !== last) return last > first ? 'approaching' : 'leaving';
	// 0 is told of what stands, and by cameras without a speed estimate.
	return travelOf(object.velocity_angle === 0 ? undefined : object.velocity_angle, config.approachDegrees);
}
