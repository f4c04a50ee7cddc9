import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LaneRun, SimulateHandlers, SiteRunOptions, SiteRunReport } from '../api/cli/simulate-handlers.ts';
import type { Clock } from '../gateway/core/clock.ts';
import type { Site } from '../gateway/core/site.ts';
import { createLog } from '../log.ts';
import type { Traffic } from '../simulation/traffic.ts';
import type { VehicleEnd } from '../simulation/vehicle.ts';
import { demoPopulation } from '../sync/central/demo-population.ts';
import { createSystemClock } from '../system-clock.ts';
import { readConfig, requireFileWithoutSecrets, requireValid } from './configuration.ts';
import { demoConfigFile } from './demo.ts';
import { startLocalCentral } from './local-central.ts';
import { runGateway } from './run-gateway.ts';
import { simulatedConfig, withReadableCards } from './simulated-config.ts';
import { lookAtSite, stillOpen } from './site-ledger.ts';
import type { TrafficWatch } from './site-simulation.ts';

const LOOK_EVERY_MS = 100;
const LOOK_AT_STORE_MS = 1_000;
/** After the last vehicle: lanes close, what was inferred is written. */
const LANES_REST_MS = 4_000;

/** Lives one site's vehicles through, and says whether the gateway counts what is really there. */
export function simulateSite(version: string): SimulateHandlers['simulateSite'] {
	return async (options) => {
		const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-site-'));
		try {
			await using stack = new AsyncDisposableStack();
			return await live(options, version, dir, stack);
		} finally {
			rmSync(dir, { recursive: true, force: true });
		}
	};
}

async function live(
	options: SiteRunOptions,
	version: string,
	dir: string,
	stack: AsyncDisposableStack,
): Promise<SiteRunReport> {
	const { seed, everyMs } = options;
	const configFile = options.configFile ?? demoConfigFile();
	// Whoever may not read the secrets of a site may simulate it all the same.
	const read =
		options.configFile === undefined ? requireValid(readConfig(configFile)) : requireFileWithoutSecrets(configFile);
	const config = simulatedConfig(read.config, { dir: path.join(dir, 'site'), everyMs, seed });
	const file = { ...read, config };
	const clock = createSystemClock();
	const log = createLog({ level: 'error', format: 'text', write: (line) => void process.stderr.write(line) });
	const population = withReadableCards(
		demoPopulation({
			...{ seed, people: options.people, nowMs: clock.nowMs() },
			...{ timeZone: config.site.timeZone, reservedAreaId: 'reserved' },
		}),
		config,
	);
	const around = { config, clock, log, version };
	const central = await startLocalCentral(
		{ ...around, population, brokerPort: 0, storeDir: path.join(dir, 'central') },
		stack,
	);
	const run = watchVehicles(options, config.site);
	const ended = new AbortController();
	const gateway = runGateway({
		...{ configFile, file, readFile: () => file, clock, log, version, signal: ended.signal },
		...{ adapt: central.adapt, visitors: population.visitors, trafficWatch: run.watch, onReady: () => undefined },
	});
	const site = { dir: config.store.dir, site: config.site, central: central.service.central };
	const unsettled = await untilEnough(options, run, { clock, gateway, open: () => stillOpen(site) }).finally(() =>
		ended.abort(),
	);
	await gateway;
	const looked = lookAtSite({ ...site, parkedIn: run.traffic?.parkedIn() ?? [] });
	return {
		...{ site: config.site.id, seed, seconds: Math.round(run.seconds()), lanes: run.lanes, unsettled },
		...looked,
		equal: looked.occupancy.every(({ equal }) => equal),
	};
}

/** What vehicles really do, as the simulation sees it. */
interface VehicleRun {
	readonly watch: TrafficWatch;
	readonly lanes: readonly LaneRun[];
	readonly vehicles: () => number;
	readonly seconds: () => number;
	traffic: Omit<Traffic, 'stop'> | undefined;
}

const ENDS = { through: 'through', turnedAway: 'turnedAway', backedOut: 'backedOut' } as const satisfies Record<
	VehicleEnd,
	keyof LaneRun
>;

function watchVehicles({ onProgress, enough }: SiteRunOptions, site: Site): VehicleRun {
	const lanes = site.lanes.map(({ id, kind }) => ({
		...{ lane: id, kind, vehicles: 0, through: 0, turnedAway: 0, backedOut: 0 },
	}));
	const startedMs = performance.now();
	const seconds = () => (performance.now() - startedMs) / 1_000;
	const vehicles = () => lanes.reduce((sum, lane) => sum + lane.vehicles, 0);
	const run: VehicleRun = {
		...{ lanes, vehicles, seconds, traffic: undefined },
		watch: {
			onStart(traffic) {
				run.traffic = traffic;
			},
			onEnd({ id }, _, end) {
				const lane = lanes.find((known) => known.lane === id);
				if (lane === undefined) return;
				lane.vehicles += 1;
				lane[ENDS[end]] += 1;
				if ('vehicles' in enough) onProgress({ done: vehicles(), total: enough.vehicles });
				else onProgress({ done: Math.round(seconds()), total: enough.minutes * 60 });
			},
		},
	};
	return run;
}

/** @returns what did not come to rest; ends early when the gateway ends by itself. */
async function untilEnough(
	{ enough, signal, patienceS }: SiteRunOptions,
	run: VehicleRun,
	around: { readonly clock: Clock; readonly gateway: Promise<unknown>; readonly open: () => readonly string[] },
): Promise<readonly string[]> {
	const { clock, open } = around;
	let hasEnded = false;
	const end = () => {
		hasEnded = true;
	};
	const ended = around.gateway.then(end, end);
	const pause = (ms: number) => Promise.race([new Promise<void>((resolve) => void clock.after(ms, resolve)), ended]);
	const isEnough = () =>
		'vehicles' in enough ? run.vehicles() >= enough.vehicles : run.seconds() >= enough.minutes * 60;
	while (!isEnough() && !hasEnded && !signal.aborted) await pause(LOOK_EVERY_MS);
	run.traffic?.rest();
	const untilMs = clock.monotonicMs() + patienceS * 1_000;
	const isLate = () => hasEnded || clock.monotonicMs() >= untilMs;
	while (run.traffic?.isEmpty() === false && !isLate()) await pause(LOOK_EVERY_MS);
	if (run.traffic?.isEmpty() === false) return ['vehicles still stand in the lanes'];
	await pause(LANES_REST_MS);
	while (!hasEnded && open().length > 0 && !isLate()) await pause(LOOK_AT_STORE_MS);
	return hasEnded ? [] : open();
}
