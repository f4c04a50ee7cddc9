import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { createConsole } from '../api/console/console.tsx';
import { createAssets } from '../api/http/assets.ts';
import { createHttpApp } from '../api/http/http-app.ts';
import { startHttpServer } from '../api/http/http-server.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { createHttpExchange } from '../drivers/ports/http-exchange.ts';
import { createOpenPort } from '../drivers/ports/open-port.ts';
import { createTakeStill } from '../drivers/ports/take-still.ts';
import { createDriverRegistry } from '../drivers/registry.ts';
import { createSimulatedDevices } from '../drivers/simulated-devices.ts';
import type { Clock } from '../gateway/core/clock.ts';
import type { AuditEntry } from '../gateway/core/journal.ts';
import { isUnlocked } from '../gateway/core/licence/licence-kinds.ts';
import type { Log } from '../gateway/core/log.ts';
import { createBookings } from '../gateway/services/bookings/bookings.ts';
import type { AttachedGateway, SiteConfiguration } from '../gateway/services/configuration/site-configuration.ts';
import { createClockConfirmation } from '../gateway/services/confirm-clock.ts';
import { createBundleApplication } from '../gateway/services/directory/apply-bundle.ts';
import { createRowLook } from '../gateway/services/directory/row-look.ts';
import { createOutbox } from '../gateway/services/journal/outbox.ts';
import { tellCodes } from '../gateway/services/journal/tell-codes.ts';
import { createLaneEvents } from '../gateway/services/lane-events.ts';
import type { LateEffect } from '../gateway/services/lanes/late-journal.ts';
import { createMetrics } from '../gateway/services/metrics.ts';
import { createParkingSessionList } from '../gateway/services/parking-sessions.ts';
import { createPassages } from '../gateway/services/passages.ts';
import { createBookingPlaces } from '../gateway/services/stays/booking-places.ts';
import { createRightStandings } from '../gateway/services/stays/right-standing.ts';
import { createStayDurations } from '../gateway/services/stays/stay-durations.ts';
import { createVisitors } from '../gateway/services/visitors/visitors.ts';
import { openDirectory } from '../gateway/store/directory.ts';
import type { EmergencyStore } from '../gateway/store/emergency-store.ts';
import type { Visitor } from '../simulation/traffic.ts';
import { createMqttLinks } from '../sync/mqtt-link.ts';
import { lookingAtAccounts, wireAccounts } from './accounts-of-site.ts';
import { wireActivityTold } from './activity-of-site.ts';
import { assetSources } from './assets-of-program.ts';
import { createSubscriptions } from './device-subscriptions.ts';
import { diagnosticReport } from './diagnostics.ts';
import { wireDirectory } from './directory-of-site.ts';
import { wireEvidence } from './evidence-of-site.ts';
import { gatewayHealth } from './gateway-health.ts';
import { wireImports } from './imports-of-site.ts';
import { cameraPushes, openIngest } from './ingest.ts';
import { lookingAtLicences, wireLicensing } from './licensing-of-site.ts';
import { wireMail } from './mail-of-site.ts';
import { wireMaintenance } from './maintenance-of-site.ts';
import { openMonitorSocket } from './monitor-socket.ts';
import { wireOperators } from './operators-of-site.ts';
import { wireOwnAccess } from './own-access-of-site.ts';
import { peopleOfSite } from './people-of-site.ts';
import { wirePrivacy } from './privacy-of-site.ts';
import { proposedSite } from './proposed-site.ts';
import { wireRemoteControl } from './remote-control.ts';
import { wireReports } from './reports-of-site.ts';
import { wireSite } from './site.ts';
import { startSiteSimulation, type TrafficWatch } from './site-simulation.ts';
import { openStoreOfSite } from './store-of-site.ts';
import { startSync } from './sync-with-central.ts';
import { createSynchronisationCheck } from './time-synchronisation.ts';
import { unreadinessOf } from './unreadiness.ts';
import { withoutDisk } from './without-disk.ts';

export interface GatewayDeps {
	readonly config: GatewayConfig;
	readonly clock: Clock;
	readonly log: Log;
	readonly version: string;
	/** The configured store can't be written: this one is in memory, lanes follow their `onStoreFailure`, nothing is synced. */
	readonly emergency?: EmergencyStore;
	/** What an earlier life of the gateway could not write. */
	readonly carriedEffects?: readonly LateEffect[];
	/** Who comes by, where the configuration asks for simulated traffic. */
	readonly visitors?: readonly Visitor[];
	readonly trafficWatch?: TrafficWatch;
	/** A signed product licence that comes with the configuration. */
	readonly licence?: string;
	/** Which configuration runs, and which others could. */
	readonly configuration: SiteConfiguration;
	readonly configFile: string;
	/** Ends the gateway cleanly, to be started again. */
	readonly restart: () => void;
	/** Warnings and errors of the log, oldest first. */
	readonly recentProblems: () => readonly string[];
}

