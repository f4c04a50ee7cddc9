import { LIMITS } from '../../gateway/core/limits.ts';
import type { PlateDirection } from '../../gateway/core/observation.ts';
import { childText, childTree, type EventTree } from '../ports/http-push-xml.ts';
import { confidenceOfText } from '../push-camera/confidence.ts';
import { parseCountry } from '../push-camera/country.ts';
import { parseMac } from '../push-camera/mac-address.ts';
import { parsePlateText } from '../push-camera/plate-text.ts';
import { createTravelWords } from '../push-camera/travel.ts';

/** What every alert tells of itself; all of it is the sender's word. */
export interface AlertOrigin {
	/** ISAPI `eventType` as written. */
	readonly eventType: string;
	/** Twelve lower-case hex digits. */
	readonly mac?: string;
	/** As written. */
	readonly dateTime?: string;
	readonly uuid?: string;
	/** Buffered by the camera and sent later. */
	readonly historical: boolean;
	/** What the camera calls itself, for the technician. */
	readonly names: Readonly<Record<string, string>>;
}

export interface PlateRead {
	readonly plate: string;
	/** 0–1. */
	readonly confidence: number;
	readonly direction: PlateDirection;
	readonly country?: string;
}

/** `noPlate`: a vehicle was seen, nothing was read. `heartbeat`: nothing happened, the camera is alive. */
export type Alert = AlertOrigin &
	(
		| ({ readonly kind: 'plate' } & PlateRead)
		| { readonly kind: 'input'; readonly port: number; readonly active: boolean }
		| { readonly kind: 'noPlate' | 'heartbeat' | 'other' }
	);

/** `vehicleDetection` is what traffic units call the same; some firmwares leave the type out. */
const PLATE_EVENTS = new Set(['anpr', 'vehicledetection', '']);

/** Reads one EventNotificationAlert; a string is the reason why it is none: `plateLength`, `plateText`. */
export function decodeAlert(alert: EventTree): Alert | string {
	const anpr = childTree(alert, 'ANPR');
	const either = (...names: string[]) => childText(anpr, ...names) ?? childText(alert, ...names);
	const eventType = (childText(alert, 'eventType') ?? '').slice(0, 64);
	const type = eventType.toLowerCase();
	const isActive = childText(alert, 'eventState')?.toLowerCase() !== 'inactive';
	const origin = readOrigin(alert, either, eventType);
	// Arming channels and alert streams keep alive with `videoloss inactive`.
	if (type === 'heartbeat' || (type === 'videoloss' && !isActive)) return { ...origin, kind: 'heartbeat' };
	const port = childText(alert, 'inputIOPortID', 'dynInputIOPortID') ?? '';
	if (type === 'io' && /^\d{1,4}$/.test(port))
		return { ...origin, kind: 'input', port: Number(port), active: isActive };
	const isPlateEvent = PLATE_EVENTS.has(type) && isActive && (type !== '' || anpr !== undefined);
	if (!isPlateEvent) return { ...origin, kind: 'other' };
	// The newest name first; `originalLicensePlate` is the read before the camera corrected it.
	const plate = parsePlateText(either('licensePlate', 'plate', 'plateNumber', 'originalLicensePlate'));
	if (plate.result === 'none') return { ...origin, kind: 'noPlate' };
	if (plate.result === 'refused') return plate.reason;
	const country = parseCountry(
		...['countryAbbreviation', 'country', 'CRIndex'].flatMap((name) => [childText(anpr, name), childText(alert, name)]),
	);
	return {
		...origin,
		kind: 'plate',
		plate: plate.plate,
		confidence: parseConfidence(either('confidenceLevel'), either('plateCharBelieve')),
		direction: travelOfWord(either('direction')),
		...(country === undefined ? {} : { country }),
	};
}

/** `forward` is toward the camera. */
export const travelOfWord = createTravelWords({ approaching: ['forward'], leaving: ['reverse'] });

/** Without a level the worst of the per-character values counts. */
function parseConfidence(level: string | undefined, characters: string | undefined): number {
	if (level !== undefined) return confidenceOfText(level);
	const values = (characters ?? '').split(',').slice(0, LIMITS.plateLength).map(confidenceOfText);
	return Math.min(...values);
}

function readOrigin(
	alert: EventTree,
	either: (...names: string[]) => string | undefined,
	eventType: string,
): AlertOrigin {
	const mac = parseMac(either('macAddress'));
	const dateTime = either('dateTime')?.slice(0, 64);
	const uuid = parseUuid(childText(alert, 'UUID'));
	const isFlagged = ['isDataRetransmission', 'alarmDataType'].some((name) => /^(?:1|true)$/i.test(either(name) ?? ''));
	const names: Record<string, string> = {};
	for (const name of ['channelName', 'channelID', 'deviceID', 'deviceUUID', 'ipAddress']) {
		const text = childText(alert, name);
		if (text !== undefined) names[name] = text.slice(0, 64);
	}
	return {
		eventType,
		...(mac === undefined ? {} : { mac }),
		...(dateTime === undefined ? {} : { dateTime }),
		...(uuid === undefined ? {} : { uuid }),
		historical: isFlagged,
		names,
	};
}

/** Some firmwares send a placeholder for every event: that is no key. */
function parseUuid(text: string | undefined): string | undefined {
	if (text === undefined || !/^[\w-]{16,64}$/.test(text)) return undefined;
	return new Set(text.replaceAll('-', '')).size > 1 ? text : undefined;
}
