import type { FleetOptions, FleetProgress, FleetReport, SimulateHandlers } from '../api/cli/simulate-handlers.ts';
import type { Clock } from '../gateway/core/clock.ts';
import { createClockScope } from '../gateway/core/clock-scope.ts';
import { createSeededRandom } from '../gateway/core/seeded-random.ts';
import type { LaneRules } from '../gateway/core/site.ts';
import { createLog } from '../log.ts';
import { createMqttLinks } from '../sync/mqtt-link.ts';
import { createSystemClock } from '../system-clock.ts';
import { readConfig, requireValid } from './configuration.ts';
import { cuttable } from './cuttable-links.ts';
import { demoConfigFile } from './demo.ts';
import { lookAtLedger } from './fleet-ledger.ts';
import { createFleetSite, type FleetSite } from './fleet-site.ts';
import { type FleetSurroundings, startSurroundings } from './fleet-surroundings.ts';

const LOOK_EVERY_MS = 100;
/** Longer than a vehicle takes. */
const UNDER_WAY_MS = 5_000;
/** A broker that restarts is away for so long. */
const AWAY_MS = 5_000;

/** Lives a fleet through and says what came of it. */
export function simulateFleet(version: string): SimulateHandlers['simulateFleet'] {
	return async (options) => {
		const { url, tenant, people } = options;
		const surroundings = url === undefined ? await startSurroundings({ tenant, people }) : undefined;
		// Who breaks it off early leaves sites that have not started yet.
		const scope = createClockScope(createSystemClock());
		try {
			return await live(options, { version, surroundings, clock: scope.clock });
		} finally {
			scope.end();
			await surroundings?.end();
		}
	};
}

async function live(
	options: FleetOptions,
	deps: { readonly version: string; readonly surroundings: FleetSurroundings | undefined; readonly clock: Clock },
): Promise<FleetReport> {
	const { version, surroundings, clock } = deps;
	const log = createLog({ level: 'error', format: 'text', write: (line) => void process.stderr.write(line) });
	const rules = usualRules();
	const links = cuttable(createMqttLinks(clock));
	const url = surroundings?.url ?? options.url ?? '';
	const random = createSeededRandom(options.seed);
	const sites = Array.from({ length: options.sites }, (_, place) =>
		createFleetSite({
			...{ site: `sim-${String(place + 1).padStart(4, '0')}`, tenant: options.tenant, version, clock, log, rules },
			...{ broker: () => ({ url }), openLink: links.openLink, eventsPerDay: options.eventsPerDay },
			random: createSeededRandom(random.between(0, 2 ** 32 - 1)),
		}),
	);
	const patienceMs = options.patienceS * 1_000;
	let phase: FleetProgress['phase'] = 'connecting';
	const wait = waiter(options.signal, () => options.onProgress({ phase, ...countOf(sites) }));

	for (const [place, site] of sites.entries()) clock.after((place / sites.length) * options.rampS * 1_000, site.start);
	const allConnectedMs = await wait(() => sites.every(isInSync), patienceMs + options.rampS * 1_000);

	phase = 'steady';
	const steady = rate(sites);
	const busyMs = options.durationS * 1_000;
	await pass(wait, options.storm ? busyMs / 2 : busyMs);
	const rates = steady();
	if (options.storm) phase = 'storm';
	const storm = options.storm ? await strike({ sites, wait, patienceMs, surroundings, cutAll: links.cutAll }) : null;
	if (options.storm) await pass(wait, busyMs / 2);

	phase = 'draining';
	for (const site of sites) site.rest();
	// Vehicles under way still pass.
	await pass(wait, UNDER_WAY_MS);
	const drainedMs = await wait(() => sites.every(({ sync }) => sync.status().outboxDepth === 0), patienceMs);
	const counts = countOf(sites);
	const others = surroundings?.use() ?? [];
	const processes = [ownUse(), ...others.map((use) => ({ ...use, processorS: round(use.processorS) }))];
	for (const site of sites) await site.sync.stop();
	await surroundings?.stopCentral();
	const looked = surroundings && lookAtLedger(surroundings.storeDir, options.tenant, sites);
	return {
		...{ sites: sites.length, seed: options.seed, steady: rates, storm, processes },
		...{ produced: counts.produced, acknowledged: counts.acknowledged },
		allConnectedS: seconds(allConnectedMs),
		drainedS: seconds(drainedMs),
		ledger: looked?.ledger ?? null,
		current: looked?.current ?? null,
	};
}

