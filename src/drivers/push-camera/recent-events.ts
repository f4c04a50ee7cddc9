import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { PlateEvent } from './camera-event.ts';

type Read = Pick<
	PlateEvent,
	'plate' | 'confidence' | 'direction' | 'key' | 'keyLifeMs' | 'sameWithinMs' | 'historical'
>;

interface Told {
	readonly plate: string;
	readonly confidence: number;
	readonly hasDirection: boolean;
	readonly sinceMs: number;
}

/** A better read of the same event counts this long: the vehicle still stands there. */
const BETTER_WITHIN_MS = 3_000;

/** Remembers the last LIMITS.pushDedupeKeys events of one camera. */
export function createRecentEvents(clock: Pick<Clock, 'monotonicMs'>) {
	const byKey = new Map<string, Told>();
	const byPlate = new Map<string, Told>();
	const remember = (known: Map<string, Told>, name: string, told: Told) => {
		known.delete(name);
		known.set(name, told);
		const [oldest] = known.keys();
		if (known.size > LIMITS.pushDedupeKeys && oldest !== undefined) known.delete(oldest);
	};

	/** What was told of this event, or of this vehicle a moment ago. */
	const findTold = (read: Read, nowMs: number): Told | undefined => {
		const { plate, key = '', keyLifeMs = Number.POSITIVE_INFINITY, sameWithinMs = 0 } = read;
		const ofKey = byKey.get(key);
		if (ofKey?.plate === plate && nowMs - ofKey.sinceMs < keyLifeMs) return ofKey;
		const ofPlate = byPlate.get(plate);
		return ofPlate !== undefined && nowMs - ofPlate.sinceMs < sameWithinMs ? ofPlate : undefined;
	};

	return {
		/**
		 * True when this read was told before: its key came with this plate (a firmware may give two vehicles one
		 * key), or the plate came within `sameWithinMs`. A camera that follows the vehicle and is surer now, or
		 * knows which way it goes, is heard once more while the vehicle surely still stands there.
		 */
		isRepeated(read: Read): boolean {
			const nowMs = clock.monotonicMs();
			const { plate, confidence, key } = read;
			const told = findTold(read, nowMs);
			const hasDirection = read.direction !== 'unknown';
			if (told !== undefined) {
				const isBetter = confidence > told.confidence || (hasDirection && !told.hasDirection);
				if (!isBetter || nowMs - told.sinceMs > BETTER_WITHIN_MS) return true;
			}
			const now = { plate, confidence, hasDirection, sinceMs: told?.sinceMs ?? nowMs };
			if (key !== undefined) remember(byKey, key, now);
			// What happened long ago says nothing of the vehicle that stands there now.
			if (read.sameWithinMs !== undefined && !read.historical) remember(byPlate, plate, now);
			return false;
		},
	};
}
