import type { GatewayConfig } from '../config/gateway-config.ts';
import type { DeviceMemory } from '../drivers/device-memory.ts';
import type { HttpExchange } from '../drivers/ports/http-exchange.ts';
import type { OpenPort } from '../drivers/ports/port.ts';
import type { TakeStill } from '../drivers/ports/still-capture.ts';
import type { OpenSubscription } from '../drivers/ports/subscription.ts';
import type { DriverRegistry } from '../drivers/registry.ts';
import { createSupervisor, type Supervisor } from '../drivers/supervisor.ts';
import type { EquipmentFacts } from '../gateway/core/access/facts.ts';
import type { Clock } from '../gateway/core/clock.ts';
import type { InputChange } from '../gateway/core/device.ts';
import type { GatewayError } from '../gateway/core/gateway-error.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import type { Log } from '../gateway/core/log.ts';
import type { Observation } from '../gateway/core/observation.ts';
import type { Lane } from '../gateway/core/site.ts';
import { createAccessLog } from '../gateway/services/access-log.ts';
import { createClockWatch } from '../gateway/services/clock-trust.ts';
import { nearestPlates } from '../gateway/services/decisions/nearest-plate.ts';
import { createReplay } from '../gateway/services/decisions/replay.ts';
import { createWhatIf } from '../gateway/services/decisions/what-if.ts';
import { createDeviceJournal } from '../gateway/services/device-journal.ts';
import { createEnrolments } from '../gateway/services/enrolment/enrolments.ts';
import type { EvidenceParts } from '../gateway/services/evidence/create-evidence.ts';
import { NO_MODERATION } from '../gateway/services/evidence/moderation.ts';
import { createStills } from '../gateway/services/evidence/stills.ts';
import { createFeed } from '../gateway/services/feed.ts';
import { createFieldWork } from '../gateway/services/field/field-work.ts';
import { createPresentedReads } from '../gateway/services/field/presented-reads.ts';
import { startJournalBudget } from '../gateway/services/journal/journal-budget.ts';
import { createKeyWindows } from '../gateway/services/key-windows.ts';
import { createLaneService, type LaneService } from '../gateway/services/lanes/lane-service.ts';
import type { LateEffect } from '../gateway/services/lanes/late-journal.ts';
import { createPinTries } from '../gateway/services/lanes/pin-tries.ts';
import type { Metrics } from '../gateway/services/metrics.ts';
import { createHistoricalReads } from '../gateway/services/observations/historical-reads.ts';
import { createRecentReads } from '../gateway/services/observations/recent-reads.ts';
import { createOccupancy } from '../gateway/services/occupancy.ts';
import { createOccupancyCare } from '../gateway/services/occupancy-care.ts';
import { createParkingSessionList } from '../gateway/services/parking-sessions.ts';
import { createRetentionHolds } from '../gateway/services/retention/holds.ts';
import { createKeptPlaces } from '../gateway/services/stays/kept-places.ts';
import { createLimitDirectory } from '../gateway/services/stays/limit-directory.ts';
import { startWatchingStays } from '../gateway/services/stays/watch-stays.ts';
import type { Directory } from '../gateway/store/directory.ts';
import { freeBytes } from '../gateway/store/free-bytes.ts';
import type { SiteStore } from '../gateway/store/site-store.ts';

export interface SiteDeps {
	readonly config: Pick<GatewayConfig, 'site' | 'devices'>;
	readonly clock: Clock;
	readonly log: Log;
	readonly store: SiteStore;
	readonly directory: Directory;
	readonly metrics: Pick<Metrics, 'observeDecision' | 'observeLatency'>;
	readonly registry: DriverRegistry;
	readonly openPort: OpenPort;
	readonly openSubscription: OpenSubscription;
	readonly exchange: HttpExchange;
	readonly takeStill: TakeStill;
	/** Whether the system says that its clock follows a time server. */
	readonly isSynchronised: () => boolean;
	readonly newId: () => string;
	/** [0, 1), for the jitter of waits. */
	readonly random: () => number;
	readonly randomBytes: (length: number) => Uint8Array;
	/** After what is now being read. */
	readonly soon: (run: () => void) => void;
	/** The disk takes nothing: see `LaneServiceDeps`. */
	readonly storeProblem?: GatewayError;
	readonly carriedEffects?: readonly LateEffect[];
	/** Takes the pictures that reads bring; without it they are dropped. */
	readonly evidence?: Pick<EvidenceParts, 'source' | 'moderation'>;
	readonly journalGrew: () => void;
	/** What the licences allow at a lane now. */
	readonly equipment: (lane: Lane) => EquipmentFacts;
}

