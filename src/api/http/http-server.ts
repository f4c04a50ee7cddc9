import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server';
import { BARE_HEADERS, encodeBrokenAnswer } from '../../gateway/core/bare-answer.ts';
import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { HttpApp } from './app-frame.ts';
import type { OwnCertificate } from './own-certificate.ts';

export interface HttpServerOptions {
	readonly http: HttpApp;
	/** Port 0 lets the system choose. `own`: the gateway makes its certificate. */
	readonly listen: {
		readonly host: string;
		readonly port: number;
		readonly tls:
			| { readonly mode: 'plain' }
			| { readonly mode: 'own' }
			| { readonly mode: 'given'; readonly certificatePem: string; readonly keyPem: string };
	};
	/** The store's directory, where the own certificate is kept. */
	readonly dir: string;
	readonly clock: Clock;
	readonly log: Log;
}

export interface HttpServer {
	readonly port: number;
	/** Where a browser finds it. */
	readonly url: string;
	/** Of the own certificate; null otherwise. */
	readonly fingerprint: string | null;
	/** Ends event streams and idle connections at once, and what still answers after LIMITS.httpStopMs. */
	stop(): Promise<void>;
}

const RENEWAL_CHECK_MS = 3_600_000;

/** Listens. Throws ADDRESS_IN_USE, or CONFIG_INVALID for an address or certificate that can't be used. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
	const { listen, log } = options;
	const own = listen.tls.mode === 'own' ? await readOrMakeCertificate(options) : null;
	const server = createServer(options, own);
	bound(server);
	answerBroken(server);
	await listening(server, listen);
	// An error after this is one connection's, and that one is closed.
	server.on('error', (error) => log.warn({ err: error }, 'http server'));
	const stopRenewing = own === null ? () => {} : renewing(server, options, own);
	if (own !== null) log.info({ fingerprint: own.fingerprint }, 'own certificate: compare its SHA-256 in the browser');
	const { port } = server.address() as AddressInfo;
	const scheme = listen.tls.mode === 'plain' ? 'http' : 'https';
	return {
		port,
		url: `${scheme}://${nameForPeople(listen.host)}:${port}`,
		fingerprint: own?.fingerprint ?? null,
		async stop() {
			stopRenewing();
			await close(server, options);
		},
	};
}

/** Loaded only where it is needed: making certificates brings an ASN.1 library along. */
async function readOrMakeCertificate({ dir, listen, clock, log }: HttpServerOptions): Promise<OwnCertificate> {
	const { ownCertificate } = await import('./own-certificate.ts');
	return ownCertificate({ dir, host: listen.host, nowMs: clock.nowMs(), log });
}

function createServer(
	{ http: { app }, listen, log }: HttpServerOptions,
	own: OwnCertificate | null,
): http.Server | https.Server {
	const answer = getRequestListener((request, env) => app.fetch(request, env as HttpBindings), {
		errorHandler: (error) => answerless(error, log),
	});
	const onRequest = (request: http.IncomingMessage, response: http.ServerResponse) => {
		void answer(request, response);
	};
	const given = own ?? (listen.tls.mode === 'given' ? listen.tls : null);
	if (given === null) return http.createServer(PATIENCE, onRequest);
	try {
		return https.createServer({ ...PATIENCE, ...secureOptions(given) }, onRequest);
	} catch (error) {
		throw new GatewayError('CONFIG_INVALID', 'http.tls: the certificate and key do not fit; give a PEM pair.', {
			cause: error,
		});
	}
}

/** A sender that is slow, or silent from the start, gives its connection back. Node looks only every 30 s unless told. */
const PATIENCE: https.ServerOptions = {
	headersTimeout: LIMITS.httpHeadersMs,
	requestTimeout: LIMITS.httpRequestMs,
	handshakeTimeout: LIMITS.httpHeadersMs,
	connectionsCheckingInterval: 1_000,
	// Node's own answer to a request without one has no headers; the app refuses it, too.
	requireHostHeader: false,
};

