import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HeldAnswer, PushReceiver } from '../../../src/drivers/driver.ts';
import { type IngestListener, openIngestListener } from '../../../src/drivers/ports/http-push.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { until } from '../../support/program.ts';
import { wallClock } from '../../support/wall-clock.ts';

const REQUEST = 'POST /ingest/cam HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}';
const sockets: Socket[] = [];
let listener: IngestListener | undefined;

/** A camera that holds every answer, behind a real listener. */
async function openHolding() {
	const held: HeldAnswer[] = [];
	const receiver: PushReceiver = {
		device: {
			id: 'cam',
			status() {
				throw new Error('nobody asks');
			},
		},
		handle: () => ({ status: 500 }),
		handleHeld: (_, answer) => void held.push(answer),
	};
	const deps = { clock: wallClock, log: createMemoryLog(), randomBytes: (length: number) => new Uint8Array(length) };
	const camera = { deviceId: 'cam', path: 'cam', auth: { type: 'none' }, receiver } as const;
	listener = await openIngestListener(deps, { host: '127.0.0.1', port: 0, allow: [] }, [camera]);
	const { port } = listener;
	return {
		held,
		async camera() {
			const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
			sockets.push(socket);
			const heard: string[] = [];
			socket.on('data', (chunk) => heard.push(chunk.toString()));
			socket.on('error', () => undefined);
			await once(socket, 'connect');
			return { socket, text: () => heard.join('') };
		},
	};
}

afterEach(async () => {
	for (const socket of sockets.splice(0)) socket.destroy();
	await listener?.close();
});

describe('D an answer given later', () => {
	it('goes out once, whole, with its length; the camera that ends the connection has received it', async () => {
		const { held, camera } = await openHolding();
		const { socket, text } = await camera();
		socket.write(REQUEST);
		await until(() => expect(held).toHaveLength(1));
		const [answer] = held;
		const receipts: boolean[] = [];
		expect(answer?.isOpen()).toBe(true);
		expect(answer?.send({ status: 200, body: '{"info":"ok"}' }, (received) => receipts.push(received))).toBe(true);
		expect(answer?.isOpen()).toBe(false);
		expect(answer?.send({ status: 200, body: 'again' })).toBe(false);
		await once(socket, 'end');
		expect(text()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*content-length: 13\r\n.*\r\n\r\n\{"info":"ok"\}$/is);
		expect(receipts).toEqual([]);
		socket.end();
		await until(() => expect(receipts).toEqual([true]));
	});

	it('has not surely been received when nothing comes back: the connection is reset, so that it never comes late', async () => {
		const { held, camera } = await openHolding();
		const { socket } = await camera();
		socket.write(REQUEST);
		await until(() => expect(held).toHaveLength(1));
		const receipts: boolean[] = [];
		held[0]?.send({ status: 200, body: 'ok' }, (received) => receipts.push(received));
		await until(() => expect(receipts).toEqual([false]));
		// The other end is gone for good: what is said to it now ends the connection here, too.
		socket.write('{}');
		await until(() => expect(socket.destroyed).toBe(true));
	});

	it('is not written to a camera that hung up', async () => {
		const { held, camera } = await openHolding();
		for (const hangUp of ['destroy', 'end'] as const) {
			const { socket, text } = await camera();
			socket.write(REQUEST);
			const before = held.length;
			await until(() => expect(held).toHaveLength(before + 1));
			socket[hangUp]();
			await until(() => expect(held.at(-1)?.isOpen()).toBe(false));
			expect(held.at(-1)?.send({ status: 200, body: 'ok' })).toBe(false);
			expect(text()).toBe('');
		}
	});

	it('keeps the connection for the next event when it opened nothing', async () => {
		const { held, camera } = await openHolding();
		const { socket, text } = await camera();
		for (const times of [1, 2]) {
			socket.write(REQUEST);
			await until(() => expect(held).toHaveLength(times));
			held.at(-1)?.send({ status: 200, body: 'no' });
			await until(() => expect(text().match(/HTTP\/1\.1 200/g)).toHaveLength(times));
		}
	});

	it('is not open while another event of the connection waits before it', async () => {
		const { held, camera } = await openHolding();
		const { socket } = await camera();
		socket.write(REQUEST + REQUEST);
		await until(() => expect(held).toHaveLength(2));
		expect(held.map((answer) => answer.isOpen())).toEqual([true, false]);
		held[0]?.send({ status: 200 });
		await until(() => expect(held[1]?.isOpen()).toBe(true));
	});
});