export type WiredSite = ReturnType<typeof wireSite>;

/**
 * Everything between the devices of a site and its store: what the gateway puts its faces and its sync on, and what the
 * simulation runs. Nothing is opened before `supervisor.start`; `stack` takes what has to stop.
 */
export function wireSite(deps: SiteDeps, stack: AsyncDisposableStack) {
	const { config, clock, log, store, directory, newId, journalGrew } = deps;
	const { site } = config;
	store.settings.countBoot();
	const clockWatch = createClockWatch(clock, store.settings, { isSynchronised: deps.isSynchronised, log });
	stack.defer(() => clockWatch.stop());
	const feed = createFeed((error) => log.warn({ err: error }, 'a listener of live events failed'));
	const { reader } = directory;
	const accessLog = createAccessLog({ store, directory: reader, lanes: site.lanes });
	const shared = createLimitDirectory(reader);
	const keptPlaces = createKeptPlaces({
		...{ site, directory: reader, shared, store },
		monotonicMs: () => clock.monotonicMs(),
	});
	const occupancy = createOccupancy({
		...{ store, site },
		kept: () => {
			const now = reader.read(() => keptPlaces.at(clock.nowMs()));
			return (areaId) => now.guaranteed(areaId) + now.booked(areaId);
		},
	});
	const budget = startJournalBudget({
		...{ store, clock, log, newId, journalGrew },
		freeBytes: () => freeBytes(store.dir),
		isHeld: () => createRetentionHolds({ store, clock, newId, journalGrew }).kept().entry,
	});
	stack.defer(() => budget.stop());
	const deviceJournal = createDeviceJournal({ store, clock, log, newId, journalGrew, budget });
	const historicalReads = createHistoricalReads({
		...{ lanes: site.lanes, store, clock, log, newId, journalGrew, soon: deps.soon },
	});
	stack.defer(() => historicalReads.stop());
	const recentReads = createRecentReads({ lanes: site.lanes, directory: reader, nowMs: clock.nowMs });
	recentReads.remember(historicalReads.last());
	const lanes = createLaneService({
		keptPlaces,
		...(deps.storeProblem && { storeProblem: deps.storeProblem }),
		...(deps.carriedEffects && { carriedEffects: deps.carriedEffects }),
		...{ clock, log, site, store, accessLog, occupancy, feed, newId, journalGrew },
		directory: directory.reader,
		metrics: deps.metrics,
		soon: deps.soon,
		clockTrust: clockWatch.trust,
		opens: (deviceId) => supervisor.device(deviceId)?.opens,
		shows: (deviceId) => supervisor.device(deviceId)?.shows,
		holds: (deviceId) => supervisor.device(deviceId)?.holds,
		equipment: deps.equipment,
		deviceStatus: (deviceId) => supervisor.device(deviceId)?.status(),
		onCommitted(steps) {
			recentReads.onCommitted(steps);
			deps.evidence?.source.onCommitted(steps);
		},
	});
	stack.defer(() => lanes.stop());
	const changed = () => feed.publish({ type: 'occupancy', areas: occupancy.list() });
	const occupancyCare = createOccupancyCare({
		...{ site, store, directory: reader, clock, log, newId, changed, journalGrew },
	});
	stack.defer(() => occupancyCare.stop());
	const stays = startWatchingStays({
		...{ site, store, directory: reader, clock, log, newId, clockTrust: clockWatch.trust, changed, journalGrew },
	});
	stack.defer(() => stays.stop());
	const whatIf = createWhatIf({ site, directory: reader, loadFacts: lanes.loadFacts, modeOf: store.laneModes.get });
	const replay = createReplay(store);
	const enrolments = createEnrolments({
		...{ clock, log, store, directory: reader, newId, journalGrew },
		lanes: site.lanes,
		laneView: lanes.lanes.get,
		devices: () => supervisor.statuses(),
	});
	stack.defer(() => enrolments.stop());
	const presentedReads = createPresentedReads(clock);
	const fieldWork = createFieldWork({
		...{ site, store, directory: reader, whatIf, accessLog, clock, newId, presentedReads, changed, journalGrew },
		parkingSessions: createParkingSessionList({ site, store, directory: reader }),
		nearestPlates: (plate) => nearestPlates(reader, plate),
		moderation: deps.evidence?.moderation ?? NO_MODERATION,
	});
	const pinTries = createPinTries({
		...{ clock, log, store, directory: reader, newId, journalGrew },
		showRefused: (deviceId) => supervisor.device(deviceId)?.shows?.show('refused'),
	});
	const keyWindows = createKeyWindows({
		...{ clock, log, store, newId, journalGrew },
		deviceStatus: (deviceId) => supervisor.device(deviceId)?.status(),
		takesKey: (deviceId) => supervisor.device(deviceId)?.takesKey,
	});
	const stills =
		deps.evidence &&
		createStills({ lanes: site.lanes, clock, camera: (deviceId) => supervisor.device(deviceId)?.takesStills });
	/** Starting a process takes some ms: the lanes decide and open first. */
	const afterLanes = <Result>(run: () => Promise<Result>) =>
		new Promise<Result>((resolve, reject) => deps.soon(() => deps.soon(() => run().then(resolve, reject))));
	const events = {
		...lanes.events,
		onInput(change: InputChange) {
			lanes.events.onInput(change);
			if (stills !== undefined) deps.soon(() => deps.soon(() => stills.onInput(change)));
		},
		onObservation(observation: Observation) {
			if (pinTries.take(observation)) return;
			const takeStills = stills?.of(observation);
			const told = takeStills === undefined ? observation : { ...observation, evidence: [] };
			recentReads.seen(told);
			if (enrolments.take(told)) recentReads.enrolled(told.id);
			else if (!isListed(told)) lanes.events.onObservation(told);
			historicalReads.take(told);
			// Nobody at a barrier waits for it.
			presentedReads.seen(told);
			deps.evidence?.source.seen(told, takeStills && (() => afterLanes(takeStills)));
		},
		onStatus(status: Parameters<typeof lanes.events.onStatus>[0]) {
			lanes.events.onStatus(status);
			deviceJournal.onStatus(status);
		},
	};
	const supervisor = createSupervisor({ ...deps, events, memory: memoryOf(store, log) }, config.devices);
	stack.defer(() => supervisor.stop());
	stack.defer(() => deviceJournal.stop());
	return {
		...{ clockWatch, feed, accessLog, occupancy, occupancyCare, lanes, whatIf, replay, enrolments, fieldWork },
		...{ keyWindows, recentReads },
		supervisor: showWhatLanesSaw(supervisor, lanes),
		disk: budget.status,
	};
}

