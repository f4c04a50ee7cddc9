import { hash, randomBytes } from 'node:crypto';
import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import { accessOfRole } from '../../gateway/core/permission/access.ts';
import type { LoginSession } from '../../gateway/services/operators.ts';
import type { Logins } from '../http/login-context.ts';
import type { TokenHolder, Tokens } from './fleet.ts';

/** Browsers signed in at once; the one unused for longest makes place. */
const BROWSERS = 200;

/** Signs in by access tokens: programs with each request, people once in a browser. Browsers sign in again after a restart. */
export interface TokenLogins extends Logins {
	/** @returns what the browser's cookie holds; undefined: no such token. */
	signIn(tokenText: string): string | undefined;
	signOut(cookie: string): void;
}

interface BrowserLogin {
	readonly tokenId: string;
	readonly csrf: string;
	readonly createdAtMs: number;
	readonly sinceMs: number;
	usedMs: number;
}

export function createTokenLogins({ tokens, clock }: { readonly tokens: Tokens; readonly clock: Clock }): TokenLogins {
	const browsers = new Map<string, BrowserLogin>();

	function standing(key: string): BrowserLogin | undefined {
		const login = browsers.get(key);
		if (login === undefined) return undefined;
		const nowMs = clock.monotonicMs();
		const isFresh = nowMs - login.usedMs < LIMITS.loginIdleMs && nowMs - login.sinceMs < LIMITS.loginAbsoluteMs;
		if (isFresh) return login;
		browsers.delete(key);
		return undefined;
	}

	return {
		cookie: 'parkgate-central',
		bearer(text) {
			const token = tokens.find(text);
			return token && loginOf(token, { csrf: '', createdAtMs: clock.nowMs() });
		},
		session(cookie, by) {
			const key = keyOf(cookie);
			const login = standing(key);
			const token = login && tokens.get(login.tokenId);
			if (login === undefined || token === undefined) return undefined;
			if (by === 'person') {
				login.usedMs = clock.monotonicMs();
				// The last used stands last.
				browsers.delete(key);
				browsers.set(key, login);
			}
			return loginOf(token, login);
		},
		signIn(text) {
			const token = tokens.find(text);
			if (token === undefined) return undefined;
			const [oldest] = browsers.keys();
			if (browsers.size >= BROWSERS && oldest !== undefined) browsers.delete(oldest);
			const cookie = secret();
			const nowMs = clock.monotonicMs();
			browsers.set(keyOf(cookie), {
				...{ tokenId: token.id, csrf: secret(), createdAtMs: clock.nowMs() },
				...{ sinceMs: nowMs, usedMs: nowMs },
			});
			return cookie;
		},
		signOut: (cookie) => void browsers.delete(keyOf(cookie)),
	};
}

/** A token has a name and a role, but no address and no language. */
function loginOf(
	{ id, name, role }: TokenHolder,
	{ csrf, createdAtMs }: Pick<BrowserLogin, 'csrf' | 'createdAtMs'>,
): LoginSession {
	const operator = { id, name, roles: [{ id: role, name: role }], email: '', language: null };
	return { id, operator, access: accessOfRole(role), csrf, createdAtMs };
}

function secret(): string {
	return randomBytes(32).toString('base64url');
}

function keyOf(cookie: string): string {
	return hash('sha256', cookie, 'base64url');
}
