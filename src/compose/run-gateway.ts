import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Ready } from '../api/cli/handlers.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { formatProblem } from '../config/problem.ts';
import type { Clock } from '../gateway/core/clock.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { LateEffect } from '../gateway/services/lanes/late-journal.ts';
import { createEmergencyStore, isBorneWith } from '../gateway/store/emergency-store.ts';
import { finishRestore } from '../gateway/store/restore.ts';
import { lockStore } from '../gateway/store/store-lock.ts';
import type { RootLog } from '../log.ts';
import type { Visitor } from '../simulation/traffic.ts';
import { createSystemdNotifier } from '../systemd-notify.ts';
import { readConfig } from './configuration.ts';
import {
	type ChosenConfig,
	type ConfigFile,
	type ConfigurationInForce,
	createConfigurationInForce,
} from './configuration-in-force.ts';
import { type GatewayDeps, type RunningGateway, startGateway } from './gateway.ts';
import { type Hangups, listenForHangups } from './hangups.ts';
import type { TrafficWatch } from './site-simulation.ts';
import { createWishes, type Wishes } from './wishes.ts';

const LOOK_AGAIN_MS = 10_000;
/** Enough for the store to begin writing. */
const PROBE_BYTES = 262_144;

export interface RunDeps {
	readonly configFile: string;
	/** As it was read. */
	readonly file: ConfigFile;
	/** Reads it again; absent: from its place. */
	readonly readFile?: () => LoadedConfig;
	readonly clock: Clock;
	readonly log: RootLog;
	readonly version: string;
	readonly signal: AbortSignal;
	readonly visitors?: readonly Visitor[];
	readonly trafficWatch?: TrafficWatch;
	/** A signed product licence that comes with the configuration (the demo's). */
	readonly licence?: string;
	/** At the first start, and at later ones while nobody has claimed the gateway: each start makes a new link. */
	readonly onReady: (ready: Ready) => void;
	/** Changes the configuration as read before it is used (the demo's broker password). */
	readonly adapt?: (config: GatewayConfig) => GatewayConfig;
	/** The log follows `log.level` of the configuration that runs; false: the level was given otherwise. */
	readonly followsLogLevel?: boolean;
	/** Whoever started the process starts it again when it ends; else a restart happens within it. */
	readonly isSupervised?: boolean;
}

/** What the process carries over all starts of the gateway. */
interface Process {
	readonly deps: RunDeps;
	readonly inForce: ConfigurationInForce;
	readonly wishes: Wishes;
}

interface Run {
	readonly file: ConfigFile;
	readonly chosen: ChosenConfig;
	readonly gateway: RunningGateway;
	/** Aborted when the store can be written again; never without an emergency. */
	readonly recovered: AbortSignal;
	stop(): Promise<void>;
}

/**
 * Runs until the signal; SIGHUP starts anew with the file as it is then, if it is valid.
 * @returns `restart`: the process is to be started again.
 */
export async function runGateway(deps: RunDeps): Promise<'stopped' | 'restart'> {
	const { clock, log, configFile } = deps;
	const notifier = createSystemdNotifier(process.env, process.pid, (problem) => log.warn({ problem }, 'systemd'));
	using hangups = listenForHangups();
	const wishes = createWishes();
	const inForce = createConfigurationInForce({ configFile, clock, log, startAnew: () => wishes.ask('anew') });
	const around: Process = { deps, inForce, wishes };
	let run = await start(around, deps.file);
	tellReady(deps, run);
	const stopBeating = beat(clock, notifier?.aliveEveryMs ?? null, () => void notifier?.alive());
	try {
		for (;;) {
			await notifier?.ready(`running at ${run.gateway.consoleUrl}`);
			const next = await nextLife(around, hangups, run);
			if (next === 'stopped' || next === 'restart') return next;
			await run.stop();
			run = await startAgain(around, next, run);
			if (run.gateway.claimUrl !== null) tellReady(deps, run);
		}
	} finally {
		stopBeating();
		await notifier?.stopping();
		await run.stop();
		inForce.stop();
	}
}

function tellReady({ onReady }: RunDeps, { gateway: { consoleUrl, claimUrl } }: Run): void {
	onReady({ consoleUrl, claimUrl, notes: [] });
}

async function start(around: Process, file: ConfigFile, carriedEffects: readonly LateEffect[] = []): Promise<Run> {
	const { deps, inForce } = around;
	let run = await startChosen(around, file, carriedEffects);
	// What was on trial may have ended while it was being started.
	while (inForce.isStale(run.chosen)) {
		await run.stop();
		run = await startChosen(around, file, run.gateway.lateEffects());
	}
	if (deps.followsLogLevel === true) deps.log.setLevel(run.chosen.config.log.level);
	return run;
}

async function startChosen(around: Process, file: ConfigFile, carriedEffects: readonly LateEffect[]): Promise<Run> {
	const { dir } = file.config.store;
	try {
		return await startOnDisk(around, file, carriedEffects);
	} catch (error) {
		if (!isBorneWith(error, dir)) throw error;
		return startInMemory(around, file, carriedEffects, error);
	}
}

