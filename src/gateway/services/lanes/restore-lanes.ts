import type { Clock } from '../../core/clock.ts';
import { restoredMode } from '../../core/lane/lane-mode.ts';
import { idleLane, type LaneState } from '../../core/lane/lane-state.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Lane } from '../../core/site.ts';
import type { DecisionLine } from '../../store/decisions.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { createStayCosts } from '../stays/stay-costs.ts';

/**
 * What each lane was doing when the gateway stopped. A pulse without an outcome is `unknown` for ever and
 * never sent again; its place stays held until the passage or its time-out. What belongs to no
 * opening any more is given back.
 */
export function restoreLanes(store: SiteStore, lanes: readonly Lane[], clock: Clock): ReadonlyMap<string, LaneState> {
	const atMs = clock.nowMs();
	const costs = createStayCosts(store);
	return store.transaction(() => {
		for (const { vendId, laneId, decisionId, operatorId } of store.vends.withoutOutcome()) {
			store.journal.append({
				type: 'vend',
				class: 'decision',
				id: `${vendId}.restart`,
				atMs,
				laneId,
				vendId,
				decisionId,
				operatorId,
				reason: null,
				outcome: { result: 'unknown', problem: 'the gateway stopped before the barrier answered' },
			});
		}
		const states = new Map(lanes.map((lane) => [lane.id, stateOf(lane)]));
		releaseOrphans(states);
		return states;
	});

	function stateOf(lane: Lane): LaneState {
		const mode = restoredMode(store.laneModes.get(lane.id), atMs);
		const endsInMs = mode.kind === 'normal' || mode.untilMs === null ? null : mode.untilMs - atMs;
		const modeEndMonotonicMs = endsInMs === null ? null : clock.monotonicMs() + endsInMs;
		const idle: LaneState = { ...idleLane(atMs), mode, modeEndMonotonicMs };
		const [last] = store.decisions.page({ laneId: lane.id, words: [], limit: 1 }).lines;
		if (last === undefined || !isPending(last, lane)) return idle;
		const [entry] = store.journal.withSequel(last.id);
		if (entry?.entry.type !== 'decision') return idle;
		const { decision, facts } = entry.entry;
		return {
			...idle,
			phase: 'openWait',
			direction: facts.lane.from === lane.from ? 'forward' : 'back',
			opening: {
				vendId: last.id,
				decisionId: last.id,
				holderId: decision.holderId,
				credentialId: decision.credentialId,
				values: facts.presented.map(({ value }) => value),
				counted: decision.counted,
				reserved: store.occupancy.reservation(last.id) !== undefined,
				pulse: 'unknown',
			},
			deadlineMonotonicMs: clock.monotonicMs() + leftMs(last, lane),
		};
	}

	/** Of the time that it has to pass, what is left: a gateway that restarts again and again keeps no lane for ever. */
	function leftMs({ atMs: decidedAtMs }: DecisionLine, { rules: { passageTimeoutMs } }: Lane): number {
		// By the wall clock, which may have been put anywhere meanwhile.
		const left = decidedAtMs + passageTimeoutMs - atMs;
		return Math.min(Math.max(left, LIMITS.passageAfterRestartMs), passageTimeoutMs);
	}

	function isPending({ id, atMs: decidedAtMs, outcome, sequel }: DecisionLine, lane: Lane): boolean {
		const open = sequel === 'opening' || sequel === 'opened' || sequel === 'openUnknown';
		if (outcome !== 'granted' || !open) return false;
		const held = store.occupancy.reservation(id) !== undefined;
		return held || atMs - decidedAtMs < lane.rules.passageTimeoutMs;
	}

	function releaseOrphans(states: ReadonlyMap<string, LaneState>): void {
		for (const { id, laneId } of store.occupancy.reservations()) {
			if (states.get(laneId)?.opening?.vendId === id) continue;
			const released = store.occupancy.release(id);
			if (released !== undefined) costs.release(released);
			store.journal.append({
				type: 'lane',
				class: 'decision',
				id: `${id}.released`,
				atMs,
				laneId,
				event: 'notUsed',
				decisionId: id,
				detail: { because: 'restart' },
			});
		}
	}
}
