import type { Clock } from '../../src/gateway/core/clock.ts';

/** A clock that stands still until told to move; timers run in the order of their time, then of their planning. */
export interface VirtualClock extends Clock {
	/** Moves time on by `ms` and runs every timer that comes due on the way, each at its own moment. */
	advance(ms: number): void;
	/** As `advance`, and lets promises settle before and after every timer. */
	advanceAsync(ms: number): Promise<void>;
	/** The wall clock jumps; monotonic time and timers do not notice. */
	jumpWallClock(ms: number): void;
	/** Timers planned and not yet run: nothing may be left over when a test is done. */
	pendingTimers(): number;
}

interface Timer {
	readonly atMs: number;
	readonly order: number;
	readonly run: () => void;
}

/** @param startMs UTC epoch ms at the start; monotonic time starts at 0. */
export function createVirtualClock(startMs: number = Date.UTC(2026, 0, 5, 8)): VirtualClock {
	let monotonicMs = 0;
	let wallOffsetMs = startMs;
	let planned = 0;
	const timers = new Set<Timer>();

	function takeNext(untilMs: number): Timer | undefined {
		let next: Timer | undefined;
		for (const timer of timers) {
			if (timer.atMs > untilMs) continue;
			if (next === undefined || timer.atMs < next.atMs || (timer.atMs === next.atMs && timer.order < next.order))
				next = timer;
		}
		if (next === undefined) return undefined;
		timers.delete(next);
		monotonicMs = Math.max(monotonicMs, next.atMs);
		return next;
	}

	return {
		nowMs: () => wallOffsetMs + Math.floor(monotonicMs),
		monotonicMs: () => monotonicMs,
		after(delayMs, run) {
			planned += 1;
			const timer = { atMs: monotonicMs + Math.max(0, delayMs), order: planned, run };
			timers.add(timer);
			return () => timers.delete(timer);
		},
		advance(ms) {
			const untilMs = monotonicMs + ms;
			for (let timer = takeNext(untilMs); timer !== undefined; timer = takeNext(untilMs)) timer.run();
			monotonicMs = untilMs;
		},
		async advanceAsync(ms) {
			const untilMs = monotonicMs + ms;
			await settle();
			for (let timer = takeNext(untilMs); timer !== undefined; timer = takeNext(untilMs)) {
				timer.run();
				await settle();
			}
			monotonicMs = untilMs;
		},
		jumpWallClock(ms) {
			wallOffsetMs += ms;
		},
		pendingTimers: () => timers.size,
	};
}

/** Long enough for any chain of promises that needs no I/O. */
function settle(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
