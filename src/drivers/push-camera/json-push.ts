import { LIMITS } from '../../gateway/core/limits.ts';
import type { EvidenceImage } from '../../gateway/core/observation.ts';
import { type BodyPart, parseMultipart } from '../ports/http-push-multipart.ts';
import { isRecord } from './json-fields.ts';
import { parsePicture } from './picture.ts';

/** One JSON object of a push, with the pictures that came beside it. */
export interface JsonDocument {
	readonly offset: number;
	readonly fields: Readonly<Record<string, unknown>>;
	readonly pictures: readonly EvidenceImage[];
	/** First bytes, hex; LIMITS.rawReadBytes. */
	readonly raw: string;
}

export interface JsonProblem {
	readonly offset: number;
	/** `empty`, `syntax`, `size`, `cut`, `noText`, `limits`, or one of a multipart body. */
	readonly reason: string;
}

interface JsonText {
	readonly offset: number;
	readonly bytes: Uint8Array;
}

/**
 * The JSON objects of one push: bare, in a list, in a part of a multipart body, in a form's field `json`,
 * or the fields of a form themselves. Never throws; at least one document or problem.
 */
export function readJsonPush(body: Uint8Array, contentType = ''): readonly (JsonDocument | JsonProblem)[] {
	if (body.length === 0) return [{ offset: 0, reason: 'empty' }];
	const head = Buffer.from(body.subarray(0, 16)).toString('latin1');
	// LAPI cameras announce a multipart body and send JSON.
	const isMultipart = /^\s*multipart\//i.test(contentType) && !isJson(body);
	if (isMultipart || /^\s*--/.test(head)) return readMultipart(body, contentType);
	const isForm = /^\s*application\/x-www-form-urlencoded/i.test(contentType) && !isJson(body);
	return isForm ? readUrlEncoded(body) : readText({ offset: 0, bytes: body }, []);
}

function readMultipart(body: Uint8Array, contentType: string): readonly (JsonDocument | JsonProblem)[] {
	const { parts, problem } = parseMultipart(body, contentType);
	const texts = parts.filter(({ bytes }) => isJson(bytes));
	const pictures = parts.flatMap(({ name, fileName, bytes, isCut }) => {
		const picture = isCut ? undefined : parsePicture(`${name} ${fileName}`, bytes);
		return picture === undefined ? [] : [picture];
	});
	const kept = pictures.slice(0, LIMITS.evidenceImages);
	const found =
		texts.length === 0
			? readFormFields(parts, kept)
			: texts
					.slice(0, LIMITS.pushTexts)
					// Pictures of several events in one body are nobody's in particular: the first one's.
					.flatMap((part, index) =>
						part.isCut ? [{ offset: part.offset, reason: 'cut' }] : readText(part, index === 0 ? kept : []),
					);
	const rest = texts.length > LIMITS.pushTexts ? 'limits' : problem;
	if (rest !== undefined) return [...found, { offset: 0, reason: rest }];
	return found.length === 0 ? [{ offset: 0, reason: 'noText' }] : found;
}

/** Some cameras write each value into a part of its own. */
function readFormFields(parts: readonly BodyPart[], pictures: readonly EvidenceImage[]): readonly JsonDocument[] {
	const values = parts.filter(({ name, fileName, isCut, bytes }) => {
		return name !== '' && fileName === '' && !isCut && bytes.length <= LIMITS.rawReadBytes;
	});
	const [first] = values;
	if (first === undefined) return [];
	const fields = Object.fromEntries(values.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('utf8')]));
	return [{ offset: first.offset, fields, pictures, raw: rawOf(Buffer.from(JSON.stringify(fields))) }];
}

function readUrlEncoded(body: Uint8Array): readonly (JsonDocument | JsonProblem)[] {
	const fields = Object.fromEntries(new URLSearchParams(Buffer.from(body).toString('utf8')));
	const { json } = fields;
	if (json !== undefined) return readText({ offset: 0, bytes: Buffer.from(json) }, []);
	return [{ offset: 0, fields, pictures: [], raw: rawOf(body) }];
}

function readText(
	{ offset, bytes }: JsonText,
	pictures: readonly EvidenceImage[],
): readonly (JsonDocument | JsonProblem)[] {
	if (countItems(bytes) > LIMITS.pushJsonItems) return [{ offset, reason: 'size' }];
	const value = parseJson(bytes);
	const raw = rawOf(bytes);
	if (isRecord(value)) return [{ offset, fields: value, pictures, raw }];
	if (!Array.isArray(value)) return [{ offset, reason: 'syntax' }];
	const batch = value.slice(0, LIMITS.pushBatch).map((item: unknown, index) => {
		return isRecord(item)
			? { offset, fields: item, pictures: index === 0 ? pictures : [], raw }
			: { offset, reason: 'syntax' };
	});
	if (value.length > LIMITS.pushBatch) return [...batch, { offset, reason: 'limits' }];
	return batch.length === 0 ? [{ offset, reason: 'empty' }] : batch;
}

function parseJson(bytes: Uint8Array): unknown {
	let end = bytes.length;
	// Some firmwares end their text with zero bytes.
	while (end > 0 && bytes[end - 1] === 0) end -= 1;
	const marked = Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8');
	const text = marked.startsWith('\ufeff') ? marked.slice(1) : marked;
	// Some leave control characters in their texts, where JSON allows none.
	return tryJson(text) ?? tryJson(text.replaceAll(/\p{Cc}/gu, ''));
}

function tryJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Commas and opening brackets, those in texts too: what JSON costs in memory beside the length of its texts. */
function countItems(bytes: Uint8Array): number {
	let items = 0;
	// Looked for, not walked through: a picture is a megabyte without any.
	for (const mark of [0x2c, 0x5b, 0x7b])
		for (let at = bytes.indexOf(mark); at >= 0 && items <= LIMITS.pushJsonItems; at = bytes.indexOf(mark, at + 1))
			items += 1;
	return items;
}

/** Whatever its headers say: JSON begins with a brace or bracket, perhaps after a byte order mark. */
function isJson(bytes: Uint8Array): boolean {
	return /^(?:\xef\xbb\xbf)?\s*[{[]/.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'));
}

function rawOf(bytes: Uint8Array): string {
	return Buffer.from(bytes.subarray(0, LIMITS.rawReadBytes)).toString('hex');
}
