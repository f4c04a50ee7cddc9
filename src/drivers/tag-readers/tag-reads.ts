import { LIMITS } from '../../gateway/core/limits.ts';
import type { TagObservation } from '../../gateway/core/observation.ts';
import type { DriverDeps } from '../driver.ts';
import type { TagRead } from './dialect.ts';

/** What a line of readers does with what they read, where that is tags. */
export const TAG_READS = {
	capability: 'reads tags',
	/** Each antenna counts for itself. */
	keyOf: ({ tag, antenna }: TagRead) => `${tag}@${antenna ?? ''}`,
	observe: observationOf,
} as const;

function observationOf(
	{ id: deviceId }: { readonly id: string },
	{ raw, ...told }: TagRead,
	{ clock, newId }: Pick<DriverDeps, 'clock' | 'newId'>,
): TagObservation {
	return {
		kind: 'tag',
		id: newId(),
		deviceId,
		atMs: clock.nowMs(),
		monotonicMs: clock.monotonicMs(),
		...told,
		raw: raw.subarray(0, LIMITS.rawReadBytes).toHex(),
	};
}
