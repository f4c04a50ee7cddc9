import { execFile } from 'node:child_process';
import { chmodSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DeviceSimulator } from '../../../src/drivers/driver.ts';
import { createSerialPort } from '../../../src/drivers/ports/serial-port.ts';
import { serveSimulatorOnTty } from '../../../src/drivers/ports/simulator-on-tty.ts';
import { createPtyPair, type PtyPair } from '../../support/pty-pair.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { wallClock } from '../../support/wall-clock.ts';

const run = promisify(execFile);
const support = join(import.meta.dirname, '../../support');
const unheard = { onBytes: () => undefined, onClosed: () => undefined };

const echo: DeviceSimulator = {
	receive: (bytes) => [{ bytes: bytes.slice(), delayMs: 0 }],
	stimulate: () => ({ answers: [] }),
	outputs: () => ({}),
};

describe('a serial port', () => {
	let pair: PtyPair;
	beforeEach(async () => {
		pair = await createPtyPair();
	});
	afterEach(() => pair.close());

	test('wakes the process for its bytes, with no timer running', async () => {
		const device = await serveSimulatorOnTty({
			clock: wallClock,
			path: pair.far,
			line: { baud: 115_200 },
			simulator: echo,
			onLost: () => undefined,
		});
		const program = join(support, 'echo-without-timers.ts');
		await run(process.execPath, [program, pair.near], { timeout: 15_000 });
		await device.stop();
	});

	test('names the group dialout to who lacks the permission', async () => {
		chmodSync(realpathSync(pair.near), 0o000);
		chmodSync(dirname(pair.near), 0o755);
		const { stdout } = await run(process.execPath, [join(support, 'open-unprivileged.ts'), pair.near], {
			timeout: 15_000,
		});
		expect(stdout).toContain(`no permission for ${pair.near}`);
		expect(stdout).toContain('dialout');
	});

	test('refuses what is no serial port, saying where to look', async () => {
		const file = join(dirname(pair.near), 'file');
		writeFileSync(file, '');
		const port = createSerialPort(wallClock, file, { baud: 9600 }, unheard);
		await expect(port.open()).rejects.toThrow(/is no serial port.*parkgate devices list/);
		const sink = createSerialPort(wallClock, '/dev/null', { baud: 9600 }, unheard);
		await expect(sink.open()).rejects.toMatchObject({ code: 'PORT_UNAVAILABLE' });
	});

	test('is closed when it was closed while opening', async () => {
		const port = createSerialPort(wallClock, pair.near, { baud: 9600 }, unheard);
		const opening = port.open();
		await port.close();
		await expect(opening).rejects.toMatchObject({ code: 'PORT_LOST' });
		const next = createSerialPort(wallClock, pair.near, { baud: 9600 }, unheard);
		await next.open();
		await next.close();
	});

	test('is lost within a second of being unplugged, also where nothing is read or written', async () => {
		const clock = createVirtualClock();
		const problems: string[] = [];
		const onClosed = (problem: string) => void problems.push(problem);
		const port = createSerialPort(clock, pair.near, { baud: 9600 }, { onBytes: () => undefined, onClosed });
		await port.open();
		await pair.unplug();
		await clock.advanceAsync(1_000);
		await vi.waitFor(() => expect(problems).toHaveLength(1), { timeout: 30_000 });
		expect(problems[0]).toContain(`${pair.near} was lost`);
		expect(clock.pendingTimers()).toBe(0);
	});

	test('keeps few bytes waiting, and gives up a line that takes none', async () => {
		const problems: string[] = [];
		const port = createSerialPort(
			wallClock,
			pair.near,
			{ baud: 9600 },
			{ onBytes: () => undefined, onClosed: (problem) => void problems.push(problem) },
		);
		await port.open();
		const refused: string[] = [];
		// Nobody reads the far end: after what the system buffers, nothing leaves. A slow line between takes some more
		// after the first refusal.
		const block = new Uint8Array(512);
		while (problems.length === 0) {
			port.write(block).catch((error: Error) => refused.push(error.message));
			await new Promise((resolve) => setTimeout(resolve, 1));
		}
		expect(refused[0]).toContain('does not take bytes');
		expect(problems).toEqual([expect.stringContaining('takes no more bytes')]);
	}, 60_000);
});
