import { z } from 'zod';
import { type CameraTime, readDateTime } from '../push-camera/camera-time.ts';
import { confidenceOf } from '../push-camera/confidence.ts';
import { parseRegion } from '../push-camera/country.ts';
import type { JsonReading } from '../push-camera/json-camera.ts';
import { listField, numberField, sectionField, textField } from '../push-camera/json-fields.ts';
import type { JsonDocument } from '../push-camera/json-push.ts';
import { travelOf } from '../push-camera/travel.ts';
import type { PlaterecognizerConfig } from './config.ts';
import { readGenetecPost, readVerkadaWebhook } from './other-webhooks.ts';

const recognised = sectionField({
	plate: textField,
	score: numberField,
	region: sectionField({ code: textField }),
	box: sectionField({ xmin: numberField, ymin: numberField, xmax: numberField, ymax: numberField }),
	direction: numberField,
});

/** What Stream posts as `data`, and Snapshot answers. */
const recognition = z.object({
	camera_id: textField,
	filename: textField,
	timestamp: textField,
	results: listField(recognised),
});
const webhook = z.object({ hook: sectionField({ event: textField, id: textField }), data: z.unknown().optional() });

/** Stream tells a car once as a rule; another of its frames may still follow. */
const SAME_WITHIN_MS = 8_000;

/** Source: Plate Recognizer, Stream webhooks and Snapshot API. */
export function readPlaterecognizerEvent(
	{ fields }: JsonDocument,
	config: PlaterecognizerConfig,
): readonly JsonReading[] | string {
	const { hook, data } = webhook.parse(fields);
	const genetec = readGenetecPost(fields);
	if (genetec !== undefined) return [genetec];
	const verkada = readVerkadaWebhook(data);
	if (verkada !== undefined) return [verkada];
	const found = recognition.safeParse(data ?? fields);
	if (!found.success || !Object.hasOwn(Object(data ?? fields), 'results')) return 'noEvent';
	const { camera_id: serial, timestamp, results } = found.data;
	const time = readUtc(timestamp);
	const origin = { eventType: hook.event ?? 'snapshot', serial };
	// Nothing at all in the picture: no vehicle was misread.
	if (results.length === 0) return [{ ...origin, kind: 'other' }];
	return results.map((result): JsonReading => {
		const { xmin, ymin, xmax, ymax } = result.box;
		const hasBox = xmin !== undefined && ymin !== undefined && xmax !== undefined && ymax !== undefined;
		return {
			...origin,
			kind: 'vehicle',
			// Lower case, and without separators.
			plate: result.plate?.toUpperCase(),
			confidence: confidenceOf(result.score, 1),
			direction: travelOf(result.direction, config.approachDegrees),
			country: parseRegion(result.region.code),
			time,
			key: timestamp === undefined ? undefined : `${serial ?? ''}|${timestamp}|${result.plate ?? ''}`,
			sameWithinMs: SAME_WITHIN_MS,
			size: hasBox ? { widthPx: xmax - xmin, heightPx: ymax - ymin } : undefined,
		};
	});
}

/** Snapshot leaves the Z out. */
function readUtc(text: string | undefined): CameraTime | undefined {
	const time = readDateTime(text);
	return time?.kind === 'local' ? { kind: 'instant', ms: time.asUtcMs } : time;
}
