/** Reproducible randomness for simulations; not for keys, codes or ids. */
export interface SeededRandom {
	/** [0, 1). */
	next(): number;
	/** Whole number from `low` to `high`, both included. */
	between(low: number, high: number): number;
	/** Throws on an empty list. */
	pick<T>(items: readonly T[]): T;
}

/** Mulberry32 (public domain): 32 bits of state are plenty for a traffic script. */
export function createSeededRandom(seed: number): SeededRandom {
	let state = seed >>> 0;
	function next(): number {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	}
	const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
	return {
		next,
		between,
		pick(items) {
			const item = items[between(0, items.length - 1)];
			if (item === undefined) throw new RangeError('nothing to pick from');
			return item;
		},
	};
}