export interface RunningGateway extends AttachedGateway {
	readonly consoleUrl: string;
	/** One-time link for the first administrator; null when there is one. */
	readonly claimUrl: string | null;
	/** What the lanes did and could not be written. */
	lateEffects(): readonly LateEffect[];
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
	const { clock, log, version, configuration } = deps;
	const config = deps.emergency === undefined ? deps.config : withoutDisk(deps.config, deps.emergency);
	const { site } = config;
	const metrics = createMetrics();
	stack.defer(() => metrics.stop());
	const store = openStoreOfSite({ dir: config.store.dir, clock, log, metrics }, stack);
	const hasCentral = deps.config.mqtt !== undefined;
	const standalone = hasCentral ? {} : { standaloneNowMs: clock.nowMs };
	const directory = openDirectory({ dir: config.store.dir, store, clock, log, ...standalone });
	stack.defer(() => directory.close());
	const journalGrew = () => tellActivity(sync.journalGrew);
	const seen = { licences: () => licences, clockTrust: () => clockWatch.trust(), evidence: () => evidence };
	const lists = () => listThread;
	const mail = wireMail({ config, clock, log, store, journalGrew }, stack);
	const operators = wireOperators({ config, clock, log, store, directory, journalGrew, lists, ...seen, mail }, stack);
	const registry = createDriverRegistry();
	const simulated = createSimulatedDevices({ clock, random: Math.random }, registry, config.devices);
	const evidence = wireEvidence({ config, store, directory, clock, log, newId: randomUUIDv7, journalGrew }, stack);
	const wired = wireSite(
		{
			...{ config, clock, log, store, directory, metrics, registry, journalGrew, randomBytes, evidence },
			...(deps.emergency && { storeProblem: deps.emergency.problem }),
			...(deps.carriedEffects && { carriedEffects: deps.carriedEffects }),
			isSynchronised: createSynchronisationCheck(clock),
			openPort: createOpenPort(clock, simulated.wire),
			openSubscription: createSubscriptions({ clock, random: Math.random, site: site.id }, createMqttLinks(clock)),
			exchange: createHttpExchange(randomBytes),
			takeStill: createTakeStill(clock),
			newId: randomUUIDv7,
			random: Math.random,
			soon: setImmediate,
			equipment: (lane) => licences.licensing.equipment(lane),
		},
		stack,
	);
	const { clockWatch, feed, accessLog, occupancy, occupancyCare, lanes, whatIf, replay, enrolments, supervisor } =
		wired;
	const tellActivity = wireActivityTold({ operators, feed, log });

	const licences = await wireLicensing(
		{
			...{ config, clock, log, version, store, directory, journalGrew },
			...{ clockTrust: clockWatch.trust, newId: randomUUIDv7, findOperators: (q) => listThread.ask('operators', q) },
		},
		stack,
	);
	const { listThread, updates, edits, settlement, recordRepair, directoryLists, folded, takeAway } = wireDirectory(
		{
			...{ site, store, directory, clock, log, hasCentral, journalGrew },
			...(deps.emergency && { storeProblem: deps.emergency.problem }),
			newId: randomUUIDv7,
			licensed: () => licences.licensing.standing(),
		},
		stack,
	);
	const atSite = { site, store, directory, clock, log, edits, journalGrew };
	const imports = wireImports({ ...atSite, newId: randomUUIDv7 });
	stack.defer(() => imports.stop());
	const privacy = wirePrivacy(
		{
			...{ store, directory, edits, folded, hasCentral, clock, log, journalGrew },
			...{ imports, takeAway, lists: directoryLists, evidence: evidence.ending },
			...{ retention: config.retention, timeZone: site.timeZone, clockTrust: clockWatch.trust },
			newId: randomUUIDv7,
		},
		stack,
	);
	const visitors = createVisitors({
		...{ site, directory: directory.reader, lists: directoryLists, edits, clock, randomBytes },
		newId: randomUUIDv7,
	});
	const rest = () => new Promise<void>((resolve) => setImmediate(resolve));
	const accounts = wireAccounts({ ...atSite, hasCentral, operators, rest }, stack);
	const maintenance = wireMaintenance(
		{ config, store, clock, log, licences, rest, journalGrew, newId: randomUUIDv7 },
		stack,
	);
	const outbox = tellCodes(createOutbox({ store, nowMs: clock.nowMs, newId: randomUUIDv7, rest }), store);
	const unreadiness = () => unreadinessOf({ lanes, directory: directory.reader, isSynced: hasCentral });
	const devices = () => supervisor.statuses();
	const health = () =>
		gatewayHealth({ sync: sync.status(), unready: unreadiness(), devices: devices(), lanes: lanes.lanes.list() });
	const remoteControl = wireRemoteControl({
		...{ store, clock, log, journalGrew, lanes: lanes.lanes, configuration, health, restart: deps.restart },
		diagnose: () =>
			diagnosticReport({
				...{ config, configFile: deps.configFile, clock, version, configuration, unreadiness, devices },
				...{ lanes: lanes.lanes, sync: () => sync.status(), recentProblems: deps.recentProblems },
				...{ clockTrust: clockWatch.trust, evidence: evidence.evidence.status },
			}),
	});
	const sync = startSync({
		config,
		clock,
		log,
		version,
		outbox,
		disk: wired.disk,
		directory: updates,
		edits: lookingAtAccounts(lookingAtLicences(settlement, licences.sentDocuments), accounts.centralAccounts),
		onRepaired: recordRepair,
		commands: remoteControl.commands,
		mails: mail.forCentral,
		configuration: remoteControl.configurationOfBirth,
		clockTrust: clockWatch.trust,
	});
	stack.defer(() => sync.stop());

