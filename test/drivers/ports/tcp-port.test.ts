import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createTcpPort, parseTcpAddress } from '../../../src/drivers/ports/tcp-port.ts';
import { wallClock } from '../../support/wall-clock.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

async function startDevice() {
	const sockets: Socket[] = [];
	const heard: number[] = [];
	const server: Server = createServer((socket) => {
		sockets.push(socket);
		socket.on('error', () => undefined);
		socket.on('data', (chunk: Buffer) => void heard.push(...chunk));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const hangUp = () => {
		for (const socket of sockets) socket.destroy();
	};
	closers.push(() => {
		hangUp();
		return new Promise((resolve) => void server.close(resolve));
	});
	const { port } = server.address() as AddressInfo;
	return { address: `tcp://127.0.0.1:${port}`, sockets, heard, hangUp, server };
}

function openPort(address: string) {
	const bytes: number[] = [];
	const problems: string[] = [];
	const port = createTcpPort(wallClock, address, {
		onBytes: (chunk) => void bytes.push(...chunk),
		onClosed: (problem) => void problems.push(problem),
	});
	closers.push(() => port.close());
	return { port, bytes, problems };
}

const PATIENCE = { timeout: 10_000, interval: 5 };

describe('a line over TCP', () => {
	test('carries bytes both ways', async () => {
		const device = await startDevice();
		const { port, bytes, problems } = openPort(device.address);
		await port.open();
		await port.write(Uint8Array.of(1, 2, 3));
		await vi.waitFor(() => expect(device.heard).toEqual([1, 2, 3]), PATIENCE);
		device.sockets[0]?.write(Uint8Array.of(9, 8));
		await vi.waitFor(() => expect(bytes).toEqual([9, 8]), PATIENCE);
		await port.close();
		await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'PORT_LOST' });
		expect(problems).toEqual([]);
	});

	test('tells its loss once when the other end hangs up, and what is written then is rejected', async () => {
		const device = await startDevice();
		const { port, problems } = openPort(device.address);
		await port.open();
		await vi.waitFor(() => expect(device.sockets).toHaveLength(1), PATIENCE);
		device.hangUp();
		await vi.waitFor(() => expect(problems).toHaveLength(1), PATIENCE);
		expect(problems[0]).toContain(`${device.address} was lost`);
		await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'PORT_LOST' });
		await port.close();
		expect(problems).toHaveLength(1);
	});

	test('says in words that nothing listens, and that a text is no address', async () => {
		const device = await startDevice();
		await new Promise((resolve) => void device.server.close(resolve));
		await expect(openPort(device.address).port.open()).rejects.toMatchObject({
			code: 'PORT_UNAVAILABLE',
			message: expect.stringContaining('nothing listens there'),
		});
		await expect(openPort('tcp://nowhere').port.open()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
	});
});

describe('addresses', () => {
	test.each([
		['tcp://10.0.0.31:55555', { host: '10.0.0.31', port: 55_555 }],
		['tcp://[fd00::31]:35555', { host: 'fd00::31', port: 35_555 }],
		['tcp://camera-1.site.example:4001', { host: 'camera-1.site.example', port: 4_001 }],
		['tcp://10.0.0.31', undefined],
		['tcp://10.0.0.31:0', undefined],
		['tcp://10.0.0.31:70000', undefined],
		['tcp://user@10.0.0.31:80', undefined],
		['/dev/ttyS0', undefined],
	])('%s', (text, expected) => {
		expect(parseTcpAddress(text)).toEqual(expected);
	});
});
