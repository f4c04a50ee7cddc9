import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSystemClock } from '../src/system-clock.ts';

describe('the system clock', () => {
	beforeEach(() => {
		vi.useFakeTimers();
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	it('runs once after its delay, and never when cancelled', () => {
		const clock = createSystemClock();
		const ran: string[] = [];
		clock.after(100, () => ran.push('kept'));
		const cancel = clock.after(100, () => ran.push('cancelled'));
		cancel();
		cancel();
		vi.advanceTimersByTime(1000);
		expect(ran).toEqual(['kept']);
	});

	it('waits longer than one timer can count, and can be cancelled on the way', () => {
		const clock = createSystemClock();
		const delayMs = 60 * 24 * 3_600_000;
		const ran: string[] = [];
		clock.after(delayMs, () => ran.push('kept'));
		const cancel = clock.after(delayMs, () => ran.push('cancelled'));
		vi.advanceTimersByTime(delayMs - 1000);
		expect(ran).toEqual([]);
		cancel();
		vi.advanceTimersByTime(1000);
		expect(ran).toEqual(['kept']);
	});

	it('counts on while records carry the time of day', () => {
		const clock = createSystemClock();
		const before = clock.monotonicMs();
		vi.advanceTimersByTime(250);
		expect(clock.monotonicMs() - before).toBe(250);
		expect(clock.nowMs()).toBe(Date.now());
	});
});
