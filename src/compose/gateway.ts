import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { createConsole } from '../api/console/console.tsx';
import { createAssets } from '../api/http/assets.ts';
import { createHttpApp } from '../api/http/http-app.ts';
import { startHttpServer } from '../api/http/http-server.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { createOpenPort } from '../drivers/ports/open-port.ts';
import { createDriverRegistry } from '../drivers/registry.ts';
import { createSimulatedDevices } from '../drivers/simulated-devices.ts';
import { createSupervisor } from '../drivers/supervisor.ts';
import type { EquipmentFacts } from '../gateway/core/access/facts.ts';
import type { Clock } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import { createAccessLog } from '../gateway/services/access-log.ts';
import { createClockWatch } from '../gateway/services/clock-trust.ts';
import { createReplay } from '../gateway/services/decisions/replay.ts';
import { createWhatIf } from '../gateway/services/decisions/what-if.ts';
import { createDeviceJournal } from '../gateway/services/device-journal.ts';
import { createDirectoryUpdates } from '../gateway/services/directory/create-directory-updates.ts';
import { createFeed } from '../gateway/services/feed.ts';
import { createOutbox } from '../gateway/services/journal/outbox.ts';
import { createLaneService } from '../gateway/services/lanes/lane-service.ts';
import { createMetrics } from '../gateway/services/metrics.ts';
import { createOccupancy } from '../gateway/services/occupancy.ts';
import { createOccupancyCare } from '../gateway/services/occupancy-care.ts';
import { createOperators } from '../gateway/services/operators.ts';
import { openDirectory } from '../gateway/store/directory.ts';
import { openSiteStore } from '../gateway/store/site-store.ts';
import type { Visitor } from '../simulation/traffic.ts';
import { assetSources } from './assets-of-program.ts';
import { openIngest } from './ingest.ts';
import { startSiteSimulation } from './site-simulation.ts';
import { startSync } from './sync-with-central.ts';
import { createSynchronisationCheck } from './time-synchronisation.ts';
import { unreadinessOf } from './unreadiness.ts';

export interface GatewayDeps {
	readonly config: GatewayConfig;
	readonly clock: Clock;
	readonly log: Log;
	readonly version: string;
	/** Who comes by, where the configuration asks for simulated traffic. */
	readonly visitors?: readonly Visitor[];
}

/** Before the first product licence everything is on (DOMAIN.md, product licence). */
const COMMISSIONING: EquipmentFacts = {
	productLicence: 'commissioning',
	rfidEnabled: true,
	unlicensedCameras: [],
	parkActive: true,
};

export interface RunningGateway {
	readonly consoleUrl: string;
	/** One-time link for the first administrator; null when there is one. */
	readonly claimUrl: string | null;
	/** In reverse order of the start; whatever fails is logged, the rest still stops. */
	stop(): Promise<void>;
}

/** Wires and starts one site. When anything can't start, what was started stops again and the reason is thrown. */
export async function startGateway(deps: GatewayDeps): Promise<RunningGateway> {
	await using starting = new AsyncDisposableStack();
	const running = await wire(deps, starting);
	const started = starting.move();
	return { ...running, stop: () => started.disposeAsync() };
}

