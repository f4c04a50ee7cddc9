import { randomBytes, randomUUID, randomUUIDv7 } from 'node:crypto';
import { wireImports } from '../../src/compose/imports-of-site.ts';
import { wireOwnAccess } from '../../src/compose/own-access-of-site.ts';
import { proposedSite } from '../../src/compose/proposed-site.ts';
import type { ClockTrust } from '../../src/gateway/core/clock.ts';
import type { DeviceStatus } from '../../src/gateway/core/device.ts';
import { EVERYTHING_LICENSED } from '../../src/gateway/core/licence/licence-facts.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import { createAccessLog } from '../../src/gateway/services/access-log.ts';
import { createBookings } from '../../src/gateway/services/bookings/bookings.ts';
import { createClockConfirmation } from '../../src/gateway/services/confirm-clock.ts';
import { nearestPlates } from '../../src/gateway/services/decisions/nearest-plate.ts';
import { createReplay } from '../../src/gateway/services/decisions/replay.ts';
import { createWhatIf } from '../../src/gateway/services/decisions/what-if.ts';
import { createBundleApplication } from '../../src/gateway/services/directory/apply-bundle.ts';
import { followBundles } from '../../src/gateway/services/directory/bundle-rights.ts';
import { createDirectoryUpdates } from '../../src/gateway/services/directory/create-directory-updates.ts';
import { createDirectoryEdits, type EditDirectoryDeps } from '../../src/gateway/services/directory/edit-directory.ts';
import { findHolders, holderHit } from '../../src/gateway/services/directory/find-holders.ts';
import { createRowLook } from '../../src/gateway/services/directory/row-look.ts';
import { rowRules } from '../../src/gateway/services/directory/row-rules.ts';
import { createLaneEvents } from '../../src/gateway/services/lane-events.ts';
import { createFactsLoader } from '../../src/gateway/services/lanes/load-facts.ts';
import { createRecentReads } from '../../src/gateway/services/observations/recent-reads.ts';
import { createOccupancyCare } from '../../src/gateway/services/occupancy-care.ts';
import { createParkingSessionList } from '../../src/gateway/services/parking-sessions.ts';
import { createPassages } from '../../src/gateway/services/passages.ts';
import { createBookingPlaces } from '../../src/gateway/services/stays/booking-places.ts';
import { createRightStandings } from '../../src/gateway/services/stays/right-standing.ts';
import { createStayDurations } from '../../src/gateway/services/stays/stay-durations.ts';
import { createVisitors } from '../../src/gateway/services/visitors/visitors.ts';
import { openDirectory } from '../../src/gateway/store/directory.ts';
import type { DirectoryReader } from '../../src/gateway/store/directory-reader.ts';
import type { SiteStore } from '../../src/gateway/store/site-store.ts';
import { createSystemClock } from '../../src/system-clock.ts';
import { createTestAccounts } from './accounts-bench.ts';
import { createTestConfiguration } from './configuration-bench.ts';
import { type SeedRow, seedRows } from './directory-seed.ts';
import { createTestEvidence } from './evidence-bench.ts';
import { createTestFieldWork } from './field-work-bench.ts';
import { createSiteLicensing } from './licensing-bench.ts';
import { createTestMaintenance } from './maintenance-bench.ts';
import { createMemoryLists } from './memory-lists.ts';
import type { OperatorsBench } from './operators.ts';
import { createSiteReports } from './reports-bench.ts';
import { createSitePrivacy } from './site-privacy.ts';

/** What reports can be written of, besides the lanes. */
const HANDED_OVER: DeviceStatus = {
	...{ id: 'reader-1', driver: 'osdp', address: 'sim:reader-1', state: 'online', sinceMs: 0 },
	...{ identity: { serial: '4711' }, capabilities: ['reads tags'], statistics: {}, inputs: {} },
};

