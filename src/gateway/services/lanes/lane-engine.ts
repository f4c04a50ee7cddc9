import type { AccessFacts } from '../../core/access/facts.ts';
import type { Cancel, Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { readsToDecide } from '../../core/lane/collect-reads.ts';
import type { ActEffect, StepResult, StoreEffect } from '../../core/lane/lane-effect.ts';
import type { LaneInput } from '../../core/lane/lane-input.ts';
import { type CollectedRead, type LaneState, laneDeadline } from '../../core/lane/lane-state.ts';
import { directionFor, orientLane, orientState } from '../../core/lane/orient-lane.ts';
import { stepLane } from '../../core/lane/step-lane.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { Lane } from '../../core/site.ts';
import { createLaneTimers } from './lane-timers.ts';
import type { LateJournal } from './late-journal.ts';

export interface LoadedFacts {
	readonly access: AccessFacts;
	readonly holderName: string | null;
}

export interface LaneEngineDeps {
	readonly clock: Clock;
	readonly log: Log;
	readonly lanes: readonly Lane[];
	readonly newId: () => string;
	/** What each lane was doing when the gateway stopped; every lane has one. */
	readonly restored: ReadonlyMap<string, LaneState>;
	/** Runs after what is now being read: what arrives meanwhile joins the same commit. */
	readonly soon: (run: () => void) => void;
	/** One durable transaction; throws GatewayError STORE_* when it could not commit. */
	readonly transaction: (run: () => void) => void;
	readonly loadFacts: (lane: Lane, state: LaneState, reads: readonly CollectedRead[], atMs: number) => LoadedFacts;
	/** Writes one effect inside the open transaction. */
	readonly apply: (lane: Lane, effect: StoreEffect, atMs: number) => void;
	readonly act: (lane: Lane, state: LaneState, effect: ActEffect, input: LaneInput) => void;
	/** After the commit and the acts: what pages and sync may now see. Must not throw. */
	readonly committed: (steps: readonly Step[]) => void;
	readonly late: LateJournal;
}

/** One input carried through. */
export interface Step {
	readonly lane: Lane;
	readonly input: LaneInput;
	readonly before: LaneState;
	readonly result: StepResult;
	/** False: the store failed, the lane followed its `onStoreFailure`. */
	readonly durable: boolean;
}

export interface LaneEngine {
	/** Never blocks and never throws; a babbling device loses its oldest reads, counted. */
	push(laneId: string, input: LaneInput): void;
	state(laneId: string): LaneState | undefined;
	/** Reads dropped since the start. */
	droppedReads(): number;
	/** Carries out what is queued, then no more. */
	stop(): void;
}

/** What one step stands on: a transaction, memory alone, or memory without what the store says. */
type Footing = 'durable' | 'inMemory' | 'withoutFacts';

interface Queued {
	readonly lane: Lane;
	readonly input: LaneInput;
}

/**
 * From a lane's inputs to the barrier: queue → facts → pure step → one durable transaction → acts, in
 * this order. Inputs that wait together share one commit; a single one waits for nothing.
 */
export function createLaneEngine(deps: LaneEngineDeps): LaneEngine {
	const lanes = new Map(deps.lanes.map((lane) => [lane.id, lane]));
	const states = new Map(deps.restored);
	const queue: Queued[] = [];
	let scheduled = false;
	let stopped = false;
	let droppedReads = 0;
	let retry: Cancel | undefined;
	const timers = createLaneTimers(deps.clock, (laneId) => {
		push(laneId, {
			type: 'timeout',
			id: deps.newId(),
			atMs: deps.clock.nowMs(),
			monotonicMs: deps.clock.monotonicMs(),
		});
	});
	for (const [laneId, state] of states) timers.set(laneId, laneDeadline(state));
	// What an earlier life could not write is tried as soon as this one is up.
	if (!deps.late.isEmpty()) retryLater();
	return { push, state: (laneId) => states.get(laneId), droppedReads: () => droppedReads, stop };

	function push(laneId: string, input: LaneInput): void {
		const lane = lanes.get(laneId);
		if (lane === undefined || stopped) return;
		if (waitingOf(lane) >= LIMITS.laneQueueLength) dropOldestRead(lane);
		queue.push({ lane, input });
		if (scheduled) return;
		scheduled = true;
		deps.soon(drain);
	}

	function waitingOf(lane: Lane): number {
		// Nearly always short: looked through only when it is long enough to matter.
		if (queue.length < LIMITS.laneQueueLength) return queue.length;
		return queue.filter((queued) => queued.lane === lane).length;
	}

	/** A babbling device loses its own lane's reads, nobody else's. */
	function dropOldestRead(lane: Lane): void {
		const oldest = queue.findIndex((queued) => queued.lane === lane && queued.input.type === 'observation');
		if (oldest === -1) return;
		queue.splice(oldest, 1);
		droppedReads += 1;
	}

	function drain(): void {
		scheduled = false;
		while (queue.length > 0) carry(queue.splice(0, LIMITS.laneInputsPerCommit));
	}

	function carry(batch: readonly Queued[]): void {
		const joined = deps.late.isEmpty() ? together(batch) : undefined;
		if (joined !== undefined) settle(joined);
		else for (const queued of batch) settle(alone(queued));
	}

	function settle(steps: readonly Step[]): void {
		for (const { lane, result } of steps) {
			states.set(lane.id, result.state);
			timers.set(lane.id, laneDeadline(result.state));
		}
		for (const { lane, input, result } of steps) {
			// The newest state: a later input of the same commit may say that the vehicle left.
			const state = states.get(lane.id) ?? result.state;
			for (const effect of result.act) deps.act(lane, state, effect, input);
		}
		deps.committed(steps);
	}

	/** All inputs in one commit; undefined when anything failed and nothing was kept: `alone` then finds out which and why. */
	function together(batch: readonly Queued[]): readonly Step[] | undefined {
		const working = new Map<string, LaneState>();
		const steps: Step[] = [];
		try {
			deps.transaction(() => {
				for (const queued of batch) steps.push(step(queued, working, 'durable'));
			});
			return steps;
		} catch {
			return undefined;
		}
	}

	/** One input by itself: a bug in one lane or a failing store must not take its neighbours along. */
	function alone(queued: Queued): readonly Step[] {
		const working = new Map<string, LaneState>();
		try {
			const steps: Step[] = [];
			deps.late.write();
			deps.transaction(() => {
				steps.push(step(queued, working, 'durable'));
			});
			return steps;
		} catch (error) {
			const { lane, input } = queued;
			const why = error instanceof GatewayError ? 'the store failed' : 'a lane input could not be carried out';
			deps.log.error({ err: error, laneId: lane.id, input: input.type }, `${why}: the lane follows its onStoreFailure`);
			return withoutStore(queued, 'inMemory');
		}
	}

	/** A fault in the facts traps nobody either: the lane is stepped again without any. */
	function withoutStore(queued: Queued, footing: 'inMemory' | 'withoutFacts'): readonly Step[] {
		const { lane, input } = queued;
		try {
			const failed = step(queued, new Map(), footing);
			deps.late.keep(lane, failed.result.store, input.atMs);
			retryLater();
			return [failed];
		} catch (error) {
			deps.log.error({ err: error, laneId: lane.id, input: input.type }, 'a lane input failed without the store too');
			return footing === 'inMemory' ? withoutStore(queued, 'withoutFacts') : [];
		}
	}

	function retryLater(): void {
		if (retry !== undefined) return;
		retry = deps.clock.after(LIMITS.lateJournalRetryMs, () => {
			retry = undefined;
			if (!writeLate()) retryLater();
		});
	}

	function writeLate(): boolean {
		if (deps.late.isEmpty()) return true;
		try {
			deps.late.write();
			deps.log.info({}, 'the store works again: what the lanes did meanwhile is in the journal');
			return true;
		} catch (error) {
			deps.log.error({ err: error }, 'the store still fails');
			return false;
		}
	}

	function step({ lane, input }: Queued, working: Map<string, LaneState>, footing: Footing): Step {
		const storeFailed = footing !== 'durable';
		const before = working.get(lane.id) ?? states.get(lane.id);
		if (before === undefined) throw new GatewayError('INTERNAL', `lane ${lane.id} has no state`);
		const reads = readsToDecide(before, input, lane);
		const direction = directionFor(before, input, lane);
		const [way, seen] = [orientLane(lane, direction), orientState(before, direction)];
		const loaded = reads === null ? null : load(way, seen, reads, input.atMs, footing);
		const result = stepLane(before, input, {
			lane,
			access: loaded?.access ?? null,
			holderName: loaded?.holderName ?? null,
			storeFailed,
		});
		if (!storeFailed) for (const effect of result.store) deps.apply(lane, effect, input.atMs);
		working.set(lane.id, result.state);
		return { lane, input, before, result, durable: !storeFailed };
	}

	/** When the store can't even be read, the lane decides without facts. */
	function load(lane: Lane, state: LaneState, reads: readonly CollectedRead[], atMs: number, footing: Footing) {
		if (footing === 'withoutFacts') return null;
		if (footing === 'durable') return deps.loadFacts(lane, state, reads, atMs);
		try {
			return deps.loadFacts(lane, state, reads, atMs);
		} catch (error) {
			deps.log.error({ err: error, laneId: lane.id }, 'facts could not be read');
			return null;
		}
	}

	function stop(): void {
		drain();
		writeLate();
		stopped = true;
		retry?.();
		timers.clear();
	}
}
