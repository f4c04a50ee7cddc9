import { z } from 'zod';
import { readDateTime, readEpoch } from '../push-camera/camera-time.ts';
import { confidenceOf } from '../push-camera/confidence.ts';
import type { JsonReading } from '../push-camera/json-camera.ts';
import { base64Field, isRecord, numberField, textField } from '../push-camera/json-fields.ts';
import { parseBase64Picture } from '../push-camera/picture.ts';

/** Cameras of a cloud tell a car in several events of their own. */
const SAME_WITHIN_MS = 8_000;

const verkadaRead = z.object({
	camera_id: textField,
	created: numberField,
	confidence: numberField,
	license_plate_number: textField,
});

/** `data` of Verkada's webhook; undefined when it is none. */
export function readVerkadaWebhook(data: unknown): JsonReading | undefined {
	if (!isRecord(data) || !Object.hasOwn(data, 'license_plate_number')) return undefined;
	const { camera_id: serial, created, confidence, license_plate_number: plate } = verkadaRead.parse(data);
	return {
		...{ kind: 'vehicle', eventType: 'verkada', serial, plate },
		confidence: confidenceOf(confidence, (confidence ?? 0) <= 1 ? 1 : 100),
		time: readEpoch(created, 's', 'instant'),
		key: created === undefined ? undefined : `${serial ?? ''}|${created}|${plate ?? ''}`,
		sameWithinMs: SAME_WITHIN_MS,
	};
}

const genetecRead = z.object({
	CameraName: textField,
	ContextImage: base64Field,
	DateUtc: textField,
	TimeUtc: textField,
	Plate: textField,
	ConfidenceScore: numberField,
});

/** What Genetec's plug-in posts; undefined when it is something else. */
export function readGenetecPost(fields: Readonly<Record<string, unknown>>): JsonReading | undefined {
	if (!Object.hasOwn(fields, 'Plate') || !Object.hasOwn(fields, 'CameraName')) return undefined;
	const read = genetecRead.parse(fields);
	// Day first: `31/12/2026`.
	const [, day, month, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(read.DateUtc ?? '') ?? [];
	const time = `${year}-${month}-${day} ${read.TimeUtc}Z`;
	return {
		...{ kind: 'vehicle', eventType: 'genetec', serial: read.CameraName, plate: read.Plate },
		confidence: confidenceOf(read.ConfidenceScore, 100),
		time: readDateTime(time),
		key: readDateTime(time) === undefined ? undefined : `${read.CameraName ?? ''}|${time}|${read.Plate ?? ''}`,
		sameWithinMs: SAME_WITHIN_MS,
		pictures: [parseBase64Picture('scene', read.ContextImage)],
	};
}
