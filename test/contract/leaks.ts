import { readdirSync } from 'node:fs';
import process from 'node:process';
import { expect } from 'vitest';
import type { Clock } from '../../src/gateway/core/clock.ts';
import { heapAfterGc } from './heap-after-gc.ts';

/** `npm run soak` sets 1,000. */
export const REPLUG_CYCLES = Number(process.env['PARKGATE_REPLUG_CYCLES'] ?? 20);

/** The engine's own, and what a log of the test keeps of each cycle. */
const GROWTH_BYTES = 6_000_000 + REPLUG_CYCLES * 20_000;

export interface CountedTimers extends Clock {
	pending(): number;
}

/** A clock with its pending timers counted. */
export function countTimers(clock: Clock): CountedTimers {
	const pending = new Set<object>();
	return {
		nowMs: () => clock.nowMs(),
		monotonicMs: () => clock.monotonicMs(),
		pending: () => pending.size,
		after(delayMs, run) {
			const timer = {};
			pending.add(timer);
			const cancel = clock.after(delayMs, () => {
				pending.delete(timer);
				run();
			});
			return () => {
				pending.delete(timer);
				cancel();
			};
		},
	};
}

interface Use {
	readonly files: number;
	readonly timers: number;
	readonly active: number;
	readonly listeners: number;
	readonly heap: number;
}

/** Compares what is used when it first looks with what is used when it last does: after the first cycle, and after all. */
export function watchForLeaks(timers: CountedTimers) {
	const used: Use[] = [];
	return {
		look(): void {
			const events = process.eventNames();
			used.push({
				files: readdirSync('/proc/self/fd').length,
				timers: timers.pending(),
				active: process.getActiveResourcesInfo().length,
				listeners: events.reduce((sum, event) => sum + process.listenerCount(event), 0),
				heap: heapAfterGc(),
			});
		},
		/** @param lines each may be at another moment of its life */
		expectNone(lines: number): void {
			const [first, last] = [used[0], used.at(-1)];
			if (first === undefined || last === undefined) throw new Error('no cycles');
			expect(last.files).toBeLessThanOrEqual(first.files + 2);
			expect(last.timers).toBeLessThanOrEqual(first.timers + 2 * lines);
			expect(last.active).toBeLessThanOrEqual(first.active + 3 * lines);
			expect(last.listeners).toBeLessThanOrEqual(first.listeners);
			expect(last.heap - first.heap).toBeLessThan(GROWTH_BYTES);
		},
	};
}
