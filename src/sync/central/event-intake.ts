import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { EventBatch, EventStore, StoredBatch } from './event-store.ts';

/** Batches that came together are committed together. */
export interface EventIntake {
	/** @returns a promise when enough wait: the broker should hold the next back until it settles. */
	take(batch: EventBatch): Promise<void> | undefined;
	/** Commits what waits. */
	flush(): void;
}

export function createEventIntake(deps: {
	readonly events: EventStore;
	readonly clock: Clock;
	readonly log: Log;
	readonly onStored: (batches: readonly StoredBatch[]) => void;
}): EventIntake {
	let waiting: EventBatch[] = [];
	let flushed = Promise.withResolvers<void>();

	function flush(): void {
		if (waiting.length === 0) return;
		const batches = waiting;
		const done = flushed;
		waiting = [];
		flushed = Promise.withResolvers();
		try {
			deps.onStored(deps.events.store(batches, deps.clock.nowMs()));
		} catch (error) {
			// Not acknowledged, so the sites send them again.
			deps.log.error({ err: error, batches: batches.length }, 'events could not be stored');
		}
		done.resolve();
	}

	return {
		take(batch) {
			waiting.push(batch);
			if (waiting.length === 1) deps.clock.after(0, flush);
			return waiting.length >= LIMITS.batchesPerCommit ? flushed.promise : undefined;
		},
		flush,
	};
}
