import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { LIMITS } from '../../gateway/core/limits.ts';
import { plainAddress } from './http-push-sources.ts';

/** Accepted beyond LIMITS.ingestConnections for as long as it takes to see whose place they take. */
const HEADROOM = 16;

/**
 * Shares a bounded number of connections among senders, so that none can keep the cameras out: each address has its
 * part, those the allow-list does not name have a small one together, and when all are taken a newcomer gets the place
 * of the oldest connection of whoever holds most.
 */
export function shareConnections(
	server: Server,
	isAllowed: (address: string) => boolean,
): () => { readonly connections: number; readonly dropped: number } {
	const byAddress = new Map<string, Set<Socket>>();
	let open = 0;
	let strangers = 0;
	let dropped = 0;
	server.maxConnections = LIMITS.ingestConnections + HEADROOM;
	server.on('drop', () => {
		dropped += 1;
	});
	server.on('connection', (socket: Socket) => {
		const address = plainAddress(socket.remoteAddress);
		const isStranger = !isAllowed(address);
		if (!hasPlace(address, isStranger)) {
			dropped += 1;
			socket.destroy();
			return;
		}
		const own = byAddress.get(address) ?? new Set();
		byAddress.set(address, own);
		own.add(socket);
		open += 1;
		if (isStranger) strangers += 1;
		socket.once('close', () => {
			open -= 1;
			if (isStranger) strangers -= 1;
			own.delete(socket);
			if (own.size === 0) byAddress.delete(address);
		});
	});

	function hasPlace(address: string, isStranger: boolean): boolean {
		const count = byAddress.get(address)?.size ?? 0;
		if (count >= LIMITS.ingestConnectionsPerAddress) return false;
		if (isStranger && strangers >= LIMITS.ingestStrangerConnections) return false;
		return open < LIMITS.ingestConnections || makePlace(count + 1);
	}

	/** Takes a place from whoever would still have as many as the newcomer then has. */
	function makePlace(newcomerCount: number): boolean {
		let most: ReadonlySet<Socket> = new Set();
		for (const sockets of byAddress.values()) if (sockets.size > most.size) most = sockets;
		const [oldest] = most;
		if (oldest === undefined || most.size <= newcomerCount) return false;
		dropped += 1;
		oldest.destroy();
		return true;
	}

	return () => ({ connections: open, dropped });
}
