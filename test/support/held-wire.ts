import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a TCP port that can stand still without breaking, as a frozen process or a slow link does. */
export interface HeldWire {
	readonly port: number;
	/** Nothing more reaches the client until `release`. */
	hold(): void;
	release(): void;
	/** Every connection breaks; new ones go through. */
	cut(): void;
	end(): Promise<void>;
}

export async function createHeldWire(to: number): Promise<HeldWire> {
	const pairs = new Set<{ readonly client: Socket; readonly server: Socket }>();
	let isHeld = false;
	const listener = createServer((client) => {
		const server = connect(to, '127.0.0.1');
		const pair = { client, server };
		pairs.add(pair);
		client.pipe(server);
		server.on('data', (bytes) => void client.write(bytes));
		if (isHeld) server.pause();
		for (const socket of [client, server]) {
			socket.on('error', () => undefined);
			socket.on('close', () => {
				pairs.delete(pair);
				client.destroy();
				server.destroy();
			});
		}
	}).listen(0, '127.0.0.1');
	await once(listener, 'listening');
	const address = listener.address();
	if (typeof address !== 'object' || address === null) throw new Error('no port');
	const cut = () => {
		for (const { client } of pairs) client.destroy();
	};
	return {
		port: address.port,
		hold() {
			isHeld = true;
			for (const { server } of pairs) server.pause();
		},
		release() {
			isHeld = false;
			for (const { server } of pairs) server.resume();
		},
		cut,
		async end() {
			cut();
			listener.close();
			await once(listener, 'close');
		},
	};
}
