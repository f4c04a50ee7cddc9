import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { AuthDeps, AuthOutcome, PresentedCredentials } from './http-push-auth.ts';

export type DigestAlgorithm = 'SHA-256' | 'MD5';

export interface DigestAccount {
	readonly username: string;
	readonly password: string;
	readonly realm: string;
	readonly algorithms: readonly DigestAlgorithm[];
}

/** Parameters of a `Digest` challenge or answer, names in lower case; undefined when it is another scheme. */
export function parseDigestHeader(header: string): ReadonlyMap<string, string> | undefined {
	const scheme = /^\s*digest\s+/i.exec(header);
	if (scheme === null) return undefined;
	const parameters = new Map<string, string>();
	// A name starts where none goes on: else a long one would be tried anew from each of its characters.
	const pattern = /(?<![\w*-])([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;
	for (const [, name = '', quoted, plain] of header.slice(scheme[0].length).matchAll(pattern)) {
		const key = name.toLowerCase();
		if (!parameters.has(key)) parameters.set(key, quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '');
	}
	return parameters;
}

export interface DigestExchange {
	readonly algorithm: DigestAlgorithm;
	readonly username: string;
	readonly password: string;
	readonly realm: string;
	readonly method: string;
	readonly uri: string;
	readonly nonce: string;
	/** Eight hex digits. */
	readonly nc: string;
	readonly cnonce: string;
}

/** The `response` of RFC 7616, section 3.4.1, with qop `auth`; lower-case hex. */
export function digestResponse(exchange: DigestExchange): string {
	const name = exchange.algorithm === 'MD5' ? 'md5' : 'sha256';
	const hash = (text: string) => createHash(name).update(text, 'utf8').digest('hex');
	const a1 = hash(`${exchange.username}:${exchange.realm}:${exchange.password}`);
	const a2 = hash(`${exchange.method}:${exchange.uri}`);
	return hash(`${a1}:${exchange.nonce}:${exchange.nc}:${exchange.cnonce}:auth:${a2}`);
}

/**
 * Digest (RFC 7616), qop `auth` only. A nonce carries its own time and proof, so asking for one costs no
 * memory; a nonce that was used is remembered with its highest count, and each count works once.
 */
export function createDigestCheck(
	deps: AuthDeps,
	account: DigestAccount,
): (presented: PresentedCredentials) => AuthOutcome {
	const nonces = createNonces(deps);
	const refuse = (reason: 'missing' | 'wrong' | 'stale'): AuthOutcome => {
		const nonce = nonces.issue();
		const stale = reason === 'stale' ? ', stale=true' : '';
		const challenges = account.algorithms.map(
			(algorithm) =>
				`Digest realm="${account.realm}", qop="auth", algorithm=${algorithm}, nonce="${nonce}", charset=UTF-8${stale}`,
		);
		return { ok: false, reason, challenges };
	};
	return ({ method, target, authorization }) => {
		if (authorization === undefined) return refuse('missing');
		const given = parseDigestHeader(authorization);
		if (given === undefined) return refuse('wrong');
		const named = (given.get('algorithm') ?? 'MD5').toUpperCase();
		const algorithm = account.algorithms.find((offered) => offered === named);
		const nonce = given.get('nonce') ?? '';
		const nc = given.get('nc') ?? '';
		if (
			algorithm === undefined ||
			given.get('username') !== account.username ||
			given.get('realm') !== account.realm ||
			given.get('uri') !== target ||
			given.get('qop')?.toLowerCase() !== 'auth' ||
			!/^[0-9a-f]{8}$/i.test(nc)
		)
			return refuse('wrong');
		const cnonce = given.get('cnonce') ?? '';
		const expected = digestResponse({ ...account, algorithm, method, uri: target, nonce, nc, cnonce });
		const response = Buffer.from((given.get('response') ?? '').toLowerCase());
		if (response.length !== expected.length || !timingSafeEqual(response, Buffer.from(expected)))
			return refuse('wrong');
		return nonces.use(nonce, Number.parseInt(nc, 16)) ? { ok: true } : refuse('stale');
	};
}

function createNonces(deps: AuthDeps) {
	const key = deps.randomBytes(32);
	const lastCounts = new Map<string, number>();
	/** Nonces issued up to here and not remembered could be replays of forgotten ones. */
	let forgottenUntilMs = -1;
	const proof = (text: string) => createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
	const issuedAtMs = (nonce: string) => Number.parseInt(nonce.slice(0, 12), 16);

	return {
		issue(): string {
			const timeHex = Math.floor(deps.clock.monotonicMs()).toString(16).padStart(12, '0');
			const text = `${timeHex}${Buffer.from(deps.randomBytes(8)).toString('hex')}`;
			return text + proof(text);
		},
		/** True once for each rising count of a nonce of ours that is still fresh. */
		use(nonce: string, count: number): boolean {
			if (!/^[0-9a-f]{60}$/.test(nonce) || proof(nonce.slice(0, 28)) !== nonce.slice(28)) return false;
			if (deps.clock.monotonicMs() - issuedAtMs(nonce) > LIMITS.digestNonceMs) return false;
			const last = lastCounts.get(nonce);
			if (last === undefined && issuedAtMs(nonce) <= forgottenUntilMs) return false;
			if (count <= (last ?? 0)) return false;
			lastCounts.set(nonce, count);
			const [oldest] = lastCounts.keys();
			if (lastCounts.size > LIMITS.digestNonces && oldest !== undefined) {
				lastCounts.delete(oldest);
				forgottenUntilMs = Math.max(forgottenUntilMs, issuedAtMs(oldest));
			}
			return true;
		},
	};
}
