import type { Cancel, Clock } from '../gateway/core/clock.ts';

/** Shorter ones are pauses before something is sent; longer ones wait for somebody. */
const SHORTEST_WAIT_MS = 100;
/** A timer that comes this much late was kept by a process that was busy … */
const LATE_MS = 20;
/** … and is given this long, so often, until what has come meanwhile is read. */
const GRACE_MS = 10;
const GRACES = 4;

/**
 * A clock for those who wait for answers of devices: a process that was busy looks at its timers before its ports, and
 * would miss answers that have long been there.
 */
export function portsFirst(clock: Clock): Clock {
	return {
		...clock,
		after(delayMs, run) {
			if (delayMs < SHORTEST_WAIT_MS) return clock.after(delayMs, run);
			let cancel: Cancel = () => undefined;
			let graces = 0;
			const plan = (waitMs: number) => {
				const dueMs = clock.monotonicMs() + waitMs;
				cancel = clock.after(waitMs, () => {
					const isLate = clock.monotonicMs() - dueMs > LATE_MS;
					if (!isLate || graces === GRACES) {
						run();
						return;
					}
					graces += 1;
					plan(GRACE_MS);
				});
			};
			plan(delayMs);
			return () => cancel();
		},
	};
}
