import { LIMITS } from '../../gateway/core/limits.ts';

/** A flood that stopped this long ago is over. */
const FORGOTTEN_MS = 60_000;
export const TOO_MANY_TAGS =
	'it tells more tags than can pass a lane; some are left out: look at its power and its settings, or unplug it';

/** Holds what one reader tells to what can pass a lane: each tag costs a decision on the disk. Pure: time is input, monotonic ms. */
export interface Flood {
	/** False: it is one too many. */
	admits(nowMs: number): boolean;
	isFault(): boolean;
	/** Lets go of what is over; true when something was. */
	look(nowMs: number): boolean;
	/** When to look. */
	wakeAtMs(): number;
}

export function createFlood(): Flood {
	let left: number = LIMITS.newTagsAtOnce;
	let filledMs = 0;
	let refusedMs: number | undefined;

	return {
		admits(nowMs) {
			left = Math.min(LIMITS.newTagsAtOnce, left + ((nowMs - filledMs) / 1_000) * LIMITS.newTagsPerSecond);
			filledMs = nowMs;
			if (left < 1) {
				refusedMs = nowMs;
				return false;
			}
			left -= 1;
			return true;
		},
		isFault: () => refusedMs !== undefined,
		look(nowMs) {
			if (refusedMs === undefined || nowMs < refusedMs + FORGOTTEN_MS) return false;
			refusedMs = undefined;
			return true;
		},
		wakeAtMs: () => (refusedMs === undefined ? Number.POSITIVE_INFINITY : refusedMs + FORGOTTEN_MS),
	};
}
