import type { Cancel, Clock } from '../../core/clock.ts';

/** One timer a lane, following its state's deadline. */
export interface LaneTimers {
	set(laneId: string, deadlineMonotonicMs: number | null): void;
	clear(): void;
}

export function createLaneTimers(clock: Clock, due: (laneId: string) => void): LaneTimers {
	const running = new Map<string, { readonly deadline: number; readonly cancel: Cancel }>();
	return {
		set(laneId, deadline) {
			const current = running.get(laneId);
			if (current?.deadline === (deadline ?? undefined)) return;
			current?.cancel();
			running.delete(laneId);
			if (deadline === null) return;
			const cancel = clock.after(Math.max(0, deadline - clock.monotonicMs()), () => {
				running.delete(laneId);
				due(laneId);
			});
			running.set(laneId, { deadline, cancel });
		},
		clear() {
			for (const { cancel } of running.values()) cancel();
			running.clear();
		},
	};
}
