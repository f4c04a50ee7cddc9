import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createSeededRandom, type SeededRandom } from '../../src/gateway/core/seeded-random.ts';
import { CONNECT, createPacketCutter, type MqttPacket, PUBACK, PUBLISH } from './mqtt-packets.ts';

/** How a way to a broker treats what passes. Shares are of 1. */
export interface WireManner {
	/** Packets are up to so late, one after the other as TCP has it. */
	readonly delayMs: number;
	/** In each direction; 0: as fast as it goes. */
	readonly bytesPerS: number;
	/** Of publishes: the connection breaks before they arrive. */
	readonly losesPublish: number;
	/** Of their acknowledgements: the connection breaks before they arrive, and whoever sent the message sends it again. */
	readonly losesAck: number;
}

export const CALM: WireManner = { delayMs: 0, bytesPerS: 0, losesPublish: 0, losesAck: 0 };

/** A way to a broker's TCP port that delays, throttles and cuts by chance, and stands still or breaks when told. */
export interface UnrulyWire {
	readonly port: number;
	/** What passed so far. */
	readonly counts: Readonly<Record<WireCount, number>>;
	/** From now on. */
	be(manner: Partial<WireManner>): void;
	/** Nothing more reaches the client until `release`. */
	hold(): void;
	release(): void;
	/** Every connection breaks; new ones go through. */
	cut(): void;
	end(): Promise<void>;
}

/** `repeated`: publishes that say they were sent before. `lostPublishes`, `lostAcks`: with their connections. */
type WireCount = 'connections' | 'publishes' | 'repeated' | 'lostPublishes' | 'lostAcks';

interface Pair {
	readonly client: Socket;
	readonly server: Socket;
	break(): void;
	/** Goes on with what waits for the client. */
	resume(): void;
}

export async function createUnrulyWire(to: number, seed = 1): Promise<UnrulyWire> {
	const wire: Wire = {
		random: createSeededRandom(seed),
		counts: { connections: 0, publishes: 0, repeated: 0, lostPublishes: 0, lostAcks: 0 },
		manner: CALM,
		isHeld: false,
	};
	const pairs = new Set<Pair>();
	const listener = createServer((client) => {
		const pair = join(wire, client, connect(to, '127.0.0.1'), () => pairs.delete(pair));
		pairs.add(pair);
	}).listen(0, '127.0.0.1');
	await once(listener, 'listening');
	const address = listener.address();
	if (typeof address !== 'object' || address === null) throw new Error('no port');
	const cut = () => {
		for (const pair of [...pairs]) pair.break();
	};
	return {
		port: address.port,
		counts: wire.counts,
		be(manner) {
			wire.manner = { ...CALM, ...manner };
		},
		hold() {
			wire.isHeld = true;
		},
		release() {
			wire.isHeld = false;
			for (const pair of pairs) pair.resume();
		},
		cut,
		async end() {
			cut();
			listener.close();
			await once(listener, 'close');
		},
	};
}

interface Wire {
	readonly random: SeededRandom;
	readonly counts: Record<WireCount, number>;
	manner: WireManner;
	isHeld: boolean;
}

function join(wire: Wire, client: Socket, server: Socket, onEnd: () => void): Pair {
	let isOver = false;
	const end = () => {
		if (isOver) return;
		isOver = true;
		client.destroy();
		server.destroy();
		onEnd();
	};
	const up = createWay(wire, client, server, { isOver: () => isOver, waits: () => false, cut: end });
	const down = createWay(wire, server, client, { isOver: () => isOver, waits: () => wire.isHeld, cut: end });
	// What was sent before its sender left still arrives.
	client
		.on('end', () => up.close())
		.on('error', end)
		.on('close', () => up.close());
	server
		.on('end', () => down.close())
		.on('error', end)
		.on('close', () => down.close());
	return { client, server, break: end, resume: down.next };
}

/** One direction: packets wait for their time, one after the other. */
function createWay(
	wire: Wire,
	from: Socket,
	to: Socket,
	{ isOver, waits, cut }: { isOver: () => boolean; waits: () => boolean; cut: () => void },
) {
	const cutter = createPacketCutter();
	const queue: { readonly packet: MqttPacket; readonly dueMs: number }[] = [];
	let freeMs = 0;
	let isPlanned = false;
	let isClosed = false;
	from.on('data', (piece: Uint8Array) => {
		for (const packet of cutter(piece)) {
			const { delayMs, bytesPerS } = wire.manner;
			const lateMs = delayMs === 0 ? 0 : wire.random.between(0, delayMs);
			const takesMs = bytesPerS === 0 ? 0 : (packet.bytes.length * 1_000) / bytesPerS;
			freeMs = Math.max(freeMs, performance.now() + lateMs) + takesMs;
			queue.push({ packet, dueMs: freeMs });
		}
		next();
	});

	function next(): void {
		while (!isPlanned && !isOver() && !waits()) {
			const head = queue[0];
			if (head === undefined) {
				if (isClosed) to.end();
				return;
			}
			const waitMs = head.dueMs - performance.now();
			if (waitMs > 0) {
				isPlanned = true;
				setTimeout(() => {
					isPlanned = false;
					next();
				}, waitMs);
				return;
			}
			queue.shift();
			if (loses(wire, head.packet)) cut();
			else to.write(head.packet.bytes);
		}
	}

	return {
		next,
		close() {
			isClosed = true;
			next();
		},
	};
}

function loses({ random, counts, manner }: Wire, { type, isRepeated }: MqttPacket): boolean {
	if (type === CONNECT) counts.connections += 1;
	const share = type === PUBLISH ? manner.losesPublish : type === PUBACK ? manner.losesAck : 0;
	const isLost = share > 0 && random.next() < share;
	if (isLost) counts[type === PUBLISH ? 'lostPublishes' : 'lostAcks'] += 1;
	else if (type === PUBLISH) counts.publishes += 1;
	if (!isLost && isRepeated) counts.repeated += 1;
	return isLost;
}