/** From the camera's own list, without a picture: hundreds at once, which no lane needs to hear. */
function isListed(observation: Observation): boolean {
	return observation.kind === 'plate' && observation.historical && observation.evidence === undefined;
}

/** What drivers remember, kept in the site's own file. */
function memoryOf({ settings }: Pick<SiteStore, 'settings'>, log: Log): DeviceMemory {
	const keyOf = (deviceId: string) => `device:${deviceId}`;
	return {
		get: (deviceId) => settings.get(keyOf(deviceId)),
		set(deviceId, text) {
			try {
				if (text.length <= LIMITS.deviceMemoryCharacters) settings.set(keyOf(deviceId), text);
			} catch (error) {
				log.warn({ err: error, deviceId }, 'what a device is to remember could not be kept');
			}
		},
	};
}

/**
 * Tags that a reader saw of the next lane's vehicle stand among what it tells of itself: its power is too high.
 * So does how often a camera's plates were another's than the tag's, or only nearly right, and which inputs can't be right.
 */
function showWhatLanesSaw(
	supervisor: Supervisor,
	lanes: Pick<LaneService, 'strayReads' | 'cameraAgreements' | 'inputWarnings'>,
): Supervisor {
	return {
		...supervisor,
		statuses() {
			const strays = lanes.strayReads();
			const agreements = lanes.cameraAgreements();
			const warnings = lanes.inputWarnings();
			return supervisor.statuses().map((status) => {
				const stray = strays.get(status.id);
				const agreement = agreements.get(status.id);
				const warning = warnings.get(status.id)?.join('; ');
				if (stray === undefined && agreement === undefined && warning === undefined) return status;
				return {
					...status,
					identity: {
						...(warning !== undefined && { 'input warning': warning }),
						...status.identity,
						...(stray && { 'last stray read': stray.last }),
					},
					statistics: { ...status.statistics, ...(stray && { strayReads: stray.count }), ...agreement },
				};
			});
		},
	};
}
