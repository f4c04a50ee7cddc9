import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { HeldAnswer, PushReply } from '../driver.ts';

export function writeReply(
	response: ServerResponse,
	reply: PushReply,
	headers: Readonly<Record<string, string>> = {},
): void {
	const body = Buffer.from(reply.body ?? '');
	const type = reply.contentType === undefined ? {} : { 'content-type': reply.contentType };
	response.writeHead(reply.status, { ...type, 'content-length': body.length, ...headers });
	response.end(body);
}

/** An answer that a receiver gives later. */
export function holdAnswer(clock: Clock, response: ServerResponse): HeldAnswer {
	let isAnswered = false;
	// A response without a socket waits behind another one on its connection: it could not go out now.
	const openSocket = () => (!isAnswered && response.socket?.writable === true ? response.socket : undefined);
	return {
		isOpen: () => openSocket() !== undefined,
		send(reply, onReceipt) {
			const socket = openSocket();
			if (socket === undefined) return false;
			isAnswered = true;
			if (onReceipt === undefined) writeReply(response, reply);
			else {
				awaitReceipt(clock, socket, onReceipt);
				response.once('finish', () => socket.end());
				// Else Node gives the connection up as soon as the answer is in the kernel's hands.
				writeReply(response, reply, { connection: 'keep-alive' });
			}
			return true;
		},
	};
}

/**
 * We end our side after the answer; a camera that has read it ends its own. When nothing comes back, a reset
 * takes from the kernel what it would go on sending once the network is back.
 */
function awaitReceipt(clock: Clock, socket: Socket, onReceipt: (received: boolean) => void): void {
	const onEnd = () => finish(true);
	const onLost = () => finish(false);
	const cancel = clock.after(LIMITS.heldReceiptMs, onLost);
	socket.on('end', onEnd).on('error', onLost).on('close', onLost);
	function finish(received: boolean): void {
		cancel();
		socket.off('end', onEnd).off('error', onLost).off('close', onLost);
		if (!received) socket.resetAndDestroy();
		onReceipt(received);
	}
}
