import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { Access } from '../../gateway/core/permission/access.ts';
import type { Place } from '../../gateway/core/permission/scope.ts';
import type { Permission } from '../../gateway/core/permission.ts';
import type { ProgramAct } from '../../gateway/services/operators/api-tokens.ts';
import type { LoginSession } from '../../gateway/services/operators.ts';

/** Who may be signed in by what a request carries. */
export interface Logins {
	/** Of a browser, by its cookie; see `Operators.session`. */
	session(token: string, by: 'person' | 'script'): LoginSession | undefined;
	/** Of a program, by its bearer token (RFC 6750); `retryAfterS`: too many wrong ones; absent: none is taken. */
	bearer?(token: string, remoteAddress: string): LoginSession | { readonly retryAfterS: number } | undefined;
	/** Once more, of a program whose request stays open; absent: such a request ends. */
	bearerAgain?(token: string): LoginSession | undefined;
	/** A program changed something, or was refused it. */
	programActed?(login: LoginSession, act: ProgramAct): void;
	/** Somebody may do what they asked for: which part of the site's work it belongs to. */
	went?(login: LoginSession, permission: Permission): void;
	/** Name of the cookie: browsers send it to every port of a host. */
	readonly cookie?: string;
}

/**
 * What every handler finds in the context, API and console alike: the middlewares of `frameApp` run before
 * mounted pages, set these, refuse changing requests of a foreign origin, bound the body and put the security
 * headers. A console reads them by `c.get('login')`, declares each page with `requirePermission`, sends
 * `login.csrf` back with each form, and signs in by `Operators.login` and `setLoginCookie`.
 */
export interface HttpVariables {
	readonly requestId: string;
	/** Who is signed in with this request; null when nobody is. Looked up once per request. */
	readonly login: LoginSession | null;
	/** A bearer token came with it, right or wrong: no browser sends that by itself, so no page of ours has to be proved. */
	readonly byProgram: boolean;
	/** Wrong tokens came from this address too often: s to wait; 0: they did not. */
	readonly bearerRetryAfterS: number;
	/** Looks the login up again, of a request that stays open; looking does not keep it from going idle. */
	readonly loginAgain: () => LoginSession | undefined;
	/** Remembers what the login asks for, by the permission that it takes. */
	readonly went: (permission: Permission) => void;
	/** Name of the login's cookie, without its prefix. */
	readonly loginCookie: string;
	/** The peer's address; `unknown` when the request came over no socket. */
	readonly remoteAddress: string;
	/** The peer is this machine and no proxy stands between. */
	readonly fromLoopback: boolean;
	/** The connection is TLS: decides the cookie's name and its Secure flag. */
	readonly secure: boolean;
}

export interface HttpEnv {
	Variables: HttpVariables;
	/** Of a request over a socket; a test's `app.request()` has none. */
	Bindings: Partial<HttpBindings>;
}

export type HttpContext = Context<HttpEnv>;

/** Names a form and a script send the proof under. */
export const CSRF_FIELD = '_csrf';
export const CSRF_HEADER = 'x-csrf-token';

/** Below it are the parts of pages that scripts fetch by themselves: they do not keep a login from going idle. */
export const SCRIPT_PATH = '/live/';

/**
 * Who may use a route: anyone, anyone signed in, whoever has a permission on the whole site, or for the lane, area or
 * park that the path names (`:laneId`, …), or in some part of the site (the handler shows only those parts), a
 * permission unless asked from this machine, one of several, in parts or not, where what is asked for says which (the
 * handler checks that one), or somebody who signed in themselves: no program, because it hands out what lets somebody in.
 */
export type RouteGuard =
	| 'public'
	| 'signedIn'
	| Permission
	| { readonly permission: Permission; readonly at: 'lane' | 'area' | 'park' }
	| { readonly inParts: Permission }
	| { readonly loopbackOr: Permission }
	| { readonly anyOf: readonly Permission[] }
	| { readonly anyInParts: readonly Permission[] }
	| { readonly byPerson: Permission | 'signedIn' };

/** A middleware that remembers what it guards, so that a walk over all routes can tell which have none. */
export type GuardMiddleware = MiddlewareHandler<HttpEnv> & { readonly guard: RouteGuard };

