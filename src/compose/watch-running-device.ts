import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { TappedBytes } from '../drivers/line-taps.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { MONITOR_SOCKET, type MonitorAnswer, type MonitorQuestion } from './monitor-socket.ts';

export interface WatchOptions {
	readonly deviceId: string;
	readonly signal: AbortSignal;
	readonly onTraffic: (tapped: TappedBytes) => void;
	readonly onNote: (atMs: number, text: string) => void;
}

/**
 * Watches a device of the gateway that runs on this store until `signal` aborts. Throws what the gateway refuses, FORBIDDEN
 * for another user than its own, PORT_LOST when it ends.
 * @returns false: no gateway runs there
 */
export async function watchRunningDevice(storeDir: string, options: WatchOptions): Promise<boolean> {
	const file = path.join(storeDir, MONITOR_SOCKET);
	const socket = await connectTo(file);
	if (socket === undefined) return false;
	const { signal, deviceId } = options;
	if (signal.aborted) {
		socket.destroy();
		return true;
	}
	const lines = createInterface({ input: socket });
	// A socket that is destroyed does not end its lines.
	const stop = () => lines.close();
	socket.once('close', stop);
	// A reset connection is told by its close, too.
	lines.on('error', stop);
	signal.addEventListener('abort', stop, { once: true });
	try {
		const question: MonitorQuestion = { deviceId };
		socket.write(`${JSON.stringify(question)}\n`);
		for await (const line of lines) take(JSON.parse(line), options);
	} catch (error) {
		if (!signal.aborted) throw error;
	} finally {
		signal.removeEventListener('abort', stop);
		socket.destroy();
	}
	if (!signal.aborted) throw new GatewayError('PORT_LOST', 'the gateway ended; start this again when it runs');
	return true;
}

function take(answer: MonitorAnswer, { onTraffic, onNote }: WatchOptions): void {
	if ('problem' in answer) throw new GatewayError('INVALID_REQUEST', answer.problem);
	if ('note' in answer) onNote(answer.atMs, answer.note);
	else onTraffic({ atMs: answer.atMs, direction: answer.direction, bytes: Uint8Array.fromHex(answer.hex) });
}

/** undefined: nobody listens. */
function connectTo(file: string): Promise<Socket | undefined> {
	return new Promise((resolve, reject) => {
		const socket = connect(file);
		socket.once('connect', () => {
			socket.removeAllListeners('error');
			// Its loss ends the lines.
			socket.on('error', () => undefined);
			resolve(socket);
		});
		socket.once('error', (cause: NodeJS.ErrnoException) => {
			if (cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED' || cause.code === 'ENOTDIR') resolve(undefined);
			else
				reject(
					new GatewayError(
						'FORBIDDEN',
						`${file} may not be opened; run this as the user of the gateway, such as: sudo -u parkgate parkgate devices monitor`,
						{ cause },
					),
				);
		});
	});
}
