import type { Cancel, Clock } from './clock.ts';

/** A clock whose timers all end together: what is stopped leaves nothing behind. */
export interface ClockScope {
	readonly clock: Clock;
	/** Cancels every timer of the scope; later `after` calls plan nothing. */
	end(): void;
}

export function createClockScope(outer: Clock): ClockScope {
	const pending = new Set<Cancel>();
	let ended = false;
	function after(delayMs: number, run: () => void): Cancel {
		if (ended) return () => undefined;
		const cancelOuter = outer.after(delayMs, () => {
			pending.delete(cancel);
			run();
		});
		const cancel = () => {
			pending.delete(cancel);
			cancelOuter();
		};
		pending.add(cancel);
		return cancel;
	}
	return {
		clock: { nowMs: () => outer.nowMs(), monotonicMs: () => outer.monotonicMs(), after },
		end() {
			ended = true;
			for (const cancel of pending) cancel();
		},
	};
}
