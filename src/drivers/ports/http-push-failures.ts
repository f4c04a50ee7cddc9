import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';

const MINUTE_MS = 60_000;
/** Addresses remembered; the allow-list keeps real ones far below. */
const ADDRESSES = 1_024;

/** Counts wrong credentials by address, so that guessing a camera's password takes ages. */
export function createFailureLimit(clock: Clock) {
	const windows = new Map<string, { readonly sinceMs: number; failures: number }>();
	const current = (address: string) => {
		const window = windows.get(address);
		if (window === undefined || clock.monotonicMs() - window.sinceMs < MINUTE_MS) return window;
		windows.delete(address);
		return undefined;
	};
	return {
		isBlocked: (address: string) => (current(address)?.failures ?? 0) >= LIMITS.ingestFailuresPerMinute,
		add(address: string): void {
			const window = current(address);
			if (window !== undefined) {
				window.failures += 1;
				return;
			}
			const [oldest] = windows.keys();
			if (windows.size >= ADDRESSES && oldest !== undefined) windows.delete(oldest);
			windows.set(address, { sinceMs: clock.monotonicMs(), failures: 1 });
		},
	};
}

/** Lets a message of one key through once a minute, with how often it came meanwhile. */
export function createLogLimit(clock: Clock) {
	const keys = new Map<string, { atMs: number; times: number }>();
	return (key: string, write: (times: number) => void): void => {
		const nowMs = clock.monotonicMs();
		const seen = keys.get(key);
		const times = (seen?.times ?? 0) + 1;
		const isDue = seen === undefined || nowMs - seen.atMs >= MINUTE_MS;
		const [oldest] = keys.keys();
		if (seen === undefined && keys.size >= ADDRESSES && oldest !== undefined) keys.delete(oldest);
		keys.set(key, isDue ? { atMs: nowMs, times: 0 } : { atMs: seen.atMs, times });
		if (isDue) write(times);
	};
}
