import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../gateway/core/clock.ts';
import { createDigestCheck } from './http-push-digest.ts';

const username = z
	.string()
	.min(1)
	.max(64)
	.regex(/^[^:"\\\p{Cc}]+$/u, 'no colon, quote, backslash or control character');
const password = z.string().min(8, 'at least 8 characters').max(128);

/** How a camera proves who it is to the listener; one entry of `devices:` in `gateway.yaml`. */
export const pushAuthSchema = z.discriminatedUnion('type', [
	z.strictObject({ type: z.literal('none') }),
	z.strictObject({ type: z.literal('basic'), username, password }),
	z.strictObject({
		type: z.literal('digest'),
		username,
		password,
		algorithms: z
			.array(z.enum(['SHA-256', 'MD5']))
			.min(1)
			.max(2)
			.optional()
			.describe('Offered in this order; some cameras read the first offer only and know MD5 alone'),
	}),
	/** `Authorization: Bearer …`, or `?token=…` for cameras that can only set a URL. */
	z.strictObject({
		type: z.literal('token'),
		token: z
			.string()
			.min(16, 'at least 16 characters')
			.max(128)
			.regex(/^[\w.~-]+$/, 'letters, digits and -._~ only'),
	}),
]);
export type PushAuth = z.infer<typeof pushAuthSchema>;

export interface PresentedCredentials {
	readonly method: string;
	/** The request target as it came, with its query. */
	readonly target: string;
	readonly authorization: string | undefined;
}

/** `missing` asks for credentials, `stale` for a fresh nonce; only `wrong` is a failed try. */
export type AuthOutcome =
	| { readonly ok: true }
	| { readonly ok: false; readonly reason: 'missing' | 'wrong' | 'stale'; readonly challenges: readonly string[] };

export interface AuthDeps {
	readonly clock: Clock;
	readonly randomBytes: (length: number) => Uint8Array;
}

const PUSH_REALM = 'parkgate';

/** Checks one camera's credentials (RFC 7617 Basic, RFC 7616 Digest, RFC 6750 Bearer) in constant time. */
export function createAuthCheck(deps: AuthDeps, auth: PushAuth): (presented: PresentedCredentials) => AuthOutcome {
	switch (auth.type) {
		case 'none':
			return () => ({ ok: true });
		case 'basic':
			return createBasicCheck(auth.username, auth.password);
		case 'digest':
			return createDigestCheck(deps, { ...auth, realm: PUSH_REALM, algorithms: auth.algorithms ?? ['SHA-256', 'MD5'] });
		case 'token':
			return createTokenCheck(auth.token);
	}
}

function createBasicCheck(username: string, password: string): (presented: PresentedCredentials) => AuthOutcome {
	const challenges = [`Basic realm="${PUSH_REALM}", charset="UTF-8"`];
	return ({ authorization }) => {
		const encoded = /^basic +([a-z0-9+/]+=*) *$/i.exec(authorization ?? '')?.[1];
		if (encoded === undefined) return { ok: false, reason: authorization ? 'wrong' : 'missing', challenges };
		const given = Buffer.from(encoded, 'base64').toString('utf8');
		return isSameSecret(given, `${username}:${password}`) ? { ok: true } : { ok: false, reason: 'wrong', challenges };
	};
}

function createTokenCheck(token: string): (presented: PresentedCredentials) => AuthOutcome {
	const challenges = [`Bearer realm="${PUSH_REALM}"`];
	return ({ authorization, target }) => {
		const query = target.indexOf('?');
		const given =
			/^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ??
			(query < 0 ? undefined : new URLSearchParams(target.slice(query)).get('token'));
		if (given === undefined || given === null)
			return { ok: false, reason: authorization ? 'wrong' : 'missing', challenges };
		return isSameSecret(given, token) ? { ok: true } : { ok: false, reason: 'wrong', challenges };
	};
}

/** Equal length for `timingSafeEqual`, whatever was presented. */
function isSameSecret(given: string, expected: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
	return timingSafeEqual(digest(given), digest(expected));
}
