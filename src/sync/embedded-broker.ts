import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import type { Log } from '../gateway/core/log.ts';
import { type BrokerUser, mayPublish, maySubscribe, mayUseClientId } from './broker-access-rules.ts';

const BAD_USERNAME_OR_PASSWORD = 4;

export interface EmbeddedBrokerOptions {
	readonly tenant: string;
	/** 0: the system gives one. */
	readonly port: number;
	readonly users: readonly { readonly username: string; readonly password: string; readonly user: BrokerUser }[];
	readonly log: Log;
}

export interface EmbeddedBroker {
	/** `mqtt://127.0.0.1:PORT`. */
	readonly url: string;
	readonly port: number;
	close(): Promise<void>;
}

/**
 * A broker in this process for the demo, on the loopback address only: with passwords and the access rules of
 * a real one, without shared subscriptions and without a disk. Rejects with ADDRESS_IN_USE.
 */
export async function createEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
	const { tenant, log } = options;
	const known = new WeakMap<Client, BrokerUser>();
	const accounts = new Map(
		options.users.map(({ username, password, user }) => [username, { digest: sha256(password), user }]),
	);
	const broker = await Aedes.createBroker({
		maximumPacketSize: LIMITS.syncMessageBytes,
		sessionExpiryIntervalLimit: 3_600,
		pendingSessionsLimit: 64,
		drainTimeout: 10_000,
		authenticate(client, username, password, done) {
			const account = accounts.get(username ?? '');
			const right = timingSafeEqual(sha256(password ?? ''), account?.digest ?? sha256('no such account'));
			if (account === undefined || !right || !mayUseClientId(tenant, account.user, client.id)) {
				done(refusal(), false);
				return;
			}
			known.set(client, account.user);
			done(null, true);
		},
		authorizePublish(client, packet, done) {
			const user = client === null ? undefined : known.get(client);
			done(user !== undefined && mayPublish(tenant, user, packet.topic) ? null : new Error('not authorised'));
		},
		authorizeSubscribe(client, subscription, done) {
			const user = known.get(client);
			done(null, user !== undefined && maySubscribe(tenant, user, subscription.topic) ? subscription : null);
		},
	});
	broker.on('clientError', (client, error) => log.debug({ client: client.id, err: error }, 'embedded broker: client'));
	broker.on('connectionError', (client, error) =>
		log.debug({ client: client.id, err: error }, 'embedded broker: connection'),
	);
	const server = createServer((socket) => {
		broker.handle(socket);
	});
	const port = await listen(server, options.port);
	return { url: `mqtt://127.0.0.1:${port}`, port, close: () => close(broker, server) };
}

function refusal(): AuthenticateError {
	return Object.assign(new Error('bad user name or password'), { returnCode: BAD_USERNAME_OR_PASSWORD } as const);
}

function listen(server: Server, port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once('error', (cause: NodeJS.ErrnoException) => {
			const taken = cause.code === 'EADDRINUSE';
			const text = taken
				? `port ${port} for the demo's broker is in use`
				: `the demo's broker can't listen: ${cause.message}`;
			reject(new GatewayError(taken ? 'ADDRESS_IN_USE' : 'INTERNAL', text, { cause }));
		});
		server.listen(port, '127.0.0.1', () => {
			const address = server.address();
			resolve(typeof address === 'object' && address !== null ? address.port : port);
		});
	});
}

async function close(broker: Aedes, server: Server): Promise<void> {
	const closed = new Promise<void>((resolve) => {
		server.close(() => resolve());
	});
	await new Promise<void>((resolve) => {
		broker.close(() => resolve());
	});
	await closed;
}

function sha256(text: string | Uint8Array): Buffer {
	return createHash('sha256').update(text).digest();
}
