import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MONITOR_SOCKET, openMonitorSocket } from '../../src/compose/monitor-socket.ts';
import { watchRunningDevice } from '../../src/compose/watch-running-device.ts';
import type { TapListener } from '../../src/drivers/line-taps.ts';
import type { Device, DeviceStatus } from '../../src/gateway/core/device.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { wallClock } from '../support/wall-clock.ts';

const WAIT = { timeout: 20_000, interval: 5 };

describe('the socket that shows what goes over a line', () => {
	let dir: string;
	let open: AsyncDisposable;
	let status: DeviceStatus;
	const taps = new Set<TapListener>();
	const sockets: Socket[] = [];

	beforeEach(async () => {
		dir = mkdtempSync(path.join(tmpdir(), 'parkgate-monitor-'));
		status = {
			...{ id: 'reader-1', driver: 'osdp', address: 'sim:x', state: 'online', sinceMs: 0 },
			...{ identity: {}, capabilities: [], statistics: {}, inputs: {} },
		};
		const device: Device = { id: 'reader-1', status: () => status };
		// Left by a gateway that was killed.
		writeFileSync(path.join(dir, MONITOR_SOCKET), '');
		open = await openMonitorSocket({
			dir,
			clock: wallClock,
			log: createMemoryLog(),
			supervisor: {
				device: (id) => (id === 'reader-1' ? device : id === 'cam-1' ? { ...device, id } : undefined),
				tap(id, listener) {
					if (id !== 'reader-1') return undefined;
					taps.add(listener);
					return () => taps.delete(listener);
				},
			},
		});
	});
	afterEach(async () => {
		for (const socket of sockets.splice(0)) socket.destroy();
		await open[Symbol.asyncDispose]();
		await vi.waitFor(() => expect(taps.size).toBe(0), WAIT);
		rmSync(dir, { recursive: true, force: true });
	});

	const say = (hex: string) => {
		for (const tap of taps) tap({ direction: 'in', atMs: 5, bytes: Uint8Array.fromHex(hex) });
	};
	const knock = (question: string) => {
		const socket = connect(path.join(dir, MONITOR_SOCKET));
		sockets.push(socket);
		socket.write(question);
		return socket;
	};

	async function watching(deviceId = 'reader-1') {
		const stop = new AbortController();
		const traffic: string[] = [];
		const notes: string[] = [];
		const ended = watchRunningDevice(dir, {
			deviceId,
			signal: stop.signal,
			onTraffic: ({ direction, bytes }) => void traffic.push(`${direction} ${bytes.toHex()}`),
			onNote: (_, note) => void notes.push(note),
		});
		ended.catch(() => undefined);
		return { traffic, notes, ended, stop: () => stop.abort() };
	}

	test('tells bytes and state, to several, and nobody any more who went', async () => {
		const [one, two] = [await watching(), await watching()];
		await vi.waitFor(() => expect([one.notes, two.notes]).toEqual([['online'], ['online']]), WAIT);
		say('5301');
		status = { ...status, state: 'offline', problem: 'it does not answer' };
		await vi.waitFor(() => expect(two.notes).toEqual(['online', 'offline: it does not answer']), WAIT);
		expect([one.traffic, two.traffic]).toEqual([['in 5301'], ['in 5301']]);
		one.stop();
		expect(await one.ended).toBe(true);
		await vi.waitFor(() => expect(taps.size).toBe(1), WAIT);
		two.stop();
		await two.ended;
		await vi.waitFor(() => expect(taps.size).toBe(0), WAIT);
	});

	test('is for the gateway and its own user only, and goes with the gateway', async () => {
		const file = path.join(dir, MONITOR_SOCKET);
		expect(statSync(file).mode & 0o777).toBe(0o600);
		const watcher = await watching();
		await vi.waitFor(() => expect(watcher.notes).toHaveLength(1), WAIT);
		await open[Symbol.asyncDispose]();
		await expect(watcher.ended).rejects.toMatchObject({ code: 'PORT_LOST' });
		expect(existsSync(file)).toBe(false);
		expect(await (await watching()).ended).toBe(false);
	});

	test('says what it does not have', async () => {
		await expect((await watching('reader-9')).ended).rejects.toThrow(/no device reader-9/);
		await expect((await watching('cam-1')).ended).rejects.toThrow(/has no line/);
	});

	test('survives whatever is asked, half asked, or never asked, and whoever goes away in the middle', async () => {
		for (const question of ['\n', 'GET / HTTP/1.1\r\n\r\n', '{"deviceId":7}\n', 'x'.repeat(100_000)])
			expect(await text(knock(question))).toContain('problem');
		for (let round = 0; round < 20; round++) {
			const socket = knock('{"deviceId":"reader-1"}\n');
			await vi.waitFor(() => expect(taps.size).toBeGreaterThan(0), WAIT);
			say('00'.repeat(60_000));
			// With data unread this resets the connection.
			socket.destroy();
			await vi.waitFor(() => expect(taps.size).toBe(0), WAIT);
		}
		knock('{"deviceId":').destroy();
		const watcher = await watching();
		await vi.waitFor(() => expect(watcher.notes).toEqual(['online']), WAIT);
		watcher.stop();
		await watcher.ended;
		await vi.waitFor(() => expect(taps.size).toBe(0), WAIT);
	});

	test('serves eight at once and refuses the next', async () => {
		const eight = await Promise.all(Array.from({ length: 8 }, () => watching()));
		for (const { notes } of eight) await vi.waitFor(() => expect(notes).toEqual(['online']), WAIT);
		await expect((await watching()).ended).rejects.toThrow(/too many/);
		for (const { stop } of eight) stop();
		await vi.waitFor(() => expect(taps.size).toBe(0), WAIT);
	});

	test('leaves out what a slow watcher does not take, and says so', async () => {
		const slow = knock('{"deviceId":"reader-1"}\n');
		slow.pause();
		await vi.waitFor(() => expect(taps.size).toBe(1), WAIT);
		for (let n = 0; n < 400; n++) say('55'.repeat(10_000));
		let heard = '';
		slow.setEncoding('utf8').on('data', (chunk: string) => {
			heard += chunk;
		});
		slow.resume();
		await vi.waitFor(() => {
			say('01');
			expect(heard.includes('lines left out')).toBe(true);
		}, WAIT);
	});
});
