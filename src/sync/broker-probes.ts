import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Clock } from '../gateway/core/clock.ts';
import type { BrokerAccess } from './link.ts';
import { linkProblem } from './link-problem.ts';

export interface Probed {
	readonly result: 'ok' | 'failed' | 'skipped';
	readonly text: string;
}

const DEADLINE_MS = 5_000;
/** In TLS 1.3 a broker refuses our certificate after the handshake looked done (RFC 8446, 4.4.2.4). */
const AFTERTHOUGHT_MS = 500;

/** Each layer below MQTT by itself, with connections that are closed at once; none of them is an MQTT client. */
export interface BrokerProbes {
	dns(access: BrokerAccess): Promise<Probed>;
	tcp(access: BrokerAccess): Promise<Probed>;
	tls(access: BrokerAccess): Promise<Probed>;
}

export function createBrokerProbes(clock: Clock): BrokerProbes {
	return {
		async dns(access) {
			const { host } = addressOf(access);
			if (isIP(host) !== 0) return { result: 'skipped', text: `${host} is an address.` };
			return inTime(clock, access, async () => {
				const found = await lookup(host, { all: true });
				return `${host} is ${found.map(({ address }) => address).join(', ')}.`;
			});
		},
		tcp: (access) =>
			inTime(clock, access, async (signal) => {
				const { host, port } = addressOf(access);
				using socket = held(connectTcp({ host, port, signal }));
				await ready(socket.socket, 'connect');
				return `${socket.socket.remoteAddress ?? host} answers on port ${port}.`;
			}),
		async tls(access) {
			if (!access.url.startsWith('mqtts:'))
				return { result: 'skipped', text: 'mqtt:// is not encrypted; where the broker can, use mqtts://.' };
			return inTime(clock, access, async (signal) => {
				const { host, port } = addressOf(access);
				const servername = isIP(host) === 0 ? { servername: host } : {};
				using socket = held(connectTls({ ...{ host, port, signal }, ...servername, ...access.tls }));
				await ready(socket.socket, 'secureConnect');
				const told = certificatesInWords(socket.socket, access);
				await quiet(clock, socket.socket);
				return told;
			});
		},
	};
}

function addressOf({ url }: BrokerAccess): { readonly host: string; readonly port: number } {
	const { protocol, hostname, port } = new URL(url);
	const preset = protocol === 'mqtts:' ? 8883 : 1883;
	return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? preset : Number(port) };
}

/** What Node throws becomes the sentence that the link would say. */
async function inTime(
	clock: Clock,
	access: BrokerAccess,
	probe: (signal: AbortSignal) => Promise<string>,
): Promise<Probed> {
	const late = new AbortController();
	const { promise: deadline, reject } = Promise.withResolvers<never>();
	const cancel = clock.after(DEADLINE_MS, () => {
		reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
		late.abort();
	});
	try {
		return { result: 'ok', text: await Promise.race([probe(late.signal), deadline]) };
	} catch (error) {
		return { result: 'failed', text: linkProblem(error, access).text };
	} finally {
		cancel();
	}
}

function held<S extends Socket>(socket: S): { readonly socket: S } & Disposable {
	// What comes after the probe is over concerns nobody.
	socket.on('error', () => undefined);
	return { socket, [Symbol.dispose]: () => void socket.destroy() };
}

function ready(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
	return new Promise((resolve, reject) => {
		socket.once(event, resolve);
		socket.once('error', reject);
		socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
	});
}

/** Rejects when the broker still ends the connection. */
function quiet(clock: Clock, socket: Socket): Promise<void> {
	return new Promise((resolve, reject) => {
		const cancel = clock.after(AFTERTHOUGHT_MS, resolve);
		const fail = (error: Error) => {
			cancel();
			reject(error);
		};
		socket.once('error', fail);
		socket.once('close', () => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
		socket.resume();
	});
}

function certificatesInWords(socket: TLSSocket, { tls }: BrokerAccess): string {
	const theirs = socket.getPeerX509Certificate();
	const until = theirs === undefined ? '' : `; its certificate is valid until ${dayOf(theirs)}`;
	const ours = tls?.cert === undefined ? '' : `, ours until ${dayOf(new X509Certificate(tls.cert))}`;
	return `${socket.getProtocol() ?? 'TLS'}${until}${ours}.`;
}

function dayOf({ validToDate }: X509Certificate): string {
	return validToDate.toISOString().slice(0, 10);
}
