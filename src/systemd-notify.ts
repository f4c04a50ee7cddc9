import { execFile } from 'node:child_process';

/** What systemd wants to hear from a Type=notify service; each call ends when systemd has it, or failed harmlessly. */
export interface SystemdNotifier {
	/** How often `alive` has to be called, ms; null: no watchdog is set. */
	readonly aliveEveryMs: number | null;
	ready(status: string): Promise<void>;
	stopping(): Promise<void>;
	alive(): Promise<void>;
}

/**
 * Speaks sd_notify(3) through the systemd-notify program, since Node has no unix datagram sockets;
 * the unit needs NotifyAccess=all. Undefined when nobody listens (no NOTIFY_SOCKET).
 * @param onProblem called for the first message that could not be sent, in words
 */
export function createSystemdNotifier(
	environment: Readonly<Record<string, string | undefined>>,
	ownPid: number,
	onProblem: (problem: string) => void,
): SystemdNotifier | undefined {
	const socket = environment['NOTIFY_SOCKET'];
	if (socket === undefined || socket === '') return undefined;
	let told = false;
	const send = (...assignments: string[]) =>
		new Promise<void>((resolve) => {
			const options = { env: { NOTIFY_SOCKET: socket, PATH: '/usr/bin:/bin' }, timeout: 5_000 };
			execFile('systemd-notify', assignments, options, (error) => {
				if (error !== null && !told) {
					told = true;
					onProblem(`systemd-notify failed: ${error.message.trim()}`);
				}
				resolve();
			});
		});
	return {
		aliveEveryMs: watchdogIntervalMs(environment, ownPid),
		ready: (status) => send('READY=1', `STATUS=${status.replaceAll(/\s+/g, ' ')}`),
		stopping: () => send('STOPPING=1'),
		alive: () => send('WATCHDOG=1'),
	};
}

/** A third of the time-out: two lost messages are not yet a restart. */
function watchdogIntervalMs(environment: Readonly<Record<string, string | undefined>>, ownPid: number): number | null {
	const timeoutUs = Number(environment['WATCHDOG_USEC']);
	const pid = environment['WATCHDOG_PID'];
	if (!Number.isSafeInteger(timeoutUs) || timeoutUs <= 0) return null;
	if (pid !== undefined && Number(pid) !== ownPid) return null;
	return Math.floor(timeoutUs / 3000);
}
