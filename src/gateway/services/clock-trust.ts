import type { Clock, ClockTrust } from '../core/clock.ts';

/** The part of the store that remembers the latest time seen. */
interface HighestTime {
	highestTimeMs(): number;
	raiseHighestTime(nowMs: number): void;
}

export interface ClockWatch {
	trust(): ClockTrust;
	stop(): void;
}

const LOOK_EVERY_MS = 60_000;
/** A wall clock that moved this much more or less than time passed was set by somebody. */
const JUMP_MS = 300_000;

/**
 * Whether the wall clock may be believed: it must not be behind the latest time this site has seen
 * (battery lost), nor jump while the gateway runs.
 */
export function createClockWatch(clock: Clock, store: HighestTime): ClockWatch {
	let jumped = clock.nowMs() < store.highestTimeMs();
	let offsetMs = clock.nowMs() - clock.monotonicMs();
	let cancel = clock.after(LOOK_EVERY_MS, look);
	look();

	function look(): void {
		cancel();
		cancel = clock.after(LOOK_EVERY_MS, look);
		const offsetNowMs = clock.nowMs() - clock.monotonicMs();
		if (Math.abs(offsetNowMs - offsetMs) > JUMP_MS) jumped = true;
		offsetMs = offsetNowMs;
		// Behind the latest time, the clock may be set right again by NTP.
		if (jumped && clock.nowMs() >= store.highestTimeMs()) jumped = false;
		if (!jumped) store.raiseHighestTime(clock.nowMs());
	}

	return { trust: () => (jumped ? 'untrusted' : 'held'), stop: () => cancel() };
}
