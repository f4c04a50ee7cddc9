import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Ready } from '../api/cli/handlers.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { formatProblem } from '../config/problem.ts';
import type { Clock } from '../gateway/core/clock.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { LateEffect } from '../gateway/services/lanes/late-journal.ts';
import { createEmergencyStore, isBorneWith } from '../gateway/store/emergency-store.ts';
import { lockStore } from '../gateway/store/store-lock.ts';
import type { RootLog } from '../log.ts';
import type { Visitor } from '../simulation/traffic.ts';
import { createSystemdNotifier } from '../systemd-notify.ts';
import { readConfig } from './configuration.ts';
import { type RunningGateway, startGateway } from './gateway.ts';
import { type Hangups, listenForHangups } from './hangups.ts';

const LOOK_AGAIN_MS = 10_000;
/** Enough for the store to begin writing. */
const PROBE_BYTES = 262_144;

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
	/** Aborted when the store can be written again; never without an emergency. */
	readonly recovered: AbortSignal;
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
			const config = await nextConfig(deps, hangups, run);
			if (config === undefined) break;
			await run.stop();
			run = await startAgain(deps, config, run);
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

async function start(deps: RunDeps, config: GatewayConfig, carriedEffects: readonly LateEffect[] = []): Promise<Run> {
	try {
		return await startOnDisk(deps, config, carriedEffects);
	} catch (error) {
		if (!isBorneWith(error, config.store.dir)) throw error;
		return startInMemory(deps, config, carriedEffects, error);
	}
}

/** A site must let out who is inside also when its disk takes nothing: it goes on in memory until it does again. */
async function startInMemory(
	deps: RunDeps,
	config: GatewayConfig,
	carriedEffects: readonly LateEffect[],
	problem: GatewayError,
): Promise<Run> {
	const { clock, log } = deps;
	log.error(
		{ err: problem },
		'the store can not be written: the gateway goes on in memory, entries follow their onStoreFailure',
	);
	const emergency = createEmergencyStore(config.store.dir, problem, log);
	const recovery = new AbortController();
	let cancel = clock.after(LOOK_AGAIN_MS, look);
	function look(): void {
		if (canWrite(config.store.dir)) recovery.abort();
		else cancel = clock.after(LOOK_AGAIN_MS, look);
	}
	try {
		const gateway = await startGateway({ ...deps, config, emergency, carriedEffects });
		const stop = once(() =>
			stopLogged(gateway, deps).finally(() => {
				cancel();
				emergency.remove();
			}),
		);
		return { config, gateway, recovered: recovery.signal, stop };
	} catch (error) {
		cancel();
		emergency.remove();
		throw error;
	}
}

/** Tried by the lock's own file and a byte beside it: neither is part of the store. */
function canWrite(dir: string): boolean {
	const probe = path.join(dir, 'write-probe');
	try {
		using _lock = lockStore(dir);
		try {
			writeFileSync(probe, Buffer.alloc(PROBE_BYTES), { mode: 0o600 });
		} finally {
			rmSync(probe, { force: true });
		}
		return true;
	} catch {
		return false;
	}
}

async function startOnDisk(deps: RunDeps, config: GatewayConfig, carriedEffects: readonly LateEffect[]): Promise<Run> {
	const lock = lockStore(config.store.dir);
	try {
		const gateway = await startGateway({ ...deps, config, carriedEffects });
		const stop = once(() => stopLogged(gateway, deps).finally(() => lock[Symbol.dispose]()));
		return { config, gateway, recovered: new AbortController().signal, stop };
	} catch (error) {
		lock[Symbol.dispose]();
		throw error;
	}
}

/** What is valid may still not start, such as an address in use: the site goes on as it was. */
async function startAgain(deps: RunDeps, config: GatewayConfig, before: Run): Promise<Run> {
	const { log, followsLogLevel = false } = deps;
	const carried = before.gateway.lateEffects();
	try {
		const run = await start(deps, config, carried);
		if (followsLogLevel) log.setLevel(config.log.level);
		return run;
	} catch (error) {
		log.error(
			{ err: error },
			'the gateway does not start anew with this configuration; it goes on with the one before',
		);
		return start(deps, before.config, carried);
	}
}

/** Resolves when the gateway has to stop: with the configuration to go on with, or undefined at the end. */
async function nextConfig(
	{ configFile, signal, log, adapt }: RunDeps,
	hangups: Hangups,
	run: Run,
): Promise<GatewayConfig | undefined> {
	const told = AbortSignal.any([signal, run.recovered]);
	for (;;) {
		await hangups.next(told);
		if (signal.aborted) return undefined;
		if (run.recovered.aborted) {
			log.info({}, 'the store can be written again; starting anew on it');
			return run.config;
		}
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

function once(work: () => Promise<void>): () => Promise<void> {
	let running: Promise<void> | undefined;
	return () => {
		running ??= work();
		return running;
	};
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
