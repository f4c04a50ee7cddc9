import { Agent, type IncomingMessage, request } from 'node:http';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { SimulatedPush } from '../driver.ts';
import { basicAuthorization, createDigestAnswers } from './http-digest-answer.ts';
import type { PushAuth } from './http-push-auth.ts';

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

export function createPushClient(deps: PushClientDeps, target: PushTarget): PushClient {
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	const { auth } = target;
	const query = auth.type === 'token' ? `?token=${auth.token}` : '';
	const uri = `/ingest/${target.path}${query}`;
	const digest = auth.type === 'digest' ? createDigestAnswers(auth, deps.randomBytes) : undefined;

	const authorization = (): string | undefined =>
		auth.type === 'basic' ? basicAuthorization(auth) : digest?.authorization('POST', uri);

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
			if (first.statusCode !== 401 || digest === undefined) return first.statusCode ?? 0;
			digest.take(first.headersDistinct['www-authenticate'] ?? []);
			return (await send(push)).statusCode ?? 0;
		},
		close: () => agent.destroy(),
	};
}

function isReset(cause: unknown): boolean {
	return cause instanceof Error && 'code' in cause && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE');
}
