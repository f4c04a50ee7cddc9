import { getMultipartBoundary, MultipartParser, type MultipartPart } from '@remix-run/multipart-parser';
import { LIMITS } from '../../gateway/core/limits.ts';

export interface BodyPart {
	/** Byte offset in the body. */
	readonly offset: number;
	/** Field and file name, empty where not given; untrusted text. */
	readonly name: string;
	readonly fileName: string;
	readonly bytes: Uint8Array;
	/** The part announced more bytes than it has. */
	readonly isCut: boolean;
}

export interface MultipartBody {
	readonly parts: readonly BodyPart[];
	/** Why the rest could not be read: `boundary`, `limits` or `syntax`; the parts before it count. */
	readonly problem?: string;
}

/**
 * Cuts a multipart body of any subtype (RFC 2046) into its parts. Bears with what cameras do: a quoted or
 * wrongly declared boundary, text before the first one, no final boundary or one without its dashes.
 */
export function parseMultipart(body: Uint8Array, contentType: string): MultipartBody {
	const opening = findBoundary(body, contentType);
	if (opening === undefined) return { parts: [], problem: 'boundary' };
	const { boundary, start } = opening;
	const parts: BodyPart[] = [];
	const parser = new MultipartParser(boundary, {
		maxParts: LIMITS.pushParts,
		maxFileSize: LIMITS.ingestBodyBytes,
		maxTotalSize: LIMITS.ingestBodyBytes,
	});
	try {
		for (const part of parser.write(body.subarray(start))) parts.push(toBodyPart(part, body));
		if (!isFinished(parser))
			for (const part of parser.write(Buffer.from(`\r\n--${boundary}--`))) parts.push(toBodyPart(part, body));
		return { parts };
	} catch (error) {
		const isLimit = error instanceof Error && error.name.startsWith('Max');
		return { parts, problem: isLimit ? 'limits' : 'syntax' };
	}
}

/** RFC 2046 allows 70 characters; beyond this it is no boundary. */
const LONGEST_BOUNDARY = 200;

/** The declared boundary where it occurs, else the one the body itself begins with. */
function findBoundary(body: Uint8Array, contentType: string): { boundary: string; start: number } | undefined {
	const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
	const declared = getMultipartBoundary(contentType)?.trim();
	if (declared !== undefined && declared.length <= LONGEST_BOUNDARY) {
		const start = bytes.indexOf(`--${declared}`, 0, 'latin1');
		if (start >= 0) return { boundary: declared, start };
	}
	const head = bytes.toString('latin1', 0, LONGEST_BOUNDARY + 8);
	const first = /^(\s*)--([^\r\n]{1,200}?)[ \t]*\r?\n/.exec(head);
	return first === null ? undefined : { boundary: first[2] ?? '', start: first[1]?.length ?? 0 };
}

function isFinished(parser: MultipartParser): boolean {
	try {
		parser.finish();
		return true;
	} catch {
		return false;
	}
}

function toBodyPart(part: MultipartPart, body: Uint8Array): BodyPart {
	const { announcedBytes, ...names } = readPartHeaders(part);
	const bytes = part.bytes;
	const first = part.content[0];
	return {
		offset: first?.buffer === body.buffer ? first.byteOffset - body.byteOffset : 0,
		...names,
		bytes: announcedBytes === undefined ? bytes : bytes.subarray(0, announcedBytes),
		isCut: announcedBytes !== undefined && announcedBytes > bytes.length,
	};
}

/** Headers a camera wrote badly (another charset, half a quote) cost the part its name, not the part. */
function readPartHeaders(part: MultipartPart): { name: string; fileName: string; announcedBytes?: number } {
	try {
		const announced = part.headers['content-length'] ?? '';
		const names = { name: part.name ?? '', fileName: part.filename ?? '' };
		return /^\d{1,9}$/.test(announced) ? { ...names, announcedBytes: Number(announced) } : names;
	} catch {
		return { name: '', fileName: '' };
	}
}