async function wire(deps: GatewayDeps, stack: AsyncDisposableStack): Promise<Omit<RunningGateway, 'stop'>> {
	const { config, clock, log, version } = deps;
	const { site } = config;
	const metrics = createMetrics();
	stack.defer(() => metrics.stop());
	const commitTimer = {
		monotonicMs: () => clock.monotonicMs(),
		onCommit: (ms: number) => metrics.observeCommit(ms / 1_000),
	};
	const store = openSiteStore({ dir: config.store.dir, nowMs: clock.nowMs, log, commitTimer });
	stack.defer(() => store.close());
	const directory = openDirectory({ dir: config.store.dir, store, clock, log });
	stack.defer(() => directory.close());
	store.settings.countBoot();
	const clockWatch = createClockWatch(clock, store.settings, {
		isSynchronised: createSynchronisationCheck(clock),
	});
	stack.defer(() => clockWatch.stop());

	const feed = createFeed((error) => log.warn({ err: error }, 'a listener of live events failed'));
	const accessLog = createAccessLog({ store, lanes: site.lanes });
	const occupancy = createOccupancy({ store, site });
	const journalGrew = () => sync.journalGrew();
	const operators = createOperators({ clock, log, store, newId: randomUUIDv7, journalGrew });
	const registry = createDriverRegistry();
	const simulated = createSimulatedDevices({ clock, random: Math.random }, registry, config.devices);
	const deviceJournal = createDeviceJournal({ store, nowMs: clock.nowMs, log, journalGrew });
	const lanes = createLaneService({
		clock,
		log,
		site,
		store,
		directory: directory.reader,
		accessLog,
		occupancy,
		feed,
		metrics,
		newId: randomUUIDv7,
		soon: setImmediate,
		clockTrust: clockWatch.trust,
		opens: (deviceId) => supervisor.device(deviceId)?.opens,
		shows: (deviceId) => supervisor.device(deviceId)?.shows,
		holds: (deviceId) => supervisor.device(deviceId)?.holds,
		equipment: () => COMMISSIONING,
		deviceStatus: (deviceId) => supervisor.device(deviceId)?.status(),
		journalGrew,
	});
	stack.defer(() => lanes.stop());
	const occupancyCare = createOccupancyCare({
		site,
		store,
		directory: directory.reader,
		clock,
		log,
		changed: () => feed.publish({ type: 'occupancy', areas: occupancy.list() }),
		journalGrew,
	});
	stack.defer(() => occupancyCare.stop());
	const whatIf = createWhatIf({
		site,
		directory: directory.reader,
		loadFacts: lanes.loadFacts,
		modeOf: store.laneModes.get,
	});
	const replay = createReplay(store);
	const supervisor = createSupervisor(
		{
			clock,
			log,
			registry,
			openPort: createOpenPort(clock, simulated.wire),
			random: Math.random,
			newId: randomUUIDv7,
			randomBytes,
			events: {
				...lanes.events,
				onStatus(status) {
					lanes.events.onStatus(status);
					deviceJournal.onStatus(status);
				},
			},
		},
		config.devices,
	);
	stack.defer(() => supervisor.stop());
	stack.defer(() => deviceJournal.stop());

	const directoryUpdates = createDirectoryUpdates({ directory, nowMs: clock.nowMs, log });
	const outbox = createOutbox({ store, nowMs: clock.nowMs });
	const sync = startSync({
		config,
		clock,
		log,
		version,
		outbox,
		directory: directoryUpdates,
		clockTrust: clockWatch.trust,
	});
	stack.defer(() => sync.stop());

	const assets = createAssets(assetSources());
	const devices = () => supervisor.statuses();
	const faces = {
		clock,
		log,
		lanes: lanes.lanes,
		accessLog,
		occupancy,
		occupancyCare,
		whatIf,
		replay,
		operators,
		devices,
		sync: sync.status,
	};
	const http = createHttpApp({
		...faces,
		version,
		timeZone: site.timeZone,
		feed,
		metrics,
		assets,
		unreadiness: () => unreadinessOf({ lanes, directory: directory.reader, isSynced: config.mqtt !== undefined }),
		console: createConsole({ ...faces, site, assetUrl: assets.url }),
	});
	const server = await startHttpServer({ http, listen: config.http, dir: config.store.dir, clock, log });
	stack.defer(() => server.stop());
	const ingest = await openIngest({ config, clock, log, receiver: supervisor.receiver });
	if (ingest !== undefined) stack.defer(() => ingest.close());
	supervisor.start();
	const traffic = startSiteSimulation({ ...deps, registry, simulated, ingest, visitors: deps.visitors ?? [] });
	stack.defer(() => traffic.stop());

	log.info(
		{ site: site.id, url: server.url, lanes: site.lanes.length, devices: config.devices.length },
		'gateway running',
	);
	const claimUrl = operators.unclaimed() ? `${server.url}/claim?code=${operators.newClaimCode()}` : null;
	return { consoleUrl: server.url, claimUrl };
}
