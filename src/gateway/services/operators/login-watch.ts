import type { Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';

/** When each login was last used and its page last told that it is open; in memory, since both change every few seconds. */
export interface LoginWatch {
	used(tokenHash: string): void;
	beat(tokenHash: string): void;
	/** The later of what is stored and what was seen since the start, UTC epoch ms. */
	lastUsedMs(tokenHash: string, storedMs: number): number;
	/** A page of it is open somewhere. */
	isOpen(tokenHash: string): boolean;
	forget(tokenHash: string): void;
}

export function createLoginWatch(clock: Clock): LoginWatch {
	const uses = new Map<string, number>();
	const beats = new Map<string, number>();
	return {
		used: (tokenHash) => note(uses, tokenHash, clock.nowMs()),
		beat: (tokenHash) => note(beats, tokenHash, clock.monotonicMs()),
		lastUsedMs: (tokenHash, storedMs) => Math.max(storedMs, uses.get(tokenHash) ?? 0),
		isOpen(tokenHash) {
			const beatMs = beats.get(tokenHash);
			return beatMs !== undefined && clock.monotonicMs() - beatMs < LIMITS.pageSilentMs;
		},
		forget(tokenHash) {
			uses.delete(tokenHash);
			beats.delete(tokenHash);
		},
	};
}

/** The one unused for longest makes place. */
function note(map: Map<string, number>, tokenHash: string, ms: number): void {
	map.delete(tokenHash);
	map.set(tokenHash, ms);
	const [oldest] = map.keys();
	if (map.size > LIMITS.loginsWatched && oldest !== undefined) map.delete(oldest);
}
