import { z } from 'zod';
import { readEpoch } from '../push-camera/camera-time.ts';
import { confidenceOf } from '../push-camera/confidence.ts';
import { parseRegion } from '../push-camera/country.ts';
import type { JsonReading } from '../push-camera/json-camera.ts';
import { base64Field, listField, numberField, sectionField, textField } from '../push-camera/json-fields.ts';
import type { JsonDocument } from '../push-camera/json-push.ts';
import { parseBase64Picture } from '../push-camera/picture.ts';
import { travelOf } from '../push-camera/travel.ts';
import type { OpenalprConfig } from './config.ts';

const plate = {
	plate: textField,
	confidence: numberField,
	region: textField,
	coordinates: listField(sectionField({ x: numberField, y: numberField })),
};

/** The fields of all its events; `data_type` says which count. */
const agentEvent = z.object({
	data_type: textField,
	camera_id: textField,
	agent_uid: textField,
	agent_version: textField,
	site: textField,
	epoch_time: numberField,
	epoch_end: numberField,
	uuid: textField,
	best_uuid: textField,
	best_plate_number: textField,
	best_confidence: numberField,
	best_region: textField,
	best_plate: sectionField(plate),
	travel_direction: numberField,
	plate_crop_jpeg: base64Field,
	vehicle_crop_jpeg: base64Field,
	results: listField(sectionField({ ...plate, plate_crop_jpeg: base64Field })),
});
type AgentEvent = z.infer<typeof agentEvent>;

/** A vehicle is told in every frame it is read in. */
const SAME_WITHIN_MS = 8_000;

/** Source: Rekor, OpenALPR agent webhook, `data_type` of version 2; version 1 writes fewer fields. */
export function readOpenalprEvent({ fields }: JsonDocument, config: OpenalprConfig): readonly JsonReading[] | string {
	const event = agentEvent.parse(fields);
	const origin = {
		eventType: event.data_type,
		serial: event.agent_uid,
		names: { camera: event.camera_id, site: event.site, version: event.agent_version },
	};
	const isOther = config.camera !== undefined && event.camera_id !== undefined && event.camera_id !== config.camera;
	switch (event.data_type) {
		case 'alpr_results':
			if (isOther) return [{ ...origin, kind: 'other' }];
			return event.results.map((result) => ({ ...origin, ...readFrame(event, result, config) }));
		case 'alpr_group':
			return isOther ? [{ ...origin, kind: 'other' }] : [{ ...origin, ...readGroup(event, config) }];
		case 'alpr_alert':
		case 'vehicle':
			// The same vehicle comes as a group besides.
			return [{ ...origin, kind: 'other' }];
		case 'heartbeat':
			return [{ ...origin, kind: 'heartbeat' }];
		default:
			return 'noEvent';
	}
}

function readFrame(event: AgentEvent, result: AgentEvent['results'][number], config: OpenalprConfig) {
	return {
		kind: 'vehicle' as const,
		historical: config.opensBy !== 'results',
		plate: result.plate,
		confidence: confidenceOf(result.confidence, 100),
		direction: travelOf(event.travel_direction, config.approachDegrees),
		country: parseRegion(result.region),
		time: readEpoch(event.epoch_time, 'ms', 'instant'),
		key: event.uuid === undefined ? undefined : `${event.uuid}|${result.plate ?? ''}`,
		sameWithinMs: SAME_WITHIN_MS,
		size: sizeOf(result.coordinates),
		pictures: [parseBase64Picture('plate', result.plate_crop_jpeg)],
	};
}

function readGroup(event: AgentEvent, config: OpenalprConfig) {
	const { best_plate: best } = event;
	return {
		kind: 'vehicle' as const,
		historical: config.opensBy !== 'groups',
		plate: event.best_plate_number ?? best.plate,
		confidence: confidenceOf(event.best_confidence ?? best.confidence, 100),
		direction: travelOf(event.travel_direction, config.approachDegrees),
		country: parseRegion(event.best_region ?? best.region),
		time: readEpoch(event.epoch_end, 'ms', 'instant'),
		key: event.best_uuid === undefined ? undefined : `group ${event.best_uuid}`,
		size: sizeOf(best.coordinates),
		pictures: [
			parseBase64Picture('plate', event.plate_crop_jpeg),
			parseBase64Picture('scene', event.vehicle_crop_jpeg),
		],
	};
}

/** The box around the plate's four corners. */
function sizeOf(corners: AgentEvent['best_plate']['coordinates']) {
	const xs = corners.flatMap(({ x }) => x ?? []);
	const ys = corners.flatMap(({ y }) => y ?? []);
	if (xs.length !== 4 || ys.length !== 4) return undefined;
	return { widthPx: Math.max(...xs) - Math.min(...xs), heightPx: Math.max(...ys) - Math.min(...ys) };
}
