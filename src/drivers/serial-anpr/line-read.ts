import { parseCountry } from '../push-camera/country.ts';
import type { TextLine } from '../text-line/line-search.ts';
import { type SerialAnprConfig, USUAL_PATTERN } from './config.ts';
import { confidenceOf, readPlate, type Said } from './plate-read.ts';

export type LineSettings = Pick<
	SerialAnprConfig,
	'assumedConfidence' | 'confidenceScale' | 'encoding' | 'format' | 'pattern' | 'timeZone'
>;

export function textOf(bytes: Uint8Array, encoding: SerialAnprConfig['encoding']): string {
	return new TextDecoder(encoding).decode(bytes).trim();
}

export function patternOf({ pattern }: Pick<LineSettings, 'pattern'>): RegExp {
	return new RegExp(pattern ?? USUAL_PATTERN);
}

/** A line by the pattern of its entry; `other` when it does not fit. */
export function readLine({ bytes }: TextLine, pattern: RegExp, camera: LineSettings): Said {
	const groups = pattern.exec(textOf(bytes, camera.encoding))?.groups;
	const plate = groups?.['plate'];
	if (plate === undefined) return { result: 'other' };
	return readPlate(
		{
			plate,
			confidence: confidenceOf(groups?.['confidence'], camera.confidenceScale),
			country: groups?.['country'],
			direction: groups?.['direction'],
			time: groups?.['time'],
			raw: bytes,
		},
		camera,
	);
}

/** `46HVR9-NLD` or `46HVR9`: what follows the last dash is a country only when there is one of that name. */
export function readNedap({ bytes }: TextLine, camera: LineSettings): Said {
	const text = textOf(bytes, camera.encoding);
	const [, before, code] = /^(.{2,32})-([A-Z]{3})$/.exec(text) ?? [];
	const country = parseCountry(code) === undefined ? undefined : code;
	const plate = country === undefined ? text : (before ?? '');
	if (plate.length < 2) return { result: 'other' };
	return readPlate({ plate, country, raw: bytes }, camera);
}
