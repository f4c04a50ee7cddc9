import { z } from '@hono/zod-openapi';
import type { ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { GatewayError, type GatewayErrorCode } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { HttpContext, HttpEnv } from './login-context.ts';
import { isScimRequest, scimError } from './scim/scim-error.ts';

/** RFC 9457 body of every answer that is not a success. */
export const problemSchema = z
	.object({
		type: z.literal('about:blank'),
		title: z.string(),
		status: z.int(),
		code: z.string().openapi({ description: 'Stable; programs switch on it', example: 'INVALID_REQUEST' }),
		detail: z.string().openapi({ description: 'What is wrong and how to mend it, for people' }),
		requestId: z.string().openapi({ description: 'Names this request in the log' }),
		errors: z
			.array(
				z.object({
					path: z.string(),
					code: z.string().optional(),
					problem: z.string(),
					mend: z.string(),
					because: z.string().optional(),
				}),
			)
			.optional()
			.openapi({ description: 'What of the request does not fit, each with how to mend it' }),
		retryAfterS: z.int().optional(),
		because: z.string().optional(),
		vendId: z.string().optional(),
		activation: z.string().optional(),
		step: z.string().optional(),
		causes: z.array(z.object({ part: z.string(), problem: z.string() })).optional(),
	})
	.openapi('Problem');

export interface FieldProblem {
	/** Such as `body.name`. */
	readonly path: string;
	/** What programs tell such problems apart by, where there are several. */
	readonly code?: string;
	readonly problem: string;
	readonly mend: string;
	/** Of a conflict: which one, for programs. */
	readonly because?: string;
}

/** What a handler says; status, title and request id are filled in. */
export interface ProblemAnswer {
	readonly status: ContentfulStatusCode;
	readonly code: string;
	readonly detail: string;
	readonly errors?: readonly FieldProblem[];
	readonly retryAfterS?: number;
	readonly because?: string;
	readonly vendId?: string;
	/** A one-time code with which to choose a password. */
	readonly activation?: string;
	/** Of a login that goes on with a second factor. */
	readonly step?: string;
	readonly causes?: readonly { readonly part: string; readonly problem: string }[];
}

/** RFC 9110 phrases of the statuses used. */
const TITLES: Readonly<Record<number, string>> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	409: 'Conflict',
	410: 'Gone',
	412: 'Precondition Failed',
	413: 'Content Too Large',
	415: 'Unsupported Media Type',
	422: 'Unprocessable Content',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
};

export function problem(c: HttpContext, { status, ...answer }: ProblemAnswer): Response {
	const title = TITLES[status] ?? 'Error';
	if (answer.retryAfterS !== undefined) c.header('Retry-After', String(answer.retryAfterS));
	if (isScimRequest(c)) {
		const scimType = status === 400 ? 'invalidSyntax' : undefined;
		return scimError(c, { status, scimType, detail: answer.detail });
	}
	const body = { type: 'about:blank', title, status, ...answer, requestId: c.get('requestId') };
	return c.body(JSON.stringify(body), status, { 'Content-Type': 'application/problem+json' });
}

const STATUS: Readonly<Partial<Record<GatewayErrorCode, ContentfulStatusCode>>> = {
	INVALID_REQUEST: 400,
	UNAUTHENTICATED: 401,
	FORBIDDEN: 403,
	NOT_FOUND: 404,
	CONFLICT: 409,
	TOO_MANY: 429,
	STORE_UNAVAILABLE: 503,
	STORE_FULL: 503,
	STORE_READ_ONLY: 503,
};

/** A request whose fields do not fit; lists all of them at once. */
export class InvalidRequest extends GatewayError {
	readonly errors: readonly FieldProblem[];

	constructor(errors: readonly FieldProblem[]) {
		super('INVALID_REQUEST', errors.map((e) => `${e.path}: ${e.problem}. ${e.mend}`).join(' '));
		this.errors = errors;
	}
}

/** The one place where HTTP turns errors into answers. What broke inside goes to the log, and to those signed in only where it helps. */
export function createProblemHandler(log: Log): ErrorHandler<HttpEnv> {
	return (error, c) => {
		if (error instanceof InvalidRequest) {
			return problem(c, { status: 400, code: error.code, detail: error.message, errors: error.errors });
		}
		if (error instanceof HTTPException) return problemOfStatus(c, error.status);
		const status = error instanceof GatewayError ? (STATUS[error.code] ?? 500) : 500;
		if (error instanceof GatewayError && status < 500) {
			return problem(c, { status, code: error.code, detail: error.message });
		}
		const requestId = c.get('requestId');
		log.error({ requestId, method: c.req.method, path: c.req.path, err: error }, 'request failed');
		const code = error instanceof GatewayError ? error.code : 'INTERNAL';
		const told = error instanceof GatewayError && c.get('login') !== null;
		const detail = told ? error.message : `Something broke; look for request ${requestId} in the gateway's log.`;
		return problem(c, { status, code, detail });
	};
}

function problemOfStatus(c: HttpContext, status: ContentfulStatusCode): Response {
	if (status === 413) return bodyTooLarge(c);
	if (status === 415) {
		return problem(c, {
			status,
			code: 'INVALID_REQUEST',
			detail: isScimRequest(c)
				? 'Send the body as application/scim+json or application/json.'
				: 'Send the body as application/json (a PATCH also as application/merge-patch+json).',
		});
	}
	return problem(c, { status, code: 'INVALID_REQUEST', detail: TITLES[status] ?? 'The request was refused.' });
}

export function bodyTooLarge(c: HttpContext): Response {
	// RFC 7644, 3.7.4: it names the limit.
	if (isScimRequest(c) && c.get('login') !== null)
		return scimError(c, {
			status: 413,
			detail: `The body is larger than maxPayloadSize (${LIMITS.requestBodyBytes}).`,
		});
	return problem(c, {
		status: 413,
		code: 'INVALID_REQUEST',
		detail: `The body is too large: requests without a login take 16 kB, forms 64 kB, JSON 1 MB, files of imports ${LIMITS.tableBytes / 1_048_576} MB.`,
	});
}

export function notFound(c: HttpContext): Response {
	return problem(c, {
		status: 404,
		code: 'NOT_FOUND',
		detail: 'There is nothing here; see /api/docs for what there is.',
	});
}

/** Ends a handler with 404. */
export function noSuch(kind: string, id: string): never {
	throw new GatewayError('NOT_FOUND', `There is no ${kind} ${JSON.stringify(id)} here.`);
}
