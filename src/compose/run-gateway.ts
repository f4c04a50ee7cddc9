import process from 'node:process';
import type { Ready } from '../api/cli/handlers.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { formatProblem } from '../config/problem.ts';
import type { Clock } from '../gateway/core/clock.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { lockStore } from '../gateway/store/store-lock.ts';
import type { RootLog } from '../log.ts';
import type { Visitor } from '../simulation/traffic.ts';
import { createSystemdNotifier } from '../systemd-notify.ts';
import { readConfig } from './configuration.ts';
import { type RunningGateway, startGateway } from './gateway.ts';
import { type Hangups, listenForHangups } from './hangups.ts';

export interface RunDeps {
	readonly configFile: string;
	readonly config: GatewayConfig;
	readonly clock: Clock;
	readonly log: RootLog;
	readonly version: string;
	readonly signal: AbortSignal;
	readonly visitors?: readonly Visitor[];
	/** At the first start, and at later ones while nobody has claimed the gateway: each start makes a new link. */
	readonly onReady: (ready: Ready) => void;
	/** Changes the configuration as read before it is used (the demo's broker password). */
	readonly adapt?: (config: GatewayConfig) => GatewayConfig;
	/** The log follows `log.level` of a configuration read again; false: the level was given otherwise. */
	readonly followsLogLevel?: boolean;
}

interface Run {
	readonly config: GatewayConfig;
	readonly gateway: RunningGateway;
	stop(): Promise<void>;
}

/** Runs until the signal; SIGHUP starts anew with the file as it is then, if it is valid. */
export async function runGateway(deps: RunDeps): Promise<void> {
	const { clock, log } = deps;
	const notifier = createSystemdNotifier(process.env, process.pid, (problem) => log.warn({ problem }, 'systemd'));
	using hangups = listenForHangups();
	let run = await start(deps, deps.config);
	tellReady(deps, run);
	const stopBeating = beat(clock, notifier?.aliveEveryMs ?? null, () => void notifier?.alive());
	try {
		for (;;) {
			await notifier?.ready(`running at ${run.gateway.consoleUrl}`);
			const config = await nextConfig(deps, hangups);
			if (config === undefined) break;
			await run.stop();
			run = await startAgain(deps, config, run.config);
			if (run.gateway.claimUrl !== null) tellReady(deps, run);
		}
	} finally {
		stopBeating();
		await notifier?.stopping();
		await run.stop();
	}
}

function tellReady({ onReady }: RunDeps, { gateway: { consoleUrl, claimUrl } }: Run): void {
	onReady({ consoleUrl, claimUrl, notes: [] });
}

async function start(deps: RunDeps, config: GatewayConfig): Promise<Run> {
	const lock = lockStore(config.store.dir);
	try {
		const gateway = await startGateway({ ...deps, config });
		let stopping: Promise<void> | undefined;
		return {
			config,
			gateway,
			stop() {
				stopping ??= stopLogged(gateway, deps).finally(() => lock[Symbol.dispose]());
				return stopping;
			},
		};
	} catch (error) {
		lock[Symbol.dispose]();
		throw error;
	}
}

/** What is valid may still not start, such as an address in use: the site goes on as it was. */
async function startAgain(deps: RunDeps, config: GatewayConfig, before: GatewayConfig): Promise<Run> {
	const { log, followsLogLevel = false } = deps;
	try {
		const run = await start(deps, config);
		if (followsLogLevel) log.setLevel(config.log.level);
		return run;
	} catch (error) {
		log.error(
			{ err: error },
			'the gateway does not start with the changed configuration; it goes on with the one before',
		);
		return start(deps, before);
	}
}

/** Resolves when the gateway has to stop: with the configuration to go on with, or undefined at the end. */
async function nextConfig(
	{ configFile, signal, log, adapt }: RunDeps,
	hangups: Hangups,
): Promise<GatewayConfig | undefined> {
	for (;;) {
		await hangups.next(signal);
		if (signal.aborted) return undefined;
		const parsed = readConfig(configFile);
		if (parsed.result === 'valid') {
			log.info({ configFile }, 'configuration read again; starting anew');
			for (const warning of parsed.warnings) log.warn({ problem: formatProblem(warning) }, 'configuration');
			return adapt === undefined ? parsed.config : adapt(parsed.config);
		}
		const problems = parsed.problems.map(formatProblem);
		log.error({ problems }, 'the changed configuration is not valid; the running one stays');
	}
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
