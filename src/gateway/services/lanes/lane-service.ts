import type { EquipmentFacts } from '../../core/access/facts.ts';
import type { Clock, ClockTrust } from '../../core/clock.ts';
import type { DeviceEvents, DeviceStatus, Holds, Opens, Shows } from '../../core/device.ts';
import type { GatewayError } from '../../core/gateway-error.ts';
import type { Log } from '../../core/log.ts';
import type { Lane, Site } from '../../core/site.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { AccessLogService } from '../access-log.ts';
import type { Feed } from '../feed.ts';
import type { Metrics } from '../metrics.ts';
import type { Occupancy } from '../occupancy.ts';
import type { KeptPlaces } from '../stays/kept-places.ts';
import { createEffectWriter } from './apply-effects.ts';
import { createBarrierCommands } from './barrier-commands.ts';
import { type CameraAgreement, createCameraAgreements } from './camera-agreement.ts';
import { inputWarnings } from './input-problems.ts';
import { createLaneEngine, type Step } from './lane-engine.ts';
import { createLaneRoutes } from './lane-routes.ts';
import { createLanes, type LanesService } from './lanes.ts';
import { createLateJournal, type LateEffect } from './late-journal.ts';
import { createFactsLoader, type FactsLoader } from './load-facts.ts';
import { createPublisher } from './publish-steps.ts';
import { createRecentUses } from './recent-uses.ts';
import { restoreLanes } from './restore-lanes.ts';
import { createStrayFilter, type StrayReads } from './stray-reads.ts';

export interface LaneServiceDeps {
	readonly clock: Clock;
	readonly log: Log;
	readonly site: Site;
	readonly store: SiteStore;
	readonly directory: DirectoryReader;
	readonly accessLog: AccessLogService;
	readonly occupancy: Occupancy;
	readonly feed: Feed;
	readonly metrics: Pick<Metrics, 'observeDecision' | 'observeLatency'>;
	readonly newId: () => string;
	readonly soon: (run: () => void) => void;
	readonly clockTrust: () => ClockTrust;
	/** The devices, started after this service; looked up at each use. */
	readonly opens: (deviceId: string) => Opens | undefined;
	readonly shows: (deviceId: string) => Shows | undefined;
	readonly holds: (deviceId: string) => Holds | undefined;
	/** What the licences allow at a lane now. */
	readonly equipment: (lane: Lane) => EquipmentFacts;
	readonly deviceStatus: (deviceId: string) => DeviceStatus | undefined;
	/** Places kept for who is not inside; absent: the lanes' own. */
	readonly keptPlaces?: KeptPlaces;
	/** Nothing can be written durably: every lane follows its `onStoreFailure`, and what it does is kept. */
	readonly storeProblem?: GatewayError;
	/** What an earlier life of the gateway could not write. */
	readonly carriedEffects?: readonly LateEffect[];
	/** What the lanes carried through, after all else was told. Must not throw. */
	readonly onCommitted?: (steps: readonly Step[]) => void;
	/** The journal grew: sync may send. */
	readonly journalGrew: () => void;
}

export interface LaneService {
	readonly lanes: LanesService;
	/** Facts as the lanes load them, for what-if. */
	readonly loadFacts: FactsLoader;
	/** What the devices tell. */
	readonly events: DeviceEvents;
	/** Reads lost to a full queue, effects lost while the store failed. */
	losses(): { readonly reads: number; readonly lateEffects: number };
	/** What the lanes did and could not be written yet. */
	lateEffects(): readonly LateEffect[];
	/** The store failed and lanes go on without it. */
	isStoreFailing(): boolean;
	/** Tags that readers saw of another lane's vehicle, by the reader's id. */
	strayReads(): ReadonlyMap<string, StrayReads>;
	/** Inputs that can't be right as the lanes see them, in words, by device. */
	inputWarnings(): ReadonlyMap<string, readonly string[]>;
	/** How each camera's plates fared in decisions. */
	readonly cameraAgreements: () => ReadonlyMap<string, CameraAgreement>;
	stop(): void;
}

/** Wires the lanes: devices → routes → engine → store → barrier, then what pages and sync see. */
export function createLaneService(deps: LaneServiceDeps): LaneService {
	const { clock, log, site, store, newId } = deps;
	const apply = createEffectWriter(site, store);
	const transaction = (run: () => void) => {
		if (deps.storeProblem !== undefined) throw deps.storeProblem;
		store.transaction(() => deps.directory.readTogether(run));
	};
	const late = createLateJournal({ apply, transaction, log, carried: deps.carriedEffects ?? [] });
	const recentUses = createRecentUses();
	const agreements = createCameraAgreements();
	const publisher = createPublisher({ ...deps, lane: (laneId) => lanes.get(laneId) });
	const act = createBarrierCommands({
		...deps,
		push: (laneId, input) => engine.push(laneId, input),
		onWritten: publisher.onWritten,
		onVendRefused: (inputId, because) => lanes.onVendRefused(inputId, because),
	});
	const lostDevices = new Set<string>();
	const loadFacts = createFactsLoader({
		...deps,
		lastUse: recentUses.last,
		monotonicMs: () => clock.monotonicMs(),
		isLost: (deviceId) => lostDevices.has(deviceId),
	});
	const engine = createLaneEngine({
		clock,
		log,
		lanes: site.lanes,
		newId,
		restored: restoreLanes(store, site.lanes, clock),
		soon: deps.soon,
		transaction,
		loadFacts,
		apply,
		act,
		committed(steps: readonly Step[]) {
			lanes.onCommitted(steps);
			recentUses.onCommitted(steps);
			agreements.onCommitted(steps);
			publisher.onCommitted(steps);
			deps.onCommitted?.(steps);
		},
		late,
	});
	const routes = createLaneRoutes({
		lanes: site.lanes,
		now: () => ({ id: newId(), atMs: clock.nowMs(), monotonicMs: clock.monotonicMs() }),
		push: (laneId, input) => engine.push(laneId, input),
		changed: publisher.onLaneChanged,
		strays: { take: (laneId, observation) => strays.take(laneId, observation) },
	});
	const strays = createStrayFilter({
		clock,
		log,
		lanes: site.lanes,
		vehiclePresent: (laneId) => engine.state(laneId)?.loops.arming ?? null,
		deliver: routes.deliverLate,
	});
	const lanes = createLanes({
		clock,
		newId,
		lanes: site.lanes,
		state: (laneId) => engine.state(laneId),
		devicesOf: routes.devicesOf,
		deviceStatus: deps.deviceStatus,
		lastDecision: publisher.lastDecision,
		push: (laneId, input) => engine.push(laneId, input),
	});
	return {
		lanes,
		loadFacts,
		events: {
			onObservation: routes.onObservation,
			onInput: routes.onInput,
			onStatus(status) {
				if (status.state === 'offline') lostDevices.add(status.id);
				else lostDevices.delete(status.id);
				routes.onDeviceStatus(status);
				publisher.onDevice(status);
			},
		},
		losses: () => ({ reads: engine.droppedReads(), lateEffects: late.lost() }),
		isStoreFailing: () => deps.storeProblem !== undefined || !late.isEmpty(),
		lateEffects: late.waiting,
		strayReads: strays.strayReads,
		inputWarnings: () => inputWarnings(site.lanes, (laneId) => engine.state(laneId)),
		cameraAgreements: agreements.byCamera,
		stop() {
			strays.stop();
			engine.stop();
			publisher.stop();
		},
	};
}
