import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';

/** A site that asks for nothing for this long has what it needs, or is gone. */
const IDLE_MS = 15_000;
/** The last chunk may overtake others of its window. */
const LINGER_MS = 1_000;
/** A site that waits asks again about this often, and later the more of them there are. */
const WAIT_MS = 5_000;
const WAIT_MAX_MS = 300_000;

/** Sites that fetch snapshots, at most LIMITS.snapshotsServed at once: a thousand at once would all be slow. */
export interface SnapshotSlots {
	/** @returns 0: it is served; else after how many ms it should ask again, spread over those that wait */
	admit(site: string): number;
	/** It has asked for the last chunk. */
	leaving(site: string): void;
}

export function createSnapshotSlots(deps: {
	readonly clock: Pick<Clock, 'monotonicMs'>;
	/** 0 ≤ x < 1. */
	readonly random: () => number;
}): SnapshotSlots {
	const { clock, random } = deps;
	/** Until when each is served, or waits to be asked for again; monotonic. */
	const served = new Map<string, number>();
	const waiting = new Map<string, number>();

	function forgetBefore(places: Map<string, number>, nowMs: number): void {
		for (const [site, untilMs] of places) if (untilMs <= nowMs) places.delete(site);
	}

	return {
		admit(site) {
			const nowMs = clock.monotonicMs();
			forgetBefore(served, nowMs);
			if (served.has(site) || served.size < LIMITS.snapshotsServed) {
				served.set(site, nowMs + IDLE_MS);
				waiting.delete(site);
				return 0;
			}
			forgetBefore(waiting, nowMs);
			const turns = Math.ceil((waiting.size + 1) / LIMITS.snapshotsServed);
			const waitMs = Math.min(WAIT_MS * turns * (0.5 + random()), WAIT_MAX_MS);
			waiting.set(site, nowMs + waitMs + WAIT_MS);
			return Math.ceil(waitMs);
		},
		leaving(site) {
			if (served.has(site)) served.set(site, clock.monotonicMs() + LINGER_MS);
		},
	};
}
