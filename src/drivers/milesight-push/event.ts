import { z } from 'zod';
import { readDateTime } from '../push-camera/camera-time.ts';
import { confidenceOfText } from '../push-camera/confidence.ts';
import { parseCountry } from '../push-camera/country.ts';
import type { JsonReading } from '../push-camera/json-camera.ts';
import { base64Field, numberField, textField } from '../push-camera/json-fields.ts';
import type { JsonDocument } from '../push-camera/json-push.ts';
import { parseBase64Picture } from '../push-camera/picture.ts';
import { createTravelWords } from '../push-camera/travel.ts';

/** LPR Message Post; all values are text, `-` is unknown. */
const lprMessage = z.object({
	device: textField,
	time: textField,
	plate: textField,
	type: textField,
	direction: textField,
	detection_region: textField,
	region: textField,
	confidence: textField,
	coordinate_x1: numberField,
	coordinate_y1: numberField,
	coordinate_x2: numberField,
	coordinate_y2: numberField,
	plate_image: base64Field,
	full_image: base64Field,
	evidence_image0: base64Field,
	evidence_image1: base64Field,
});

const travelOfWord = createTravelWords({ approaching: ['approach', 'in'], leaving: ['away', 'out'] });

/** The vehicle is told again when the camera knows on which of its lists it is. */
const SAME_WITHIN_MS = 5_000;

/** Source: Milesight, LPR message post, as public integrations read it. */
export function readMilesightEvent({ fields }: JsonDocument): readonly JsonReading[] | string {
	if (!Object.hasOwn(fields, 'plate')) return 'noEvent';
	const message = lprMessage.parse(fields);
	const { device, time, plate, confidence } = message;
	return [
		{
			kind: 'vehicle',
			eventType: message.type,
			names: { name: device, region: message.detection_region },
			plate,
			confidence: confidence === undefined || confidence === '-' ? undefined : confidenceOfText(confidence),
			direction: travelOfWord(message.direction),
			country: parseCountry(message.region),
			time: readDateTime(time),
			key: time === undefined ? undefined : `${device ?? ''}|${time}|${plate ?? ''}`,
			sameWithinMs: SAME_WITHIN_MS,
			size: sizeOf(message),
			pictures: [
				parseBase64Picture('plate', message.plate_image),
				parseBase64Picture('scene', message.full_image),
				parseBase64Picture('scene', message.evidence_image0),
				parseBase64Picture('scene', message.evidence_image1),
			],
		},
	];
}

function sizeOf({
	coordinate_x1: x1,
	coordinate_y1: y1,
	coordinate_x2: x2,
	coordinate_y2: y2,
}: z.infer<typeof lprMessage>) {
	if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return undefined;
	return x2 > x1 && y2 > y1 ? { widthPx: x2 - x1, heightPx: y2 - y1 } : undefined;
}
