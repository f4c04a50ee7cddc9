import { createHash } from 'node:crypto';
import { type DigestAlgorithm, digestResponse, parseDigestHeader } from './http-push-digest.ts';

export interface HttpLogin {
	readonly username: string;
	readonly password: string;
}

interface Challenge {
	readonly algorithm: DigestAlgorithm;
	readonly realm: string;
	readonly nonce: string;
	readonly opaque: string | undefined;
	/** Absent where the server knows RFC 2069 only. */
	readonly qop: 'auth' | undefined;
	count: number;
}

/** The client's side of Digest (RFC 7616): answers the last challenge, counting its uses. */
export interface DigestAnswers {
	/** From the headers of a 401; false when there is none that can be answered. */
	take(challenges: readonly string[]): boolean;
	/** Value of `Authorization`; undefined before a challenge. */
	authorization(method: string, uri: string): string | undefined;
}

export function createDigestAnswers(login: HttpLogin, randomBytes: (length: number) => Uint8Array): DigestAnswers {
	let challenge: Challenge | undefined;
	return {
		take(challenges) {
			challenge = pickChallenge(challenges);
			return challenge !== undefined;
		},
		authorization(method, uri) {
			if (challenge === undefined) return undefined;
			challenge.count += 1;
			const { algorithm, realm, nonce, opaque, qop } = challenge;
			const nc = challenge.count.toString(16).padStart(8, '0');
			const cnonce = Buffer.from(randomBytes(8)).toString('hex');
			const exchange = { ...login, ...challenge, method, uri, nc, cnonce };
			const response = qop === undefined ? oldResponse(exchange) : digestResponse(exchange);
			return [
				`Digest username="${login.username}", realm="${realm}", nonce="${nonce}", uri="${uri}"`,
				`algorithm=${algorithm}, response="${response}"`,
				...(qop === undefined ? [] : [`qop=auth, nc=${nc}, cnonce="${cnonce}"`]),
				...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
			].join(', ');
		},
	};
}

/** The first challenge this client can answer, as RFC 7616 asks. */
function pickChallenge(headers: readonly string[]): Challenge | undefined {
	for (const header of headers) {
		const parameters = parseDigestHeader(header);
		const algorithm = (parameters?.get('algorithm') ?? 'MD5').toUpperCase();
		const nonce = parameters?.get('nonce');
		const offered = parameters?.get('qop');
		const qop = offered?.split(',').some((each) => each.trim().toLowerCase() === 'auth') === true ? 'auth' : undefined;
		const isKnown = algorithm === 'MD5' || algorithm === 'SHA-256';
		if (nonce === undefined || !isKnown || (offered !== undefined && qop === undefined)) continue;
		const texts = { nonce, realm: parameters?.get('realm') ?? '', opaque: parameters?.get('opaque') };
		if (Object.values(texts).some((text) => text !== undefined && /["\\\p{Cc}]/u.test(text))) continue;
		return { algorithm, ...texts, qop, count: 0 };
	}
	return undefined;
}

/** RFC 2069, before there was qop. */
function oldResponse(exchange: Parameters<typeof digestResponse>[0]): string {
	const hash = (text: string) =>
		createHash(exchange.algorithm === 'MD5' ? 'md5' : 'sha256')
			.update(text, 'utf8')
			.digest('hex');
	const a1 = hash(`${exchange.username}:${exchange.realm}:${exchange.password}`);
	return hash(`${a1}:${exchange.nonce}:${hash(`${exchange.method}:${exchange.uri}`)}`);
}

/** RFC 7617. */
export function basicAuthorization({ username, password }: HttpLogin): string {
	return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}
