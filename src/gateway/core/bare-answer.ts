/** Headers of answers that are no page: nothing in them runs, is framed, taken for something else or kept. */
export const BARE_HEADERS = {
	'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
	'X-Content-Type-Options': 'nosniff',
	'X-Frame-Options': 'DENY',
	'Referrer-Policy': 'no-referrer',
	'Cache-Control': 'no-store',
} as const;

/** By what Node's parser and its watch over slow senders call it. */
const STATUS_LINES: Readonly<Record<string, string>> = {
	HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
	HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Content Too Large',
	ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** The answer to bytes that never became a request; undefined: the line itself is broken, or speaks no HTTP. */
export function encodeBrokenAnswer(errorCode: string | undefined): string | undefined {
	const status = STATUS_LINES[errorCode ?? ''] ?? (errorCode?.startsWith('HPE_') ? '400 Bad Request' : undefined);
	if (status === undefined) return undefined;
	const headers = Object.entries({ ...BARE_HEADERS, Connection: 'close', 'Content-Length': '0' });
	return [`HTTP/1.1 ${status}`, ...headers.map((pair) => pair.join(': ')), '', ''].join('\r\n');
}