/**
 * The one way a route says who may use it: `app.get(path, requirePermission('lanes:read'), handler)`. Also for
 * pages that anyone may see (`'public'`): frameApp refuses to start with a route that says nothing.
 * A changing request of a login must also prove that our own page made it: header `x-csrf-token` or form
 * field `_csrf`, equal to `login.csrf` (public routes change nothing in a login's name and need none).
 * Throws GatewayError UNAUTHENTICATED or FORBIDDEN; a console turns them into a redirect or a page in its `onError`.
 */
export function requirePermission(guard: RouteGuard): GuardMiddleware {
	const middleware: MiddlewareHandler<HttpEnv> = async (c, next) => {
		checkGuard(guard, c);
		noteWay(guard, c);
		if (guard !== 'public' && !SAFE_METHODS.has(c.req.method)) {
			checkNotViewing(c);
			await checkCsrfProof(c);
		}
		await next();
	};
	return Object.assign(middleware, { guard });
}

/** What pages fetch by themselves says nothing of what somebody does. */
function noteWay(guard: RouteGuard, c: HttpContext): void {
	if (guard === 'public' || guard === 'signedIn' || c.req.path.startsWith(SCRIPT_PATH)) return;
	const [permission] = permissionsOfGuard(guard);
	if (permission !== undefined) c.get('went')(permission);
}

/** RFC 9110 9.2.1, those we serve. */
export const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What somebody may do who looks with another's permissions: stop looking, and go. */
const WHILE_VIEWING: ReadonlySet<string> = new Set([
	'/view-as/end',
	'/api/v1/view-as/end',
	'/logout',
	'/api/v1/logout',
]);

/** Throws FORBIDDEN for a change by who looks with another's permissions. */
export function checkNotViewing(c: HttpContext): void {
	if (c.get('login')?.viewing === undefined || WHILE_VIEWING.has(c.req.path)) return;
	throw new GatewayError(
		'FORBIDDEN',
		'You look with another operator’s permissions: nothing can be changed. End that.',
	);
}

async function checkCsrfProof(c: HttpContext): Promise<void> {
	const login = c.get('login');
	if (login === null || c.get('byProgram')) return;
	if (!isProofOf(login, c.req.header(CSRF_HEADER) ?? (await formProof(c)))) throw noProof();
}

/** Whether a changing request was made by our own page, in this login. */
export function isProofOf({ csrf }: LoginSession, proof: string | undefined): boolean {
	return proof !== undefined && equalText(proof, csrf);
}

export function noProof(): GatewayError {
	return new GatewayError(
		'FORBIDDEN',
		`Send the login's csrf in ${CSRF_HEADER} or ${CSRF_FIELD}; load the page again.`,
	);
}

const FORMS: readonly unknown[] = ['multipart/form-data', 'application/x-www-form-urlencoded'];

async function formProof(c: HttpContext): Promise<string | undefined> {
	if (!FORMS.includes(mediaTypeOf(c))) return undefined;
	const field = (await readForm(c))[CSRF_FIELD];
	return typeof field === 'string' ? field : undefined;
}

/** The fields of a form, none where the body is another type. Throws INVALID_REQUEST where they can't be read. */
export async function readForm(c: HttpContext): Promise<Readonly<Record<string, unknown>>> {
	try {
		return await c.req.parseBody();
	} catch (cause) {
		throw new GatewayError('INVALID_REQUEST', 'The form could not be read; load the page again.', { cause });
	}
}

/** Lower case, without parameters. */
export function mediaTypeOf(c: HttpContext): string | undefined {
	return c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
}

/** JSON, or a merge patch (RFC 7396) to a route that takes one. */
export function isJson(c: HttpContext): boolean {
	const type = mediaTypeOf(c);
	if (type === 'application/scim+json') return c.req.path.startsWith('/scim/');
	return type === 'application/json' || (c.req.method === 'PATCH' && type === 'application/merge-patch+json');
}

