import type { OpenAPIHono, RouteConfig, z } from '@hono/zod-openapi';
import type { HttpEnv, RouteGuard } from './login-context.ts';
import { CSRF_HEADER } from './login-context.ts';
import { problemSchema } from './problem.ts';

/** What of a route goes into the document. */
export interface DocumentedRoute {
	readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete';
	readonly path: string;
	readonly permission: RouteGuard;
	readonly tag: string;
	readonly summary: string;
	readonly params?: z.ZodObject;
	readonly query?: z.ZodObject;
	readonly headers?: z.ZodObject;
	readonly body?: z.ZodObject;
	readonly upload?: true;
	readonly answer: z.ZodType | string;
	readonly status?: number;
	readonly orEmpty?: true;
	readonly answerHeaders?: Readonly<Record<string, string>>;
	readonly etag?: true;
	readonly problems?: readonly number[];
}

const LOGIN_SCHEME = 'login';
const PROGRAM_SCHEME = 'token';

function securityOf(guard: RouteGuard) {
	if (guard === 'public') return [];
	const person = { [LOGIN_SCHEME]: [] };
	return typeof guard === 'object' && 'byPerson' in guard ? [person] : [person, { [PROGRAM_SCHEME]: [] }];
}

export function openApiEntry(route: DocumentedRoute): RouteConfig {
	const { method, path, permission, tag, summary, params, query, headers, body, answer } = route;
	const content = typeof answer === 'string' ? { [answer]: {} } : { 'application/json': { schema: answer } };
	const success = { description: 'Success', content, ...headersOf(route) };
	const problems = problemStatuses(route).map((status) => [String(status), PROBLEM]);
	return {
		method,
		path,
		summary,
		tags: [tag],
		operationId: operationId(method, path),
		description: `Who may: ${guardText(permission)}.`,
		security: securityOf(permission),
		request: {
			...(params && { params }),
			...(query && { query }),
			...(headers && { headers }),
			...(body && { body: { required: true, content: bodyContent(method, body) } }),
			...(route.upload && { body: { required: true, content: FILE_CONTENT } }),
		},
		responses: {
			[route.status ?? 200]: success,
			...(route.orEmpty && { 204: { description: 'Done', ...headersOf(route) } }),
			...(route.etag && { 304: { description: 'Unchanged since the ETag in If-None-Match' } }),
			...Object.fromEntries(problems),
		},
	};
}

function headersOf({ answerHeaders = {} }: DocumentedRoute) {
	const headers = Object.entries(answerHeaders).map(([name, description]) => [
		name,
		{ description, schema: { type: 'string' as const } },
	]);
	return headers.length === 0 ? {} : { headers: Object.fromEntries(headers) };
}

function bodyContent(method: DocumentedRoute['method'], schema: z.ZodObject) {
	const json = { 'application/json': { schema } };
	return method === 'patch' ? { 'application/merge-patch+json': { schema }, ...json } : json;
}

const FILE = { type: 'string' as const, format: 'binary' };
/** The file itself, or a form whose last field it is. */
const FILE_CONTENT = {
	'application/octet-stream': { schema: FILE },
	'multipart/form-data': { schema: { type: 'object' as const, properties: { file: FILE }, required: ['file'] } },
};

const PROBLEM = { description: 'Problem', content: { 'application/problem+json': { schema: problemSchema } } };

function problemStatuses(route: DocumentedRoute): readonly number[] {
	const checked = route.params ?? route.query ?? route.headers ?? route.body;
	return [
		...(checked === undefined ? [] : [400]),
		...(route.permission === 'public' ? [] : [401, 403]),
		...(route.body === undefined ? [] : [413, 415]),
		...(route.upload ? [413] : []),
		...(route.problems ?? []),
	];
}

function guardText(guard: RouteGuard): string {
	if (guard === 'public') return 'anyone';
	if (guard === 'signedIn') return 'anyone signed in';
	if (typeof guard === 'string') return guard;
	if ('anyOf' in guard) return `whoever may do what is asked for: ${guard.anyOf.join(', ')}`;
	if ('inParts' in guard) return `${guard.inParts}, in some part of the site`;
	if ('anyInParts' in guard) return `whoever may do what is asked for there: ${guard.anyInParts.join(', ')}`;
	if ('byPerson' in guard) return `${guardText(guard.byPerson)}, and no API token`;
	if ('permission' in guard) return `${guard.permission} for that ${guard.at}`;
	return `this machine itself, or ${guard.loopbackOr}`;
}

/** `POST /api/v1/lanes/{laneId}/vend` becomes `postLanesVend`-like names that generators can use. */
function operationId(method: string, path: string): string {
	const words = path
		.replace(/^\/api\/(v1\/)?/, '')
		.split('/')
		.flatMap((part) => part.replaceAll(/[{}]/g, '').split(/[^a-zA-Z0-9]+/))
		.filter((word) => word !== '');
	return [method, ...words.map((word) => word[0]?.toUpperCase() + word.slice(1))].join('');
}

/** What a document says of the API as a whole. */
export interface DocumentedApi {
	readonly title: string;
	readonly version: string;
	readonly description: string;
	/** How a request shows who asks. */
	readonly login: SecurityScheme;
	/** How a program does; absent: as people do. */
	readonly programs?: SecurityScheme;
}

type SecurityScheme = Parameters<OpenAPIHono['openAPIRegistry']['registerComponent']>[2] & {
	readonly type: 'apiKey' | 'http';
};

/** The gateway's way. */
export const COOKIE_LOGIN: SecurityScheme = {
	type: 'apiKey',
	in: 'cookie',
	name: '__Host-parkgate',
	description: `Set by POST /api/v1/login (named parkgate over plain http on this machine). Changing requests carry the csrf of the login in the header ${CSRF_HEADER}.`,
};

/** Of programs. */
export const TOKEN_LOGIN: SecurityScheme = {
	type: 'http',
	scheme: 'bearer',
	description: 'An API token (`pgt_…`), made by an operator on their account page or by POST /api/v1/me/tokens.',
};

/** Every mounted route; once, and when the app is complete. */
export function openApiDocument(app: OpenAPIHono<HttpEnv>, { login, programs, ...about }: DocumentedApi): object {
	app.openAPIRegistry.registerComponent('securitySchemes', LOGIN_SCHEME, login);
	app.openAPIRegistry.registerComponent('securitySchemes', PROGRAM_SCHEME, programs ?? login);
	return app.getOpenAPI31Document({
		openapi: '3.1.0',
		info: { ...about, license: { name: 'Apache-2.0' } },
		servers: [{ url: '/' }],
	});
}
