import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { BARE_HEADERS } from '../../gateway/core/bare-answer.ts';
import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { PushReceiver } from '../driver.ts';
import { type AuthOutcome, createAuthCheck, type PresentedCredentials } from './http-push-auth.ts';
import { answerWithoutBody, type BodyBudget, plainHeaders, readBody } from './http-push-body.ts';
import { createFailureLimit, createLogLimit } from './http-push-failures.ts';
import { holdAnswer, writeReply } from './http-push-held.ts';
import { createSourceCheck, type IngestAccess, type IngestOptions, plainAddress } from './http-push-sources.ts';

export interface IngestDeps {
	readonly clock: Clock;
	readonly log: Log;
	/** Cryptographic randomness: `length` bytes. */
	readonly randomBytes: (length: number) => Uint8Array;
}

export interface IngestCamera extends IngestAccess {
	readonly receiver: PushReceiver;
}

/** Why a push did not reach its camera's receiver, and the answer it got. */
const REFUSALS = {
	address: 403,
	path: 404,
	method: 405,
	failures: 429,
	credentials: 401,
	encoding: 415,
	size: 413,
	busy: 503,
	crash: 500,
} as const;
type Refusal = keyof typeof REFUSALS;

/** Pushes so far: all, those a receiver answered, those asked for credentials, those cut off, and each refusal. */
export type IngestCounts = Record<'requests' | 'handled' | 'challenged' | 'cut' | Refusal, number>;

export interface IngestHandler {
	/** For `request` of an HTTP server, or a request made up by a test. */
	readonly onRequest: RequestListener;
	/** For `checkContinue`: nothing is asked for that would be refused. */
	readonly onCheckContinue: RequestListener;
	statistics(): Readonly<IngestCounts>;
}

interface Route {
	readonly camera: IngestCamera;
	readonly checkCredentials: (presented: PresentedCredentials) => AuthOutcome;
	readonly isAllowed: (address: string) => boolean;
}

