import { LIMITS } from '../../gateway/core/limits.ts';

/**
 * Which reads are news: a tag in the field is read many times a second. It is told at once, and again every
 * `repeatMs` while it stays, so that a vehicle that waits for its loop is not forgotten.
 */
export interface Repeats {
	/**
	 * `new`: not read as long as it is remembered. `again`: told before, and to be told again. `repeated`: told a moment ago.
	 * @param key the same for reads of one presentation
	 */
	take(key: string, nowMs: number): 'new' | 'again' | 'repeated';
	forget(): void;
}

export function createRepeats(repeatMs: number): Repeats {
	/** Oldest first: what is told again goes to the end. */
	const toldMs = new Map<string, number>();
	return {
		take(key, nowMs) {
			const before = toldMs.get(key);
			if (before !== undefined && nowMs - before < repeatMs) return 'repeated';
			toldMs.delete(key);
			toldMs.set(key, nowMs);
			const [oldest] = toldMs.keys();
			if (toldMs.size > LIMITS.tagsInField && oldest !== undefined) toldMs.delete(oldest);
			return before === undefined ? 'new' : 'again';
		},
		forget: () => toldMs.clear(),
	};
}
