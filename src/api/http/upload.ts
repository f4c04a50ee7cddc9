import { Buffer } from 'node:buffer';
import { HTTPException } from 'hono/http-exception';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import {
	CSRF_FIELD,
	CSRF_HEADER,
	checkGuard,
	checkNotViewing,
	type GuardMiddleware,
	type HttpContext,
	isProofOf,
	mediaTypeOf,
	noProof,
	type RouteGuard,
	readForm,
} from './login-context.ts';
import { readMultipart } from './read-multipart.ts';

/** A file on its way in: read as it comes, once. */
export interface Upload {
	/** Of the form, before the file. */
	readonly fields: Readonly<Record<string, string>>;
	/** Its last part, without what no name should have; empty: not said. Untrusted. */
	readonly fileName: string;
	/** Throws HTTPException 413 for a body over the limit, INVALID_REQUEST for one that is not whole. */
	readonly chunks: AsyncIterable<Uint8Array>;
}

/** Beside the file: the form's own lines. */
const FORM_BYTES = 65_536;
const UPLOAD_BYTES = LIMITS.tableBytes + FORM_BYTES;

/**
 * As `requirePermission`, for a route that takes a file: a form whose last field it is, or the file itself as the body.
 * The proof of the login is looked for before any of the file is read. The handler finds it in `takeUpload`.
 */
export function requireUpload(guard: RouteGuard): GuardMiddleware {
	const middleware = async (c: HttpContext, next: () => Promise<void>): Promise<void> => {
		checkGuard(guard, c);
		checkNotViewing(c);
		const upload = await openUpload(c);
		const login = c.get('login');
		const proof = c.req.header(CSRF_HEADER) ?? upload.fields[CSRF_FIELD];
		if (login !== null && !c.get('byProgram') && !isProofOf(login, proof)) throw noProof();
		uploads.set(c, upload);
		await next();
	};
	return Object.assign(middleware, { guard });
}

const uploads = new WeakMap<HttpContext, Upload>();

/** The file of a request that `requireUpload` let through. */
export function takeUpload(c: HttpContext): Upload {
	const upload = uploads.get(c);
	if (upload === undefined) throw new GatewayError('INTERNAL', `${c.req.path} takes no file`);
	return upload;
}

async function openUpload(c: HttpContext): Promise<Upload> {
	const type = mediaTypeOf(c);
	// A form that can hold no file, kept small by `boundedBody`.
	if (type === 'application/x-www-form-urlencoded')
		return { fields: textsOf(await readForm(c)), fileName: '', chunks: nothing() };
	const body = bounded(c.req.raw.body);
	if (type !== 'multipart/form-data')
		return { fields: {}, fileName: safeFileName(c.req.query('fileName') ?? ''), chunks: body };
	const { fields, file } = await readMultipart(body, c.req.header('content-type') ?? '');
	return { fields, fileName: safeFileName(file?.fileName ?? ''), chunks: file?.chunks ?? nothing() };
}

/** All of it. Throws HTTPException 413 for more than that. */
export async function readAll(chunks: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of chunks) {
		bytes += chunk.length;
		if (bytes > mostBytes) throw new HTTPException(413);
		parts.push(chunk);
	}
	return Buffer.concat(parts);
}

function textsOf(form: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
	return Object.fromEntries(
		Object.entries(form).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
	);
}

async function* bounded(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
	let bytes = 0;
	for await (const chunk of body ?? []) {
		bytes += chunk.length;
		if (bytes > UPLOAD_BYTES) throw new HTTPException(413);
		yield chunk;
	}
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

const FILE_NAME_LENGTH = 120;

/** What stands after the last slash of either kind, without control characters. */
function safeFileName(text: string): string {
	const last = text.split(/[/\\]/).at(-1) ?? '';
	const clean = last.toWellFormed().replaceAll(/\p{Cc}/gu, '');
	return clean.slice(0, FILE_NAME_LENGTH).toWellFormed().trim();
}
