import type { Clock } from '../gateway/core/clock.ts';

/** A clock whose timers may throw: what a driver plans fails apart from the rest, as what it is told does. */
export function guardTimers(clock: Clock, onError: (error: unknown) => void): Clock {
	return {
		nowMs: () => clock.nowMs(),
		monotonicMs: () => clock.monotonicMs(),
		after: (delayMs, run) =>
			clock.after(delayMs, () => {
				try {
					run();
				} catch (error) {
					onError(error);
				}
			}),
	};
}
