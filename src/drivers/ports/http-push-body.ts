import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';

/** Bytes held by all bodies being received. */
export interface BodyBudget {
	usedBytes: number;
}

/** `size`: over LIMITS.ingestBodyBytes; `busy`: the budget of all cameras is used up; `cut`: the sender went away or was too slow. */
export type BodyResult = { readonly body: Uint8Array } | 'size' | 'busy' | 'cut';

/** Collects one request's body; `done` is called exactly once. */
export function readBody(request: IncomingMessage, budget: BodyBudget, done: (result: BodyResult) => void): void {
	let chunks: Buffer[] = [];
	let sizeBytes = 0;
	const finish = (result: BodyResult) => {
		request.off('data', onData).off('end', onEnd).off('close', onClose);
		budget.usedBytes -= sizeBytes;
		chunks = [];
		done(result);
	};
	const onData = (chunk: Buffer) => {
		sizeBytes += chunk.length;
		budget.usedBytes += chunk.length;
		if (sizeBytes > LIMITS.ingestBodyBytes) return finish('size');
		if (budget.usedBytes > LIMITS.ingestBufferedBytes) return finish('busy');
		chunks.push(chunk);
	};
	const onEnd = () => finish({ body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, sizeBytes) });
	const onClose = () => finish('cut');
	request.on('data', onData).on('end', onEnd).on('close', onClose);
}

export interface Refused {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string | readonly string[]>>;
	/** The sender waits for `100 Continue`: whether its body still comes is its choice (RFC 9110, 10.1.1). */
	readonly isWaiting: boolean;
}

/**
 * Answers without using the body. A short announced body is read away and the connection kept; else the
 * answer goes out at once and the connection ends after some bytes or a moment, so that a camera still
 * sending sees the answer instead of a reset.
 */
export function answerWithoutBody(
	clock: Clock,
	request: IncomingMessage,
	response: ServerResponse,
	{ status, headers = {}, isWaiting }: Refused,
): void {
	const chunked = request.headers['transfer-encoding'] !== undefined;
	const announcedBytes = Number(request.headers['content-length'] ?? 0);
	const isShort = !chunked && announcedBytes <= LIMITS.ingestBodyBytes;
	response.setHeader('content-length', 0);
	for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
	response.statusCode = status;
	if (request.complete || (isShort && !isWaiting)) {
		response.end();
		request.resume();
		return;
	}
	response.setHeader('connection', 'close');
	response.flushHeaders();
	const cancel = clock.after(LIMITS.ingestLingerMs, () => response.end());
	const finish = () => {
		cancel();
		response.end();
	};
	let readBytes = 0;
	request.on('data', (chunk: Buffer) => {
		readBytes += chunk.length;
		if (readBytes > LIMITS.ingestBodyBytes) finish();
	});
	request.on('end', finish).on('close', finish);
}

/** Header names in lower case, repeated ones joined with a comma. */
export function plainHeaders(request: IncomingMessage): ReadonlyMap<string, string> {
	const headers = new Map<string, string>();
	for (const [name, values] of Object.entries(request.headersDistinct)) headers.set(name, (values ?? []).join(', '));
	return headers;
}
