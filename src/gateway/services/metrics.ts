import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { DeviceStatus } from '../core/device.ts';
import { EVIDENCE_REFUSALS } from '../core/evidence.ts';
import type { ReasonCode } from '../core/reason.ts';
import type { EvidenceStatus } from './evidence/evidence.ts';
import type { LaneView } from './lanes/lane-view.ts';
import type { AreaOccupancy } from './occupancy.ts';
import type { SyncStatus } from './sync-status.ts';

/** What the gauges show: read when Prometheus asks. */
export interface MetricsSnapshot {
	readonly lanes: readonly LaneView[];
	readonly devices: readonly DeviceStatus[];
	readonly occupancy: readonly AreaOccupancy[];
	readonly sync: SyncStatus;
	/** Absent: no pictures are kept. */
	readonly evidence?: EvidenceStatus | undefined;
	/** Absent: there is no cameras' listener. */
	readonly cameraPushes?: CameraPushes | undefined;
}

/** What came to the cameras' listener since the start. */
export interface CameraPushes {
	/** By what became of them: `handled`, `challenged`, `cut`, or the reason of a refusal. */
	readonly outcomes: Readonly<Record<string, number>>;
	/** Open now. */
	readonly connections: number;
	/** Ended at once: over the limits. */
	readonly droppedConnections: number;
}

export interface Metrics {
	observeDecision(decision: { readonly outcome: 'granted' | 'refused'; readonly reason: ReasonCode | null }): void;
	/** Of a grant: from the observation received to the output written. */
	observeLatency(laneId: string, seconds: number): void;
	observeCommit(seconds: number): void;
	/** Prometheus text format. */
	render(snapshot: MetricsSnapshot): Promise<{ readonly contentType: string; readonly text: string }>;
	stop(): void;
}

const PREFIX = 'parkgate_';
/** From a fast read (a few ms) to the deadline after which nothing opens (LIMITS.vendDeadlineMs). */
const LATENCY_BUCKETS_S = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 3];
const COMMIT_BUCKETS_S = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1];
const LAG_QUANTILES = [50, 99, 100];

/** The metrics of CONTRACT.md, and Node's own under the same prefix. */
export function createMetrics(): Metrics {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry, prefix: PREFIX });
	const latency = new Histogram({
		name: `${PREFIX}decision_latency_seconds`,
		help: 'From the observation received to the output written',
		labelNames: ['lane', 'outcome'],
		buckets: LATENCY_BUCKETS_S,
		registers: [registry],
	});
	const decisions = new Counter({
		name: `${PREFIX}decisions_total`,
		help: 'Decisions by outcome and first refusing rule',
		labelNames: ['outcome', 'reason'],
		registers: [registry],
	});
	const commit = new Histogram({
		name: `${PREFIX}store_commit_seconds`,
		help: 'Durable commits of the site store',
		buckets: COMMIT_BUCKETS_S,
		registers: [registry],
	});
	const setGauges = createGauges(registry);
	const setCameras = createCameraFigures(registry);
	const setEvidence = createEvidenceGauges(registry);
	const lag = createLagGauge(registry);
	return {
		observeDecision: ({ outcome, reason }) => decisions.inc({ outcome, reason: reason ?? 'none' }),
		observeLatency: (laneId, seconds) => latency.observe({ lane: laneId, outcome: 'granted' }, seconds),
		observeCommit: (seconds) => commit.observe(seconds),
		async render(snapshot) {
			setGauges(snapshot);
			setEvidence(snapshot.evidence);
			setCameras(snapshot);
			lag.set();
			return { contentType: registry.contentType, text: await registry.metrics() };
		},
		stop: lag.stop,
	};
}

/** Labels are ids from the configuration, so their number is bounded. */
function createGauges(registry: Registry): (snapshot: MetricsSnapshot) => void {
	const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
		new Gauge({ name: `${PREFIX}${name}`, help, labelNames, registers: [registry] });
	const outboxDepth = gauge('outbox_depth', 'Journal rows central has not acknowledged');
	const deadLetters = gauge('dead_letters', 'Events that central could not use');
	const storeFree = gauge('store_free_bytes', 'Room on the store’s disk');
	const syncConnected = gauge('sync_connected', '1 while the link to central stands');
	const syncRev = gauge('sync_rev', 'Revision of each stream from central', ['stream']);
	const deviceUp = gauge('device_up', '1 while the device is online', ['device']);
	const laneState = gauge('lane_state', '1 at the phase the lane is in', ['lane', 'state']);
	const occupancy = gauge('occupancy', 'Vehicles inside', ['area']);
	return ({ lanes, devices, sync, ...counters }) => {
		for (const labelled of [syncRev, deviceUp, laneState, occupancy]) labelled.reset();
		outboxDepth.set(sync.outboxDepth);
		deadLetters.set(sync.deadLetters.count);
		if (sync.disk.freeBytes !== null) storeFree.set(sync.disk.freeBytes);
		syncConnected.set(sync.connected ? 1 : 0);
		for (const { stream, rev } of sync.streams) syncRev.set({ stream }, rev);
		for (const { id, state } of devices) deviceUp.set({ device: id }, state === 'online' ? 1 : 0);
		for (const { id, phase } of lanes) laneState.set({ lane: id, state: phase }, 1);
		for (const { areaId, occupied } of counters.occupancy) occupancy.set({ area: areaId }, occupied);
	};
}

