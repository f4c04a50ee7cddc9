import type { RepairStep } from './stream-repair.ts';
import type { StreamState } from './stream-state.ts';

/** A mismatch that comes again costs both sides a look at every row: at first a minute apart, at last an hour. */
const REPAIR_AGAIN_MS = 60_000;
const REPAIR_AGAIN_MAX_MS = 3_600_000;
/** Repairs further apart than this have nothing to do with each other. */
const CALM_MS = 7_200_000;
/** Repairs that failed in a row before a snapshot is fetched. */
const MAX_FAILURES = 3;
/** A disk that changes rows by itself is noticed only by reading them: soon after the start, and every day. */
const FIRST_VERIFY_MS = 600_000;
const VERIFY_EVERY_MS = 86_400_000;

/** When streams are verified and repaired, one at a time. */
export interface RepairPlan {
	readonly notBeforeMs: number;
	/** Repairs, and failures, without a calm between them. */
	readonly lately: number;
	readonly failures: number;
	readonly endedAtMs: number;
	readonly verifyAtMs: number;
	/** Streams that are still to be read again this time. */
	readonly toVerify: readonly string[];
}

export function startRepairPlan(nowMs: number): RepairPlan {
	const verifyAtMs = nowMs + FIRST_VERIFY_MS;
	return { notBeforeMs: nowMs, lately: 0, failures: 0, endedAtMs: nowMs, verifyAtMs, toVerify: [] };
}

/** The stream to look at now, if any. */
export function nextRepair(
	plan: RepairPlan,
	streams: readonly StreamState[],
	nowMs: number,
): { readonly plan: RepairPlan; readonly stream: string | undefined } {
	const synced = streams.filter(({ centralEpoch }) => centralEpoch !== null);
	const differing = synced.find(({ differs }) => differs);
	if (differing !== undefined && nowMs >= plan.notBeforeMs) return { plan, stream: differing.stream };
	const isDue = nowMs >= plan.verifyAtMs;
	const toVerify = isDue ? synced.map(({ stream }) => stream) : plan.toVerify;
	const [stream, ...rest] = toVerify;
	const verifyAtMs = isDue ? nowMs + VERIFY_EVERY_MS : plan.verifyAtMs;
	return { plan: { ...plan, verifyAtMs, toVerify: rest }, stream };
}

/** When it wants a look, while nothing is being repaired. */
export function repairPlanDeadlineMs(plan: RepairPlan, streams: readonly StreamState[]): number {
	const differs = streams.some((stream) => stream.differs);
	return differs ? Math.min(plan.notBeforeMs, plan.verifyAtMs) : plan.verifyAtMs;
}

/** @returns whether only a snapshot is left. `wasWrong`: more than a look at rows that were right. */
export function endRepair(
	plan: RepairPlan,
	result: NonNullable<RepairStep['end']>['result'],
	wasWrong: boolean,
	nowMs: number,
): { readonly plan: RepairPlan; readonly needsSnapshot: boolean } {
	if (result === 'clean' && !wasWrong) return { plan, needsSnapshot: false };
	const lately = nowMs - plan.endedAtMs > CALM_MS ? 0 : plan.lately;
	const notBeforeMs = nowMs + Math.min(REPAIR_AGAIN_MS * 2 ** Math.min(lately, 10), REPAIR_AGAIN_MAX_MS);
	const failures = result === 'failed' ? plan.failures + 1 : 0;
	const needsSnapshot = result === 'beyondRepair' || failures >= MAX_FAILURES;
	return {
		plan: { ...plan, notBeforeMs, lately: lately + 1, failures: needsSnapshot ? 0 : failures, endedAtMs: nowMs },
		needsSnapshot,
	};
}
