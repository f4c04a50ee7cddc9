import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Log } from '../../gateway/core/log.ts';
import { createHourlyAllowance } from '../../gateway/services/operators/operators-deps.ts';
import {
	type HttpContext,
	type HttpEnv,
	type Logins,
	readLoginCookie,
	SAFE_METHODS,
	SCRIPT_PATH,
} from './login-context.ts';

type Middleware = MiddlewareHandler<HttpEnv>;

/** Fills HttpVariables: who asks, from where, over what. */
export function requestContext(logins: Logins): Middleware {
	const { cookie = 'parkgate' } = logins;
	return async (c, next) => {
		const socket = c.env?.incoming?.socket;
		c.set('secure', socket !== undefined && 'encrypted' in socket && socket.encrypted === true);
		c.set('remoteAddress', socket?.remoteAddress ?? 'unknown');
		c.set('fromLoopback', isLoopback(socket?.remoteAddress) && namesLoopback(c) && !isForwarded(c));
		// First, so that a store that can't be asked leaves a request that nobody is signed in with.
		c.set('login', null);
		c.set('loginCookie', cookie);
		c.set('bearerRetryAfterS', 0);
		c.set('loginAgain', () => undefined);
		c.set('went', (permission) => {
			const login = c.get('login');
			if (login !== null) logins.went?.(login, permission);
		});
		const program = logins.bearer && readBearerToken(c);
		c.set('byProgram', program !== undefined);
		if (program === undefined) findBrowser(c, logins);
		else findProgram(c, logins, program);
		await next();
	};
}

function findBrowser(c: HttpContext, logins: Logins): void {
	const token = readLoginCookie(c);
	if (token === undefined) return;
	c.set('login', logins.session(token, isByScript(c) ? 'script' : 'person') ?? null);
	c.set('loginAgain', () => logins.session(token, 'script'));
}

function findProgram(c: HttpContext, logins: Logins, token: string): void {
	const found = logins.bearer?.(token, c.get('remoteAddress'));
	if (found !== undefined && 'retryAfterS' in found) c.set('bearerRetryAfterS', found.retryAfterS);
	else c.set('login', found ?? null);
	c.set('loginAgain', () => logins.bearerAgain?.(token));
}

/** RFC 6750 2.1; what is no token by its grammar is a wrong one. */
function readBearerToken(c: HttpContext): string | undefined {
	const [scheme, token = ''] = /^Bearer(?: +(.*))?$/i.exec(c.req.header('authorization') ?? '') ?? [];
	if (scheme === undefined) return undefined;
	return /^([\w.~+/-]{1,400}=*) *$/.exec(token)?.[1] ?? '';
}

/** Live pages fetch these by themselves as long as they are open. */
function isByScript(c: HttpContext): boolean {
	return c.req.path.startsWith(SCRIPT_PATH) || c.req.path === '/api/v1/events';
}

export function isLoopback(address: string | undefined): boolean {
	const plain = address?.replace(/^::ffff:/i, '') ?? '';
	return plain === '::1' || plain === 'localhost' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

/** A page of another site whose name was rebound to 127.0.0.1 still sends that name. */
function namesLoopback(c: HttpContext): boolean {
	const host = URL.parse(`http://${c.req.header('host') ?? ''}`)?.hostname ?? '';
	return isLoopback(host.replace(/^\[|\]$/g, ''));
}

/** A proxy on this machine asks for somebody else. */
function isForwarded(c: HttpContext): boolean {
	return ['forwarded', 'x-forwarded-for', 'x-real-ip'].some((name) => c.req.header(name) !== undefined);
}

/**
 * Refuses changing requests that a browser sent for another site's page (OWASP CSRF, "verifying origin with
 * standard headers"). Programs send neither header and pass; the login's own proof is checked by the guard.
 */
export const sameOrigin: Middleware = async (c, next) => {
	if (!SAFE_METHODS.has(c.req.method)) {
		const site = c.req.header('sec-fetch-site');
		const origin = c.req.header('origin');
		const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
		const foreignOrigin = origin !== undefined && URL.parse(origin)?.host !== c.req.header('host');
		if (foreignSite || foreignOrigin) {
			throw new GatewayError('FORBIDDEN', "Another site's page sent this; use the gateway's own pages.");
		}
	}
	await next();
};

const HEADERS: Parameters<typeof secureHeaders>[0] = {
	contentSecurityPolicy: {
		defaultSrc: ["'self'"],
		baseUri: ["'none'"],
		formAction: ["'self'"],
		frameAncestors: ["'none'"],
		objectSrc: ["'none'"],
	},
	// The scan page reads plates and codes with the camera of a phone.
	permissionsPolicy: { camera: ['self'], geolocation: [], microphone: [], payment: [], usb: [] },
	// `no-referrer` would make browsers send `Origin: null` with our own forms.
	referrerPolicy: 'same-origin',
	xFrameOptions: 'DENY',
};

const overTls = secureHeaders({ ...HEADERS, strictTransportSecurity: 'max-age=31536000; includeSubDomains' });
const overPlain = secureHeaders({ ...HEADERS, strictTransportSecurity: false });

/** Kept by the reader's own browser, which asks before it shows it again. */
export const ASKED_EACH_TIME = 'private, no-cache';

/** What came from elsewhere and is only shown: nothing in it runs, whatever it is taken for. */
export const SANDBOXED = "default-src 'none'; sandbox; frame-ancestors 'none'";

/** On every answer, also on problems. What says nothing about caching is kept by nobody, and of the API only what asks each time. */
export const securityHeaders: Middleware = async (c, next) => {
	const headers = c.env?.incoming?.socket !== undefined && 'encrypted' in c.env.incoming.socket ? overTls : overPlain;
	let isSandboxed = false;
	await headers(c, async () => {
		await next();
		isSandboxed = c.res.headers.get('Content-Security-Policy') === SANDBOXED;
	});
	if (isSandboxed) c.res.headers.set('Content-Security-Policy', SANDBOXED);
	const told = c.res.headers.get('Cache-Control');
	if (told === null || (c.req.path.startsWith('/api/') && told !== ASKED_EACH_TIME)) {
		c.res.headers.set('Cache-Control', 'no-store');
	}
};

/**
 * One line per request; paths are untrusted and stay in fields. What somebody may not do is told at once, a bounded number of
 * times an hour: the rest is counted, and the count stands in the next.
 */
export function requestLog(log: Log, clock: Clock): Middleware {
	const refusals = createHourlyAllowance(clock, LIMITS.refusedRequestsPerHour);
	return async (c, next) => {
		const startMs = clock.monotonicMs();
		await next();
		const durationMs = Math.round(clock.monotonicMs() - startMs);
		const { requestId, remoteAddress, login } = c.var;
		const asked = {
			requestId,
			method: c.req.method,
			path: c.req.path,
			status: c.res.status,
			durationMs,
			remoteAddress,
		};
		const who = { operatorId: login?.operator.id, tokenId: login?.program && login.id };
		log.debug({ ...asked, ...who }, 'request');
		const notWrittenBefore = c.res.status === 403 ? refusals.take() : undefined;
		if (notWrittenBefore !== undefined) log.info({ ...asked, ...who, notWrittenBefore }, 'refused: not permitted');
	};
}
