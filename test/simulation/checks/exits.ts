import { LIMITS } from '../../../src/gateway/core/limits.ts';
import type { Lane } from '../../../src/gateway/core/site.ts';
import type { LaneSight } from '../lane-sight.ts';
import type { Crossing, Records } from '../records.ts';
import type { Violate } from './invariants.ts';

/** The opening before, one unanswered pulse, the wait for a read, and the arm's own way up. */
function boundMs({ rules }: Lane): number {
	const own = rules.unreadExitMs + rules.identifyWindowMs + rules.retryAfterMs;
	return rules.passageTimeoutMs + LIMITS.vendAnswerMs + own + 5_000;
}

/** Nobody waits at an exit longer than the bound while the gateway sees it. */
export function checkExits(records: Records, lanes: readonly Lane[], sight: LaneSight, violate: Violate): void {
	for (const lane of lanes) {
		if (lane.kind !== 'exit' || lane.rules.strictExit || lane.loops.arming === undefined) continue;
		for (const crossing of records.crossings) {
			if (crossing.laneId !== lane.id || crossing.manner === 'follows') continue;
			const waitedMs = longestWait(crossing, lane, sight);
			if (waitedMs > boundMs(lane)) {
				violate(
					'exits',
					`${crossing.carId} waited ${waitedMs} ms at ${lane.id} until ${crossing.openedMs ?? crossing.toMs}`,
				);
			}
		}
	}
}

/** The longest stretch of its wait in which everything worked. */
function longestWait({ visits, openedMs, toMs }: Crossing, lane: Lane, sight: LaneSight): number {
	const arrivedMs = visits.find(({ loop }) => loop === 'arming')?.fromMs;
	if (arrivedMs === undefined) return 0;
	const untilMs = openedMs ?? toMs;
	let longestMs = 0;
	let sinceMs = arrivedMs;
	for (const blind of sight.blindTimes(lane.id, arrivedMs, untilMs)) {
		longestMs = Math.max(longestMs, blind.fromMs - sinceMs);
		sinceMs = Math.max(sinceMs, blind.toMs);
	}
	return Math.max(longestMs, untilMs - sinceMs);
}
