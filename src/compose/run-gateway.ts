import process from 'node:process';
import type { Ready } from '../api/cli/handlers.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { formatProblem } from '../config/problem.ts';
import type { Clock } from '../gateway/core/clock.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { RootLog } from '../log.ts';
import type { Visitor } from '../simulation/traffic.ts';
import { createSystemdNotifier } from '../systemd-notify.ts';
import { readConfig } from './configuration.ts';
import { type RunningGateway, startGateway } from './gateway.ts';

export interface RunDeps {
	readonly configFile: string;
	readonly config: GatewayConfig;
	readonly clock: Clock;
	readonly log: RootLog;
	readonly version: string;
	readonly signal: AbortSignal;
	readonly visitors?: readonly Visitor[];
	readonly onReady: (ready: Ready) => void;
	/** Changes the configuration as read before it is used (the demo's broker password). */
	readonly adapt?: (config: GatewayConfig) => GatewayConfig;
}

/** Runs until the signal; SIGHUP starts anew with the file as it is then, if it is valid. */
export async function runGateway(deps: RunDeps): Promise<void> {
	const { clock, log, signal } = deps;
	const notifier = createSystemdNotifier(process.env, process.pid, (problem) => log.warn({ problem }, 'systemd'));
	let config = deps.config;
	let first = true;
	while (!signal.aborted) {
		const gateway = await startGateway({ ...deps, config });
		if (first) deps.onReady({ consoleUrl: gateway.consoleUrl, claimUrl: gateway.claimUrl, notes: [] });
		first = false;
		await notifier?.ready(`running at ${gateway.consoleUrl}`);
		const stopBeating = beat(clock, notifier?.aliveEveryMs ?? null, () => void notifier?.alive());
		try {
			config = await nextConfig(deps, config);
		} finally {
			stopBeating();
			if (signal.aborted) await notifier?.stopping();
			await stopLogged(gateway, deps);
		}
	}
}

/** Resolves when the gateway has to stop: at the end, or with the configuration to go on with. */
async function nextConfig({ configFile, signal, log, adapt }: RunDeps, current: GatewayConfig): Promise<GatewayConfig> {
	for (;;) {
		await signalled(signal);
		if (signal.aborted) return current;
		const parsed = readConfig(configFile);
		if (parsed.result === 'valid') {
			log.info({ configFile }, 'configuration read again; starting anew');
			return adapt === undefined ? parsed.config : adapt(parsed.config);
		}
		const problems = parsed.problems.map(formatProblem);
		log.error({ problems }, 'the changed configuration is not valid; the running one stays');
	}
}

/** Resolves at SIGHUP or at the end. */
function signalled(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			process.off('SIGHUP', done);
			signal.removeEventListener('abort', done);
			resolve();
		};
		if (signal.aborted) return resolve();
		process.on('SIGHUP', done);
		signal.addEventListener('abort', done);
	});
}

function beat(clock: Clock, everyMs: number | null, alive: () => void): () => void {
	if (everyMs === null) return () => undefined;
	let cancel = clock.after(everyMs, next);
	function next(): void {
		alive();
		cancel = clock.after(everyMs ?? 0, next);
	}
	return () => cancel();
}

async function stopLogged(gateway: RunningGateway, { log }: RunDeps): Promise<void> {
	try {
		await gateway.stop();
		log.info({}, 'gateway stopped');
	} catch (error) {
		throw new GatewayError('INTERNAL', 'the gateway did not stop cleanly', { cause: error });
	}
}
