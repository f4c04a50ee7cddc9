import type { OpenAPIHono, z } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import { HTTPException } from 'hono/http-exception';
import { fieldProblems } from './field-problems.ts';
import {
	CSRF_FIELD,
	type HttpContext,
	type HttpEnv,
	isJson,
	type RouteGuard,
	requirePermission,
} from './login-context.ts';
import { openApiEntry } from './open-api.ts';
import { type FieldProblem, InvalidRequest } from './problem.ts';
import { requireUpload, takeUpload } from './upload.ts';

export type RouteMethod = 'get' | 'post' | 'patch' | 'put' | 'delete';

type NoFields = z.ZodObject<Record<never, never>>;

/** One route, said once: it yields the guard, the checks of what comes in, the handler and the OpenAPI entry. */
export interface RouteSpec<
	Params extends z.ZodObject,
	Query extends z.ZodObject,
	Headers extends z.ZodObject,
	Body extends z.ZodObject,
	Answer extends z.ZodType,
> {
	readonly method: RouteMethod;
	/** OpenAPI form, such as `/api/v1/lanes/{laneId}`. */
	readonly path: `/${string}`;
	readonly permission: RouteGuard;
	readonly tag: string;
	readonly summary: string;
	readonly params?: Params;
	readonly query?: Query;
	readonly headers?: Headers;
	/** JSON; of a PATCH a merge patch (RFC 7396). */
	readonly body?: Body;
	/** It takes a file (upload.ts); `query` is then also read from the fields of a form. */
	readonly upload?: true;
	/** Schema of the JSON that a success carries, or the media type of another body. */
	readonly answer: Answer | `${string}/${string}`;
	/** Of a success; 200 unless said otherwise. */
	readonly status?: 200 | 201;
	/** It may also succeed with 204 and nothing to say. */
	readonly orEmpty?: true;
	/** Headers of a success, and what they say. */
	readonly answerHeaders?: Readonly<Record<string, string>>;
	/** Statuses of the problems it may answer with, besides those every route has. */
	readonly problems?: readonly number[];
	/** Answers carry an ETag and `If-None-Match` gets 304. */
	readonly etag?: true;
	handle(
		request: {
			readonly params: z.output<Params>;
			readonly query: z.output<Query>;
			readonly headers: z.output<Headers>;
			readonly body: z.output<Body>;
		},
		c: HttpContext,
	): z.input<Answer> | Response | Promise<z.input<Answer> | Response>;
}

/** A route ready to be mounted; what tests and the OpenAPI document walk over. */
export interface Route {
	readonly method: RouteMethod;
	readonly path: string;
	readonly permission: RouteGuard;
	/** undefined: the answer is no JSON. */
	readonly answer: z.ZodType | undefined;
	mount(app: OpenAPIHono<HttpEnv>): void;
}

export function defineRoute<
	Answer extends z.ZodType,
	Params extends z.ZodObject = NoFields,
	Query extends z.ZodObject = NoFields,
	Headers extends z.ZodObject = NoFields,
	Body extends z.ZodObject = NoFields,
>(spec: RouteSpec<Params, Query, Headers, Body, Answer>): Route {
	const { method, path, permission } = spec;
	const answer = typeof spec.answer === 'string' ? undefined : spec.answer;
	return {
		method,
		path,
		permission,
		answer,
		mount(app) {
			app.openAPIRegistry.registerPath(openApiEntry(spec));
			const honoPath = path.replaceAll(/\{(.+?)\}/g, ':$1');
			const between = spec.etag ? [etag()] : [];
			const guard = spec.upload ? requireUpload(permission) : requirePermission(permission);
			app.on([method.toUpperCase()], [honoPath], guard, ...between, async (c) => {
				const errors: FieldProblem[] = [];
				const request = {
					params: check(spec.params, c.req.param(), 'path', errors),
					query: check(spec.query, spec.upload ? fieldsOf(c) : queryOf(c), 'query', errors),
					headers: check(spec.headers, c.req.header(), 'header', errors),
					body: spec.body === undefined ? undefined : check(spec.body, await readJson(c), 'body', errors),
				};
				if (errors.length > 0) throw new InvalidRequest(errors);
				// No errors: every part that has a schema holds its output, and a part without one is never typed to be read.
				const answered = await spec.handle(request as Parameters<typeof spec.handle>[0], c);
				return isResponse(answered) ? answered : c.json(answered, spec.status ?? 200);
			});
		},
	};
}

/** By its kind: the server puts a class of its own in the place of Response, and a clone is none of it. */
export function isResponse(answered: unknown): answered is Response {
	return Object.prototype.toString.call(answered) === '[object Response]';
}

function check(
	schema: z.ZodType | undefined,
	value: unknown,
	place: Parameters<typeof fieldProblems>[1],
	errors: FieldProblem[],
): unknown {
	if (schema === undefined) return {};
	const parsed = schema.safeParse(value, { reportInput: true });
	if (parsed.success) return parsed.data;
	errors.push(...fieldProblems(parsed.error, place));
	return undefined;
}

/** What is given more than once is a list. */
function queryOf(c: HttpContext): Readonly<Record<string, unknown>> {
	return Object.fromEntries(
		Object.entries(c.req.queries()).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
	);
}

/** Of the form that a file came with, and of the address. */
function fieldsOf(c: HttpContext): Readonly<Record<string, unknown>> {
	const { [CSRF_FIELD]: _, ...fields } = takeUpload(c).fields;
	return { ...queryOf(c), ...fields };
}

async function readJson(c: HttpContext): Promise<unknown> {
	const text = await c.req.text();
	if (!isJson(c) && text !== '') throw new HTTPException(415);
	const body = text === '' ? undefined : parseJson(text);
	if (HALF_CHARACTER.test(text) && !isWellFormed(body)) {
		throw new InvalidRequest([
			{ path: 'body', problem: 'Half a character (RFC 7493, 2.1)', mend: 'Send both halves of each \\ud… pair.' },
		]);
	}
	return body;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// The parser's message quotes the body, which may hold a password.
		throw new InvalidRequest([{ path: 'body', problem: 'Not JSON', mend: 'Send one JSON object.' }]);
	}
}

/** Only as an escape: text that came as bytes is well-formed. */
const HALF_CHARACTER = /\\ud[89a-f]/i;

/** Stored, half a character would become another one. Without recursion: a body may be nested as deep as it is long. */
function isWellFormed(body: unknown): boolean {
	const left = [body];
	for (let value = left.pop(); value !== undefined; value = left.pop()) {
		if (typeof value === 'string' && !value.isWellFormed()) return false;
		if (typeof value === 'object' && value !== null) {
			for (const [name, part] of Object.entries(value)) left.push(name, part);
		}
	}
	return true;
}
