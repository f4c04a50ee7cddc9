import { LIMITS } from '../../gateway/core/limits.ts';
import type { EvidenceImage } from '../../gateway/core/observation.ts';
import { childText, childTree, decodeEventText, parseXmlTree } from '../ports/http-push-xml.ts';
import { parseBase64Picture } from '../push-camera/picture.ts';
import { type CameraSettings, confidenceOf, readPlate, type Said } from './plate-read.ts';
import type { XmlMessage } from './xml-search.ts';

/** A message of a Tattile camera or of Axxon's server; see docs/drivers/serial-anpr.md. */
export function readXml({ root, bytes }: XmlMessage, camera: CameraSettings): Said {
	const text = decodeEventText(bytes);
	return root === 'CAR_PLATE' ? readCarPlate(text, bytes, camera) : readTattile(text, bytes, root, camera);
}

function readTattile(text: string, raw: Uint8Array, root: string, camera: CameraSettings): Said {
	const pictures: EvidenceImage[] = [];
	const words = text.replaceAll(/<(IMAGE_[A-Z]{1,8})>([^<]*)<\/\1>/g, (_, name: string, base64: string) => {
		// The crop is called OCR, the scene CTX (context).
		pictures.push(...pictureOf(name === 'IMAGE_OCR' ? 'plate' : 'scene', base64));
		return '';
	});
	const parsed = parseXmlTree(words);
	if ('problem' in parsed) return { result: 'wrong', why: `XML: ${parsed.problem}` };
	const message = childTree(parsed.tree, root);
	if (message === undefined || !Object.hasOwn(message, 'PLATE_STRING')) return { result: 'other' };
	const date = childText(message, 'DATE');
	const time = childText(message, 'TIME');
	return readPlate(
		{
			plate: childText(message, 'PLATE_STRING') ?? '',
			confidence: scoreOf(childText(message, 'OCRSCORE')),
			country: childText(message, 'PLATE_COUNTRY_CODE'),
			direction: childText(message, 'DIRECTION'),
			time: date === undefined || time === undefined ? undefined : `${date}T${clockTime(time)}`,
			pictures: pictures.slice(0, LIMITS.evidenceImages),
			raw,
		},
		camera,
	);
}

/** `093` and `92.5` are percent; what is more than 100 is of 999. */
function scoreOf(text: string | undefined): number | undefined {
	return confidenceOf(text, Number(text) > 100 ? 999 : 100);
}

/** Tattile writes `15-42-10-250`. */
function clockTime(text: string): string {
	const [hour, minute, second, millisecond] = text.split(/[-:.]/);
	return `${hour}:${minute}:${second}${millisecond === undefined ? '' : `.${millisecond}`}`;
}

/** Auto-Intellect, TCP port 35555: everything stands in attributes, the scene between the tags. */
function readCarPlate(text: string, raw: Uint8Array, camera: CameraSettings): Said {
	const opening = /<CAR_PLATE\s([^<>]*)>([^<]*)</.exec(text);
	if (opening === null) return { result: 'wrong', why: 'XML: syntax' };
	const [, inside = '', base64 = ''] = opening;
	const attributes = new Map<string, string>();
	for (const [, name = '', value = ''] of inside.matchAll(/(?<![\w-])([\w-]{1,32})\s*=\s*"([^"]*)"/g))
		attributes.set(name, value);
	const plate = attributes.get('plate');
	if (plate === undefined) return { result: 'other' };
	return readPlate(
		{
			plate,
			confidence: confidenceOf(attributes.get('confidence'), 100),
			country: attributes.get('plate_mask'),
			direction: attributes.get('direction'),
			time: attributes.get('time'),
			pictures: [...pictureOf('plate', attributes.get('plateImage') ?? ''), ...pictureOf('scene', base64)],
			raw,
		},
		camera,
	);
}

function pictureOf(role: 'plate' | 'scene', base64: string): readonly EvidenceImage[] {
	const picture = parseBase64Picture(role, base64.trim());
	return picture === undefined ? [] : [picture];
}
