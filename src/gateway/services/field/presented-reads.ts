import type { Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Observation } from '../../core/observation.ts';

/** What a reader or camera read last. */
export interface PresentedRead {
	readonly deviceId: string;
	readonly kind: 'tag' | 'plate';
	readonly value: string;
	readonly atMs: number;
}

/** For who scans with the site's own readers: only looks on, lanes get every read. Kept in memory, for LIMITS.presentedReadMs. */
export interface PresentedReads {
	seen(observation: Observation): void;
	/** What was read there after that moment. */
	lastAt(deviceId: string, afterMs: number): PresentedRead | undefined;
}

export function createPresentedReads(clock: Pick<Clock, 'nowMs'>): PresentedReads {
	const last = new Map<string, PresentedRead>();
	return {
		seen(observation) {
			if (observation.kind !== 'tag' && observation.kind !== 'plate') return;
			// What a camera kept stands there no more.
			if (observation.kind === 'plate' && observation.historical) return;
			const { deviceId, kind } = observation;
			const value = kind === 'tag' ? observation.tag : observation.plate;
			last.set(deviceId, { deviceId, kind, value, atMs: clock.nowMs() });
		},
		lastAt(deviceId, afterMs) {
			const oldestMs = clock.nowMs() - LIMITS.presentedReadMs;
			for (const [id, { atMs }] of last) if (atMs < oldestMs) last.delete(id);
			const read = last.get(deviceId);
			return read !== undefined && read.atMs > afterMs ? read : undefined;
		},
	};
}
