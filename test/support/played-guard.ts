import type { GuardedPulse, GuardState, PulseGuard } from '../../src/drivers/ports/pulse-guard.ts';

/** A guard in the test's hand. */
export interface PlayedGuard extends PulseGuard {
	readonly armed: readonly GuardedPulse[];
	readonly released: readonly string[];
	/** What it answers from now on; `silent`: nothing. */
	answers: boolean | 'silent';
	become(problem: string | undefined): void;
}

export function createPlayedGuard(): PlayedGuard {
	const armed: GuardedPulse[] = [];
	const released: string[] = [];
	const listeners = new Set<(state: GuardState) => void>();
	let problem: string | undefined;
	const guard: PlayedGuard = {
		armed,
		released,
		answers: true,
		arm(pulse) {
			armed.push(pulse);
			return guard.answers === 'silent' ? new Promise(() => undefined) : Promise.resolve(guard.answers);
		},
		release: (key) => void released.push(key),
		watch(listener) {
			listeners.add(listener);
			listener({ problem, ends: 0 });
			return () => listeners.delete(listener);
		},
		become(next) {
			problem = next;
			for (const listener of listeners) listener({ problem, ends: 0 });
		},
	};
	return guard;
}