	const audit = (entry: AuditEntry) => {
		store.transaction(() => store.journal.append(entry));
		journalGrew();
	};
	const assets = createAssets(assetSources());
	const base = {
		...{ clock, log, lanes: lanes.lanes },
		...{ accessLog, occupancy, occupancyCare },
		passages: createPassages({ store }),
		laneEvents: createLaneEvents({ store, lanes: site.lanes }),
		parkingSessions: createParkingSessionList({ site, store, directory: directory.reader }),
		whatIf,
		people: peopleOfSite(directory.reader, store),
		clockTrust: clockWatch.trust,
		confirmClock: createClockConfirmation({ clockWatch, store, clock, newId: randomUUIDv7, journalGrew }),
		replay,
		...{ edits, imports, visitors, enrolments },
		fieldWork: wired.fieldWork,
		maintenance,
		...{ keyWindows: wired.keyWindows, recentReads: wired.recentReads },
		evidence: evidence.evidence,
		directoryLists,
		rowLook: () => createRowLook(directory.reader),
		rightStandings: createRightStandings({
			...{ site, store, directory: directory.reader, newId: randomUUIDv7, journalGrew },
			...{ nowMs: clock.nowMs, clockTrust: clockWatch.trust },
		}),
		stayDurations: createStayDurations({
			...{ store, directory: directory.reader, nowMs: clock.nowMs, newId: randomUUIDv7, journalGrew },
		}),
		bundleApplication: createBundleApplication({
			...{ directory: directory.reader, lists: directoryLists, edits, newId: randomUUIDv7 },
		}),
		bookings: createBookings({ site, store, directory: directory.reader, edits, clock }),
		bookingPlaces: createBookingPlaces({ site, directory: directory.reader }),
		...privacy,
		...licences,
		...wireReports(
			{
				...{ site, store, directory, clock, log, journalGrew, devices, directoryLists, accessLog, audit },
				...{ newId: randomUUIDv7, operators, visitors, kindsOf: licences.licenceGrants.kindsOf },
				isUnlocked: (kind) => isUnlocked(licences.licensing.standing(), kind),
			},
			stack,
		),
		operators,
		...accounts,
		devices,
		configuration,
		sync: sync.status,
		connectionTest: sync.connectionTest,
	};
	const faces = { ...base, ...wireOwnAccess({ ...base, site, store, directory: directory.reader, journalGrew }) };
	const ingest = await openIngest({ config, clock, log, receiver: supervisor.receiver });
	if (ingest !== undefined) stack.defer(() => ingest.close());
	const http = createHttpApp({
		...faces,
		cameraPushes: ingest && (() => cameraPushes(ingest)),
		version,
		site,
		proposedSite,
		feed,
		metrics,
		assets,
		unreadiness,
		console: createConsole({ ...faces, site, assetUrl: assets.url }),
	});
	const server = await startHttpServer({ http, listen: config.http, dir: config.store.dir, clock, log });
	stack.defer(() => server.stop());
	stack.use(await openMonitorSocket({ dir: config.store.dir, supervisor, clock, log }));
	if (deps.licence !== undefined) await licences.licensing.installLicence(deps.licence, null);
	supervisor.start();
	const traffic = startSiteSimulation({
		...{ ...deps, registry, simulated, ingest, visitors: deps.visitors ?? [] },
		isReady: () => unreadiness().length === 0,
	});
	stack.defer(() => traffic.stop());

	log.info(
		{ site: site.id, url: server.url, lanes: site.lanes.length, devices: config.devices.length },
		'gateway running',
	);
	const claimUrl = operators.unclaimed() ? `${server.url}/claim?code=${operators.newClaimCode()}` : null;
	const { onHistory } = remoteControl;
	return { consoleUrl: server.url, claimUrl, lateEffects: lanes.lateEffects, health, onHistory };
}
