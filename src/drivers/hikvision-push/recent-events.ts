import { LIMITS } from '../../gateway/core/limits.ts';
import type { AlertOrigin } from './alert.ts';

/**
 * What the same event has again when it is sent twice: the camera's UUID, else MAC, time and plate.
 * Undefined when the camera gives nothing to tell two passages apart.
 */
export function eventKey(event: AlertOrigin & { readonly plate: string }): string | undefined {
	if (event.uuid !== undefined) return event.uuid;
	if (event.dateTime === undefined) return undefined;
	return `${event.mac ?? ''}|${event.dateTime}|${event.plate}`;
}

/** Remembers the last LIMITS.pushDedupeKeys events of one camera. */
export function createRecentEvents() {
	const plates = new Map<string, string>();
	return {
		/** True when this key came before with this plate: a firmware may give two vehicles one UUID. */
		isRepeated(key: string, plate: string): boolean {
			if (plates.get(key) === plate) return true;
			plates.set(key, plate);
			const [oldest] = plates.keys();
			if (plates.size > LIMITS.pushDedupeKeys && oldest !== undefined) plates.delete(oldest);
			return false;
		},
	};
}