/** Figures of a camera's status that are worth an alarm: their statistic, name and factor. */
const CAMERA_FIGURES = [
	['clockOffsetMs', 'camera_clock_offset_seconds', 'Camera’s clock minus the gateway’s', 0.001],
	['misreadPercent', 'camera_misread_ratio', 'Share of the last vehicles whose plate was not read', 0.01],
	['nearlyReadPercent', 'camera_nearly_read_ratio', 'Share of known plates read as a look-alike', 0.01],
	['tagMismatchPercent', 'camera_tag_mismatch_ratio', 'Share of vehicles whose tag is somebody else’s', 0.01],
	['plateWidthPx', 'camera_plate_width_pixels', 'Width of the plates in the picture', 1],
] as const;

function createCameraFigures(registry: Registry): (snapshot: MetricsSnapshot) => void {
	const gauge = (name: string, help: string, labelNames: readonly string[]) =>
		new Gauge({ name: `${PREFIX}${name}`, help, labelNames, registers: [registry] });
	const figures = CAMERA_FIGURES.map(([statistic, name, help, factor]) => {
		return { statistic, factor, shown: gauge(name, help, ['device']) };
	});
	const lastSeen = gauge('device_last_seen_timestamp_seconds', 'When something last came from the device', ['device']);
	const connections = gauge('camera_connections', 'Open connections of the cameras’ listener', []);
	const pushes = new Counter({
		name: `${PREFIX}camera_pushes_total`,
		help: 'Requests at the cameras’ listener by what became of them',
		labelNames: ['outcome'],
		registers: [registry],
	});
	return ({ devices, cameraPushes }) => {
		for (const labelled of [lastSeen, pushes, ...figures.map(({ shown }) => shown)]) labelled.reset();
		for (const { id, lastSeenMs, statistics } of devices) {
			if (lastSeenMs !== undefined) lastSeen.set({ device: id }, lastSeenMs / 1_000);
			for (const { statistic, factor, shown } of figures) {
				const value = statistics[statistic];
				if (value !== undefined) shown.set({ device: id }, value * factor);
			}
		}
		if (cameraPushes === undefined) return;
		connections.set(cameraPushes.connections);
		for (const [outcome, count] of Object.entries(cameraPushes.outcomes)) pushes.inc({ outcome }, count);
		pushes.inc({ outcome: 'droppedConnection' }, cameraPushes.droppedConnections);
	};
}

/** What of pictures is kept, and what was not. */
function createEvidenceGauges(registry: Registry): (evidence: EvidenceStatus | undefined) => void {
	const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
		new Gauge({ name: `${PREFIX}evidence_${name}`, help, labelNames, registers: [registry] });
	const images = gauge('images', 'Evidence images kept');
	const bytes = gauge('bytes', 'Disk that evidence images take');
	const held = gauge('held', 'Evidence images that neither time nor room ends');
	const waiting = gauge('waiting', 'Evidence images not looked at yet');
	const refused = gauge('refused', 'Evidence images not kept, since the start', ['reason']);
	return (evidence) => {
		if (evidence === undefined) return;
		images.set(evidence.images);
		bytes.set(evidence.bytes);
		held.set(evidence.held);
		waiting.set(evidence.waiting);
		for (const reason of EVIDENCE_REFUSALS) refused.set({ reason }, evidence.refused[reason] ?? 0);
	};
}

/** How late the event loop runs, since the last reading. */
function createLagGauge(registry: Registry): { set(): void; stop(): void } {
	const gauge = new Gauge({
		name: `${PREFIX}event_loop_lag_seconds`,
		help: 'Delay of the event loop since the last reading',
		labelNames: ['quantile'],
		registers: [registry],
	});
	const delay = monitorEventLoopDelay({ resolution: 10 });
	delay.enable();
	return {
		set() {
			for (const percent of LAG_QUANTILES) gauge.set({ quantile: percent / 100 }, delay.percentile(percent) / 1e9);
			delay.reset();
		},
		stop: () => delay.disable(),
	};
}
