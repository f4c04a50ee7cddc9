import { z } from 'zod';
import { readDateTime, readEpoch } from '../push-camera/camera-time.ts';
import { confidenceOf } from '../push-camera/confidence.ts';
import { parseCountry } from '../push-camera/country.ts';
import type { JsonReading } from '../push-camera/json-camera.ts';
import { base64Field, listField, numberField, sectionField, textField } from '../push-camera/json-fields.ts';
import type { JsonDocument } from '../push-camera/json-push.ts';
import { parseBase64Picture } from '../push-camera/picture.ts';
import { createTravelWords } from '../push-camera/travel.ts';

/** License Plate Verifier's event; most firmwares write every number as text. */
const verifierEvent = z.object({
	plateUTF8: textField,
	plateUnicode: textField,
	plateASCII: textField,
	plateText: textField,
	plateConfidence: numberField,
	plateCountry: textField,
	carState: textField,
	carMoveDirection: textField,
	carID: textField,
	capture_timestamp: numberField,
	plateCoordinates: listField(numberField),
	plateImage: base64Field,
	vehicleImage: base64Field,
	camera_info: sectionField({ SerialNumber: textField, ProdShortName: textField, MACAddress: textField }),
});

/** What the publisher application by pandosme says. */
const publisherEvent = z.object({
	plate: textField,
	device: textField,
	name: textField,
	timestamp: numberField,
	localTime: textField,
	image: base64Field,
});

const travelOfWord = createTravelWords({ approaching: ['in'], leaving: ['out'] });

/** Longer than a vehicle stands before a barrier, shorter than from one day's first to the next one's. */
const TRACK_LIFE_MS = 600_000;

/** Source: Axis, License Plate Verifier API. */
export function readAxisEvent({ fields }: JsonDocument): readonly JsonReading[] | string {
	const isVerifier = ['plateUTF8', 'plateASCII', 'plateUnicode', 'plateText', 'carID', 'carState'].some((name) =>
		Object.hasOwn(fields, name),
	);
	if (isVerifier) return [readVerifier(verifierEvent.parse(fields))];
	if (Object.hasOwn(fields, 'plate')) return [readPublished(publisherEvent.parse(fields))];
	const { camera_info: told } = verifierEvent.parse(fields);
	if (told.SerialNumber === undefined) return 'noEvent';
	return [{ kind: 'heartbeat', eventType: 'heartbeat', serial: told.SerialNumber, names: namesOf(told) }];
}

function readVerifier(event: z.infer<typeof verifierEvent>): JsonReading {
	const { camera_info: camera, carID, carState } = event;
	const [, , widthPx, heightPx] = event.plateCoordinates;
	return {
		kind: 'vehicle',
		eventType: carState,
		serial: camera.SerialNumber,
		names: namesOf(camera),
		// About 10 s after the vehicle was last seen: it is told for the record.
		historical: carState?.toLowerCase() === 'lost',
		// `plateASCII` has lost its accents.
		plate: event.plateUTF8 ?? unescapeText(event.plateUnicode ?? event.plateText) ?? event.plateASCII,
		confidence: confidenceOf(event.plateConfidence, 1),
		direction: travelOfWord(event.carMoveDirection),
		country: parseCountry(event.plateCountry),
		time: readEpoch(event.capture_timestamp, 'ms', 'instant'),
		key: carID === undefined ? undefined : `${camera.SerialNumber ?? ''}|${carID}`,
		// Tracks are counted from 1 again when the application starts.
		keyLifeMs: TRACK_LIFE_MS,
		size: widthPx === undefined || heightPx === undefined ? undefined : { widthPx, heightPx },
		pictures: [parseBase64Picture('plate', event.plateImage), parseBase64Picture('scene', event.vehicleImage)],
	};
}

function readPublished(event: z.infer<typeof publisherEvent>): JsonReading {
	return {
		kind: 'vehicle',
		eventType: 'publisher',
		serial: event.device,
		names: { name: event.name },
		plate: event.plate,
		confidence: undefined,
		time: readEpoch(event.timestamp, 'ms', 'instant') ?? readDateTime(event.localTime),
		key: event.timestamp === undefined ? undefined : `${event.device ?? ''}|${event.timestamp}|${event.plate ?? ''}`,
		pictures: [parseBase64Picture('scene', event.image)],
	};
}

/** Older versions write other letters than Latin as `\\u0428`, as text. */
function unescapeText(text: string | undefined): string | undefined {
	return text?.replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function namesOf(camera: z.infer<typeof verifierEvent>['camera_info']) {
	return { model: camera.ProdShortName, mac: camera.MACAddress };
}