/** Takes the same time wherever the texts differ. */
function equalText(a: string, b: string): boolean {
	return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

/** Throws UNAUTHENTICATED or FORBIDDEN. */
export function checkGuard(guard: RouteGuard, c: HttpContext): void {
	if (guard === 'public') return;
	if (typeof guard === 'object' && 'loopbackOr' in guard && c.get('fromLoopback')) return;
	const { access } = requireLogin(c);
	if (guard === 'signedIn') return;
	if (typeof guard === 'object' && 'byPerson' in guard && c.get('byProgram')) throw notByProgram();
	if (!passes(guard, access, (name) => c.req.param(name) ?? ''))
		throw notIncluded(permissionsOfGuard(guard).join(' or '));
}

/** @param param What the path says in place of a name. */
export function passes(
	guard: Exclude<RouteGuard, 'public' | 'signedIn'>,
	access: Access,
	param: (name: string) => string,
): boolean {
	if (typeof guard === 'string') return access.may(guard);
	if ('anyOf' in guard) return guard.anyOf.some((permission) => access.may(permission));
	if ('inParts' in guard) return access.mayInParts(guard.inParts);
	if ('anyInParts' in guard) return guard.anyInParts.some((permission) => access.mayInParts(permission));
	if ('byPerson' in guard) return guard.byPerson === 'signedIn' || access.may(guard.byPerson);
	if ('loopbackOr' in guard) return access.may(guard.loopbackOr);
	return access.may(guard.permission, { kind: guard.at, id: param(`${guard.at}Id`) });
}

/** What a guard asks for: one of these. */
function permissionsOfGuard(guard: Exclude<RouteGuard, 'public' | 'signedIn'>): readonly Permission[] {
	if (typeof guard === 'string') return [guard];
	if ('anyOf' in guard) return guard.anyOf;
	if ('inParts' in guard) return [guard.inParts];
	if ('anyInParts' in guard) return guard.anyInParts;
	if ('byPerson' in guard) return guard.byPerson === 'signedIn' ? [] : [guard.byPerson];
	return ['loopbackOr' in guard ? guard.loopbackOr : guard.permission];
}

function notByProgram(): GatewayError {
	return new GatewayError('FORBIDDEN', 'No API token does this: a person who signed in does.');
}

/** Says what they would need. */
export function notIncluded(permission: string): GatewayError {
	return new GatewayError('FORBIDDEN', `Your roles do not include ${permission} here; ask an administrator.`);
}

/** For what only a request itself says: throws FORBIDDEN when the login does not include it, there or on the whole site. */
export function checkPermission({ access }: LoginSession, permission: Permission, place?: Place): void {
	if (!access.may(permission, place)) throw notIncluded(permission);
}

/** For what each part of the site is shown or changed by itself: throws FORBIDDEN where they have it nowhere. */
export function checkInParts({ access }: LoginSession, permission: Permission): void {
	if (!access.mayInParts(permission)) throw notIncluded(permission);
}

/** The login of a route that needs one; throws UNAUTHENTICATED where the guard let a request through without, TOO_MANY after wrong tokens. */
export function requireLogin(c: HttpContext): LoginSession {
	const login = c.get('login');
	if (login !== null) return login;
	const retryAfterS = c.get('bearerRetryAfterS');
	if (retryAfterS === 0) throw new GatewayError('UNAUTHENTICATED', 'Sign in first.');
	c.header('Retry-After', String(retryAfterS));
	throw new GatewayError('TOO_MANY', `Too many wrong tokens came from here; try again in ${retryAfterS} s.`);
}

/** Who asks, of a route that needs a login. */
export function operatorOf(c: HttpContext): string {
	return requireLogin(c).operator.id;
}

/** Over TLS the `__Host-` prefix pins the cookie to this host and path (RFC 6265bis); browsers refuse it on plain http. */
function cookieName(c: HttpContext): string {
	const name = c.get('loginCookie');
	return c.get('secure') ? `__Host-${name}` : name;
}

/** The login token that came with the request. */
export function readLoginCookie(c: HttpContext): string | undefined {
	return getCookie(c, cookieName(c));
}

/** Hands the token of `Operators.login` to the browser; it ends with the browser or the login, whichever is first. */
export function setLoginCookie(c: HttpContext, token: string): void {
	setCookie(c, cookieName(c), token, { httpOnly: true, sameSite: 'Strict', path: '/', secure: c.get('secure') });
}

export function clearLoginCookie(c: HttpContext): void {
	deleteCookie(c, cookieName(c), { path: '/', secure: c.get('secure') });
}
