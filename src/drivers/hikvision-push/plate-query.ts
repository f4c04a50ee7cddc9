import { LIMITS } from '../../gateway/core/limits.ts';
import type { PlateDirection } from '../../gateway/core/observation.ts';
import {
	childText,
	childTree,
	childTrees,
	decodeEventText,
	type EventTree,
	parseXmlTree,
} from '../ports/http-push-xml.ts';
import { parseCountry } from '../push-camera/country.ts';
import { parsePlateText } from '../push-camera/plate-text.ts';
import { travelOfWord } from './alert.ts';

/** One plate of the camera's own list. */
export interface ListedPlate {
	readonly plate: string;
	/** `YYYYMMDDHHMMSSmmmm`, the camera's local time; sorts as text. */
	readonly time: string;
	/** Up to 25 digits, beyond any number: the entry's own name. */
	readonly name: string;
	readonly direction: PlateDirection;
	readonly country?: string;
}

export function plateQueryPath(channel: number): string {
	return `/ISAPI/Traffic/channels/${channel}/vehicleDetect/plates`;
}

/** @param afterTime `YYYYMMDDHHMMSSmmmm` in the camera's local time; ISAPI, Traffic, vehicleDetect/plates */
export function encodePlateQuery(afterTime: string): string {
	return `<?xml version="1.0" encoding="UTF-8"?><AfterTime version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema"><picTime>${afterTime}</picTime></AfterTime>`;
}

export type PlateList =
	| { readonly plates: readonly ListedPlate[]; readonly skipped: number }
	| { readonly problem: string };

/** The camera's answer, oldest first whatever its order; entries that are none are skipped and counted. */
export function decodePlateList(body: Uint8Array): PlateList {
	const text = decodeEventText(body).trim();
	if (!/<\/(?:[\w.-]{1,32}:)?Plates\s*>$/.test(text) && !/<(?:[\w.-]{1,32}:)?Plates\b[^<>]*\/>$/.test(text))
		return { problem: 'noPlates' };
	const parsed = parseXmlTree(text, { characters: LIMITS.deviceAnswerBytes, tags: LIMITS.listedTags });
	if ('problem' in parsed) return { problem: parsed.problem };
	const entries = childTrees(childTree(parsed.tree, 'Plates'), 'Plate');
	const plates = entries.flatMap((entry) => parseEntry(entry) ?? []);
	plates.sort((left, right) => compare(left.time, right.time) || compare(left.name, right.name));
	return { plates, skipped: entries.length - plates.length };
}

/** `20200424T1616270000` of the camera. */
const CAPTURE_TIME = /^(\d{8})T?(\d{6})(\d{0,4})/;

function parseEntry(entry: EventTree): ListedPlate | undefined {
	const plate = parsePlateText(childText(entry, 'plateNumber'));
	const name = childText(entry, 'picName') ?? '';
	const time = CAPTURE_TIME.exec(childText(entry, 'captureTime') ?? '');
	if (plate.result !== 'plate' || time === null || !/^[\w.-]{1,64}$/.test(name)) return undefined;
	const [, day = '', clock = '', fraction = ''] = time;
	const country = parseCountry(childText(entry, 'country'));
	return {
		plate: plate.plate,
		name,
		time: day + clock + fraction.padEnd(4, '0'),
		direction: travelOfWord(childText(entry, 'direction')),
		...(country === undefined ? {} : { country }),
	};
}

function compare(left: string, right: string): number {
	return left < right ? -1 : Number(left > right);
}
