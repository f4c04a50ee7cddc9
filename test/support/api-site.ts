import { randomUUID } from 'node:crypto';
import { createHttpApp, type HttpAppDeps } from '../../src/api/http/http-app.ts';
import { parseProposedConfig } from '../../src/compose/configuration.ts';
import { wireOwnAccess } from '../../src/compose/own-access-of-site.ts';
import { proposedSite } from '../../src/compose/proposed-site.ts';
import { createPlaces } from '../../src/gateway/core/permission/scope.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import { createReplay } from '../../src/gateway/services/decisions/replay.ts';
import { createWhatIf } from '../../src/gateway/services/decisions/what-if.ts';
import { createFeed } from '../../src/gateway/services/feed.ts';
import { createLaneEvents } from '../../src/gateway/services/lane-events.ts';
import { createMetrics } from '../../src/gateway/services/metrics.ts';
import { createOccupancy } from '../../src/gateway/services/occupancy.ts';
import { createOccupancyCare } from '../../src/gateway/services/occupancy-care.ts';
import { createOperators } from '../../src/gateway/services/operators.ts';
import { createParkingSessionList } from '../../src/gateway/services/parking-sessions.ts';
import { createPassages } from '../../src/gateway/services/passages.ts';
import { createTestAccounts } from './accounts-bench.ts';
import { createTestConfiguration } from './configuration-bench.ts';
import { createScriptedTester } from './connection-tests.ts';
import { createTestEnrolments } from './enrolments-bench.ts';
import { createTestEvidence } from './evidence-bench.ts';
import { createTestFieldWork } from './field-work-bench.ts';
import { requestOf, signIn } from './http-site.ts';
import { createSiteLicensing } from './licensing-bench.ts';
import { createTestMaintenance } from './maintenance-bench.ts';
import { type AddedOperator, addOperator, allowSeveral, rememberingHasher } from './operators.ts';
import { createSiteReports } from './reports-bench.ts';
import { createSiteBench } from './site-bench.ts';
import { createSitePrivacy } from './site-privacy.ts';
import { createSiteDirectory, createSiteImports, createSiteStandings } from './site-services.ts';

/** One park, an entry that can be held open, an exit, and a strict exit. */
export const SITE_YAML = `site: { id: site-1, tenant: acme, name: North, timeZone: Europe/Brussels }
store: { dir: store }
parks: [{ id: P1, name: Park, capacity: 20, areas: [{ id: A1, name: Deck, capacity: 10 }, { id: A1-vip, parent: A1, capacity: 2 }] }]
devices:
  - { id: reader-1, driver: osdp, port: "sim:bus-1", address: 1, key: "\${credential:reader-1}" }
  - { id: reader-2, driver: osdp, port: "sim:bus-1", address: 2 }
  - { id: boom-1, driver: modbus-relay, port: "sim:boom-1", outputs: { open: 1, hold: 2 }, inputs: { arming: 1, safety: 2, closing: 3 } }
  - { id: boom-2, driver: modbus-relay, port: "sim:boom-2", outputs: { open: 1 }, inputs: { arming: 1, safety: 2, closing: 3 } }
  - { id: boom-3, driver: modbus-relay, port: "sim:boom-3", outputs: { open: 1 }, inputs: { arming: 1, safety: 2, closing: 3 } }
lanes:
  - { id: L1, name: North entry, kind: entry, from: outside, to: A1, readers: [reader-1], barrier: boom-1, hold: boom-1.hold }
  - { id: L2, name: Exit, kind: exit, from: A1, to: outside, readers: [reader-2], barrier: boom-2 }
  - { id: L3, name: Back gate, kind: exit, from: A1, to: outside, barrier: boom-3, strictExit: true }
mqtt: { url: "mqtts://broker.example:8883", ca: ca.pem, password: "\${credential:mqtt}" }
`;

/** Each text is read once: most tests have the same site. */
const sites = new Map<string, Site>();

export function siteOf(yaml: string): Site {
	const known = sites.get(yaml);
	if (known !== undefined) return known;
	const parsed = parseProposedConfig(yaml, 'gateway.yaml');
	if (parsed.result === 'invalid') throw new Error(JSON.stringify(parsed.problems));
	sites.set(yaml, parsed.config.site);
	return parsed.config.site;
}

