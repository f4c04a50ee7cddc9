import type { Clock } from '../../src/gateway/core/clock.ts';

/** Real time, for tests over real sockets. */
export const wallClock: Clock = {
	nowMs: () => Date.now(),
	monotonicMs: () => performance.now(),
	after(delayMs, run) {
		const timer = setTimeout(run, delayMs);
		return () => clearTimeout(timer);
	},
};
