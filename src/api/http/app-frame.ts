import { OpenAPIHono } from '@hono/zod-openapi';
import type { Hono, MiddlewareHandler } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import { matchedRoutes } from 'hono/route';
import type { Clock } from '../../gateway/core/clock.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { Assets } from './assets.ts';
import { boundedBody } from './bounded-body.ts';
import type { Route } from './define-route.ts';
import { assertGuarded } from './guarded.ts';
import { type HttpContext, type HttpEnv, type Logins, requirePermission, SAFE_METHODS } from './login-context.ts';
import { type DocumentedApi, openApiDocument } from './open-api.ts';
import { createProblemHandler, notFound, problem } from './problem.ts';
import { requestContext, requestLog, sameOrigin, securityHeaders } from './request-context.ts';
import { documentRoutes } from './routes/document-routes.ts';

/** What a program answers over HTTP: `app.request()` asks it without a socket, `startHttpServer` listens for it. */
export interface HttpApp {
	readonly app: Hono<HttpEnv>;
	/** Every route of the API as declared, for tests and documents. */
	readonly routes: readonly Route[];
	/** Ends the event streams, so that the server can stop. */
	closeStreams(): void;
}

/** How a program is to sign in, or what is wrong with its token (RFC 6750, 3). */
const challenge: MiddlewareHandler<HttpEnv> = async (c, next) => {
	await next();
	const { byProgram, login } = c.var;
	if (c.res.status === 401) c.res.headers.set('WWW-Authenticate', byProgram ? WRONG_TOKEN : NO_TOKEN);
	if (c.res.status === 403 && byProgram && login !== null) c.res.headers.set('WWW-Authenticate', TOO_NARROW);
};

const NO_TOKEN = 'Bearer realm="parkgate"';
const WRONG_TOKEN = `${NO_TOKEN}, error="invalid_token"`;
const TOO_NARROW = `${NO_TOKEN}, error="insufficient_scope"`;

/** Without what the path says in the place of names. */
function patternOf(c: HttpContext): string {
	return matchedRoutes(c).findLast(({ path }) => !path.includes('*'))?.path ?? '';
}

/** What programs change, or are refused, is journalled under the names of their tokens. */
function programsJournalled({ programActed }: Logins, log: Log): MiddlewareHandler<HttpEnv> {
	return async (c, next) => {
		await next();
		const { login, requestId, remoteAddress } = c.var;
		const { method } = c.req;
		if (programActed === undefined || login?.program === undefined || SAFE_METHODS.has(method)) return;
		try {
			programActed(login, { method, route: patternOf(c), status: c.res.status, requestId, remoteAddress });
		} catch (error) {
			// What was asked for is done: its answer stands.
			log.error({ requestId, tokenId: login.id, err: error }, 'the act of an API token could not be journalled');
		}
	};
}

/** Around the routes and pages of a program, the gateway's or central's: logins, bounds, headers, problems, its document. */
export function frameApp(deps: {
	readonly logins: Logins;
	readonly clock: Clock;
	readonly log: Log;
	readonly about: DocumentedApi;
	readonly routes: readonly Route[];
	readonly assets?: Assets | undefined;
	/** Mounted at `/` after the API; see login-context.ts for what they find and must say. */
	readonly pages?: Hono<HttpEnv> | undefined;
	readonly closeStreams?: () => void;
}): HttpApp {
	const { clock, log, assets, pages } = deps;
	const app = new OpenAPIHono<HttpEnv>();
	const api = new OpenAPIHono<HttpEnv>();
	/** Made when somebody asks: it takes longer than all the rest of a start, and most gateways are never asked. */
	let document: object | undefined;
	const routes = [
		...deps.routes,
		...documentRoutes(() => {
			document ??= openApiDocument(api, deps.about);
			return document;
		}),
	];
	app.onError(createProblemHandler(log));
	app.notFound(notFound);
	app.use(requestId(), securityHeaders, requestContext(deps.logins), requestLog(log, clock), sameOrigin, boundedBody);
	if (deps.logins.bearer !== undefined) app.use('/api/*', challenge, programsJournalled(deps.logins, log));
	if (deps.logins.bearer !== undefined) app.use('/scim/*', challenge, programsJournalled(deps.logins, log));
	if (deps.logins.bearer !== undefined) app.use('/metrics', challenge);
	app.use(
		methodNotAllowed({
			// Not the pages': theirs for unknown paths answers GET everywhere.
			app: api,
			onMethodNotAllowed: (c, methods) => {
				c.header('Allow', methods.join(', '));
				return problem(c, { status: 405, code: 'INVALID_REQUEST', detail: `Use ${methods.join(' or ')} here.` });
			},
		}),
	);
	for (const route of routes) route.mount(api);
	app.route('/', api);
	if (assets) app.get('/assets/*', requirePermission('public'), assets.serve);
	// Before the pages, which may take every other path.
	for (const path of ['/api/*', '/scim/*']) app.all(path, requirePermission('public'), (c) => c.notFound());
	if (pages) app.route('/', pages);
	assertGuarded(app);
	return { app, routes, closeStreams: deps.closeStreams ?? (() => undefined) };
}