/** The HTTP face on real lanes, a real store and a real directory; only the hardware is played. */
export async function createApiSite(options: { site?: Site; dir?: string } = {}) {
	const { site = siteOf(SITE_YAML) } = options;
	const bench = await createSiteBench({ ...options, site });
	const { store, clock, log, directory, service, accessLog } = bench;
	const common = { store, clock, log, newId: randomUUID, journalGrew: () => undefined };
	const occupancyCare = createOccupancyCare({
		...common,
		site,
		directory: directory.reader,
		changed: () => undefined,
	});
	const metrics = createMetrics();
	allowSeveral(store);
	const siteDirectory = createSiteDirectory({ store, clock, directory: directory.reader }, site);
	const imports = createSiteImports({ store, log, directory, edits: siteDirectory.edits }, site);
	const whatIf = createWhatIf({
		...{ site, directory: directory.reader, loadFacts: service.loadFacts },
		modeOf: store.laneModes.get,
	});
	const evidence = createTestEvidence({ store, clock, log });
	const licences = createSiteLicensing({ dir: bench.dir, store, clock, log }, site);
	const administered = createOperators({ ...common, hasher: rememberingHasher, places: createPlaces(site) });
	const reports = createSiteReports({ store, clock, log }, site, {
		accessLog,
		...{ directory, directoryLists: siteDirectory.directoryLists, visitors: siteDirectory.visitors, licences },
		operators: administered,
	});
	const maintenance = createTestMaintenance({ store, clock, log, site, licenceGrants: licences.licenceGrants });
	const accounts = createTestAccounts(
		{ operators: administered, store, clock, log, directory: directory.reader, edits: siteDirectory.edits },
		site,
	);
	const { offboarding } = accounts;
	const privacy = createSitePrivacy({
		...{ store, clock, log, directory: directory.reader },
		...{ edits: siteDirectory.edits, endImages: evidence.ending.endOf },
	});
	const standings = createSiteStandings({ store, clock, directory: directory.reader }, site);
	const deps: HttpAppDeps = {
		evidence: evidence.evidence,
		...{ clock, log, accessLog, occupancyCare, metrics, proposedSite },
		operators: administered,
		...accounts,
		lanes: service.lanes,
		feed: createFeed(() => undefined),
		occupancy: createOccupancy({ store, site }),
		enrolments: createTestEnrolments({
			...{ clock, log, store, site, directory: directory.reader },
			lanes: service.lanes,
			devices: () => [],
		}),
		keyWindows: { open: () => ({ result: 'noDevice' }), close: () => false },
		passages: createPassages({ store }),
		laneEvents: createLaneEvents({ store, lanes: site.lanes }),
		recentReads: bench.recentReads,
		...siteDirectory,
		imports,
		...reports.reports,
		...privacy,
		...standings,
		...wireOwnAccess({
			...{ site, store, clock, directory: directory.reader, operators: administered, offboarding, accessLog, whatIf },
			...{ ...standings, ...siteDirectory, personalData: privacy.personalData, journalGrew: () => undefined },
		}),
		...licences,
		...licences,
		maintenance,
		configuration: createTestConfiguration({ dir: bench.dir, clock, log }).configuration,
		people: { operatorName: (operatorId) => store.operators.operatorById(operatorId)?.name ?? null },
		parkingSessions: createParkingSessionList({ site, store, directory: directory.reader }),
		replay: createReplay(store),
		whatIf,
		...createTestFieldWork({
			...{ site, store, directory: directory.reader, whatIf, accessLog, clock },
			moderation: evidence.moderation,
		}),
		site,
		version: '9.9.9',
		clockTrust: () => 'synced',
		confirmClock: () => undefined,
		unreadiness: () => [],
		devices: () => [],
		connectionTest: createScriptedTester(),
		sync: () => ({
			...{ configured: false, connected: false, problem: null, sinceMs: 0, outboxDepth: 0, lastAckAtMs: null },
			history: { gatewayEpoch: 'epoch-1', reason: 'new', sinceMs: 0 },
			deadLetters: { count: 0, newest: [] },
			disk: { room: 'ample', freeBytes: null },
			refused: {},
			streams: [],
			repairs: { rows: 0, atMs: null },
		}),
	};
	const http = createHttpApp(deps);
	const request = requestOf(http);
	const operators = {
		store,
		addOperator: (operator: AddedOperator) => addOperator(store, clock.nowMs(), operator),
	};
	return {
		...bench,
		http,
		signIn: (role: string) => signIn({ bench: operators, request }, role),
		/** Time goes on in small steps until the answer is there: lanes answer after a turn of theirs. */
		async answered(asked: Promise<Response>): Promise<Response> {
			let response: Response | undefined;
			void asked.then((answer) => {
				response = answer;
			});
			for (let turn = 0; turn < 1_000 && response === undefined; turn += 1) await clock.advanceAsync(1);
			if (response === undefined) throw new Error('no answer came');
			return response;
		},
		async close() {
			occupancyCare.stop();
			await imports.stop();
			await reports.stop();
			await maintenance.stop();
			metrics.stop();
			await bench.close();
		},
	};
}

export type ApiSite = Awaited<ReturnType<typeof createApiSite>>;
