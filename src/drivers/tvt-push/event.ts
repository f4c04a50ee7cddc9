import { LIMITS } from '../../gateway/core/limits.ts';
import type { EvidenceImage } from '../../gateway/core/observation.ts';
import {
	childText,
	childTree,
	childTrees,
	decodeEventText,
	type EventTree,
	parseXmlTree,
} from '../ports/http-push-xml.ts';
import type { CameraEvent, EventOrigin, PlateRead, PlateSize } from '../push-camera/camera-event.ts';
import { type CameraTime, readEpoch } from '../push-camera/camera-time.ts';
import { parseMac } from '../push-camera/mac-address.ts';
import { parseBase64Picture } from '../push-camera/picture.ts';
import { parsePlateText } from '../push-camera/plate-text.ts';

/** A recorder numbers what it tracks anew after a while: so long its number and the plate are one passage. */
const TARGET_LIFE_MS = 60_000;
/** The body with its pictures; the rest of the text is bounded as every push's. */
const PICTURES = /<((?:source|target)Base64Data)\b[^<>]*>([^<]*)<\/\1>/g;

/**
 * Decodes the body of one push of a TVT camera (`version="1.x"`) or recorder (`version="2.0.0"`). Any bytes give at
 * least one event, `malformed` with a reason if need be; never throws. Source: Viewtron's HTTP API documentation.
 *
 * @param assumedConfidence 0–1: these cameras tell none.
 */
export function decodeTvtPush(body: Uint8Array, assumedConfidence = 0): readonly CameraEvent[] {
	if (body.length === 0) return [malformed('empty')];
	const pictures: string[] = [];
	const text = decodeEventText(body)
		.trim()
		.replaceAll(PICTURES, (_, name: string, base64: string) => {
			pictures.push(base64);
			return `<${name}>${pictures.length - 1}</${name}>`;
		});
	// The parser forgives a missing end; half a plate would be another plate.
	if (!/<\/config\s*>$/.test(text)) return [malformed(/<config\b/.test(text) ? 'cut' : 'noEvent')];
	const parsed = parseXmlTree(text);
	if ('problem' in parsed) return [malformed(parsed.problem)];
	const config = childTree(parsed.tree, 'config');
	if (config === undefined) return [malformed('noEvent')];
	return readConfig(config, { confidence: assumedConfidence, pictures, raw: rawOf(text) });
}

interface Around {
	readonly confidence: number;
	/** Base64, by the number that stands for each in the tree. */
	readonly pictures: readonly string[];
	readonly raw: string;
}

function readConfig(config: EventTree, around: Around): readonly CameraEvent[] {
	const origin = readOrigin(config);
	// `VEHICE` is how cameras write it.
	if (!/^vehic/i.test(origin.eventType)) {
		const isAlive = /keep|heart/i.test(`${origin.eventType} ${childText(config, 'messageType') ?? ''}`);
		return [{ ...origin, kind: isAlive ? 'heartbeat' : 'other' }];
	}
	const scene = pictureIn(childTree(config, 'sourceDataInfo'), 'sourceBase64Data', 'scene', around);
	const items = childTrees(childTree(config, 'listInfo') ?? childTree(config, 'licensePlateListInfo'), 'item');
	const time = readTime(childText(config, 'currentTime'));
	const events = items
		.filter((item) => plateOf(item) !== undefined)
		.slice(0, LIMITS.pushTexts)
		.map((item, index) => readItem(item, origin, time, index === 0 ? scene : undefined, around));
	return events.length === 0 ? [{ ...origin, kind: 'noPlate' }] : events;
}

function readOrigin(config: EventTree): EventOrigin {
	const device = childTree(config, 'deviceInfo');
	const either = (name: string) => childText(device, name) ?? childText(config, name);
	const mac = parseMac(either('mac'));
	const names: Record<string, string> = mac === undefined ? {} : { mac };
	for (const name of ['deviceName', 'channelId', 'ip']) {
		const text = either(name);
		if (text !== undefined) names[name] = text.slice(0, 64);
	}
	return {
		...{ offset: 0, eventType: (childText(config, 'smartType') ?? '').slice(0, 64), names, historical: false },
		...(mac === undefined ? {} : { identity: mac }),
	};
}

function readItem(
	item: EventTree,
	origin: EventOrigin,
	time: CameraTime | undefined,
	scene: EvidenceImage | undefined,
	around: Around,
): CameraEvent {
	const text = parsePlateText(plateOf(item));
	if (text.result === 'refused') return malformed(text.reason);
	if (text.result === 'none') return { ...origin, kind: 'noPlate' };
	const { plate } = text;
	const size = sizeOf(childTree(item, 'rect'));
	const target = childText(item, 'targetId');
	const crop = pictureIn(childTree(item, 'targetImageData'), 'targetBase64Data', 'plate', around);
	return {
		...origin,
		...{ kind: 'plate', plate, confidence: around.confidence, direction: 'unknown', raw: around.raw },
		...keyOf(plate, time, target),
		...(time === undefined ? {} : { time }),
		...(size === undefined ? {} : { size }),
		pictures: [crop, scene].filter((picture) => picture !== undefined),
	};
}

function keyOf(
	plate: string,
	time: CameraTime | undefined,
	target: string | undefined,
): Pick<PlateRead, 'key' | 'keyLifeMs'> {
	if (time?.kind === 'instant') return { key: `${time.ms}|${plate}` };
	return target === undefined ? {} : { key: `${target.slice(0, 32)}|${plate}`, keyLifeMs: TARGET_LIFE_MS };
}

/** A camera's field, else a recorder's; the overview in the first item has neither. */
function plateOf(item: EventTree): string | undefined {
	const attribute = childTree(item, 'licensePlateAttribute');
	return childText(item, 'plateNumber') ?? childText(attribute, 'licensePlateNumber') ?? emptyPlate(item, attribute);
}

/** Told, and empty: a vehicle whose plate was not read. */
function emptyPlate(item: EventTree, attribute: EventTree | undefined): string | undefined {
	return Object.hasOwn(item, 'plateNumber') || attribute !== undefined ? '' : undefined;
}

/** Microseconds since 1970; recorders write a number that overflowed (18445822972087551616): none. */
function readTime(text: string | undefined): CameraTime | undefined {
	return text === undefined || !/^\d{13,20}$/.test(text) ? undefined : readEpoch(Number(text) / 1_000, 'ms', 'instant');
}

function sizeOf(rect: EventTree | undefined): PlateSize | undefined {
	const [x1, y1, x2, y2] = ['x1', 'y1', 'x2', 'y2'].map((name) => Number(childText(rect, name) ?? Number.NaN));
	const widthPx = (x2 ?? 0) - (x1 ?? 0);
	const heightPx = (y2 ?? 0) - (y1 ?? 0);
	return widthPx > 0 && heightPx > 0 && widthPx < 10_000 && heightPx < 10_000 ? { widthPx, heightPx } : undefined;
}

function pictureIn(
	tree: EventTree | undefined,
	name: string,
	role: EvidenceImage['role'],
	{ pictures }: Around,
): EvidenceImage | undefined {
	const number = childText(tree, name);
	return number === undefined ? undefined : parseBase64Picture(role, pictures[Number(number)]);
}

function rawOf(text: string): string {
	const start = Math.max(0, text.search(/<(?:plateNumber|licensePlateAttribute)\b/));
	return Buffer.from(text.slice(start, start + LIMITS.rawReadBytes))
		.subarray(0, LIMITS.rawReadBytes)
		.toString('hex');
}

function malformed(reason: string): CameraEvent {
	return { kind: 'malformed', offset: 0, reason };
}