/** A site must let out who is inside also when its disk takes nothing: it goes on in memory until it does again. */
async function startInMemory(
	around: Process,
	file: ConfigFile,
	carriedEffects: readonly LateEffect[],
	problem: GatewayError,
): Promise<Run> {
	const { clock, log } = around.deps;
	const { dir } = file.config.store;
	log.error(
		{ err: problem },
		'the store can not be written: the gateway goes on in memory, entries follow their onStoreFailure',
	);
	const emergency = createEmergencyStore(dir, problem, log);
	const recovery = new AbortController();
	let cancel = clock.after(LOOK_AGAIN_MS, look);
	function look(): void {
		if (canWrite(dir)) recovery.abort();
		else cancel = clock.after(LOOK_AGAIN_MS, look);
	}
	const free = () => {
		cancel();
		emergency.remove();
	};
	try {
		return await startGatewayOf(around, file, { emergency, carriedEffects }, recovery.signal, free);
	} catch (error) {
		free();
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

async function startOnDisk(around: Process, file: ConfigFile, carriedEffects: readonly LateEffect[]): Promise<Run> {
	const lock = lockStore(file.config.store.dir);
	const free = () => lock[Symbol.dispose]();
	try {
		if (finishRestore(file.config.store.dir)) around.deps.log.info({}, 'a restore that was cut off is done');
		return await startGatewayOf(around, file, { carriedEffects }, new AbortController().signal, free);
	} catch (error) {
		free();
		throw error;
	}
}

/** `free` is called when the gateway has stopped. */
async function startGatewayOf(
	{ deps, inForce, wishes }: Process,
	file: ConfigFile,
	life: Pick<GatewayDeps, 'emergency' | 'carriedEffects'>,
	recovered: AbortSignal,
	free: () => void,
): Promise<Run> {
	const { adapt = (config) => config, log } = deps;
	const chosen = inForce.choose(file);
	const { configuration } = chosen;
	const config = adapt(chosen.config);
	const restart = () => wishes.ask('restart');
	const recentProblems = log.recentProblems;
	const gateway = await startGateway({ ...deps, ...life, config, configuration, restart, recentProblems });
	configuration.attach(gateway);
	const stop = once(() => {
		configuration.detach();
		return stopLogged(gateway, deps).finally(free);
	});
	return { file, chosen, gateway, recovered, stop };
}

/** What is valid may still not start, such as an address in use: the site goes on as it was. */
async function startAgain(around: Process, file: ConfigFile, before: Run): Promise<Run> {
	const { log } = around.deps;
	const carried = before.gateway.lateEffects();
	try {
		return await start(around, file, carried);
	} catch (error) {
		log.error(
			{ err: error },
			'the gateway does not start anew with this configuration; it goes on with the one before',
		);
		before.chosen.configuration.startFailed(error instanceof Error ? error.message : String(error));
		return start(around, before.file, carried);
	}
}

/** Resolves when the gateway has to end: for good, to be started again, or to go on with the file as it is then. */
async function nextLife(
	{ deps, wishes }: Process,
	hangups: Hangups,
	run: Run,
): Promise<'stopped' | 'restart' | ConfigFile> {
	const { configFile, signal, log, readFile = () => readConfig(configFile) } = deps;
	for (;;) {
		await hangups.next(AbortSignal.any([signal, run.recovered, wishes.signal()]));
		if (signal.aborted) return 'stopped';
		const wish = wishes.take();
		if (wish === 'restart') return restart(deps, run);
		if (wish === 'anew') {
			log.info({}, 'another version of the configuration is to run; starting anew');
			return run.file;
		}
		if (run.recovered.aborted) {
			log.info({}, 'the store can be written again; starting anew on it');
			return run.file;
		}
		const loaded = readFile();
		if (loaded.result === 'valid') {
			log.info({ configFile }, 'configuration read again; starting anew');
			for (const warning of loaded.warnings) log.warn({ problem: formatProblem(warning) }, 'configuration');
			return loaded;
		}
		const problems = loaded.problems.map(formatProblem);
		log.error({ problems }, 'the changed configuration is not valid; the running one stays');
	}
}

/** With the file as it is now; one with mistakes would keep the process from starting, so then it stays. */
function restart(deps: RunDeps, run: Run): 'restart' | ConfigFile {
	const { configFile, log, isSupervised = false, readFile = () => readConfig(configFile) } = deps;
	const loaded = readFile();
	if (loaded.result === 'invalid') {
		const problems = loaded.problems.map(formatProblem);
		log.error({ problems }, 'gateway.yaml is not valid any more; starting anew with what runs');
		return run.file;
	}
	log.info({}, isSupervised ? 'ending, to be started again' : 'starting anew');
	return isSupervised ? 'restart' : loaded;
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