interface Verdict {
	readonly refusal: Refusal | 'challenged';
	readonly deviceId?: string;
	readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Answers `POST /ingest/{path}`: address, path, credentials and announced size are checked before the body
 * is read; the body is read whole within the limits, and what the camera's receiver says is the answer.
 */
export function createIngestHandler(
	deps: IngestDeps,
	options: Pick<IngestOptions, 'allow'>,
	cameras: readonly IngestCamera[],
): IngestHandler {
	const budget: BodyBudget = { usedBytes: 0 };
	const admit = createAdmission(deps, options, cameras, budget);
	const limitLog = createLogLimit(deps.clock);
	const counts: IngestCounts = {
		...{ requests: 0, handled: 0, challenged: 0, cut: 0, crash: 0 },
		...{ address: 0, path: 0, method: 0, failures: 0, credentials: 0, encoding: 0, size: 0, busy: 0 },
	};
	const note = (outcome: keyof IngestCounts, request: IncomingMessage, deviceId?: string) => {
		counts[outcome] += 1;
		if (outcome === 'challenged') return;
		const remoteAddress = plainAddress(request.socket.remoteAddress);
		limitLog(`${outcome} ${deviceId ?? ''}`, (times) =>
			deps.log.warn({ reason: outcome, deviceId, remoteAddress, times }, 'camera push refused'),
		);
	};
	const receive = (request: IncomingMessage, response: ServerResponse, isWaiting: boolean) => {
		counts.requests += 1;
		// A connection that breaks is seen by `close`; without these listeners its error would end the process.
		request.on('error', () => undefined);
		response.on('error', () => undefined);
		for (const [name, value] of Object.entries(BARE_HEADERS)) response.setHeader(name, value);
		const refuse = ({ refusal, deviceId, headers = {} }: Verdict) => {
			note(refusal, request, deviceId);
			const status = refusal === 'challenged' ? 401 : REFUSALS[refusal];
			answerWithoutBody(deps.clock, request, response, { status, headers, isWaiting });
		};
		const admitted = admit(request);
		if ('refusal' in admitted) return refuse(admitted);
		const { deviceId, receiver } = admitted.camera;
		if (isWaiting) response.writeContinue();
		readBody(request, budget, (result) => {
			if (result === 'cut') return note('cut', request, deviceId);
			if (typeof result === 'string') return refuse({ refusal: result, deviceId });
			try {
				const push = toPush(request, result.body);
				if (receiver.handleHeld !== undefined) receiver.handleHeld(push, holdAnswer(deps.clock, response));
				else writeReply(response, receiver.handle(push));
				counts.handled += 1;
			} catch (cause) {
				deps.log.error({ err: cause, deviceId }, 'camera driver threw on a push');
				refuse({ refusal: 'crash', deviceId });
			}
		});
	};
	return {
		onRequest: (request, response) => receive(request, response, false),
		onCheckContinue: (request, response) => receive(request, response, true),
		statistics: () => ({ ...counts }),
	};
}

/** Decides on the head of a request alone. */
function createAdmission(
	deps: IngestDeps,
	options: Pick<IngestOptions, 'allow'>,
	cameras: readonly IngestCamera[],
	budget: BodyBudget,
): (request: IncomingMessage) => Verdict | { readonly camera: IngestCamera } {
	const isAllowed = createSourceCheck(options.allow);
	const failures = createFailureLimit(deps.clock);
	const findRoute = createRoutes(deps, cameras);
	return (request) => {
		const address = plainAddress(request.socket.remoteAddress);
		if (!isAllowed(address)) return { refusal: 'address' };
		const { method = '', url: target = '', headers } = request;
		const route = findRoute(target.split('?', 1)[0] ?? '', address);
		if (route === undefined) return { refusal: 'path' };
		const { deviceId } = route.camera;
		if (!route.isAllowed(address)) return { refusal: 'address', deviceId };
		if (method !== 'POST') return { refusal: 'method', deviceId, headers: { allow: 'POST' } };
		if (failures.isBlocked(address)) return { refusal: 'failures', deviceId, headers: { 'retry-after': '60' } };
		const outcome = route.checkCredentials({ method, target, authorization: headers.authorization });
		if (!outcome.ok) {
			const challenge = { 'www-authenticate': outcome.challenges };
			if (outcome.reason !== 'wrong') return { refusal: 'challenged', deviceId, headers: challenge };
			failures.add(address);
			return { refusal: 'credentials', deviceId, headers: challenge };
		}
		const refusal = refuseBody(headers, budget);
		return refusal === undefined ? { camera: route.camera } : { refusal, deviceId };
	};
}

/** By the path; for cameras that choose it themselves, by their address: the body is never asked who sent it. */
function createRoutes(deps: IngestDeps, cameras: readonly IngestCamera[]) {
	const routes = cameras.map(
		(camera): Route => ({
			camera,
			checkCredentials: createAuthCheck(deps, camera.auth),
			isAllowed: createSourceCheck(camera.allow ?? []),
		}),
	);
	// Looked up as it came: encoded, doubled or dotted paths match nothing.
	const byPath = new Map(routes.map((route) => [`/ingest/${route.camera.path}`, route]));
	const byAddress = new Map(routes.map((route) => [route.camera.receiver.ownPath?.fromAddress, route]));
	return (path: string, address: string): Route | undefined => {
		const own = byAddress.get(address);
		const prefix = own?.camera.receiver.ownPath?.prefix;
		return byPath.get(path) ?? (prefix !== undefined && path.startsWith(prefix) ? own : undefined);
	};
}

/** Nothing is ever decompressed, so no body is larger than what was received. */
function refuseBody(headers: IncomingHttpHeaders, budget: BodyBudget): Refusal | undefined {
	if (!/^(?:identity)?$/i.test(headers['content-encoding'] ?? '')) return 'encoding';
	if (Number(headers['content-length'] ?? 0) > LIMITS.ingestBodyBytes) return 'size';
	return budget.usedBytes > LIMITS.ingestBufferedBytes ? 'busy' : undefined;
}

function toPush(request: IncomingMessage, body: Uint8Array) {
	const remoteAddress = plainAddress(request.socket.remoteAddress);
	return { method: 'POST', headers: plainHeaders(request), body, remoteAddress };
}
