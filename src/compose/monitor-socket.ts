import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import type { Supervisor } from '../drivers/supervisor.ts';
import type { Cancel, Clock } from '../gateway/core/clock.ts';
import type { DeviceStatus } from '../gateway/core/device.ts';
import type { Log } from '../gateway/core/log.ts';

/** In the store's directory, which only the gateway's user can enter. */
export const MONITOR_SOCKET = 'monitor.sock';

/** Technicians who watch at once. */
const MOST_WATCHERS = 8;
const LONGEST_QUESTION = 256;
/** Who reads slower than a line speaks misses some of it, which is said. */
const WAITING_BYTES = 1_048_576;
const LOOK_MS = 1_000;

/** What a watcher asks, and is told line by line. */
export interface MonitorQuestion {
	readonly deviceId: string;
}
export type MonitorAnswer =
	| { readonly atMs: number; readonly direction: 'in' | 'out'; readonly hex: string }
	| { readonly atMs: number; readonly note: string }
	| { readonly problem: string };

/**
 * Shows `parkgate devices monitor` what goes over a line that this gateway has open: a serial port has one user. Only the
 * gateway's own user and root can connect; nothing can be written to a device here, and keys and PINs are masked.
 */
export async function openMonitorSocket(deps: {
	readonly dir: string;
	readonly supervisor: Pick<Supervisor, 'device' | 'tap'>;
	readonly clock: Clock;
	readonly log: Log;
}): Promise<AsyncDisposable> {
	const file = path.join(deps.dir, MONITOR_SOCKET);
	const watchers = new Set<Socket>();
	const server = createServer((socket) => {
		// Who goes away is told by `close`.
		socket.on('error', () => undefined);
		if (watchers.size >= MOST_WATCHERS) {
			refuse(socket, 'too many watch devices of this gateway already');
			return;
		}
		watchers.add(socket);
		socket.on('close', () => watchers.delete(socket));
		serve(socket, deps);
	});
	try {
		// What a gateway left that was killed; the lock of the store is ours.
		rmSync(file, { force: true });
		await listen(server, file);
		chmodSync(file, 0o600);
	} catch (err) {
		deps.log.warn({ err, file }, 'devices monitor does not work while this gateway runs');
	}
	return {
		async [Symbol.asyncDispose]() {
			for (const socket of watchers) socket.destroy();
			await new Promise<void>((resolve) => void server.close(() => resolve()));
			rmSync(file, { force: true });
		},
	};
}

function listen(server: Server, file: string): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(file, () => {
			server.off('error', reject);
			server.on('error', () => undefined);
			resolve();
		});
	});
}

function serve(socket: Socket, deps: Parameters<typeof openMonitorSocket>[0]): void {
	let asked = '';
	socket.setEncoding('utf8');
	socket.on('data', function read(text: string) {
		asked += text;
		const end = asked.indexOf('\n');
		if (end === -1 && asked.length <= LONGEST_QUESTION) return;
		// What comes after the question is read and dropped: only so is the end of a connection seen.
		socket.off('data', read);
		socket.resume();
		answer(socket, asked.slice(0, Math.max(0, end)), deps);
	});
}

function answer(socket: Socket, question: string, deps: Parameters<typeof openMonitorSocket>[0]): void {
	const deviceId = parseQuestion(question);
	const device = deviceId === undefined ? undefined : deps.supervisor.device(deviceId);
	if (device === undefined) {
		refuse(socket, `the running gateway has no device ${deviceId ?? ''}`);
		return;
	}
	const cancel = watch(socket, device.id, deps);
	if (socket.destroyed) cancel();
	else socket.on('close', cancel);
}

function watch(
	socket: Socket,
	deviceId: string,
	{ supervisor, clock }: Parameters<typeof openMonitorSocket>[0],
): Cancel {
	let leftOut = 0;
	let toldState = '';
	let cancelLook: Cancel;

	function tell(answer: MonitorAnswer): void {
		if (socket.writableLength > WAITING_BYTES) {
			leftOut += 1;
			return;
		}
		if (leftOut > 0) socket.write(lineOf({ atMs: clock.nowMs(), note: `${leftOut} lines left out: read faster` }));
		leftOut = 0;
		socket.write(lineOf(answer));
	}

	function look(): void {
		const status = supervisor.device(deviceId)?.status();
		const state = status === undefined ? 'gone' : stateOf(status);
		if (state !== toldState) tell({ atMs: clock.nowMs(), note: state });
		toldState = state;
		cancelLook = clock.after(LOOK_MS, look);
	}

	const cancelTap = supervisor.tap(deviceId, ({ atMs, direction, bytes }) =>
		tell({ atMs, direction, hex: bytes.toHex().toUpperCase() }),
	);
	if (cancelTap === undefined) {
		refuse(socket, `${deviceId} has no line that could be watched`);
		return () => undefined;
	}
	look();
	return () => {
		cancelTap();
		cancelLook();
	};
}

function refuse(socket: Socket, problem: string): void {
	socket.end(lineOf({ problem }), () => socket.destroy());
}

function stateOf({ state, problem }: DeviceStatus): string {
	return problem === undefined ? state : `${state}: ${problem}`;
}

function parseQuestion(line: string): string | undefined {
	try {
		const question: unknown = JSON.parse(line);
		const deviceId: unknown = Reflect.get(Object(question), 'deviceId');
		return typeof deviceId === 'string' ? deviceId : undefined;
	} catch {
		return undefined;
	}
}

function lineOf(answer: MonitorAnswer): string {
	return `${JSON.stringify(answer)}\n`;
}
