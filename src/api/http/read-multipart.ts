import { Buffer } from 'node:buffer';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';

/** What a form with a file brings (RFC 7578). */
export interface MultipartForm {
	/** Those that stand before the file. */
	readonly fields: Readonly<Record<string, string>>;
	/** undefined: there is none. */
	readonly file: MultipartFile | undefined;
}

export interface MultipartFile {
	/** As it came; untrusted. */
	readonly fileName: string;
	/** Read once, as it comes. Throws INVALID_REQUEST where the body ends too early. */
	readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Reads a form up to its file, and no further: nothing of the file is kept in memory. What comes after the file is not
 * looked at. Throws INVALID_REQUEST.
 */
export async function readMultipart(body: AsyncIterable<Uint8Array>, contentType: string): Promise<MultipartForm> {
	const boundary = /;\s*boundary="?([^";]{1,70})"?/i.exec(contentType)?.[1];
	if (boundary === undefined) throw broken('its boundary is missing');
	const delimiter = Buffer.from(`\r\n--${boundary.trimEnd()}`, 'latin1');
	const reader = createByteReader(body);
	const fields = new Map<string, string>();
	await reader.until(delimiter, LIMITS.uploadHeaderBytes);
	for (let parts = 0; parts < LIMITS.uploadFields; parts++) {
		const lineEnd = await reader.take(2);
		if (lineEnd === '--') return { fields: Object.fromEntries(fields), file: undefined };
		if (lineEnd !== '\r\n') throw broken('a boundary is not followed by a line end');
		const head = await reader.until(HEAD_END, LIMITS.uploadHeaderBytes);
		const { name, fileName } = namesOf(head.toString('utf8'));
		if (fileName !== undefined)
			return { fields: Object.fromEntries(fields), file: { fileName, chunks: reader.through(delimiter) } };
		const text = (await reader.until(delimiter, LIMITS.uploadFieldBytes)).toString('utf8');
		if (name !== undefined && !fields.has(name)) fields.set(name, text);
	}
	throw broken(`it has more than ${LIMITS.uploadFields} fields`);
}

const HEAD_END = Buffer.from('\r\n\r\n');
const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';
const NAME = new RegExp(`;\\s*name=${QUOTED}`, 'i');
const FILE_NAME = new RegExp(`;\\s*filename=${QUOTED}`, 'i');

/** Browsers write a quotation mark as `%22` (WHATWG), some programs as `\"`. */
function namesOf(head: string): { readonly name: string | undefined; readonly fileName: string | undefined } {
	const line = head.split('\r\n').find((one) => /^content-disposition:/i.test(one)) ?? '';
	const unquoted = (found: RegExpExecArray | null) =>
		found?.[1]?.replaceAll(/\\(["\\])/g, '$1').replaceAll(/%22/g, '"');
	return { name: unquoted(NAME.exec(line)), fileName: unquoted(FILE_NAME.exec(line)) };
}

/** Bytes of a body, taken in order; holds no more than what was asked for and the last chunk. */
function createByteReader(body: AsyncIterable<Uint8Array>) {
	const chunks = body[Symbol.asyncIterator]();
	// The first delimiter has no line end before it.
	let held: Buffer = Buffer.from('\r\n');

	async function more(): Promise<void> {
		const { done, value } = await chunks.next();
		if (done) throw broken('it ended too early');
		const chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
		held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
	}

	return {
		async take(length: number): Promise<string> {
			while (held.length < length) await more();
			const taken = held.toString('latin1', 0, length);
			held = held.subarray(length);
			return taken;
		},
		/** What stands before the delimiter, which is passed over. */
		async until(delimiter: Buffer, maximum: number): Promise<Buffer> {
			for (;;) {
				const place = held.indexOf(delimiter);
				if (place > maximum || (place < 0 && held.length > maximum + delimiter.length))
					throw broken('a field is too long');
				if (place >= 0) {
					const before = held.subarray(0, place);
					held = held.subarray(place + delimiter.length);
					return before;
				}
				await more();
			}
		},
		async *through(delimiter: Buffer): AsyncGenerator<Uint8Array> {
			for (;;) {
				const place = held.indexOf(delimiter);
				// The rest may be the beginning of the delimiter.
				const length = place >= 0 ? place : Math.max(0, held.length - delimiter.length + 1);
				if (length > 0) yield held.subarray(0, length);
				held = held.subarray(length);
				if (place >= 0) return;
				await more();
			}
		},
	};
}

function broken(what: string): GatewayError {
	return new GatewayError('INVALID_REQUEST', `The form could not be read: ${what}. Send it again.`);
}
