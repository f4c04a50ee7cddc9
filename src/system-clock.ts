import type { Clock } from './gateway/core/clock.ts';

/** Node's timers count in a signed 32-bit number of ms; a longer delay would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clocks. */
export function createSystemClock(): Clock {
	return {
		nowMs: () => Date.now(),
		monotonicMs: () => performance.now(),
		after(delayMs, run) {
			const dueMs = performance.now() + delayMs;
			let timer: NodeJS.Timeout;
			const wait = (leftMs: number) => {
				timer = setTimeout(
					() => {
						const restMs = dueMs - performance.now();
						if (leftMs > LONGEST_TIMER_MS && restMs > 0) wait(restMs);
						else run();
					},
					Math.min(leftMs, LONGEST_TIMER_MS),
				);
			};
			wait(delayMs);
			return () => clearTimeout(timer);
		},
	};
}
