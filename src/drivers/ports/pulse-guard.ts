import type { Cancel } from '../../gateway/core/clock.ts';

/** A pulse that ends by what is sent. */
export interface GuardedPulse {
	/** Names the relay on its line; a later pulse of the same relay takes the place of the earlier. */
	readonly key: string;
	/** What ends it; never anything that switches on. */
	readonly off: Uint8Array;
	/** From now; this process may be a little late, another one is then told to do it. */
	readonly endsInMs: number;
}

/**
 * A second process on the same open line, which ends the pulses it was told of when this process died, hangs or is
 * late. It has the line from its opening to its closing, so that nobody opens it twice.
 */
export interface PulseGuard {
	/** True once the guard said that it will see to the end; false: it can't be relied on. Never rejects. */
	arm(pulse: GuardedPulse): Promise<boolean>;
	/** The pulse has ended, as far as can be known. */
	release(key: string): void;
	/** Calls back at once and at every change, until cancelled. */
	watch(listener: (state: GuardState) => void): Cancel;
}

export interface GuardState {
	/** Why it can't be relied on; undefined: it can. */
	readonly problem: string | undefined;
	/** Pulses that it had to end. */
	readonly ends: number;
}

export interface OwnedPulseGuard extends PulseGuard {
	/** It lets go of the line, after what it is still armed for. Resolves when it did, at the latest after a second. */
	end(): Promise<void>;
}

/** Where nothing can outlive this process. */
export function absentGuard(problem: string): PulseGuard {
	return {
		arm: () => Promise.resolve(false),
		release: () => undefined,
		watch(listener) {
			listener({ problem, ends: 0 });
			return () => undefined;
		},
	};
}
