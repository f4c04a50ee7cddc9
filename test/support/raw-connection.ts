import { connect, type Socket } from 'node:net';

/** One TCP connection whose bytes a test writes itself. */
export interface RawConnection {
	readonly socket: Socket;
	send(text: string | Uint8Array): void;
	/** Everything received so far. */
	received(): string;
	isClosed(): boolean;
	/** Resolves once the condition holds; rejects after the deadline with what was received. */
	until(condition: (connection: RawConnection) => boolean, deadlineMs?: number): Promise<void>;
	destroy(): void;
}

export function openRawConnection(port: number, from = '127.0.0.1'): Promise<RawConnection> {
	return new Promise((resolve, reject) => {
		const socket = connect({ port, host: '127.0.0.1', localAddress: from });
		let text = '';
		let closed = false;
		const waiting = new Set<() => void>();
		const changed = () => {
			for (const check of waiting) check();
		};
		socket.setNoDelay(true);
		socket.on('data', (chunk) => {
			text += chunk.toString('latin1');
			changed();
		});
		socket.on('error', () => changed());
		socket.on('close', () => {
			closed = true;
			changed();
		});
		const connection: RawConnection = {
			socket,
			send: (bytes) => void socket.write(bytes),
			received: () => text,
			isClosed: () => closed,
			until: (condition, deadlineMs = 10_000) =>
				new Promise((done, fail) => {
					const check = () => {
						if (!condition(connection)) return;
						clearTimeout(timer);
						waiting.delete(check);
						done();
					};
					const timer = setTimeout(() => {
						waiting.delete(check);
						fail(new Error(`not within ${deadlineMs} ms; received: ${JSON.stringify(text.slice(0, 500))}`));
					}, deadlineMs);
					waiting.add(check);
					check();
				}),
			destroy: () => void socket.destroy(),
		};
		socket.once('connect', () => resolve(connection));
		socket.once('error', reject);
	});
}