/** Waits for something; @returns how long it took, undefined: not within the time. */
function waiter(signal: AbortSignal, look: () => void) {
	return async (holds: () => boolean, atMostMs: number): Promise<number | undefined> => {
		const startedMs = performance.now();
		while (!holds()) {
			if (signal.aborted || performance.now() - startedMs > atMostMs) return undefined;
			look();
			await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
		}
		return performance.now() - startedMs;
	};
}

/** Lets time pass. */
async function pass(wait: ReturnType<typeof waiter>, ms: number): Promise<void> {
	const untilMs = performance.now() + ms;
	await wait(() => performance.now() >= untilMs, ms * 2);
}

/** The broker is gone with all it knew, and comes back; then every site at once. */
async function strike(deps: {
	readonly sites: readonly FleetSite[];
	readonly wait: ReturnType<typeof waiter>;
	readonly patienceMs: number;
	readonly surroundings: FleetSurroundings | undefined;
	readonly cutAll: () => void;
}): Promise<NonNullable<FleetReport['storm']>> {
	const { sites, wait, patienceMs, surroundings } = deps;
	if (surroundings === undefined) deps.cutAll();
	else {
		await surroundings.killBroker();
		await pass(wait, AWAY_MS);
		await surroundings.startBroker();
	}
	const waited = new Map(sites.map(({ site, journal }) => [site, journal.lastSeq()]));
	const connectedMs = await wait(() => sites.every(isInSync), patienceMs);
	const waitedMs = await wait(() => sites.every((site) => ackedOf(site) >= (waited.get(site.site) ?? 0)), patienceMs);
	const isBack = connectedMs !== undefined && waitedMs !== undefined;
	return { connectedS: seconds(connectedMs), nothingWaitsS: isBack ? seconds(connectedMs + waitedMs) : null };
}

/** Connected, with central's rows. */
function isInSync({ sync }: FleetSite): boolean {
	const { connected, streams } = sync.status();
	return connected && streams.every(({ syncedAtMs }) => syncedAtMs !== null);
}

/** Central has every event up to here. */
function ackedOf({ sync, journal }: Pick<FleetSite, 'sync' | 'journal'>): number {
	return journal.lastSeq() - sync.status().outboxDepth;
}

function countOf(sites: readonly Pick<FleetSite, 'sync' | 'journal'>[]) {
	let [connected, produced, acknowledged] = [0, 0, 0];
	for (const { sync, journal } of sites) {
		connected += sync.status().connected ? 1 : 0;
		produced += journal.lastSeq();
		acknowledged += ackedOf({ sync, journal });
	}
	return { connected, produced, acknowledged };
}

function rate(sites: readonly FleetSite[]): () => FleetReport['steady'] {
	const [before, startedMs] = [countOf(sites), performance.now()];
	return () => {
		const s = (performance.now() - startedMs) / 1_000;
		const now = countOf(sites);
		return {
			seconds: round(s),
			producedPerS: round((now.produced - before.produced) / s),
			acknowledgedPerS: round((now.acknowledged - before.acknowledged) / s),
		};
	};
}

function ownUse() {
	const { user, system } = process.cpuUsage();
	const memoryMb = Math.round(process.memoryUsage.rss() / 1_048_576);
	return { name: 'fleet', processorS: round((user + system) / 1_000_000), memoryMb };
}

/** Those of a lane that says nothing of its own. */
function usualRules(): LaneRules {
	const [lane] = requireValid(readConfig(demoConfigFile())).config.site.lanes;
	if (lane === undefined) throw new Error('the demo has no lane');
	return lane.rules;
}

function seconds(ms: number | undefined): number | null {
	return ms === undefined ? null : round(ms / 1_000);
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}
