import type { Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';

/** Things of one login under way, in memory: after a restart people begin again. */
export interface KeptForAWhile<T> {
	get(name: string): T | undefined;
	set(name: string, value: T): void;
	delete(name: string): void;
}

/** Each ends `LIMITS.loginStepMs` after it was first set; the oldest make place. */
export function createKeptForAWhile<T>(clock: Clock): KeptForAWhile<T> {
	const kept = new Map<string, { readonly value: T; readonly endsMonotonicMs: number }>();
	const find = (name: string) => {
		const found = kept.get(name);
		if (found !== undefined && clock.monotonicMs() < found.endsMonotonicMs) return found;
		kept.delete(name);
		return undefined;
	};
	return {
		get: (name) => find(name)?.value,
		set(name, value) {
			const endsMonotonicMs = find(name)?.endsMonotonicMs ?? clock.monotonicMs() + LIMITS.loginStepMs;
			kept.set(name, { value, endsMonotonicMs });
			const [oldest] = kept.keys();
			if (kept.size > LIMITS.loginSteps && oldest !== undefined) kept.delete(oldest);
		},
		delete: (name) => void kept.delete(name),
	};
}
