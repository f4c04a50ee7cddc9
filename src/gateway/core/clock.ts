/** Cancels what `after` planned; calling it twice, or after it ran, does nothing. */
export type Cancel = () => void;

/**
 * The only source of time. Records carry `nowMs` (UTC epoch milliseconds, may jump); deadlines and
 * durations use `monotonicMs` (never runs backwards, meaningless after a restart).
 */
export interface Clock {
	nowMs(): number;
	monotonicMs(): number;
	after(delayMs: number, run: () => void): Cancel;
}

/** `synced`: NTP says so. `held`: running on. `untrusted`: RTC lost or an unconfirmed jump; only this suspends time-limited rights. */
export type ClockTrust = 'synced' | 'held' | 'untrusted';
