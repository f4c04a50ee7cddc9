import type { Cancel, Clock } from '../gateway/core/clock.ts';

/** Any number of calls until it runs are one; after `end` none runs before it begins again: the store may be closed. */
export function createLater(clock: Clock, run: () => void): { begin(): void; call(): void; end(): void } {
	let planned: Cancel | undefined;
	let ended = false;
	return {
		begin() {
			ended = false;
		},
		call() {
			if (planned !== undefined || ended) return;
			planned = clock.after(0, () => {
				planned = undefined;
				run();
			});
		},
		end() {
			ended = true;
			planned?.();
			planned = undefined;
		},
	};
}
