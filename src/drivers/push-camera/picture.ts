import { LIMITS } from '../../gateway/core/limits.ts';
import type { EvidenceImage } from '../../gateway/core/observation.ts';

/**
 * A part's picture by its first bytes: cameras send JPEG as `application/octet-stream` too. Undefined for
 * anything else, for pictures over LIMITS.evidenceImageBytes, and for faces of the people in the vehicle
 * (`pilotPicture`, `vicePilotPicture`), which nothing here needs.
 */
export function parsePicture(names: string, bytes: Uint8Array): EvidenceImage | undefined {
	const contentType = pictureType(bytes);
	if (contentType === undefined || bytes.length > LIMITS.evidenceImageBytes || /pilot|face/i.test(names))
		return undefined;
	return { role: /plate/i.test(names) ? 'plate' : 'scene', contentType, bytes };
}

/** The same for a picture written into a JSON text as base64, with or without `data:image/jpeg;base64,`. */
export function parseBase64Picture(role: EvidenceImage['role'], text: string | undefined): EvidenceImage | undefined {
	if (text === undefined || text.length > LIMITS.evidenceImageBytes * 1.4) return undefined;
	const bytes = Buffer.from(text.replace(/^data:image\/[a-z]{1,8};base64,/, ''), 'base64');
	const picture = parsePicture('', bytes);
	return picture === undefined ? undefined : { ...picture, role };
}

function pictureType(bytes: Uint8Array): EvidenceImage['contentType'] | undefined {
	if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
	const isPng = bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47;
	return isPng ? 'image/png' : undefined;
}