/** What is asked and corrected about a site, on a real store with a directory of its own that is empty until it is filled. */
export function createSiteServices({ dir, store, clock, log, operators }: OperatorsBench, site: Site) {
	const directory = openDirectory({ dir, store, log });
	const { reader } = directory;
	let trust: ClockTrust = 'synced';
	const loadFacts = createFactsLoader({
		site,
		store,
		directory: reader,
		equipment: () => EVERYTHING_LICENSED,
		lastUse: () => undefined,
		clockTrust: () => trust,
	});
	const occupancyCare = createOccupancyCare({
		site,
		store,
		clock,
		log,
		directory: reader,
		newId: randomUUID,
		changed: () => undefined,
		journalGrew: () => undefined,
	});
	const siteDirectory = createSiteDirectory({ store, clock, directory: reader }, site);
	const imports = createSiteImports({ store, log, directory, edits: siteDirectory.edits }, site);
	const whatIf = createWhatIf({ site, directory: reader, loadFacts, modeOf: store.laneModes.get });
	const accessLog = createAccessLog({ store, directory: reader, lanes: site.lanes });
	const evidence = createTestEvidence({ store, clock, log, lanes: site.lanes });
	const { fieldWork, presentedReads } = createTestFieldWork({
		...{ site, store, directory: reader, whatIf, accessLog, clock },
		moderation: evidence.moderation,
	});
	const configuration = createTestConfiguration({ dir, clock, log });
	const licences = createSiteLicensing({ dir, store, clock, log }, site);
	const reports = createSiteReports({ store, clock, log }, site, {
		accessLog,
		...{ directory, directoryLists: siteDirectory.directoryLists, visitors: siteDirectory.visitors, licences },
		devices: () => [HANDED_OVER],
		operators,
	});
	const maintenance = createTestMaintenance({ store, clock, log, site, licenceGrants: licences.licenceGrants });
	const privacy = createSitePrivacy({
		...{ store, clock, log, directory: reader },
		...{ edits: siteDirectory.edits, endImages: evidence.ending.endOf },
	});
	const accounts = createTestAccounts(
		{ operators, store, clock, log, directory: reader, edits: siteDirectory.edits },
		site,
	);
	const { offboarding } = accounts;
	const standings = createSiteStandings({ store, clock, directory: reader }, site);
	// No samples by themselves: the virtual clock's timers are the test's.
	occupancyCare.stop();
	return {
		directory: reader,
		/** What readers told, for scans. */
		presentedReads,
		configuration,
		/** Takes pictures as cameras bring them. */
		evidence,
		services: {
			evidence: evidence.evidence,
			configuration: configuration.configuration,
			...licences,
			...licences,
			maintenance,
			...accounts,
			occupancyCare,
			proposedSite,
			replay: createReplay(store),
			whatIf,
			fieldWork,
			passages: createPassages({ store }),
			laneEvents: createLaneEvents({ store, lanes: site.lanes }),
			recentReads: createRecentReads({ lanes: site.lanes, directory: reader, nowMs: clock.nowMs }),
			parkingSessions: createParkingSessionList({ site, store, directory: reader }),
			...siteDirectory,
			imports,
			...reports.reports,
			...privacy,
			...standings,
			...wireOwnAccess({
				...{ site, store, clock, directory: reader, operators, offboarding, accessLog, whatIf },
				...{ ...standings, ...siteDirectory, personalData: privacy.personalData, journalGrew: () => undefined },
			}),
			people: {
				find: (text: string, limit: number) => findHolders(reader, text, limit),
				holder: (holderId: string) => holderHit(reader, holderId),
				nearestPlates: (read: string) => nearestPlates(reader, read),
				operatorName: (operatorId: string) => store.operators.operatorById(operatorId)?.name ?? null,
			},
		},
		/** What pages are handed besides. */
		pages: {
			clockTrust: () => trust,
			confirmClock: createClockConfirmation({
				clockWatch: {
					trust: () => trust,
					confirm() {
						trust = 'held';
					},
				},
				...{ store, clock, newId: randomUUID, journalGrew: () => undefined },
			}),
		},
		setClockTrust(now: ClockTrust) {
			trust = now;
		},
		fillDirectory: (rows: readonly SeedRow[]) =>
			seedRows(createDirectoryUpdates({ directory, nowMs: clock.nowMs, log }), rows),
		/** Waited for only where the directory was filled: else its worker was never started. */
		async close(): Promise<void> {
			occupancyCare.stop();
			await privacy.personalData.stop();
			await evidence.stop();
			await reports.stop();
			await maintenance.stop();
			await imports.stop();
			await directory.close();
		},
	};
}

/** Edits that stay in the overlay, as on a site whose central is away, and lists of what they make. */
export function createSiteDirectory(
	deps: Pick<EditDirectoryDeps, 'clock'> & {
		readonly store: EditDirectoryDeps['store'] & Pick<SiteStore, 'consumption' | 'parkingSessions'>;
		readonly directory: DirectoryReader;
	},
	site: Pick<Site, 'parks' | 'areas' | 'timeZone'>,
) {
	const { parks, areas } = site;
	const wired = {
		area: new Set([...areas, ...parks].map(({ id }) => id)),
		space: new Set(areas.flatMap(({ spaces = [] }) => spaces.map(({ id }) => id))),
	};
	const edits = createDirectoryEdits({
		...deps,
		newId: randomUUIDv7,
		rules: rowRules({
			...{ site, directory: deps.directory, nowMs: deps.clock.nowMs },
			bookingUse: deps.store.consumption.booking,
		}),
		follow: followBundles,
		hasCentral: true,
		isWired: (to, id) => wired[to].has(id),
		edited: () => undefined,
	});
	const directoryLists = createMemoryLists(deps.directory);
	const bookings = createBookings({ ...deps, site, edits });
	const applying = { directory: deps.directory, lists: directoryLists, edits, newId: randomUUIDv7 };
	const visitors = createVisitors({ ...deps, site, edits, lists: directoryLists, newId: randomUUIDv7, randomBytes });
	const rowLook = () => createRowLook(deps.directory);
	return { edits, directoryLists, rowLook, visitors, bookings, bundleApplication: createBundleApplication(applying) };
}

/** Imports as the gateway has them: threads and time are real. */
export function createSiteImports(
	deps: Pick<Parameters<typeof wireImports>[0], 'store' | 'log' | 'directory' | 'edits'>,
	site: Pick<Site, 'timeZone'>,
) {
	const others = { clock: createSystemClock(), newId: randomUUIDv7, journalGrew: () => undefined };
	return wireImports({ ...deps, ...others, site });
}

/** What rights have left, and what can be booked. */
export function createSiteStandings(
	{ store, clock, directory }: Pick<OperatorsBench, 'store' | 'clock'> & { readonly directory: DirectoryReader },
	site: Site,
) {
	const { nowMs } = clock;
	const others = { newId: randomUUIDv7, clockTrust: () => 'synced' as const, journalGrew: () => undefined };
	return {
		rightStandings: createRightStandings({ site, store, directory, nowMs, ...others }),
		bookingPlaces: createBookingPlaces({ site, directory }),
		stayDurations: createStayDurations({ store, directory, nowMs, ...others }),
	};
}
