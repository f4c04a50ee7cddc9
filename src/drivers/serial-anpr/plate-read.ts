import type { EvidenceImage, PlateDirection } from '../../gateway/core/observation.ts';
import {
	type CameraTime,
	type PlacedTime,
	placeCameraTime,
	readDateTime,
	readEpoch,
} from '../push-camera/camera-time.ts';
import { parseCountry } from '../push-camera/country.ts';
import { parsePlateText } from '../push-camera/plate-text.ts';
import { createTravelWords } from '../push-camera/travel.ts';

/** One plate as one message tells it. */
export interface PlateRead {
	readonly plate: string;
	/** 0–1. */
	readonly confidence: number;
	readonly country?: string;
	readonly direction: PlateDirection;
	/** By the camera's clock. */
	readonly time?: PlacedTime;
	readonly pictures: readonly EvidenceImage[];
	/** The message, for diagnosis. */
	readonly raw: Uint8Array;
}

/** What a message says, still as text; absent where it says nothing. */
export interface SaidOfPlate {
	readonly plate: string;
	/** 0–1. */
	readonly confidence?: number | undefined;
	readonly country?: string | undefined;
	readonly direction?: string | undefined;
	readonly time?: string | undefined;
	readonly pictures?: readonly EvidenceImage[];
	readonly raw: Uint8Array;
}

/** `noPlate`: a vehicle was seen, nothing was read. `other`: it is nothing of a vehicle. */
export type Said =
	| { readonly result: 'plate'; readonly read: PlateRead }
	| { readonly result: 'noPlate' | 'other' }
	/** A plate that is none; why, in constant words. */
	| { readonly result: 'wrong'; readonly why: string };

/** What the entry says of the camera. */
export interface CameraSettings {
	readonly assumedConfidence?: number | undefined;
	readonly timeZone?: string | undefined;
}

export function readPlate(said: SaidOfPlate, camera: CameraSettings): Said {
	const text = parsePlateText(said.plate);
	if (text.result === 'none') return { result: 'noPlate' };
	if (text.result === 'refused') return { result: 'wrong', why: WRONG[text.reason] };
	const country = parseCountry(said.country);
	const time = placeCameraTime(parseTime(said.time), camera.timeZone);
	const read: PlateRead = {
		plate: text.plate,
		confidence: said.confidence ?? camera.assumedConfidence ?? 0,
		...(country === undefined ? {} : { country }),
		direction: travelOfWord(said.direction),
		...(time === undefined ? {} : { time }),
		pictures: said.pictures ?? [],
		raw: said.raw,
	};
	return { result: 'plate', read };
}

const WRONG = {
	plateLength: 'a plate longer than any',
	plateText: 'a plate in another encoding, or damaged',
} as const;

/** Tattile: APPROACH, GOAWAY. Axxon: in is toward the camera. The others are usual words. */
const travelOfWord = createTravelWords({
	approaching: ['approach', 'approaching', 'in', 'forward', 'front', 'toward'],
	leaving: ['goaway', 'away', 'leaving', 'out', 'reverse', 'rear'],
});

/** ISO 8601, `YYYYMMDDHHMMSS` with or without milliseconds, or seconds or milliseconds of the epoch. */
function parseTime(text: string | undefined): CameraTime | undefined {
	const trimmed = text?.trim() ?? '';
	if (/^\d{10}$/.test(trimmed)) return readEpoch(Number(trimmed), 's', 'instant');
	if (/^\d{13}$/.test(trimmed)) return readEpoch(Number(trimmed), 'ms', 'instant');
	const compact = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{3})?$/.exec(trimmed);
	if (compact === null) return readDateTime(trimmed);
	const [, year, month, day, hour, minute, second, millisecond = '000'] = compact;
	return readDateTime(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}`);
}

/** What a number of a scale is of 1; undefined without one, 0 for what makes no sense: then a second read must agree. */
export function confidenceOf(text: string | undefined, scale: number): number | undefined {
	if (text === undefined || text.trim() === '') return undefined;
	if (!/^\d{1,3}(?:\.\d{1,6})?$/.test(text.trim())) return 0;
	const value = Number(text) / scale;
	return value <= 1 ? value : 0;
}
