import { LIMITS } from '../../gateway/core/limits.ts';
import type { EvidenceImage } from '../../gateway/core/observation.ts';
import { parseMultipart } from '../ports/http-push-multipart.ts';
import { childTree, decodeEventText, type EventTree, parseJsonTree, parseXmlTree } from '../ports/http-push-xml.ts';
import { parsePicture } from '../push-camera/picture.ts';
import { type Alert, type AlertOrigin, decodeAlert } from './alert.ts';

export type AlertEvent = Alert & {
	/** Byte offset of its text in the body. */
	readonly offset: number;
	readonly pictures: readonly EvidenceImage[];
	/** First bytes of the part about the plate, hex; LIMITS.rawReadBytes. */
	readonly raw: string;
};
/** One thing a camera said, or why a text could not be understood. */
export type HikvisionEvent =
	| AlertEvent
	| { readonly kind: 'malformed'; readonly offset: number; readonly reason: string };

interface TextPart {
	readonly offset: number;
	readonly bytes: Uint8Array;
	readonly isCut: boolean;
	readonly pictures: EvidenceImage[];
}

/**
 * Decodes the body of one push: multipart with parts in any order, or one bare text (XML, or JSON from
 * newer models). Any bytes give at least one event, `malformed` with a reason if need be; never throws.
 * Source: Hikvision ISAPI, EventNotificationAlert.
 */
export function decodePush(body: Uint8Array, contentType = ''): readonly HikvisionEvent[] {
	if (body.length === 0) return [{ kind: 'malformed', offset: 0, reason: 'empty' }];
	const head = Buffer.from(body.subarray(0, 16)).toString('latin1');
	if (!/^\s*multipart\//i.test(contentType) && !/^\s*--/.test(head))
		return [decodeText({ offset: 0, bytes: body, isCut: false, pictures: [] })];

	const { parts, problem } = parseMultipart(body, contentType);
	const texts: TextPart[] = [];
	const early: EvidenceImage[] = [];
	for (const { offset, name, fileName, bytes, isCut } of parts) {
		if (isText(bytes)) texts.push({ offset, bytes, isCut, pictures: [] });
		const picture = isCut ? undefined : parsePicture(`${name} ${fileName}`, bytes);
		if (picture !== undefined) (texts.at(-1)?.pictures ?? early).push(picture);
	}
	const [first] = texts;
	if (first === undefined) return [{ kind: 'malformed', offset: 0, reason: problem ?? 'noText' }];
	first.pictures.unshift(...early);
	const events = texts.slice(0, LIMITS.pushTexts).map(decodeText);
	const rest = texts.length > LIMITS.pushTexts ? 'limits' : problem;
	return rest === undefined ? events : [...events, { kind: 'malformed', offset: 0, reason: rest }];
}

/** Whatever its headers say: an event begins with `<` or `{`, perhaps after a byte order mark. */
function isText(bytes: Uint8Array): boolean {
	return /^(?:\xef\xbb\xbf)?\s*[<{]/.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'));
}

function decodeText({ offset, bytes, isCut, pictures }: TextPart): HikvisionEvent {
	if (isCut) return { kind: 'malformed', offset, reason: 'cut' };
	if (bytes.length > LIMITS.pushTextBytes) return { kind: 'malformed', offset, reason: 'size' };
	const text = decodeEventText(bytes).trim();
	const found = text.startsWith('{') ? findJsonAlert(text) : findXmlAlert(text);
	if (typeof found === 'string') return { kind: 'malformed', offset, reason: found };
	const alert = decodeAlert(found);
	if (typeof alert === 'string') return { kind: 'malformed', offset, reason: alert };
	return { ...alert, offset, pictures: pictures.slice(0, LIMITS.evidenceImages), raw: rawText(text) };
}

function findXmlAlert(text: string): EventTree | string {
	// The parser forgives a missing end; half a plate would be another plate.
	const end = /<\/(?:[\w.-]{1,32}:)?EventNotificationAlert\s*>/.exec(text);
	if (end === null) return /<(?:[\w.-]{1,32}:)?EventNotificationAlert\b/.test(text) ? 'cut' : 'noAlert';
	const parsed = parseXmlTree(text.slice(0, end.index + end[0].length));
	if ('problem' in parsed) return parsed.problem;
	return childTree(parsed.tree, 'EventNotificationAlert') ?? 'noAlert';
}

function findJsonAlert(text: string): EventTree | string {
	const parsed = parseJsonTree(text);
	if ('problem' in parsed) return parsed.problem;
	const alert = childTree(parsed.tree, 'EventNotificationAlert') ?? parsed.tree;
	return Object.hasOwn(alert, 'eventType') || Object.hasOwn(alert, 'ANPR') ? alert : 'noAlert';
}

function rawText(text: string): string {
	const start = Math.max(0, text.search(/<(?:[\w.-]{1,32}:)?ANPR\b|"ANPR"/));
	const bytes = Buffer.from(text.slice(start, start + LIMITS.rawReadBytes), 'utf8');
	return bytes.subarray(0, LIMITS.rawReadBytes).toString('hex');
}

/**
 * What the same event has again when it is sent twice: the camera's UUID, else MAC, time and plate.
 * Undefined when the camera gives nothing to tell two passages apart.
 */
export function eventKey(event: AlertOrigin & { readonly plate: string }): string | undefined {
	if (event.uuid !== undefined) return event.uuid;
	if (event.dateTime === undefined) return undefined;
	return `${event.mac ?? ''}|${event.dateTime}|${event.plate}`;
}
