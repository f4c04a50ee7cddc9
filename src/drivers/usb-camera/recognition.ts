import { z } from 'zod';
import { platerecognizerConfigSchema } from '../platerecognizer-push/config.ts';
import { readPlaterecognizerEvent } from '../platerecognizer-push/event.ts';
import type { HttpQuestion } from '../ports/http-exchange.ts';
import type { CameraEvent, PlateEvent } from '../push-camera/camera-event.ts';
import { confidenceOf } from '../push-camera/confidence.ts';
import { parseRegion } from '../push-camera/country.ts';
import { decodeJsonDocuments, type JsonReading } from '../push-camera/json-camera.ts';
import { flagField, listField, numberField, sectionField, textField } from '../push-camera/json-fields.ts';
import { type JsonDocument, readJsonPush } from '../push-camera/json-push.ts';
import type { RecognizerConfig } from './config.ts';

/** Where engines listen when the address names no path. */
const USUAL_PATHS = { platerecognizer: '/v1/plate-reader/', 'codeproject-ai': '/v1/vision/alpr', http: '/' } as const;

/** @param boundary parts of a form; no text of it occurs in the picture */
export function recognitionQuestion(config: RecognizerConfig, picture: Uint8Array, boundary: string): HttpQuestion {
	const { hostname, port, pathname } = new URL(config.url);
	const field = config.engine === 'http' ? config.field : 'upload';
	const body =
		field === undefined
			? { contentType: 'image/jpeg', body: picture }
			: {
					contentType: `multipart/form-data; boundary=${boundary}`,
					body: encodeForm(boundary, field, picture, config.engine === 'platerecognizer' ? (config.regions ?? []) : []),
				};
	return {
		...{ host: hostname, port: port === '' ? 80 : Number(port), method: 'POST', timeoutMs: config.timeoutMs },
		...{ path: pathname === '/' ? USUAL_PATHS[config.engine] : pathname, credential: 'token' },
		...{ authorization: authorizationOf(config), ...body },
	};
}

function authorizationOf(config: RecognizerConfig): string | undefined {
	if (config.engine === 'codeproject-ai' || config.token === undefined) return undefined;
	return `${config.engine === 'platerecognizer' ? 'Token' : 'Bearer'} ${config.token}`;
}

/** RFC 7578. */
function encodeForm(boundary: string, field: string, picture: Uint8Array, regions: readonly string[]): Uint8Array {
	const head = (name: string, more = '') =>
		`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n`;
	return Buffer.concat([
		...regions.map((region) => Buffer.from(`${head('regions')}\r\n${region}\r\n`)),
		Buffer.from(`${head(field, '; filename="still.jpg"')}Content-Type: image/jpeg\r\n\r\n`),
		picture,
		Buffer.from(`\r\n--${boundary}--\r\n`),
	]);
}

/** What an engine found in one still. */
export type Recognition =
	/** undefined: it answered, and there is no plate. */
	| { readonly plate: PlateEvent | undefined }
	/** Its answer is none. */
	| { readonly problem: string };

/** Of several vehicles in the picture the nearest one: its plate is the widest. */
export function decodeRecognition(config: RecognizerConfig, body: Uint8Array): Recognition {
	const events = decodeRecognitionEvents(config, body);
	const plates = events.filter((event): event is PlateEvent => event.kind === 'plate');
	const [first] = events;
	if (plates.length === 0 && first?.kind === 'malformed') return { problem: first.reason };
	return { plate: plates.toSorted((a, b) => widthOf(b) - widthOf(a) || b.confidence - a.confidence)[0] };
}

/** Any bytes give at least one event. */
export function decodeRecognitionEvents(config: RecognizerConfig, body: Uint8Array): readonly CameraEvent[] {
	const read = (document: JsonDocument) => READERS[config.engine](document, config);
	return decodeJsonDocuments({ read }, { id: 'engine', driver: 'usb-camera' }, readJsonPush(body));
}

function widthOf({ size }: PlateEvent): number {
	return size?.widthPx ?? 0;
}

type ReadAnswer = (document: JsonDocument, config: RecognizerConfig) => readonly JsonReading[] | string;

const READERS: Readonly<Record<RecognizerConfig['engine'], ReadAnswer>> = {
	platerecognizer: readPlateRecognizer,
	'codeproject-ai': readCodeProject,
	http: readAnyEngine,
};

const NO_SETTINGS = platerecognizerConfigSchema.parse({ id: 'engine', driver: 'platerecognizer-push', path: 'engine' });

/** As it posts, but each still is asked about on its own: two that agree are two reads, and the time is the engine's. */
function readPlateRecognizer(document: JsonDocument): readonly JsonReading[] | string {
	const readings = readPlaterecognizerEvent(document, NO_SETTINGS);
	if (typeof readings === 'string') return readings;
	return readings.map((reading) =>
		reading.kind === 'vehicle' ? { ...reading, time: undefined, key: undefined, sameWithinMs: undefined } : reading,
	);
}

const prediction = sectionField({
	plate: textField,
	confidence: numberField,
	x_min: numberField,
	y_min: numberField,
	x_max: numberField,
	y_max: numberField,
});
const codeProjectAnswer = z.object({ success: flagField, error: textField, predictions: listField(prediction) });

/** Source: CodeProject.AI Server, API reference, License Plate Reader. */
function readCodeProject({ fields }: JsonDocument): readonly JsonReading[] | string {
	const { success, error, predictions } = codeProjectAnswer.parse(fields);
	if (success !== true) return error === undefined ? 'noSuccess' : `engine: ${error.slice(0, 80)}`;
	const origin = { eventType: 'alpr' };
	if (predictions.length === 0) return [{ ...origin, kind: 'other' }];
	return predictions.map(({ plate, confidence, x_min, y_min, x_max, y_max }): JsonReading => {
		const hasBox = x_min !== undefined && y_min !== undefined && x_max !== undefined && y_max !== undefined;
		return {
			...{ ...origin, kind: 'vehicle', plate: plate?.toUpperCase(), confidence: confidenceOf(confidence, 1) },
			size: hasBox ? { widthPx: x_max - x_min, heightPx: y_max - y_min } : undefined,
		};
	});
}

/** One plate, where the configuration says that it stands. */
function readAnyEngine({ fields }: JsonDocument, config: RecognizerConfig): readonly JsonReading[] | string {
	if (config.engine !== 'http') return 'noEvent';
	const at = (path: string | undefined) => (path === undefined ? undefined : valueAt(fields, path.split('.')));
	const confidence = numberField.parse(at(config.confidence));
	return [
		{
			...{ kind: 'vehicle', eventType: 'recognition', plate: textField.parse(at(config.plate))?.toUpperCase() },
			confidence: config.confidence === undefined ? undefined : confidenceOf(confidence, config.fullConfidence),
			country: parseRegion(textField.parse(at(config.country))),
		},
	];
}

function valueAt(value: unknown, path: readonly string[]): unknown {
	return path.reduce<unknown>((at, name) => {
		if (typeof at !== 'object' || at === null) return undefined;
		return Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined;
	}, value);
}
