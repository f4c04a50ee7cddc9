import type { DeviceStatus } from '../../core/device.ts';
import type { DecisionEntry } from '../../core/journal.ts';
import type { StoreEffect } from '../../core/lane/lane-effect.ts';
import type { Log } from '../../core/log.ts';
import type { Lane } from '../../core/site.ts';
import type { AccessLogService, DecisionSummary } from '../access-log.ts';
import type { Feed } from '../feed.ts';
import type { Metrics } from '../metrics.ts';
import type { Occupancy } from '../occupancy.ts';
import type { Step } from './lane-engine.ts';
import type { LaneView } from './lane-view.ts';

export interface PublisherDeps {
	readonly log: Log;
	readonly feed: Feed;
	readonly metrics: Pick<Metrics, 'observeDecision' | 'observeLatency'>;
	readonly accessLog: AccessLogService;
	readonly occupancy: Occupancy;
	readonly soon: (run: () => void) => void;
	readonly lane: (laneId: string) => LaneView | undefined;
	readonly journalGrew: () => void;
}

/** Tells pages, metrics and sync what was committed: after the barrier was asked, never before. */
export function createPublisher(deps: PublisherDeps) {
	const changedLanes = new Set<string>();
	const changedDecisions = new Set<string>();
	const lastDecisions = new Map<string, string>();
	let occupancyChanged = false;
	let scheduled = false;
	let stopped = false;

	function later(): void {
		if (scheduled || stopped) return;
		scheduled = true;
		deps.soon(publish);
	}

	function publish(): void {
		scheduled = false;
		if (stopped) return;
		try {
			if (deps.feed.isHeard()) tellPages();
		} catch (error) {
			deps.log.warn({ err: error }, 'pages could not be told what changed');
		}
		changedLanes.clear();
		changedDecisions.clear();
		occupancyChanged = false;
	}

	function tellPages(): void {
		for (const laneId of changedLanes) {
			const lane = deps.lane(laneId);
			if (lane !== undefined) deps.feed.publish({ type: 'lane', lane });
		}
		for (const decisionId of changedDecisions) {
			const decision = deps.accessLog.summary(decisionId);
			if (decision !== undefined) deps.feed.publish({ type: 'decision', decision });
		}
		if (occupancyChanged) deps.feed.publish({ type: 'occupancy', areas: deps.occupancy.list() });
	}

	function note(lane: Lane, effect: StoreEffect): void {
		if (effect.type !== 'record') {
			occupancyChanged = true;
			return;
		}
		const { entry } = effect;
		if (entry.type === 'decision') {
			changedDecisions.add(entry.id);
			lastDecisions.set(lane.id, entry.id);
			tell(lane, entry);
		} else if ('decisionId' in entry && entry.decisionId !== null) {
			changedDecisions.add(entry.decisionId);
		}
	}

	function tell(lane: Lane, { id, decision }: DecisionEntry): void {
		const { outcome, headline: reason } = decision;
		deps.metrics.observeDecision({ outcome, reason });
		deps.log.info({ decisionId: id, laneId: lane.id, outcome, reason }, 'decided');
	}

	return {
		onCommitted(steps: readonly Step[]): void {
			for (const { lane, before, result } of steps) {
				if (before.phase !== result.state.phase || before.loops.arming !== result.state.loops.arming) {
					changedLanes.add(lane.id);
				}
				for (const effect of result.store) note(lane, effect);
				if (result.store.length > 0) deps.journalGrew();
			}
			later();
		},
		/** A grant's pulse left: before `onCommitted` where the line was free, later on a busy one. */
		onWritten(lane: Lane, latencyMs: number): void {
			deps.metrics.observeLatency(lane.id, latencyMs / 1_000);
		},
		/** The newest decision of a lane; looked for in the log only once a lane. */
		lastDecision(laneId: string): DecisionSummary | null {
			const id = lastDecisions.get(laneId);
			if (id !== undefined) return deps.accessLog.summary(id) ?? null;
			const last = deps.accessLog.lastOf(laneId);
			if (last !== null) lastDecisions.set(laneId, last.id);
			return last;
		},
		onLaneChanged(laneId: string): void {
			changedLanes.add(laneId);
			later();
		},
		onDevice(device: DeviceStatus): void {
			deps.feed.publish({ type: 'device', device });
		},
		stop(): void {
			stopped = true;
		},
	};
}
