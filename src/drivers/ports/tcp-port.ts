import { connect, type Socket } from 'node:net';
import type { Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { Port, PortEvents } from './port.ts';
import { createWriteQueue } from './write-queue.ts';

/** Addresses that begin so are a device's own listener, or a serial device server's. */
export const TCP = 'tcp://';
/** A device on the site's network answers within this, or is not there. */
const CONNECT_MS = 5_000;
/** The system asks a silent peer whether it is still there: nothing else tells that a cable was pulled. */
const KEEP_ALIVE_MS = 10_000;
/** What was written before a close still gets this long to leave. */
const LAST_WRITES_MS = 200;

/** `tcp://10.0.0.31:55555`, IPv6 in brackets; undefined when it is none. */
export function parseTcpAddress(address: string): { readonly host: string; readonly port: number } | undefined {
	const [, bracketed, plain, digits] =
		/^tcp:\/\/(?:\[([0-9a-fA-F:]{2,45})\]|([\w.-]{1,253})):(\d{1,5})$/.exec(address) ?? [];
	const host = bracketed ?? plain;
	const port = Number(digits);
	return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

/** A byte line over TCP; speed and parity are the other end's business. */
export function createTcpPort(clock: Clock, address: string, events: PortEvents): Port {
	let state: 'new' | 'opening' | 'open' | 'closed' = 'new';
	let socket: Socket | undefined;
	let closing = false;
	const writes = createWriteQueue(clock, address, (error) => lose(error.message));

	async function open(): Promise<void> {
		if (state !== 'new') throw new GatewayError('INTERNAL', `${address} is opened only once`);
		state = 'opening';
		const opened = await connected(clock, address);
		if (isClosed()) {
			opened.destroy();
			throw new GatewayError('PORT_LOST', `${address} was closed while it was being opened`);
		}
		state = 'open';
		socket = opened;
		opened.setNoDelay(true);
		opened.setKeepAlive(true, KEEP_ALIVE_MS);
		opened.on('data', (chunk: Buffer) => events.onBytes(chunk));
		opened.on('error', (error) => lose(reasonOf(error)));
		opened.on('close', () => lose('the other end hung up'));
		writes.begin((bytes) => send(opened, bytes));
	}

	/** `state` as it is after an await, which the compiler cannot know. */
	function isClosed(): boolean {
		return state === 'closed';
	}

	function lose(why: string): void {
		const lost = socket;
		if (lost === undefined) return;
		const problem = `${address} was lost: ${why}`;
		shut(problem);
		lost.destroy();
		if (!closing) events.onClosed(problem);
	}

	function shut(problem: string): void {
		state = 'closed';
		socket = undefined;
		writes.end(problem);
	}

	return {
		open,
		write: (bytes, notAfterMonotonicMs) => writes.write(bytes, notAfterMonotonicMs),
		setBaud: () =>
			Promise.reject(new GatewayError('INVALID_REQUEST', `${address} has no speed that could be changed from here`)),
		async close() {
			if (socket !== undefined && !closing) {
				closing = true;
				await writes.idle(LAST_WRITES_MS);
			}
			const opened = socket;
			shut(`${address} was closed`);
			opened?.destroy();
		},
	};
}

function connected(clock: Clock, address: string): Promise<Socket> {
	const target = parseTcpAddress(address);
	if (target === undefined)
		throw new GatewayError('CONFIG_INVALID', `${address} is no address; write one such as tcp://10.0.0.31:55555`);
	return new Promise((resolve, reject) => {
		const socket = connect(target);
		const cancel = clock.after(CONNECT_MS, () => socket.destroy(new Error('it does not answer')));
		socket.once('connect', () => {
			cancel();
			socket.removeAllListeners('error');
			resolve(socket);
		});
		socket.once('error', (cause) => {
			cancel();
			reject(new GatewayError('PORT_UNAVAILABLE', `${address} does not open: ${reasonOf(cause)}`, { cause }));
		});
	});
}

function send(socket: Socket, bytes: Buffer): Promise<void> {
	return new Promise((resolve, reject) => {
		socket.write(bytes, (error) => (error ? reject(error) : resolve()));
	});
}

function reasonOf(cause: Error): string {
	switch ('code' in cause ? cause.code : undefined) {
		case 'ECONNREFUSED':
			return 'nothing listens there; check address and port, and that the device is set to listen';
		case 'EHOSTUNREACH':
		case 'ENETUNREACH':
		case 'ETIMEDOUT':
			return 'there is no way to it; check its power and network';
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return 'its name is not known; write an address';
		case 'ECONNRESET':
		case 'EPIPE':
			return 'the other end broke off';
		default:
			return cause.message;
	}
}
