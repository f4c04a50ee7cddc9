import { createServer, type Server, type ServerResponse } from 'node:http';
import { encodeBrokenAnswer } from '../../gateway/core/bare-answer.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import { shareConnections } from './http-push-connections.ts';
import { createIngestHandler, type IngestCamera, type IngestCounts, type IngestDeps } from './http-push-handler.ts';
import { createSourceCheck, findIngestProblems, type IngestOptions } from './http-push-sources.ts';

/** How long slow senders are borne with; tests shorten them. */
export interface IngestPatience {
	readonly headersMs: number;
	readonly requestMs: number;
	readonly silenceMs: number;
	readonly keepAliveMs: number;
}

const PATIENCE: IngestPatience = {
	headersMs: LIMITS.ingestHeadersMs,
	requestMs: LIMITS.ingestRequestMs,
	silenceMs: LIMITS.ingestSilenceMs,
	keepAliveMs: LIMITS.ingestKeepAliveMs,
};

export interface IngestListener {
	/** As bound: a port of 0 is replaced by the system's choice. */
	readonly host: string;
	readonly port: number;
	/** `dropped`: connections over the limits. */
	statistics(): Readonly<IngestCounts & { connections: number; dropped: number }>;
	/** Answers what has been received, then ends every connection; never rejects. */
	close(): Promise<void>;
}

/**
 * Opens the cameras' HTTP listener. Plain HTTP: many cameras refuse private certificates, so it belongs on
 * the cameras' own network. Rejects with GatewayError CONFIG_INVALID, ADDRESS_IN_USE or PORT_UNAVAILABLE.
 */
export async function openIngestListener(
	deps: IngestDeps,
	options: IngestOptions,
	cameras: readonly IngestCamera[],
	patience: IngestPatience = PATIENCE,
): Promise<IngestListener> {
	const problems = findIngestProblems(options, cameras);
	if (problems.length > 0) throw new GatewayError('CONFIG_INVALID', problems.map(({ problem }) => problem).join('\n'));
	refuseSharedAddresses(cameras);
	const handler = createIngestHandler(deps, options, cameras);
	const server = createServer({
		maxHeaderSize: LIMITS.ingestHeaderBytes,
		headersTimeout: patience.headersMs,
		requestTimeout: patience.requestMs,
		keepAliveTimeout: patience.keepAliveMs,
		connectionsCheckingInterval: Math.min(1_000, patience.headersMs),
		noDelay: true,
		// Some cameras send no Host header; it decides nothing here.
		requireHostHeader: false,
	});
	server.timeout = patience.silenceMs;
	server.on('request', handler.onRequest);
	server.on('checkContinue', handler.onCheckContinue);
	server.on('checkExpectation', handler.onRequest);
	answerBroken(server);
	const connections = shareConnections(server, createSourceCheck(options.allow));
	await listen(server, options);
	server.on('error', (cause) => deps.log.error({ err: cause }, 'camera listener failed'));
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : options.port;
	deps.log.info({ host: options.host, port, cameras: cameras.length }, 'camera listener open');
	return {
		host: options.host,
		port,
		statistics: () => ({ ...handler.statistics(), ...connections() }),
		close: () => close(server, deps),
	};
}

/** What never became a push is answered as what was refused. */
function answerBroken(server: Server): void {
	const answers = new WeakMap<object, ServerResponse>();
	server.prependListener('request', (request, response) => answers.set(request.socket, response));
	server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
		const last = answers.get(socket);
		const isAnswering = last?.headersSent === true && !last.writableFinished;
		const answer = isAnswering || !socket.writable ? undefined : encodeBrokenAnswer(error.code);
		if (answer === undefined) socket.destroy();
		else socket.end(answer, () => socket.destroy());
	});
}

/** Cameras that choose their path are known by their address alone. */
function refuseSharedAddresses(cameras: readonly IngestCamera[]): void {
	const byAddress = new Map<string, string>();
	for (const { deviceId, receiver } of cameras) {
		const address = receiver.ownPath?.fromAddress;
		if (address === undefined) continue;
		const other = byAddress.get(address);
		if (other !== undefined)
			throw new GatewayError(
				'CONFIG_INVALID',
				`${other} and ${deviceId} are both at ${address}, and only by that could their events be told apart; remove one`,
			);
		byAddress.set(address, deviceId);
	}
}

function listen(server: Server, { host, port }: IngestOptions): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', (cause: NodeJS.ErrnoException) => reject(explain(cause, host, port)));
		server.listen({ host, port }, () => {
			server.removeAllListeners('error');
			resolve();
		});
	});
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number): GatewayError {
	const where = `ingest.listen ${host}:${port}`;
	switch (cause.code) {
		case 'EADDRINUSE':
			return new GatewayError(
				'ADDRESS_IN_USE',
				`${where} is used by another program; see which with: ss -ltnp 'sport = :${port}'`,
				{ cause },
			);
		case 'EADDRNOTAVAIL':
			return new GatewayError(
				'PORT_UNAVAILABLE',
				`${where}: this machine has no address ${host} now; see its addresses with: ip address`,
				{ cause },
			);
		case 'EACCES':
			return new GatewayError('PORT_UNAVAILABLE', `${where}: not permitted; choose a port above 1023`, { cause });
		default:
			return new GatewayError('PORT_UNAVAILABLE', `${where}: ${cause.message}`, { cause });
	}
}

function close(server: Server, deps: IngestDeps): Promise<void> {
	return new Promise((resolve) => {
		const cancel = deps.clock.after(LIMITS.ingestLingerMs, () => server.closeAllConnections());
		server.close(() => {
			cancel();
			resolve();
		});
		server.closeIdleConnections();
	});
}