/** What never became a request that the app could answer: mostly a Host header that is no name. */
function answerless(error: unknown, log: Log): Response {
	const status = error instanceof RequestError ? 400 : 500;
	if (status === 500) log.error({ err: error }, 'request failed outside the app');
	return new Response(null, { status, headers: BARE_HEADERS });
}

function secureOptions({ certificatePem, keyPem }: { certificatePem: string; keyPem: string }): https.ServerOptions {
	return { cert: certificatePem, key: keyPem, minVersion: 'TLSv1.2' };
}

function bound(server: http.Server | https.Server): void {
	server.maxConnections = LIMITS.httpConnections;
	server.maxHeadersCount = 100;
}

/** What Node answers by itself, with our headers. */
function answerBroken(server: http.Server | https.Server): void {
	const answers = new WeakMap<object, http.ServerResponse>();
	server.prependListener('request', (request, response) => answers.set(request.socket, response));
	server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
		const last = answers.get(socket);
		const isAnswering = last?.headersSent === true && !last.writableFinished;
		const answer = isAnswering || !socket.writable ? undefined : encodeBrokenAnswer(error.code);
		if (answer === undefined) socket.destroy();
		else socket.end(answer, () => socket.destroy());
	});
	server.on('checkExpectation', (_request, response: http.ServerResponse) => {
		response.writeHead(417, { ...BARE_HEADERS, 'Content-Length': 0 }).end();
	});
}

function listening(server: http.Server | https.Server, { host, port }: HttpServerOptions['listen']): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
		server.listen({ host, port }, () => {
			server.removeAllListeners('error');
			resolve();
		});
	});
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): GatewayError {
	const address = `${host}:${port}`;
	const options = { cause: error };
	switch (error.code) {
		case 'EADDRINUSE':
			return new GatewayError(
				'ADDRESS_IN_USE',
				`${address} is used by another program; stop it (\`ss -ltnp\` names it) or set http.listen to a free port.`,
				options,
			);
		case 'EACCES':
			return new GatewayError(
				'CONFIG_INVALID',
				`${address} may not be opened by this account; set http.listen to a port from 1024 on.`,
				options,
			);
		case 'EADDRNOTAVAIL':
		case 'ENOTFOUND':
			return new GatewayError(
				'CONFIG_INVALID',
				`${host} is no address of this machine; set http.listen to one of its own, or to 0.0.0.0 for all.`,
				options,
			);
		default:
			return new GatewayError('INTERNAL', `${address} could not be opened: ${error.message}`, options);
	}
}

/** Takes up a new certificate without a restart; open connections keep the old one. */
function renewing(server: http.Server | https.Server, options: HttpServerOptions, first: OwnCertificate): () => void {
	const { clock, log } = options;
	let current = first;
	let cancel: Cancel = () => {};
	async function renew(): Promise<void> {
		try {
			const next = await readOrMakeCertificate(options);
			if (next.fingerprint !== current.fingerprint && 'setSecureContext' in server) {
				server.setSecureContext(secureOptions(next));
				log.info({ fingerprint: next.fingerprint }, 'own certificate renewed: compare its SHA-256 in the browser');
				current = next;
			}
		} catch (error) {
			log.error({ err: error }, 'the own certificate could not be renewed');
		}
	}
	const plan = () => {
		cancel = clock.after(RENEWAL_CHECK_MS, () => {
			plan();
			void renew();
		});
	};
	plan();
	return () => cancel();
}

function close(server: http.Server | https.Server, { http: app, clock }: HttpServerOptions): Promise<void> {
	return new Promise((resolve) => {
		const cut = clock.after(LIMITS.httpStopMs, () => server.closeAllConnections());
		server.close(() => {
			cut();
			resolve();
		});
		app.closeStreams();
		server.closeIdleConnections();
	});
}

function nameForPeople(host: string): string {
	const name = host === '0.0.0.0' || host === '::' ? os.hostname() : host;
	return name.includes(':') ? `[${name}]` : name;
}
