import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createSystemdNotifier } from '../src/systemd-notify.ts';

/** Prints what comes in on a datagram socket; recv(2) drops the descriptor of a BARRIER, which ends the sender's wait. */
const LISTEN = `
	use Socket;
	socket(my $socket, PF_UNIX, SOCK_DGRAM, 0) or die $!;
	bind($socket, sockaddr_un($ARGV[0])) or die $!;
	$| = 1;
	while (defined(recv($socket, my $message, 65536, 0))) { print "$message\n"; }
`;

describe('systemd', () => {
	it('is told of start, life and stop over its datagram socket', async () => {
		const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-notify-'));
		const socket = path.join(dir, 'notify');
		const listener = spawn('perl', ['-e', LISTEN, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
		let received = '';
		listener.stdout.on('data', (chunk: Buffer) => {
			received += chunk.toString();
		});
		try {
			await vi.waitFor(() => expect(existsSync(socket)).toBe(true), { timeout: 10_000 });
			const problems: string[] = [];
			const notifier = createSystemdNotifier({ NOTIFY_SOCKET: socket }, 1, (problem) => problems.push(problem));
			await notifier?.ready('3 lanes,\n5 devices');
			await notifier?.alive();
			await notifier?.stopping();
			await vi.waitFor(() => expect(received).toContain('STOPPING=1'), { timeout: 10_000 });
			expect(problems).toEqual([]);
			const lines = received.split('\n').filter((line) => line !== '' && line !== 'BARRIER=1');
			expect(lines).toEqual(['READY=1', 'STATUS=3 lanes, 5 devices', 'WATCHDOG=1', 'STOPPING=1']);
		} finally {
			listener.kill();
			await once(listener, 'exit');
			rmSync(dir, { recursive: true });
		}
	});

	it('is not spoken to where it does not listen', () => {
		expect(createSystemdNotifier({}, 1, () => undefined)).toBeUndefined();
	});

	it('wants to hear three times within its watchdog time, and only of the process it watches', () => {
		const everyMs = (env: Record<string, string>) =>
			createSystemdNotifier({ NOTIFY_SOCKET: '/nowhere', ...env }, 42, () => undefined)?.aliveEveryMs;
		expect(everyMs({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '42' })).toBe(10_000);
		expect(everyMs({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '43' })).toBeNull();
		expect(everyMs({})).toBeNull();
	});

	it('that cannot be reached is told once and stops nothing', async () => {
		const problems: string[] = [];
		const notifier = createSystemdNotifier({ NOTIFY_SOCKET: '/nowhere/notify' }, 1, (problem) =>
			problems.push(problem),
		);
		await notifier?.alive();
		await notifier?.alive();
		expect(problems).toEqual([expect.stringContaining('systemd-notify failed')]);
	});
});
