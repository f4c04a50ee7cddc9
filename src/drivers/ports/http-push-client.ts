import { Agent, type IncomingMessage, request } from 'node:http';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { SimulatedPush } from '../driver.ts';
import type { PushAuth } from './http-push-auth.ts';
import { type DigestAlgorithm, digestResponse, parseDigestHeader } from './http-push-digest.ts';

export interface PushClientDeps {
	readonly randomBytes: (length: number) => Uint8Array;
	/** Silence of the listener that ends a push. */
	readonly timeoutMs?: number;
}

export interface PushTarget {
	readonly host: string;
	readonly port: number;
	/** Last segment of `/ingest/…`. */
	readonly path: string;
	readonly auth: PushAuth;
}

/** What a simulated camera sends its pushes with: real HTTP on one kept-alive connection. */
export interface PushClient {
	/** Resolves with the listener's status; rejects with PORT_LOST when there is no answer. */
	post(push: SimulatedPush): Promise<number>;
	close(): void;
}

interface Challenge {
	readonly algorithm: DigestAlgorithm;
	readonly realm: string;
	readonly nonce: string;
	count: number;
}

export function createPushClient(deps: PushClientDeps, target: PushTarget): PushClient {
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	const { auth } = target;
	const query = auth.type === 'token' ? `?token=${auth.token}` : '';
	const uri = `/ingest/${target.path}${query}`;
	let challenge: Challenge | undefined;

	const authorization = (): string | undefined => {
		if (auth.type === 'basic')
			return `Basic ${Buffer.from(`${auth.username}:${auth.password}`, 'utf8').toString('base64')}`;
		if (auth.type !== 'digest' || challenge === undefined) return undefined;
		challenge.count += 1;
		const nc = challenge.count.toString(16).padStart(8, '0');
		const cnonce = Buffer.from(deps.randomBytes(8)).toString('hex');
		const exchange = { ...auth, ...challenge, method: 'POST', uri, nc, cnonce };
		return (
			`Digest username="${auth.username}", realm="${challenge.realm}", nonce="${challenge.nonce}", uri="${uri}", ` +
			`algorithm=${challenge.algorithm}, qop=auth, nc=${nc}, cnonce="${cnonce}", response="${digestResponse(exchange)}"`
		);
	};

	const send = (push: SimulatedPush): Promise<IncomingMessage> =>
		new Promise((resolve, reject) => {
			let answered = false;
			const fail = (cause: unknown) => {
				// The listener ended the kept connection just as it was used: RFC 9112 §9.3.1 asks to try again on a new one.
				if (outgoing.reusedSocket && !answered && isReset(cause)) resolve(send(push));
				else reject(new GatewayError('PORT_LOST', `no answer to a push to ${uri}`, { cause }));
			};
			const credentials = authorization();
			const outgoing = request({
				agent,
				host: target.host,
				port: target.port,
				method: 'POST',
				path: uri,
				timeout: deps.timeoutMs ?? 10_000,
				headers: {
					'content-type': push.contentType,
					'content-length': push.body.length,
					...(credentials === undefined ? {} : { authorization: credentials }),
				},
			});
			outgoing.on('timeout', () => outgoing.destroy(new Error('the listener stayed silent')));
			outgoing.on('error', fail);
			outgoing.on('response', (response) => {
				answered = true;
				response
					.on('error', fail)
					.on('end', () => resolve(response))
					.resume();
			});
			outgoing.end(push.body);
		});

	return {
		async post(push) {
			const first = await send(push);
			if (first.statusCode !== 401 || auth.type !== 'digest') return first.statusCode ?? 0;
			challenge = pickChallenge(first.headersDistinct['www-authenticate'] ?? []);
			return (await send(push)).statusCode ?? 0;
		},
		close: () => agent.destroy(),
	};
}

function isReset(cause: unknown): boolean {
	return cause instanceof Error && 'code' in cause && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE');
}

/** The first challenge this client can answer, as RFC 7616 asks. */
function pickChallenge(headers: readonly string[]): Challenge | undefined {
	for (const header of headers) {
		const parameters = parseDigestHeader(header);
		const algorithm = (parameters?.get('algorithm') ?? 'MD5').toUpperCase();
		const nonce = parameters?.get('nonce');
		if (nonce !== undefined && (algorithm === 'MD5' || algorithm === 'SHA-256'))
			return { algorithm, nonce, realm: parameters?.get('realm') ?? '', count: 0 };
	}
	return undefined;
}
