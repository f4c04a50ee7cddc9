import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Port } from '../../../src/drivers/ports/port.ts';
import type { GuardState } from '../../../src/drivers/ports/pulse-guard.ts';
import { createSerialPort } from '../../../src/drivers/ports/serial-port.ts';
import { createPtyPair, type PtyPair } from '../../support/pty-pair.ts';
import { wallClock } from '../../support/wall-clock.ts';

const PATIENCE = { timeout: 30_000, interval: 10 };
const OFF = Uint8Array.of(0xa0, 1, 0, 0xa1);

/** The guards that this process started and that still run. */
function guards(): readonly number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((pid) => {
			const stat = existsSync(`/proc/${pid}/stat`) ? readOrNothing(`/proc/${pid}/stat`) : '';
			const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			if (Number(parent) !== process.pid || state === 'Z') return false;
			return readOrNothing(`/proc/${pid}/cmdline`).includes('pulse-guard-process');
		});
}

function readOrNothing(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}

describe('the guard as a process of its own', () => {
	let pair: PtyPair;
	let heard: number[];
	let far: Port;
	const ports: Port[] = [];

	beforeEach(async () => {
		pair = await createPtyPair();
		heard = [];
		far = createSerialPort(
			wallClock,
			pair.far,
			{ baud: 9600 },
			{
				onBytes: (chunk) => void heard.push(...chunk),
				onClosed: () => undefined,
			},
		);
		await far.open();
	});
	afterEach(async () => {
		for (const port of ports.splice(0)) await port.close();
		await far.close();
		await pair.close();
	});

	async function open(): Promise<{ readonly port: Port; readonly states: GuardState[] }> {
		const states: GuardState[] = [];
		const ignored = { onBytes: () => undefined, onClosed: () => undefined };
		const port = createSerialPort(wallClock, pair.near, { baud: 9600, guarded: true }, ignored);
		ports.push(port);
		await port.open();
		port.guard?.watch((state) => void states.push(state));
		return { port, states };
	}

	const isReady = (states: readonly GuardState[]) =>
		vi.waitFor(() => expect(states.at(-1)).toMatchObject({ problem: undefined }), PATIENCE);
	const arm = (port: Port, endsInMs = 300) => port.guard?.arm({ key: 'relay-1', off: OFF, endsInMs });

	test('is there for guarded lines only, and goes with the port', async () => {
		const plain = createSerialPort(
			wallClock,
			pair.near,
			{ baud: 9600 },
			{ onBytes: () => undefined, onClosed: () => undefined },
		);
		await plain.open();
		expect(plain.guard).toBeUndefined();
		await plain.close();
		const { port, states } = await open();
		await isReady(states);
		expect(guards()).toHaveLength(1);
		await port.close();
		expect(guards()).toEqual([]);
	});

	test('has the same open line, so that the port can be opened again at once after it was closed', async () => {
		for (let round = 0; round < 3; round++) {
			const { port, states } = await open();
			await isReady(states);
			expect(await arm(port)).toBe(true);
			port.guard?.release('relay-1');
			await port.close();
		}
		expect(heard).toEqual([]);
	});

	test('ends a pulse that nobody releases, over the line it was given, and counts it', async () => {
		const { port, states } = await open();
		await isReady(states);
		expect(await arm(port)).toBe(true);
		await vi.waitFor(() => expect(heard.slice(0, 4)).toEqual([...OFF]), PATIENCE);
		await vi.waitFor(() => expect(states.at(-1)?.ends).toBe(1), PATIENCE);
	});

	test('keeps the port from being opened a second time while it still has a pulse to end, and no longer', async () => {
		// Those of the tests before end in their own time.
		await vi.waitFor(() => expect(guards()).toEqual([]), PATIENCE);
		const { port, states } = await open();
		await isReady(states);
		expect(await arm(port, 6_000)).toBe(true);
		// As when the gateway is killed and started again at once: nobody releases the pulse.
		await port.close();
		expect(guards()).toHaveLength(1);
		await expect(open()).rejects.toMatchObject({ code: 'PORT_BUSY' });
		await vi.waitFor(() => expect(guards()).toEqual([]), PATIENCE);
		await vi.waitFor(() => expect(heard).toEqual([...OFF, ...OFF, ...OFF]), PATIENCE);
		// The system may take a moment to let go of what a process had.
		await vi.waitFor(open, PATIENCE);
	});

	test('that dies is told, refuses to be relied on, and is started again with what it was armed for', async () => {
		const { port, states } = await open();
		await isReady(states);
		expect(await arm(port, 3_000)).toBe(true);
		for (const pid of guards()) process.kill(pid, 'SIGKILL');
		await vi.waitFor(() => expect(states.at(-1)?.problem).toContain('has ended (SIGKILL)'), PATIENCE);
		expect(await arm(port)).toBe(false);
		await isReady(states);
		await vi.waitFor(() => expect(heard.slice(0, 4)).toEqual([...OFF]), PATIENCE);
	});

	test('that hangs is not waited for: it is replaced', async () => {
		const { port, states } = await open();
		await isReady(states);
		for (const pid of guards()) process.kill(pid, 'SIGSTOP');
		expect(await arm(port)).toBe(false);
		await vi.waitFor(
			() => expect(states.some(({ problem }) => problem?.includes('SIGKILL') === true)).toBe(true),
			PATIENCE,
		);
		await isReady(states);
		expect(await arm(port)).toBe(true);
		port.guard?.release('relay-1');
	});

	test('is deaf to what systemd and terminals send to every process', async () => {
		const { port, states } = await open();
		await isReady(states);
		expect(await arm(port, 1_000)).toBe(true);
		const [pid] = guards();
		for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGABRT', 'SIGQUIT'])
			spawnSync('kill', [`-${signal.slice(3)}`, String(pid)]);
		await vi.waitFor(() => expect(heard.slice(0, 4)).toEqual([...OFF]), PATIENCE);
		expect(guards()).toEqual([pid]);
		expect(states.at(-1)?.problem).toBeUndefined();
	});
});
