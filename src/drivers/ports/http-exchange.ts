import { type IncomingMessage, request } from 'node:http';
import { LIMITS } from '../../gateway/core/limits.ts';
import { createDigestAnswers, type HttpLogin } from './http-digest-answer.ts';

/** One question to a device over plain HTTP. */
export interface HttpQuestion {
	readonly host: string;
	readonly port: number;
	readonly method: 'GET' | 'POST' | 'PUT';
	/** With its query. */
	readonly path: string;
	/** Digest; a device that asks for less is not told the password. */
	readonly login?: HttpLogin | undefined;
	/** A header of its own for services that ask for one: sent at once. */
	readonly authorization?: string | undefined;
	/** Setting that who is refused looks at; default `login`. */
	readonly credential?: 'login' | 'token';
	readonly contentType?: string;
	readonly body?: string | Uint8Array;
	/** Instead of LIMITS.deviceAnswerMs. */
	readonly timeoutMs?: number;
}

export type HttpAnswer =
	| { readonly result: 'answered'; readonly status: number; readonly contentType: string; readonly body: Uint8Array }
	/** In words that say what to look at. */
	| { readonly result: 'failed'; readonly problem: string };

/** Asks a device something; never rejects. Bounded by LIMITS.deviceAnswerBytes and LIMITS.deviceAnswerMs. */
export type HttpExchange = (question: HttpQuestion) => Promise<HttpAnswer>;

/** Real HTTP, each question on a connection of its own: devices are asked rarely, and many forget kept ones. */
export function createHttpExchange(randomBytes: (length: number) => Uint8Array): HttpExchange {
	return async (question) => {
		const first = await ask(question);
		if (first.result === 'failed' || first.status !== 401) return first;
		if (question.login === undefined) return failed(question, whatItAsksFor(question));
		const digest = createDigestAnswers(question.login, randomBytes);
		if (!digest.take(first.challenges))
			return failed(question, 'it does not offer digest authentication; switch it on in the device');
		const second = await ask({ ...question, authorization: digest.authorization(question.method, question.path) });
		if (second.result === 'answered' && second.status === 401)
			return failed(question, 'it refuses the user name or password of login');
		return second;
	};
}

type Asked =
	| (Extract<HttpAnswer, { result: 'answered' }> & { readonly challenges: readonly string[] })
	| Extract<HttpAnswer, { result: 'failed' }>;

function whatItAsksFor({ credential }: HttpQuestion): string {
	return credential === 'token' ? 'it asks who we are; set token' : 'it asks for a user name and password; set login';
}

function ask(question: HttpQuestion): Promise<Asked> {
	const { host, port, method, path, authorization, contentType, body = '' } = question;
	return new Promise((resolve) => {
		const outgoing = request({
			...{ host, port, method, path, agent: false, maxHeaderSize: LIMITS.ingestHeaderBytes },
			signal: AbortSignal.timeout(question.timeoutMs ?? LIMITS.deviceAnswerMs),
			headers: {
				...(contentType === undefined ? {} : { 'content-type': contentType }),
				'content-length': Buffer.byteLength(body),
				...(authorization === undefined ? {} : { authorization }),
			},
		});
		outgoing.on('error', (cause) => resolve(failed(question, reasonOf(cause))));
		outgoing.on('response', (response) => collect(response, question, resolve));
		outgoing.end(body);
	});
}

function collect(response: IncomingMessage, question: HttpQuestion, resolve: (asked: Asked) => void): void {
	const chunks: Buffer[] = [];
	let sizeBytes = 0;
	response.on('data', (chunk: Buffer) => {
		sizeBytes += chunk.length;
		chunks.push(chunk);
		if (sizeBytes <= LIMITS.deviceAnswerBytes) return;
		resolve(failed(question, 'it answers more than any device of its kind'));
		response.destroy();
	});
	response.on('error', (cause) => resolve(failed(question, reasonOf(cause))));
	response.on('close', () => resolve(failed(question, 'it broke off its answer')));
	response.on('end', () =>
		resolve({
			result: 'answered',
			status: response.statusCode ?? 0,
			contentType: response.headers['content-type'] ?? '',
			body: Buffer.concat(chunks, sizeBytes),
			challenges: response.headersDistinct['www-authenticate'] ?? [],
		}),
	);
}

function failed({ host, port }: HttpQuestion, why: string): Extract<HttpAnswer, { result: 'failed' }> {
	return { result: 'failed', problem: `${host}:${port}: ${why}` };
}

function reasonOf(cause: Error): string {
	if (cause.name === 'TimeoutError' || cause.name === 'AbortError') return 'it did not answer in time';
	switch ('code' in cause ? cause.code : undefined) {
		case 'ECONNREFUSED':
			return 'nothing listens there; check host and port';
		case 'EHOSTUNREACH':
		case 'ENETUNREACH':
			return 'there is no way to it; check its network';
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return 'its name is not known; write an address';
		default:
			return 'the connection was lost';
	}
}
